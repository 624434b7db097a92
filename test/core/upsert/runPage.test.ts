import type { RunSummary } from '../../../core/upsert/summariseRun';
import { runPage } from '../../../core/upsert/runPage';

const summary = (change: Partial<RunSummary> = {}): RunSummary => ({
	dryRun: false,
	contacts: 1_200,
	statuses: { created: 1_000, updated: 150, excluded: 48, failed: 2 },
	reasons: [
		{ status: 'excluded', code: 'NO_IDENTIFIER', count: 48, reason: '' },
		{ status: 'failed', code: 'DESTINATION_REFUSED', count: 2, reason: '' },
		{ status: 'created', code: 'RECORD_DELETED', count: 1, reason: '' },
	] as RunSummary['reasons'],
	optOuts: { contacts: 0, written: 0, addresses: 0, already: 0 },
	tasks: 1_150,
	calls: 12,
	...change,
});
const about = { told: "1,200 contacts for '<b>News</b>'.", list: '<b>News</b>', destination: 'Brevo' };

describe('the page about a run (#12)', () => {
	it('says what became of the contacts, in text and HTML alike, with a bar for each outcome', () => {
		const { subject, text, html } = runPage({ ...about, summary: summary() });
		expect(subject).toBe("What the sync did: 1,200 contacts for '<b>News</b>' in Brevo, 50 left out");
		expect(text).toContain(about.told);
		expect(text).toMatch(/Created: #{20} 1,000\nUpdated: #{3} 150\nLeft out: # 48\nNot synced: # 2/);
		expect(html.match(/<table/g)?.length).toBeGreaterThan(4);
		expect(html).toContain('width="100%" height="12" bgcolor="#15803d"');
		expect(html).toContain('bgcolor="#b45309"');
		expect(html).toContain('bgcolor="#b91c1c"');
		expect(html).not.toContain('<b>News</b>');
	});

	it('names why contacts did not go through and what to do; what went through has no reason there', () => {
		const { text } = runPage({ ...about, summary: summary() });
		expect(text).toMatch(/48 NO_IDENTIFIER\n {2}The contact has neither .*\. \S/);
		expect(text).toContain('2 DESTINATION_REFUSED');
		expect(text).not.toContain('RECORD_DELETED');
	});

	it.each([
		[
			{ phase: 'firstSync', sequence: 2, members: 2_000, expected: 2_400 },
			'First sync, batch 2',
			'follows 2,000 contacts by now',
		],
		[{ phase: 'firstSync', sequence: 3, members: 2_400, endsFirstSync: true }, 'The first sync is complete', '2,400'],
		[{ phase: 'live', sequence: 4 }, 'What the sync did', ''],
	] as const)('tells of the first sync how far it is: %j', (delivery, title, members) => {
		const { subject, text } = runPage({ ...about, summary: summary(), delivery });
		expect(subject.startsWith(`${title}: `)).toBe(true);
		expect(text).toContain(members);
	});

	it('a dry run, a run that failed and one without contacts say so', () => {
		const delivery = { phase: 'firstSync', sequence: 1, endsFirstSync: true } as const;
		expect(runPage({ ...about, summary: summary({ dryRun: true }), delivery }).subject).toMatch(
			/^What the sync would do/,
		);
		const failure = { code: 'RATE_LIMITED', reason: 'x' } as const;
		expect(runPage({ ...about, summary: summary({ failure }), delivery }).subject).toMatch(/^The sync did not get thr/);
		const none = runPage({ told: '0 contacts.', destination: 'Brevo', summary: summary({ contacts: 0, statuses: {}, reasons: [], calls: 0 }) }); // prettier-ignore
		expect(none.subject).toBe('What the sync did: 0 contacts for Brevo');
		expect(none.text).not.toMatch(/undefined|NaN|It took/);
	});
});
