import { adviceFor } from '../../../core/outcome';
import type { RunningGuard } from './guardRun';
import { NOW, people, setTime, startGuard, TABLE } from './guardRun';

let guard: RunningGuard;
beforeEach(async () => {
	guard = await startGuard();
	setTime(NOW);
});
afterEach(async () => {
	jest.restoreAllMocks();
	await guard.close();
});

const USAGE = { operation: 'getUsage' };

/** Tasks of earlier months, as their rows tell. */
async function countBefore(months: Readonly<Record<string, number>>): Promise<void> {
	for (const [month, tasks] of Object.entries(months)) {
		setTime(`${month}-15T00:00:00.000Z`);
		await guard.run(people(tasks), { taskLimit: 20 });
	}
	setTime(NOW);
}

describe('Quota Guard, Get Usage', () => {
	it('tells how the quota stands and stood, in one item whatever came in, and counts nothing', async () => {
		await countBefore({ '2026-12': 4, '2027-02': 7, '2027-03': 10 });
		const [row] = guard.n8n.table(TABLE).rows.slice(-1);
		row!.limit = 40;
		guard.n8n.calls.length = 0;
		const result = await guard.run(people(3), { ...USAGE, taskLimit: 20 });
		expect(result.error).toBeUndefined();
		expect(result.items('Guard')).toHaveLength(1);
		expect(result.items('Guard')[0]?.pairedItem).toEqual({ item: 0 });
		expect(result.json('Guard')[0]).toMatchObject({
			quota: 'Contact Sync',
			period: '2027-03',
			periodName: 'March 2027',
			used: 10,
			limit: 40,
			limitFrom: 'table',
			remaining: 30,
			percent: 25,
			usedUp: false,
			renewsAt: '2027-04-01T00:00:00.000Z',
			timeZone: 'UTC',
			forecast: { kind: 'enough', percent: 82 },
			history: [
				{ period: '2026-12', periodName: 'December 2026', used: 4, limit: 20 },
				{ period: '2027-01', periodName: 'January 2027', used: 0 },
				{ period: '2027-02', periodName: 'February 2027', used: 7, limit: 20 },
			],
			subject: expect.stringMatching(/25 %/) as string,
			text: expect.stringContaining('December 2026') as string,
			html: expect.stringContaining('<table') as string,
		});
		expect(result.hints).toEqual([
			"Quota 'Contact Sync': 10 of 40 tasks of March 2027 are used (25 %); it renews on 1 April 2027, 00:00 (UTC)",
		]);
		expect(guard.n8n.calls).toEqual(['GET /data-tables/{id}/rows']);
		expect(row?.used).toBe(10);
	});

	it('of a quota nobody used yet is 0', async () => {
		const result = await guard.run([{}], { ...USAGE, quota: 'New', taskLimit: 10, period: 'day' });
		expect(result.json('Guard')[0]).toMatchObject({
			quota: 'New',
			period: '2027-03-10',
			used: 0,
			percent: 0,
			history: [],
		});
		expect(guard.counted()).toEqual([]);
		expect(result.hints[1]).toMatch(/^The data table 'Contact Sync Quota' was made in n8n/);
	});

	it('tells what somebody should put right in the table', async () => {
		await guard.run(people(1));
		guard.n8n.table(TABLE).rows[0]!.used = null;
		const { hints } = await guard.run([{}], USAGE);
		expect(hints[1]).toBe("Row 1 of the quota ledger: the cell 'used' is empty and counts as 0.");
	});

	it.each<[string, () => void, string, 'CREDENTIAL_INVALID' | 'SCOPE_MISSING']>([
		[
			'the key was revoked',
			() => (guard.n8n.scopes = undefined),
			'n8n does not accept the API key of the credential',
			'CREDENTIAL_INVALID',
		],
		[
			'the key may not read',
			() => (guard.n8n.scopes = ['dataTable:list', 'dataTable:create']),
			'The n8n API key lacks the scope dataTableRow:read, or its owner may not use the data table',
			'SCOPE_MISSING',
		],
	])('fails when %s, or tells it as an item if errors are to be continued on', async (_name, cause, message, code) => {
		await guard.run(people(1));
		cause();
		const { error } = await guard.run([{}], USAGE);
		expect(error).toMatchObject({ message, description: adviceFor(code) });
		const continued = await guard.run([{}], USAGE, { onError: 'continueRegularOutput' });
		expect(continued.error).toBeUndefined();
		expect(continued.json('Guard')).toEqual([{ error: message, code }]);
	});

	it('does not ask for what only matters when tasks are reserved', async () => {
		const result = await guard.run([{}], { ...USAGE, thresholds: 'eighty' });
		expect(result.error).toBeUndefined();
	});
});
