import { alertMessage } from '../../../../core/quota/messages/alertText';
import type { MailText } from '../../../../core/mail/mail';
import { periodAt } from '../../../../core/quota/period';
import type { DueAlert } from '../../../../core/quota/thresholds';
import type { QuotaUsage } from '../../../../core/quota/usage';
import { plainText } from './plainText';

const NOW = Date.UTC(2026, 10, 22, 12);
const TABLE = 'Contact Sync Quota';

function usage(used: number, rest: Partial<QuotaUsage> = {}): QuotaUsage {
	const limit = rest.limit ?? 100_000;
	return {
		quota: 'All Syncs',
		period: periodAt(NOW, 'month', 'Europe/Berlin'),
		used,
		limit,
		limitFrom: 'node',
		remaining: Math.max(0, limit - used),
		percent: limit === 0 ? 100 : Math.floor((100 * used) / limit),
		usedUp: used >= limit,
		...rest,
	};
}

const message = (alert: DueAlert, state: QuotaUsage, mode: 'strict' | 'finishBatch' = 'finishBatch'): MailText =>
	alertMessage(alert, state, { table: TABLE, mode });

const AT_80: DueAlert = { kind: 'threshold', threshold: 80 };
const AT_100: DueAlert = { kind: 'exceeded', threshold: 100 };

describe('HB-18, SB-14: the mail at 80 %', () => {
	const forecast = { kind: 'usedUp', at: Date.UTC(2026, 10, 22, 23, 30) } as const;
	const { subject, text } = message(AT_80, usage(80_250, { forecast }));

	it('says what is used, of what, until when and where it leads, in local time', () => {
		expect(subject).toBe("Quota 'All Syncs': 80 % of 100,000 tasks used");
		expect(text).toContain('80,250 of 100,000 tasks of November 2026 are used (80 %); 19,750 are left');
		expect(text).toContain('renews on 1 December 2026, 00:00 (Europe/Berlin)');
		expect(text).toContain('At this pace 100 % will be reached on 23 November 2026.');
	});

	it('HB-19: says what happens at 100 %, which is another thing in strict mode', () => {
		expect(text).toContain('the batch that crosses the limit still goes through, nothing after it');
		expect(message(AT_80, usage(80_250), 'strict').text).toContain('without one task over the limit');
		expect(text).toContain('Contacts that change meanwhile wait in the source');
	});

	it('HB-20, SB-16: says how to raise the limit', () => {
		expect(text).toContain(
			"open the data table 'Contact Sync Quota' in n8n and write the new number into the cell 'limit' of the row with the quota 'All Syncs' and the period 2026-11",
		);
	});

	it('leaves the pace out where there is none, and says so where the quota lasts', () => {
		expect(message(AT_80, usage(80_000)).text).not.toContain('pace');
		const lasts = message(AT_80, usage(80_000, { forecast: { kind: 'enough', percent: 92 } }));
		expect(lasts.text).toContain('At this pace 92 % will be used when it renews.');
	});

	it('of a quota by the day tells the hour', () => {
		const period = periodAt(NOW, 'day', 'Europe/Berlin');
		const { text: daily } = message(
			AT_80,
			usage(80_000, { period, forecast: { kind: 'usedUp', at: Date.UTC(2026, 10, 22, 20, 5) } }),
		);
		expect(daily).toContain('tasks of 22 November 2026 are used');
		expect(daily).toContain('will be reached on 22 November 2026, 21:05.');
		expect(daily).toContain('renews on 23 November 2026, 00:00 (Europe/Berlin)');
	});
});

describe('HB-19, SB-15: the mail when the quota is used up', () => {
	it('says until when the syncs wait, and that nothing is lost', () => {
		const { subject, text } = message(AT_100, usage(100_250));
		expect(subject).toBe("Quota 'All Syncs': used up, syncs wait until 1 December 2026");
		expect(text).toContain('100,250 of 100,000 tasks of November 2026 are used (100 %)');
		expect(text).toContain('A batch that crossed the limit was finished.');
		expect(text).toContain('nothing goes through until the quota renews on 1 December 2026, 00:00 (Europe/Berlin)');
		expect(text).toContain('none is lost');
		expect(text).toContain("the cell 'limit'");
	});

	it('in strict mode speaks of no batch that was finished', () => {
		expect(message(AT_100, usage(100_000), 'strict').text).not.toContain('finished');
	});

	it('tells a share above all from all', () => {
		const { subject } = message({ kind: 'exceeded', threshold: 120 }, usage(120_500));
		expect(subject).toBe("Quota 'All Syncs': 120 % of 100,000 tasks used");
	});

	it('of a limit of 0 says that it was stopped by hand', () => {
		expect(message(AT_100, usage(0, { limit: 0 })).subject).toBe("Quota 'All Syncs': stopped, its limit is 0");
	});
});

describe('the mail when the syncs go on', () => {
	it('because the quota renewed', () => {
		const { subject, text } = message({ kind: 'recovered', because: 'renewed' }, usage(1_000));
		expect(subject).toBe("Quota 'All Syncs': renewed, syncs go on");
		expect(text).toContain('with November 2026 it counts from 0 again. The syncs go on by themselves');
		expect(text).toContain('1,000 of 100,000 tasks of November 2026 are used (1 %); it renews on 1 December 2026');
	});

	it('because the limit was raised', () => {
		const forecast = { kind: 'enough', percent: 80 } as const;
		const raised = usage(100_250, { limit: 150_000, forecast });
		const { subject, text } = message({ kind: 'recovered', because: 'raised' }, raised);
		expect(subject).toBe("Quota 'All Syncs': raised to 150,000 tasks, syncs go on");
		expect(text).toContain('its limit is 150,000 tasks now. The syncs go on by themselves');
		expect(text).toContain('At this pace 80 % will be used when it renews.');
	});
});

describe('the HTML of a mail', () => {
	const ALERTS: readonly DueAlert[] = [AT_80, AT_100, { kind: 'recovered', because: 'renewed' }];

	it.each(ALERTS)('says what the text says: %j', (alert) => {
		const { html, text } = message(alert, usage(81_000));
		const said = plainText(html);
		// Rules and bars are drawn.
		const words = text.split('\n').filter((line) => /[a-z]/i.test(line));
		expect(words.length).toBeGreaterThan(3);
		for (const line of words) expect(said).toContain(line);
	});

	it('escapes what people name, keeps the subject on one line and has nothing a mail client would not show', () => {
		const quota = `<img src=x onerror="a()"> & 'Sons'\r\nBcc: a@example.com`;
		const { subject, html, text } = message(AT_80, usage(80_000, { quota }));
		expect(subject).toBe(`Quota '<img src=x onerror="a()"> & 'Sons' Bcc: a@example.com': 80 % of 100,000 tasks used`);
		expect(html).not.toMatch(/<img|onerror="|<script|<svg|<style|class=|url\(/);
		expect(html).toContain('&lt;img src=x onerror=&quot;a()&quot;&gt; &amp; &#39;Sons&#39;');
		expect(text).toContain(quota);
	});

	it.each([
		[0, '<td width="100%" height="18" bgcolor="#e4e7eb"'],
		[1_000, '<td width="3%" height="18" bgcolor="#15803d"'],
		[79_999, '<td width="79%" height="18" bgcolor="#15803d"'],
		[80_000, '<td width="80%" height="18" bgcolor="#b45309"'],
		[100_000, '<td width="100%" height="18" bgcolor="#b91c1c"'],
		[250_000, '<td width="100%" height="18" bgcolor="#b91c1c"'],
	])('draws %i of 100,000 as cells with a width and a colour', (used, cell) => {
		expect(message(AT_80, usage(used)).html).toContain(cell);
	});
});
