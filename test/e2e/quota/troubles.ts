import { type GuardRun, type GuardedFlow, someContacts } from './guardedFlow';
import { LEDGER_SCOPES, type OpenLedger } from './openLedger';

/**
 * What happens when the ledger is not what or where it was. No contact is lost: a run either fails, so that its trigger delivers
 * the same contacts again, or parts all it was given into Within Quota and Over Quota.
 */
export function troubleTests(opened: () => OpenLedger): void {
	const failure = ({ status, within, over, error }: GuardRun) => ({ status, passed: [...within, ...over], error });
	const failedWith = (error: string) => ({ status: 'error', passed: [], error });
	const used = async (quota: string) => (await opened().table.row(quota)).used;

	let letsThrough: GuardedFlow;
	beforeAll(async () => {
		letsThrough = await opened().newFlow({ whenUnreachable: 'letThrough' });
	});

	afterEach(() => {
		opened().proxy.fateOf = () => 'pass';
	});

	it("fails the run while n8n's API cannot be reached, or lets everybody through and says so", async () => {
		const { flow, proxy } = opened();
		// Of one quota, one would wait for the other.
		const [failing, passing] = [{ quota: 'Unreachable' }, { quota: 'Unreachable, Let Through' }];
		await flow.run(failing, someContacts(2));
		proxy.fateOf = () => 'cut';
		const [failed, passed] = await Promise.all([
			flow.run(failing, someContacts(3)),
			letsThrough.run(passing, someContacts(4)),
		]);
		expect(failure(failed)).toEqual(
			failedWith(
				"n8n's API could not be reached (ECONNRESET) Nothing to do if this n8n was just restarting: the batch is delivered again. Else check 'Base URL' in the credential of the n8n API.",
			),
		);
		expect([passed.status, passed.within, passed.over]).toEqual(['success', passed.given, []]);
		expect(passed.hints).toEqual([
			"4 tasks were let through without being counted: n8n's API could not be reached (ECONNRESET)",
		]);
		proxy.fateOf = () => 'pass';
		await flow.run(failing, someContacts(5));
		await letsThrough.run(passing, someContacts(6));
		expect([await used(failing.quota), await used(passing.quota)]).toEqual([7, 6]);
	});

	it('counts once what was written although the answer of n8n was lost', async () => {
		const { flow, proxy } = opened();
		const quota = 'Lost Answers';
		for (const lost of ['POST', 'PATCH', 'GET']) {
			let spoiled = 0;
			proxy.fateOf = (call) => (call.startsWith(lost) && spoiled++ === 0 ? 'lose' : 'pass');
			const { status, within } = await flow.run({ quota }, someContacts(10));
			expect([lost, status, within.length, spoiled > 0]).toEqual([lost, 'success', 10, true]);
		}
		expect(await used(quota)).toBe(30);
	});

	it('fails the run with a key that was revoked, whatever is to happen while n8n cannot be reached', async () => {
		const { e2e, newFlow, newKey } = opened();
		const key = await newKey();
		const flows = [await newFlow({}, key), await newFlow({ whenUnreachable: 'letThrough' }, key)];
		const quota = 'Revoked';
		await flows[0]?.run({ quota }, someContacts(2));
		await e2e.api.deleteApiKey(key.id);
		for (const flow of flows) {
			expect(failure(await flow.run({ quota }, someContacts(3)))).toEqual(
				failedWith(
					'n8n does not accept the API key of the credential Check the key or token in the credential; it may have been revoked or mistyped.',
				),
			);
		}
		expect(await used(quota)).toBe(2);
	});

	it('names the scope that a key lacks, each of the five', async () => {
		const { newFlow, newKey } = opened();
		const errors = await Promise.all(
			LEDGER_SCOPES.map(async (lacking) => {
				const flow = await newFlow({}, await newKey(LEDGER_SCOPES.filter((scope) => scope !== lacking)));
				// Nothing is there yet: all that a ledger ever does has to be done.
				return failure(await flow.run({ quota: lacking, table: `Without ${lacking}` }, someContacts(3)));
			}),
		);
		expect(errors).toEqual(
			LEDGER_SCOPES.map((scope) =>
				failedWith(
					`The n8n API key lacks the scope ${scope}, or its owner may not use the data table Grant the named scope to the key or app, then try again.`,
				),
			),
		);
	});

	it('makes a table anew that was deleted, and says that counting begins with 0', async () => {
		const { flow, table } = opened();
		const settings = { quota: 'Deleted', table: 'Deleted Table' };
		const own = table.named(settings.table);
		await flow.run(settings, someContacts(3));
		await own.delete();
		const { status, within, hints } = await flow.run(settings, someContacts(4));
		expect([status, within.length, (await own.row('Deleted')).used]).toEqual(['success', 4, 4]);
		expect(hints).toContain(
			"The data table 'Deleted Table' was made in n8n, because there was none; tasks are counted there from now on, beginning with 0.",
		);
	});

	it('goes on counting in a table that was renamed, and says so where it has to be looked for', async () => {
		const { flow, newFlow, newKey, table } = opened();
		const settings = { quota: 'Renamed', table: 'Old Name' };
		await flow.run(settings, someContacts(3));
		const renamed = await table.named('Old Name').rename('New Name');
		await flow.run(settings, someContacts(4));
		// Another key knows nothing of the table yet, like n8n after a restart.
		const { hints } = await (await newFlow({}, await newKey())).run(settings, someContacts(5));
		expect((await renamed.row('Renamed')).used).toBe(12);
		expect(await table.named('Old Name').tables()).toEqual([]);
		expect(hints).toContain(
			"The data table 'Old Name' was renamed to 'New Name' and is still used. Write the new name into 'Table', or rename it back.",
		);
	});

	it('names the column that was removed, and counts on once it is back', async () => {
		const { flow, newFlow, newKey, table } = opened();
		const settings = { quota: 'Column', table: 'Columns' };
		const own = table.named('Columns');
		await flow.run(settings, someContacts(3));
		for (const [column, type] of [
			['alerted', 'string'],
			['used', 'number'],
		] as const) {
			await own.deleteColumn(column);
			for (const one of [flow, await newFlow({}, await newKey())]) {
				expect(failure(await one.run(settings, someContacts(4)))).toEqual(
					failedWith(
						`The data table 'Columns' was changed: its column '${column}' (${type}) is missing Give the named column of the data table its name and type back, or delete the whole table: it is then made anew and counts from 0.`,
					),
				);
			}
			await own.addColumn(column, type);
		}
		await own.edit('Column', { used: 3 });
		await flow.run(settings, someContacts(5));
		expect((await own.row('Column')).used).toBe(8);
	});
}
