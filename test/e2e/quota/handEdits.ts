import { type AlertJson, type GuardedFlow, someContacts } from './guardedFlow';
import type { OpenLedger } from './openLedger';

/** What people do with the ledger's rows in n8n's data table screen, and what it means. */
export function handEditTests(opened: () => OpenLedger): void {
	const LIMIT = 100;
	let flow: GuardedFlow;
	beforeAll(async () => {
		flow = await opened().newFlow({ whenExceeded: 'strict' });
	});

	/** A quota of 100 tasks, 10 of them used, and what its next batch leads to. */
	async function quotaOf(quota: string) {
		const { table } = opened();
		const settings = { quota, taskLimit: LIMIT };
		const send = async (count: number) => {
			const { status, given, within, over, alerts, hints } = await flow.run(settings, someContacts(count));
			expect([status, [...within, ...over]]).toEqual(['success', given]);
			return {
				within: within.length,
				over: over.length,
				alerts: alerts.map(told),
				warnings: hints.filter((hint) => /ledger/.test(hint)),
				used: (await table.row(quota)).used,
			};
		};
		await send(10);
		return { send, table };
	}

	const told = ({ kind, threshold, because }: AlertJson): string => [kind, threshold ?? because].join(' ');
	const NOTHING_ELSE = { alerts: [], warnings: [] };

	it("counts on from what was typed into 'used', and tells a number that means nothing", async () => {
		const { send, table } = await quotaOf('Used');
		await table.edit('Used', { used: 70 });
		expect(await send(5)).toEqual({ ...NOTHING_ELSE, within: 5, over: 0, used: 75 });
		await table.edit('Used', { used: 20 });
		expect(await send(5)).toEqual({ ...NOTHING_ELSE, within: 5, over: 0, used: 25 });
		await table.edit('Used', { used: -40 });
		const { id } = await table.row('Used');
		expect(await send(5)).toEqual({
			...{ within: 5, over: 0, used: 5, alerts: [] },
			warnings: [`Row ${id} of the quota ledger: the cell 'used' is negative and counts as 0.`],
		});
		await table.edit('Used', { used: 99 });
		expect(await send(5)).toEqual({
			...{ within: 1, over: 4, used: 100, warnings: [] },
			alerts: ['threshold 80', 'exceeded 100'],
		});
	});

	it('does not count a row twice that was copied, and adds one that was written beside it', async () => {
		const { send, table } = await quotaOf('Copied');
		const { id } = await table.row('Copied');
		await table.duplicate('Copied');
		const [, copy] = await table.rows('Copied');
		expect(await send(5)).toEqual({
			...{ within: 5, over: 0, used: 15, alerts: [] },
			warnings: [`Row ${copy?.id} of the quota ledger is a copy of row ${id} and does not count.`],
		});
		await table.duplicate('Copied', { used: 50, nonce: '', note: null });
		const written = (await table.rows('Copied')).at(-1);
		expect(await send(5)).toEqual({
			...{ within: 5, over: 0, used: 70, alerts: [] },
			warnings: [
				`Row ${written?.id} of the quota ledger is for the same quota and period as row ${id}; its 50 tasks are added there.`,
			],
		});
		expect(await send(5)).toEqual({ ...NOTHING_ELSE, within: 5, over: 0, used: 75 });
	});

	it('counts from 0 when the row was deleted', async () => {
		const { send, table } = await quotaOf('Row');
		await table.deleteRows('Row');
		expect(await send(5)).toEqual({ ...NOTHING_ELSE, within: 5, over: 0, used: 5 });
	});

	it('HB-20, SB-16: stops at a limit that was lowered below what is used; goes on when it is raised, told once', async () => {
		const { send, table } = await quotaOf('Limit');
		await table.edit('Limit', { limit: 5 });
		expect(await send(4)).toEqual({
			...{ within: 0, over: 4, used: 10, warnings: [] },
			alerts: ['threshold 80', 'exceeded 100'],
		});
		expect(await send(4)).toEqual({ ...NOTHING_ELSE, within: 0, over: 4, used: 10 });
		await table.edit('Limit', { limit: 40 });
		expect(await send(4)).toEqual({
			...{ within: 4, over: 0, used: 14, warnings: [] },
			alerts: ['recovered raised'],
		});
		expect(await send(4)).toEqual({ ...NOTHING_ELSE, within: 4, over: 0, used: 18 });
		// And again at the new limit.
		expect(await send(30)).toEqual({
			...{ within: 22, over: 8, used: 40, warnings: [] },
			alerts: ['threshold 80', 'exceeded 100'],
		});
	});

	it('keeps quotas apart: by name, by table, by month and day', async () => {
		const { newFlow, table } = opened();
		const daily = await newFlow({ whenExceeded: 'strict', period: 'day' });
		const other = table.named('Other Table');
		const settings = { quota: 'Apart', taskLimit: 10 };
		const runs = await Promise.all([
			flow.run(settings, someContacts(12)),
			flow.run({ ...settings, quota: 'Apart Too' }, someContacts(12)),
			flow.run({ ...settings, table: other.name }, someContacts(12)),
			daily.run(settings, someContacts(12)),
		]);
		expect(runs.map(({ within, over }) => [within.length, over.length])).toEqual(runs.map(() => [10, 2]));
		const rows = [...(await table.rows('Apart')), ...(await table.rows('Apart Too')), ...(await other.rows('Apart'))];
		expect(rows.map(({ used }) => used)).toEqual([10, 10, 10, 10]);
		const [month = '', , , day] = rows.map(({ period }) => period).sort();
		expect(rows.filter(({ period }) => period === month)).toHaveLength(3);
		expect(day).toMatch(new RegExp(`^${month}-\\d\\d$`));
	});
}
