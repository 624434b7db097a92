import { periodAt } from '../../../core/quota/period';
import { readUsage } from '../../../core/quota/readUsage';
import { reserveTasks } from '../../../core/quota/reserveTasks';
import type { QuotaSettings } from '../../../core/quota/ledger';
import type { Reservation } from '../../../core/quota/reserveTasks';
import type { Result } from '../../../core/result';
import { ManualClock } from '../../support/manualClock';
import type { StoredRow } from './memoryLedger';
import { counter, MemoryLedger, SETTINGS } from './memoryLedger';

const clock = new ManualClock(Date.UTC(2026, 10, 22, 12));

async function reserve(
	ledger: MemoryLedger,
	wanted: number,
	settings: Partial<QuotaSettings> = {},
): Promise<Reservation> {
	const result = await reserveTasks(
		ledger,
		{ ...SETTINGS, ...settings },
		{ tasks: wanted },
		{ clock, nonce: counter('r') },
	);
	if (result.kind !== 'ok') throw new Error(result.reason);
	return result.value;
}

function ledgerWith(row?: Partial<StoredRow>): MemoryLedger {
	const ledger = new MemoryLedger();
	if (row) ledger.put({ nonce: 'before', ...row });
	return ledger;
}

const told = ({ alerts }: Reservation): string[] =>
	alerts.map((alert) => (alert.kind === 'recovered' ? alert.because : `${alert.kind} ${alert.threshold}`));

describe('the batch that crosses the limit', () => {
	it('HB-19: goes through whole when batches are finished, then nothing does', async () => {
		const ledger = ledgerWith({ used: 900 });
		const crossing = await reserve(ledger, 250);
		expect(crossing).toMatchObject({ granted: 250, over: 0, usage: { used: 1_150, usedUp: true, remaining: 0 } });
		expect(told(crossing)).toEqual(['threshold 80', 'exceeded 100']);
		expect(await reserve(ledger, 1)).toMatchObject({ granted: 0, over: 1, alerts: [], usage: { used: 1_150 } });
	});

	it('SB-15: goes through as far as it fits in strict mode', async () => {
		const ledger = ledgerWith({ used: 900 });
		const crossing = await reserve(ledger, 250, { mode: 'strict' });
		expect(crossing).toMatchObject({ granted: 100, over: 150, usage: { used: 1_000, percent: 100 } });
		expect(await reserve(ledger, 1, { mode: 'strict' })).toMatchObject({ granted: 0, over: 1, usage: { used: 1_000 } });
	});

	it('crosses nothing when it fills the limit to the last task', async () => {
		const ledger = ledgerWith({ used: 900 });
		expect(told(await reserve(ledger, 100))).toEqual(['threshold 80', 'exceeded 100']);
	});
});

describe('a reservation', () => {
	it('costs two calls, and none but the reading once the quota is used up', async () => {
		const ledger = ledgerWith({ used: 0 });
		await reserve(ledger, 10);
		expect(ledger.calls).toBe(2);
		await reserve(ledger, 990);
		expect(ledger.calls).toBe(4);
		await reserve(ledger, 5);
		expect(ledger.calls).toBe(5);
	});

	it('costs two more as the first of a period, which it begins with an empty row', async () => {
		const ledger = ledgerWith();
		expect(await reserve(ledger, 10)).toMatchObject({ granted: 10, usage: { used: 10 } });
		expect(ledger.calls).toBe(4);
		expect(ledger.rows).toMatchObject([{ period: '2026-11', used: 10 }]);
	});

	it('of no tasks reads only', async () => {
		const ledger = ledgerWith();
		expect(await reserve(ledger, 0)).toMatchObject({
			granted: 0,
			over: 0,
			alerts: [],
			usage: { used: 0, usedUp: false },
		});
		expect([ledger.calls, ledger.rows]).toEqual([1, []]);
	});

	it('of one quota leaves the others alone', async () => {
		const ledger = ledgerWith({ used: 1_000 });
		expect(await reserve(ledger, 7, { quota: 'Other' })).toMatchObject({ granted: 7 });
		expect(ledger.rows.map(({ quota, used }) => [quota, used])).toEqual([
			['All Syncs', 1_000],
			['Other', 7],
		]);
	});
});

describe('HB-20, SB-16: the limit in the table', () => {
	it('counts instead of that of the node, at once and for the next period too', async () => {
		const ledger = ledgerWith({ used: 1_000, alerted: '80 % of 1000; 100 % of 1000', limit: 1_500 });
		const raised = await reserve(ledger, 5);
		expect(raised).toMatchObject({ granted: 5, usage: { used: 1_005, limit: 1_500, limitFrom: 'table' } });
		expect(told(raised)).toEqual(['raised']);
		ledger.rows[0]!.period = '2026-10';
		expect(await reserve(ledger, 5)).toMatchObject({ usage: { used: 5, limit: 1_500, limitFrom: 'table' } });
		ledger.rows[1]!.limit = null;
		expect(await reserve(ledger, 5)).toMatchObject({ usage: { used: 10, limit: 1_000, limitFrom: 'node' } });
	});

	it('lowered below what is used stops everything, and says so once', async () => {
		const ledger = ledgerWith({ used: 500, limit: 400 });
		const stopped = await reserve(ledger, 5);
		expect(stopped).toMatchObject({ granted: 0, over: 5, usage: { used: 500, limit: 400, usedUp: true } });
		expect(told(stopped)).toEqual(['threshold 80', 'exceeded 100']);
		expect(told(await reserve(ledger, 5))).toEqual([]);
	});

	it('of 0 is a stop by hand', async () => {
		const ledger = ledgerWith({ used: 0, limit: 0 });
		expect(await reserve(ledger, 5)).toMatchObject({ granted: 0, over: 5, usage: { percent: 100 } });
	});
});

describe('a renewal after a stop', () => {
	it('is told once, with the first tasks of the new period', async () => {
		const ledger = ledgerWith({ period: '2026-09', used: 1_000, alerted: '100 % of 1000' });
		expect(told(await reserve(ledger, 5))).toEqual(['renewed']);
		expect(told(await reserve(ledger, 5))).toEqual([]);
	});

	it('is not told when the stop had ended before', async () => {
		const ledger = ledgerWith({ period: '2026-10', used: 1_000, alerted: '100 % of 1000; raised to 2000' });
		expect(told(await reserve(ledger, 5))).toEqual([]);
	});

	it('looks at the latest period only, and at none that is yet to come', async () => {
		const ledger = ledgerWith({ period: '2026-09', alerted: '100 % of 1000' });
		ledger.put({ period: '2026-10' });
		ledger.put({ period: '2026-12', alerted: '100 % of 1000' });
		ledger.put({ period: '2026-10-31', alerted: '100 % of 1000' });
		expect(told(await reserve(ledger, 5))).toEqual([]);
	});
});

describe('cells that a person edited', () => {
	it.each<[string, Partial<StoredRow>, number, string | undefined]>([
		[
			'a negative count is 0',
			{ used: -50 },
			0,
			"Row 1 of the quota ledger: the cell 'used' is negative and counts as 0.",
		],
		['a text is 0', { used: 'many' }, 0, "Row 1 of the quota ledger: the cell 'used' is no number and counts as 0."],
		['an empty cell is 0', { used: null }, 0, "Row 1 of the quota ledger: the cell 'used' is empty and counts as 0."],
		[
			'a fraction is rounded up',
			{ used: 10.2 },
			11,
			"Row 1 of the quota ledger: the cell 'used' is not a whole number and is rounded up.",
		],
		['a number as text is a number', { used: '20' }, 20, undefined],
		[
			'words in alerted are dropped',
			{ used: 1, alerted: 'told Ann' },
			1,
			"Row 1 of the quota ledger: the cell 'alerted' holds words that mean nothing here; they are dropped.",
		],
	])('%s, and the row is good again after the next reservation', async (_what, row, used, warning) => {
		const ledger = ledgerWith(row);
		const { usage, warnings } = await reserve(ledger, 5);
		expect(usage.used).toBe(used + 5);
		expect(warnings).toEqual(warning === undefined ? [] : [warning]);
		expect((await reserve(ledger, 5)).warnings).toEqual([]);
	});

	it.each<[unknown, number, RegExp | undefined]>([
		[-1, 1_000, /'limit' is negative; the limit of the node counts/],
		['lots', 1_000, /'limit' is no number; the limit of the node counts/],
		[10.9, 10, /'limit' is not a whole number and is rounded down/],
		['', 1_000, undefined],
		['2000', 2_000, undefined],
	])('a limit of %j is %i', async (limit, read, warning) => {
		const { usage, warnings } = await reserve(ledgerWith({ limit }), 1);
		expect(usage.limit).toBe(read);
		if (warning) expect(warnings).toEqual([expect.stringMatching(warning)]);
		else expect(warnings).toEqual([]);
	});

	it('a row added by hand for the same period adds its tasks; its limit counts where the other has none', async () => {
		const ledger = ledgerWith({ used: 100, alerted: '80 % of 100' });
		ledger.put({ used: 30, limit: 5_000, alerted: '100 % of 100' });
		const { usage, warnings } = await reserve(ledger, 5);
		expect(usage).toMatchObject({ used: 135, limit: 5_000 });
		expect(warnings).toEqual([
			'Row 2 of the quota ledger is for the same quota and period as row 1; its 30 tasks are added there.',
		]);
		expect(ledger.rows).toMatchObject([
			{
				used: 135,
				limit: 5_000,
				alerted: expect.stringMatching(/^80 % of 100; 100 % of 100; raised to 5000$/) as string,
			},
			{ note: 'Merged into row 1, where its tasks are counted' },
		]);
		expect(await reserve(ledger, 5)).toMatchObject({ usage: { used: 140 }, warnings: [] });
	});

	it('a row copied by hand, writes and all, does not count twice', async () => {
		const ledger = ledgerWith({ used: 100, nonce: 'x y z' });
		ledger.put({ used: 90, nonce: 'y z' });
		const { usage, warnings } = await reserve(ledger, 5);
		expect(usage.used).toBe(105);
		expect(warnings).toEqual(['Row 2 of the quota ledger is a copy of row 1 and does not count.']);
		expect((await reserve(ledger, 5)).usage.used).toBe(110);
	});

	it.each(['Nov 2026', '2026-13', '2026-11-32', '2026/11', ''])(
		'a row for %j does not count, and that is said',
		async (period) => {
			const ledger = ledgerWith({ used: 100, period });
			ledger.find = async () => await Promise.resolve({ kind: 'ok', value: ledger.rows });
			const { usage, warnings } = await reserve(ledger, 5);
			expect(usage.used).toBe(5);
			expect(warnings).toEqual([
				"Row 1 of the quota ledger: the cell 'period' names no month or day, such as 2026-11; the row does not count.",
			]);
		},
	);

	it('a deleted row begins anew', async () => {
		const ledger = ledgerWith({ used: 100 });
		ledger.rows.length = 0;
		expect((await reserve(ledger, 5)).usage.used).toBe(5);
	});
});

describe('how a quota stands', () => {
	const usage = async (ledger: MemoryLedger, settings: Partial<QuotaSettings> = {}) =>
		await readUsage(ledger, { ...SETTINGS, ...settings }, { clock, nonce: counter() });

	it('HB-19: tells in one call whether it is used up, and until when', async () => {
		const ledger = ledgerWith({ used: 1_000 });
		expect(await usage(ledger)).toMatchObject({
			kind: 'ok',
			value: { usage: { usedUp: true, remaining: 0, percent: 100, period: { renewsAt: Date.UTC(2026, 11, 1) } } },
		});
		expect(ledger.calls).toBe(1);
	});

	it('asks a ledger that does not answer once more and no oftener, as a poll has little time', async () => {
		const ledger = ledgerWith({});
		ledger.fate = () => 'refused before';
		const tools = { clock: new ManualClock(clock.now()), nonce: counter() };
		expect(await readUsage(ledger, SETTINGS, tools)).toMatchObject({ kind: 'retry', code: 'LEDGER_UNREACHABLE' });
		expect(ledger.calls).toBe(2);
	});

	it('before the first task of a period: nothing used, under the limit of the table', async () => {
		const ledger = ledgerWith({ period: '2026-10', used: 900, limit: 2_000 });
		expect(await usage(ledger)).toMatchObject({
			value: { usage: { used: 0, limit: 2_000, limitFrom: 'table', usedUp: false, percent: 0 } },
		});
		expect(ledger.rows).toHaveLength(1);
	});

	it('counts rows that are yet to be merged', async () => {
		const ledger = ledgerWith({ used: 600 });
		ledger.put({ used: 500, nonce: 'other' });
		expect(await usage(ledger)).toMatchObject({ value: { usage: { used: 1_100, usedUp: true }, warnings: [] } });
	});

	it('rounds down, so that 100 % means used up', async () => {
		expect(await usage(ledgerWith({ used: 999 }))).toMatchObject({ value: { usage: { percent: 99, usedUp: false } } });
	});

	it('forecasts from the start of the period, or from where counting began', async () => {
		const began = Date.UTC(2026, 10, 21, 12);
		const forecastAt = async (ledger: MemoryLedger): Promise<unknown> => {
			const answer: Result<{ usage: { forecast?: unknown } }> = await usage(ledger);
			return answer.kind === 'ok' ? answer.value.usage.forecast : answer;
		};
		expect(await forecastAt(ledgerWith({ used: 250, createdAt: began }))).toEqual({
			kind: 'usedUp',
			at: Date.UTC(2026, 10, 25, 12),
		});
		const ledger = ledgerWith({ used: 250, createdAt: began });
		ledger.put({ period: '2026-10' });
		expect(await forecastAt(ledger)).toEqual({ kind: 'enough', percent: 35 });
	});
});

it('two clocks that differ around the end of a month count each in the month that it shows, and nothing is told twice', async () => {
	const ledger = ledgerWith({ used: 990, alerted: '80 % of 1000' });
	const midnight = Date.UTC(2026, 11, 1);
	const fast = { clock: new ManualClock(midnight + 60_000), nonce: counter('f') };
	const slow = { clock: new ManualClock(midnight - 60_000), nonce: counter('s') };
	const heard: string[] = [];
	for (const tools of [fast, slow, fast, slow, fast]) {
		const result = await reserveTasks(ledger, SETTINGS, { tasks: 10 }, tools);
		if (result.kind !== 'ok') throw new Error(result.reason);
		const { usage, granted } = result.value;
		heard.push([usage.period.key, usage.used, granted, ...told(result.value)].join(' '));
	}
	expect(heard).toEqual([
		'2026-12 10 10',
		'2026-11 1000 10 exceeded 100',
		'2026-12 20 10 renewed',
		'2026-11 1000 0',
		'2026-12 30 10',
	]);
});

it('a change of zone goes on with the counts of the month that it leads to', async () => {
	const newYear = new ManualClock(Date.UTC(2027, 0, 1, 2));
	const ledger = ledgerWith({ period: '2026-12', used: 900 });
	const run = async (timeZone: string): Promise<unknown> => {
		const tools = { clock: newYear, nonce: counter(timeZone) };
		const result = await reserveTasks(ledger, { ...SETTINGS, timeZone }, { tasks: 10 }, tools);
		return result.kind === 'ok' ? result.value.usage.used : result;
	};
	expect([await run('UTC'), await run('America/New_York'), await run('UTC')]).toEqual([10, 910, 20]);
	expect(periodAt(newYear.now(), 'month', 'America/New_York').key).toBe('2026-12');
});
