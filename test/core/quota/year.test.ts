import { DateTime } from 'luxon';
import { reserveTasks } from '../../../core/quota/reserveTasks';
import type { QuotaSettings } from '../../../core/quota/ledger';
import { ManualClock } from '../../support/manualClock';
import { casesOf, sizeOf } from '../../support/sizes';
import { counter, MemoryLedger, SETTINGS } from './memoryLedger';

const HOUR = 3_600_000;

interface Mail {
	readonly period: string;
	readonly kind: string;
	readonly used: number;
	readonly at: string;
}

/** A sync that runs every `hours` for the whole of a year, or from a later month on, and wants `perRun` tasks each time. */
async function playYear(
	year: number,
	hours: number,
	perRun: number,
	settings: Partial<QuotaSettings>,
	{ month = 1, months = 12 } = {},
): Promise<{ mails: Mail[]; ledger: MemoryLedger; resets: string[] }> {
	const { timeZone = 'UTC' } = settings;
	const start = DateTime.fromObject({ year, month }, { zone: timeZone });
	const end = start.plus({ months }).toMillis();
	const clock = new ManualClock(start.toMillis());
	const ledger = new MemoryLedger(() => clock.now());
	const nonce = counter();
	const mails: Mail[] = [];
	const resets: string[] = [];
	let last = 0;
	for (; clock.now() < end; clock.advance(hours * HOUR)) {
		const result = await reserveTasks(ledger, { ...SETTINGS, ...settings }, { tasks: perRun }, { clock, nonce });
		if (result.kind !== 'ok') throw new Error(result.reason);
		const { usage, alerts } = result.value;
		const reset = usage.used < last;
		if (!reset && alerts.length === 0) {
			last = usage.used;
			continue;
		}
		const at = DateTime.fromMillis(clock.now(), { zone: timeZone }).toFormat('yyyy-LL-dd HH:mm');
		if (reset) resets.push(at);
		last = usage.used;
		for (const alert of alerts) {
			const kind = alert.kind === 'recovered' ? alert.because : String(alert.threshold);
			mails.push({ period: usage.period.key, kind, used: usage.used, at });
		}
	}
	return { mails, ledger, resets };
}

const MONTHS = Array.from({ length: 12 }, (_, index) => `${String(index + 1).padStart(2, '0')}`);

/** Whole years of the other places are played in `npm run test:all`. */
const PLACES: ReadonlyArray<readonly [string, number]> = [
	['Europe/Berlin', 2028],
	['America/New_York', 2026],
	['Australia/Lord_Howe', 2026],
	['Asia/Beirut', 2026],
	['Pacific/Kiritimati', 2027],
	['UTC', 2028],
];

describe('a year of a sync that runs by the clock', () => {
	it.each(casesOf(1, PLACES))(
		'HB-18, HB-19, SB-14: one mail per crossing and month, and eleven renewals with the first run of a local month: %s %i',
		async (timeZone, year) => {
			// 224 runs are in the shortest month: 80 % and 100 % are crossed in each.
			const { mails, ledger, resets } = await playYear(year, 3, 6, { timeZone, limit: 1_000 });
			const months = MONTHS.map((month) => `${year}-${month}`);
			for (const kind of ['80', '100']) {
				expect(mails.filter((mail) => mail.kind === kind).map(({ period }) => period)).toEqual(months);
			}
			const renewed = mails.filter(({ kind }) => kind === 'renewed');
			// Where the clocks moved since New Year, the first run of a month comes up to three hours after midnight.
			expect(renewed.map(({ at }) => at.slice(0, 12))).toEqual(months.slice(1).map((month) => `${month}-01 0`));
			expect(resets).toEqual(renewed.map(({ at }) => at));
			expect(mails).toHaveLength(12 + 12 + 11);
			expect(ledger.rows.map(({ period, used }) => [period, used])).toEqual(months.map((month) => [month, 1_002]));
		},
	);

	it.each(['Pacific/Kiritimati', 'Europe/Berlin', 'Pacific/Honolulu'])(
		'HB-18, HB-19: one renewal at the end of the year: %s',
		async (timeZone) => {
			const { mails, ledger, resets } = await playYear(
				2027,
				3,
				6,
				{ timeZone, limit: 1_000 },
				{ month: 12, months: 2 },
			);
			expect(mails.map(({ period, kind }) => `${period} ${kind}`)).toEqual([
				...['2027-12 80', '2027-12 100'],
				...['2028-01 renewed', '2028-01 80', '2028-01 100'],
			]);
			expect(resets).toEqual(['2028-01-01 00:00']);
			expect(ledger.rows.map(({ period, used }) => [period, used])).toEqual([
				['2027-12', 1_002],
				['2028-01', 1_002],
			]);
		},
	);

	const [months, days] = [sizeOf(3, 12), sizeOf(91, 366)];
	it(`by the day: ${days} renewals from New Year of a leap year on, also on days of 23 and 25 hours`, async () => {
		const settings = { timeZone: 'Europe/Berlin', period: 'day', limit: 23 } as const;
		const { mails, ledger, resets } = await playYear(2028, 1, 1, settings, { months });
		expect(ledger.rows).toHaveLength(days);
		expect(resets).toHaveLength(days - 1);
		expect(new Set(resets.map((at) => at.slice(11)))).toEqual(new Set(['00:00']));
		for (const kind of ['80', '100']) expect(mails.filter((mail) => mail.kind === kind)).toHaveLength(days);
		expect(ledger.rows.find(({ period }) => period === '2028-02-29')?.used).toBe(23);
	});

	it('without a crossing there is no mail', async () => {
		const { mails } = await playYear(2026, 12, 5, { limit: 10_000 });
		expect(mails).toEqual([]);
	});
});
