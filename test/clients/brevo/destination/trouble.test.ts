import { newAccount, statusCounts, upsertIntoBrevo } from '../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../support/mappedContacts';
import { useBrevoSandbox } from '../support/brevoSandbox';

const sandbox = useBrevoSandbox();

describe('trouble', () => {
	it.each([
		['run', false],
		['dry run, too,', true],
	])(
		'promise 1: Brevo going away between a change of address and the look at the block: the next %s begins by blocking again',
		async (_name, dryRun) => {
			sandbox.brevo.settings.emailChangeAlwaysLifts = true;
			const identifiers = { email: 'old@x.example', ext_id: 'hubspot:1:contact:1' };
			sandbox.brevo.store.createContact({ identifiers, emailBlocked: true, addTo: [sandbox.list] }, 'seed');
			const account = newAccount();
			const moved = [mapped(1, { email: 'new@x.example' })];
			// Found by its key, no contact at the new address, read before the change; then Brevo goes away.
			sandbox.brevo.faults.next('GET /contacts/:id', { delayMs: 1, times: 3 });
			sandbox.brevo.faults.next('GET /contacts/:id', { status: 500, times: 4 });
			const first = await upsertIntoBrevo(sandbox.brevo, moved, { list: { id: sandbox.list }, account });
			expect(first.failure?.code).toBe('UNAVAILABLE');
			expect(sandbox.contact('new@x.example')?.emailBlocked).toBe(false);

			const settings = { dryRun };
			const more = [...moved, mapped(2, { email: 'second@x.example' })];
			await upsertIntoBrevo(sandbox.brevo, more, { list: { id: sandbox.list }, account, settings });
			expect(sandbox.contact('new@x.example')?.emailBlocked).toBe(true);
			expect(sandbox.contact('second@x.example') === undefined).toBe(dryRun);
			sandbox.brevo.store.clearLogs();
		},
		60_000,
	);

	it('promise 1: who unsubscribed after the account was read stays blocked when the address changes', async () => {
		const account = newAccount();
		const options = { list: { id: sandbox.list }, account };
		const batch = mappedCrowd(6);
		await upsertIntoBrevo(sandbox.brevo, batch, options);
		const person = sandbox.contact('person1@crowd.example');
		if (person) person.emailBlocked = true;
		const [first] = batch;
		const moved = first && { ...first, contact: { ...first.contact, email: 'moved@crowd.example' } };
		const reads = sandbox.brevo.requests.counts()['GET /contacts'];
		const report = await upsertIntoBrevo(sandbox.brevo, [moved, ...batch.slice(1)], options);
		expect(report.results[0]?.outcome.status).toBe('updated');
		// The block left no trace that the refresh before the batch could find: only the look right before the write shows it.
		expect(sandbox.brevo.requests.counts()['GET /contacts']).toBe((reads ?? 0) + 2);
		expect(sandbox.contact('moved@crowd.example')?.emailBlocked).toBe(true);
	}, 30_000);

	it('500 for a while: nothing is lost, and a second delivery brings the newest values', async () => {
		const account = newAccount();
		const batch = mappedCrowd(50);
		sandbox.brevo.faults.next('POST /contacts/import', { status: 500, times: 4 });
		const first = await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list }, account });
		expect(statusCounts(first)).toEqual({ 'failed UNAVAILABLE': 50 });
		expect(first.failure).toMatchObject({ kind: 'retry', code: 'UNAVAILABLE' });
		expect(first.results.every(({ outcome }) => outcome.retryable)).toBe(true);
		const newer = batch.map((one) => ({ ...one, contact: { ...one.contact, attributes: { CITY: 'Bonn' } } }));
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, newer, { list: { id: sandbox.list }, account }))).toEqual({
			created: 50,
		});
		expect(sandbox.contact('person50@crowd.example')?.attributes.CITY).toBe('Bonn');
	}, 60_000);

	it('an answer that got lost after the work was done does no harm', async () => {
		sandbox.brevo.faults.next('POST /contacts/import', { kind: 'afterWork', status: 502 });
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, mappedCrowd(50), { list: { id: sandbox.list } }))).toEqual(
			{ created: 50 },
		);
		expect(sandbox.brevo.store.contacts.size).toBe(50);
	});

	it.each([5, 50])(
		'a list deleted since the last look ends the run: none of %s contacts counts as refused',
		async (count) => {
			const account = newAccount();
			await upsertIntoBrevo(sandbox.brevo, mappedCrowd(1), { list: { id: sandbox.list }, account });
			const list = sandbox.brevo.store.lists.get(sandbox.list);
			if (list) sandbox.brevo.store.deleteList(list);
			const report = await upsertIntoBrevo(sandbox.brevo, mappedCrowd(count, 10), {
				list: { id: sandbox.list },
				account,
			});
			expect(statusCounts(report)).toEqual({ 'failed LIST_NOT_FOUND': count });
			expect(report.failure).toMatchObject({ kind: 'stop', code: 'LIST_NOT_FOUND' });
		},
	);

	it('a revoked key ends the run and says so for every contact', async () => {
		sandbox.brevo.faults.next('POST /contacts/import', {
			status: 401,
			body: { code: 'unauthorized', message: 'Key not found' },
		});
		const report = await upsertIntoBrevo(sandbox.brevo, mappedCrowd(50), { list: { id: sandbox.list } });
		expect(statusCounts(report)).toEqual({ 'failed CREDENTIAL_INVALID': 50 });
	});

	it('a contact deleted in Brevo is made again, though this process knew it a moment ago', async () => {
		const account = newAccount();
		const batch = mappedCrowd(40);
		await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list }, account });
		const victim = sandbox.contact('person3@crowd.example');
		if (victim) sandbox.brevo.store.deleteContact(victim, 'control');
		// What was read is trusted for a minute; a new account name stands for the time that passed.
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list } }))).toEqual({
			created: 1,
			unchanged: 39,
		});
	});
});

describe('one contact among others', () => {
	it('that Brevo refuses to look up is refused by itself, and the others are written', async () => {
		sandbox.brevo.faults.next('GET /contacts/:id', {
			status: 400,
			body: { code: 'invalid_parameter', message: 'Invalid email address ada@x.example' },
		});
		const batch = [mapped(1, { email: 'ada@x.example' }), mapped(2, { email: 'bob@x.example' })];
		const report = await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list } });
		expect(statusCounts(report)).toEqual({ 'failed DESTINATION_REFUSED': 1, created: 1 });
		expect(report.failure).toBeUndefined();
		expect(JSON.stringify(report)).not.toContain('ada@');
	});

	it('that Brevo refuses to show after it was written does not fail the run', async () => {
		sandbox.brevo.faults.next('GET /contacts/:id', { delayMs: 1, times: 2 });
		sandbox.brevo.faults.next('GET /contacts/:id', {
			status: 400,
			times: 2,
			body: { code: 'invalid_parameter', message: 'Invalid email address' },
		});
		const batch = [mapped(1, { email: 'ada@x.example' })];
		const report = await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list } });
		expect(statusCounts(report)).toEqual({ 'failed NOT_STORED': 1 });
		expect(report.failure).toBeUndefined();
	});

	it('that was deleted in Brevo while another one was made there is made again by the next delivery', async () => {
		const account = newAccount();
		await upsertIntoBrevo(sandbox.brevo, mappedCrowd(10), { list: { id: sandbox.list }, account });
		const victim = sandbox.contact('person3@crowd.example');
		if (victim) sandbox.brevo.store.deleteContact(victim, 'control');
		sandbox.brevo.store.createContact({ identifiers: { email: 'other@x.example' } }, 'control');
		const changed = mappedCrowd(10).map((one) => ({
			...one,
			contact: { ...one.contact, attributes: { CITY: 'Rom' } },
		}));
		const first = await upsertIntoBrevo(sandbox.brevo, changed, { list: { id: sandbox.list }, account });
		expect(first.failure).toMatchObject({ kind: 'retry' });
		const second = await upsertIntoBrevo(sandbox.brevo, changed, { list: { id: sandbox.list }, account });
		expect(statusCounts(second)).toEqual({ created: 1, unchanged: 9 });
	}, 30_000);
});

describe('settings that do not hold any more', () => {
	const attempt = async (options: Parameters<typeof upsertIntoBrevo>[2], attributes = {}) =>
		await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'a@x.example', attributes })], options);

	it('names a list that was deleted, before the first write', async () => {
		await expect(attempt({ list: { id: 99_999 } })).rejects.toThrow(
			'LIST_NOT_FOUND: There is no Brevo list with ID 99999',
		);
	});

	it('names an attribute that was deleted or is a formula, before the first write', async () => {
		await expect(attempt({ list: { id: sandbox.list } }, { GHOST: 'x', ORDERS_LAST_YEAR: 1 })).rejects.toThrow(
			"'GHOST', 'ORDERS_LAST_YEAR'",
		);
		expect(sandbox.brevo.store.writes).toEqual([]);
	});
});
