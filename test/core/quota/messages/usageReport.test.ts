import { periodAt } from '../../../../core/quota/period';
import type { UsageHistory } from '../../../../core/quota/readUsage';
import { readHistory } from '../../../../core/quota/readUsage';
import type { QuotaSettings } from '../../../../core/quota/ledger';
import { usageReport } from '../../../../core/quota/messages/usageReport';
import { ManualClock } from '../../../support/manualClock';
import { counter, MemoryLedger, SETTINGS } from '../memoryLedger';
import { plainText } from './plainText';

const NOW = Date.UTC(2026, 10, 22, 12);

async function historyOf(ledger: MemoryLedger, settings: Partial<QuotaSettings> = {}): Promise<UsageHistory> {
	const tools = { clock: new ManualClock(NOW), nonce: counter() };
	const result = await readHistory(ledger, { ...SETTINGS, ...settings }, tools);
	if (result.kind !== 'ok') throw new Error(result.reason);
	return result.value;
}

function ledgerWith(used: Readonly<Record<string, number>>): MemoryLedger {
	const ledger = new MemoryLedger();
	for (const [period, count] of Object.entries(used)) ledger.put({ period, used: count, nonce: period });
	return ledger;
}

const totals = ({ earlier }: UsageHistory): [string, number][] => earlier.map(({ period, used }) => [period.key, used]);

describe('reading how a quota stood before', () => {
	it('costs one call, and counts periods without a row as 0 from the first with one', async () => {
		const ledger = ledgerWith({ '2026-07': 700, '2026-09': 900, '2026-11': 300 });
		const history = await historyOf(ledger);
		expect(history.usage).toMatchObject({ used: 300, limit: 1_000 });
		expect(totals(history)).toEqual([
			['2026-07', 700],
			['2026-08', 0],
			['2026-09', 900],
			['2026-10', 0],
		]);
		expect(ledger.calls).toBe(1);
	});

	it('goes twelve periods back, by month and by day', async () => {
		const months = await historyOf(ledgerWith({ '2025-10': 1, '2025-11': 2, '2026-10': 3 }));
		expect(totals(months)).toHaveLength(12);
		expect(totals(months)[0]).toEqual(['2025-11', 2]);
		const days = ledgerWith({ '2026-11-09': 1, '2026-11-10': 2, '2026-10': 9 });
		expect(totals(await historyOf(days, { period: 'day' }))[0]).toEqual(['2026-11-10', 2]);
	});

	it('has none before the first period', async () => {
		expect(totals(await historyOf(ledgerWith({ '2026-11': 5 })))).toEqual([]);
		expect(await historyOf(new MemoryLedger())).toMatchObject({ usage: { used: 0 }, earlier: [] });
	});

	it('takes the limit that a period had', async () => {
		const ledger = ledgerWith({ '2026-08': 1, '2026-09': 2, '2026-10': 3 });
		ledger.rows[1]!.limit = 5_000;
		const { earlier } = await historyOf(ledger);
		expect(earlier.map(({ limit }) => limit)).toEqual([1_000, 5_000, 1_000]);
	});

	it('adds up rows that were made beside one another, and leaves out a copy', async () => {
		const ledger = ledgerWith({ '2026-10': 100 });
		ledger.put({ period: '2026-10', used: 20, nonce: 'rival' });
		ledger.put({ period: '2026-09', used: 7, nonce: 'x' });
		ledger.put({ period: '2026-09', used: 7, nonce: 'y x' });
		expect(totals(await historyOf(ledger))).toEqual([
			['2026-09', 7],
			['2026-10', 120],
		]);
	});

	it('is no empty history when the ledger does not answer', async () => {
		const ledger = new MemoryLedger();
		ledger.fate = () => 'refused before';
		await expect(historyOf(ledger)).rejects.toThrow('n8n does not answer');
	});
});

describe('the report', () => {
	it('HB-17, SB-13: says how each quota stands, where it leads and how it stood', async () => {
		const all = await historyOf(ledgerWith({ '2026-09': 1_000, '2026-10': 500, '2026-11': 800 }));
		const other = await historyOf(ledgerWith({ '2026-11': 1_200 }), { timeZone: 'Europe/Berlin' });
		const { subject, text, html } = usageReport([all, other], NOW);
		expect(subject).toBe('Contact sync quota on 22 November 2026: All Syncs 80 %, All Syncs 120 %');
		for (const line of [
			'800 of 1,000 tasks of November 2026 are used (80 %); 200 are left.',
			'The quota renews on 1 December 2026, 00:00 (UTC).',
			'At this pace 100 % will be reached on 27 November 2026.',
			'The quota renews on 1 December 2026, 00:00 (Europe/Berlin). Nothing goes through until then, unless the limit is raised.',
		]) {
			expect(text).toContain(line);
			expect(plainText(html)).toContain(line);
		}
		expect(text).toContain(
			'September 2026: #################### 1,000 of 1,000\nOctober 2026: ########## 500 of 1,000',
		);
	});

	it('draws the last periods as cells, the longest over the whole width, without pictures or scripts', async () => {
		const ledger = ledgerWith({ '2026-08': 2_000, '2026-09': 0, '2026-10': 500, '2026-11': 900 });
		const { html } = usageReport([await historyOf(ledger)], NOW);
		const bars = [...html.matchAll(/<td width="(\d+)%" height="12" bgcolor="(#\w+)"/g)].map(([, width, colour]) => [
			Number(width),
			colour,
		]);
		expect(bars).toEqual([
			[100, '#b91c1c'],
			[100, '#e4e7eb'],
			[25, '#15803d'],
			[75, '#e4e7eb'],
			[45, '#b45309'],
			[55, '#e4e7eb'],
		]);
		expect(html).not.toMatch(/<img|<script|<svg|<style|url\(/);
	});

	it('has no chart without a period before', async () => {
		const { html, text } = usageReport([await historyOf(ledgerWith({ '2026-11': 5 }))], NOW);
		expect(text).not.toContain('Tasks by period');
		expect(html).not.toContain('height="12"');
	});

	it('draws a limit of 0 and a quota nothing was ever counted in', async () => {
		const ledger = ledgerWith({ '2026-10': 0 });
		ledger.put({ limit: 0 });
		const { text } = usageReport([await historyOf(ledger)], NOW);
		expect(text).toContain('0 of 0 tasks of November 2026 are used (100 %); 0 are left.');
		expect(text).toContain('October 2026: 0 of 1,000\nNovember 2026: 0 of 0');
	});

	it('escapes names, and names three quotas in the subject', async () => {
		const usage = (await historyOf(new MemoryLedger())).usage;
		const named = (quota: string): UsageHistory => ({ usage: { ...usage, quota }, earlier: [], warnings: [] });
		const { subject, html } = usageReport(['A <b>', 'B', 'C', 'D', 'E'].map(named), NOW);
		expect(subject).toBe('Contact sync quota on 22 November 2026: A <b> 0 %, B 0 %, C 0 % and 2 more');
		expect(html).toContain('A &lt;b&gt;');
		expect(html).not.toContain('<b>');
	});

	it('tells the day of the first quota', async () => {
		const { usage } = await historyOf(new MemoryLedger());
		const late = Date.UTC(2026, 10, 22, 23, 30);
		const berlin = { ...usage, period: periodAt(late, 'month', 'Europe/Berlin') };
		expect(usageReport([{ usage: berlin, earlier: [], warnings: [] }], late).subject).toContain('23 November 2026');
	});
});
