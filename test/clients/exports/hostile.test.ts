import { file, read, readTexts } from './reading';
import { processorMs } from '../../support/processorTime';

const MAILCHIMP = 'Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID';
const SUBSCRIBED = 'subscribed_email_audience_export_0a1b2c3d4e.csv';
const UNSUBSCRIBED = 'unsubscribed_email_audience_export_0a1b2c3d4e.csv';
const row = (address: string, name = 'Ada,L'): string =>
	`${address},${name},2,2020-01-02 03:04:05,2020-01-02 03:05:05,1,a1`;
const rows = (...lines: string[]): string => `${MAILCHIMP}\n${lines.join('\n')}\n`;

describe('rows whose cells are not in their columns', () => {
	it.each<[string, string]>([
		['one cell too many', row('bob@example.com', 'Smith, Bob,L')],
		['an empty cell too many', `${row('bob@example.com')},`],
		['a cell in front', `1,${row('bob@example.com').replace(/,a1$/, '')}`],
		['a cell missing in the middle', row('bob@example.com', 'Bob')],
	])('MG-10: %s subscribes no contact, in this file or another', async (_name, line) => {
		const taken = await readTexts({
			[SUBSCRIBED]: rows(row('ada@example.com'), line),
			'subscribed_segment_export_1.csv': rows(row('bob@example.com')),
		});
		expect(taken.standings).toEqual({ 'ada@example.com': 'subscribed', 'bob@example.com': 'noConsent' });
		expect(taken.refused).toEqual([expect.objectContaining({ file: SUBSCRIBED, line: 3, code: 'SHIFTED_ROW' })]);
	});

	it('MG-23: in a file of opt-outs they opt out all the same', async () => {
		const taken = await readTexts({
			[SUBSCRIBED]: rows(row('bob@example.com')),
			[UNSUBSCRIBED]: rows(row('bob@example.com', 'Smith, Bob,L')),
		});
		expect(taken.standings).toEqual({ 'bob@example.com': 'optedOut' });
		expect(taken.contactOf('bob@example.com').fields['Email Address']).toBe('bob@example.com');
	});

	it('MG-23: where one of them says so they opt out', async () => {
		const { standings } = await readTexts({
			'a.csv': 'Email address,First name,Email status\nbob@example.com,Bob,,Unsubscribed\n',
		});
		expect(standings).toEqual({ 'bob@example.com': 'optedOut' });
	});

	it('MG-10: an address in another column than its own is in doubt', async () => {
		const taken = await readTexts({
			'a.csv': 'Email,Name,Status\nBob,bob@example.com,\n',
			[SUBSCRIBED]: rows(row('bob@example.com')),
		});
		expect(taken.standings).toEqual({ 'bob@example.com': 'noConsent' });
		expect(taken.refused).toEqual([expect.objectContaining({ file: 'a.csv', line: 2, code: 'MALFORMED_ADDRESS' })]);
	});

	it('MG-20: a further address that is malformed is counted where its row is taken', async () => {
		const { standings, result } = await readTexts({
			'a.csv': 'Email 1,Email 2,Email subscriber status\na@example.com,b@,Subscribed\n',
		});
		expect(standings).toEqual({ 'a@example.com': 'subscribed' });
		expect(result).toMatchObject({
			summary: { files: [{ notes: ['In 1 rows a further address is malformed and was left out'] }] },
		});
	});

	it('MG-25: rows that all end in a delimiter are whole', async () => {
		const { standings } = await readTexts({
			'a.csv': 'Email,Status\na@example.com,subscribed,\nb@example.com,unsubscribed,\n',
		});
		expect(standings).toEqual({ 'a@example.com': 'subscribed', 'b@example.com': 'optedOut' });
	});
});

describe('quotations that are never closed', () => {
	it('MG-23: no opt-out behind one is lost', async () => {
		const broken = `bob@example.com,"Bob,L,2,2020-01-02 03:04:05,2020-01-02 03:05:05,1,a1`;
		const taken = await readTexts({
			[SUBSCRIBED]: rows(...['ada', 'bob', 'cy', 'dora'].map((name) => row(`${name}@example.com`))),
			[UNSUBSCRIBED]: rows(row('ada@example.com'), broken, row('cy@example.com'), row('dora@example.com', '"D, E",L')),
		});
		expect(taken.standings).toEqual({
			'ada@example.com': 'optedOut',
			'bob@example.com': 'optedOut',
			'cy@example.com': 'optedOut',
			'dora@example.com': 'optedOut',
		});
	});

	it('MG-23: in a file with a status column the broken row is told, and the rows behind it are read', async () => {
		const taken = await readTexts({
			'a.csv':
				'Email address,Note,Email status\na@example.com,"x,Active\nb@example.com,y,Unsubscribed\nc@example.com,"z",Active\n',
		});
		expect(taken.standings).toEqual({ 'b@example.com': 'optedOut', 'c@example.com': 'subscribed' });
		expect(taken.refused).toEqual([expect.objectContaining({ line: 2, code: 'BROKEN_QUOTES' })]);
	});

	it('MG-23: one in the header is told too', async () => {
		const taken = await readTexts({
			[UNSUBSCRIBED]: rows(row('ada@example.com')).replace('First Name', '"First Name'),
		});
		expect(taken.standings).toEqual({ 'ada@example.com': 'optedOut' });
		expect(taken.refused).toHaveLength(1);
	});
});

describe('files that are hardly any', () => {
	it('MG-15: a header alone is an empty list, not an error', async () => {
		const { result } = await readTexts({ [UNSUBSCRIBED]: `${MAILCHIMP},UNSUB_TIME\n` });
		expect(result).toMatchObject({ kind: 'read', summary: { rows: 0, files: [{ status: 'unsubscribed' }] } });
	});

	it('an empty file is passed over', async () => {
		const { result } = await readTexts({ 'empty.csv': '', 'blank.csv': '\n \n', 'a.csv': 'Email\na@example.com\n' });
		expect(result).toMatchObject({
			kind: 'read',
			summary: { skipped: [{ file: 'empty.csv' }, { file: 'blank.csv' }] },
		});
	});

	it('MG-25: a list without a header is read from its first line', async () => {
		const { standings, contactOf } = await readTexts({ 'members.txt': 'a@example.com\tAda\nb@example.com\tBob\n' });
		expect(standings).toEqual({ 'a@example.com': 'noConsent', 'b@example.com': 'noConsent' });
		expect(contactOf('a@example.com')).toMatchObject({
			fields: { 'Column 1': 'a@example.com', 'Column 2': 'Ada' },
			provenance: { row: 1 },
		});
	});

	it('MG-10: a file of Mailchimp that lost its header subscribes no contact', async () => {
		const { standings } = await readTexts({ [SUBSCRIBED]: `${row('a@example.com')}\n` });
		expect(standings).toEqual({ 'a@example.com': 'noConsent' });
	});

	it('MG-25: titles before the header and totals after the rows are no contacts', async () => {
		const taken = await readTexts({
			'a.csv': "Report of today\n\nID dell'ordine,E-mail del partecipante,Evento\n1,a@example.com,x\nTOTALI,,,,\n",
		});
		expect(taken.standings).toEqual({ 'a@example.com': 'noConsent' });
		expect(taken.refused).toHaveLength(1);
		const labelled = await readTexts({ 'b.csv': 'Name,Email\nx,a@example.com\nGrand Total,\n' });
		expect(labelled.refused).toEqual([expect.objectContaining({ code: 'TOTAL_ROW', line: 3 })]);
	});

	it('MG-20: rows without an address are refused with their line', async () => {
		const taken = await readTexts({ 'sms_only_audience_export_1.csv': 'Email Address,Phone\n,+15551234567\n' });
		expect(taken.refused).toEqual([
			{ file: 'sms_only_audience_export_1.csv', line: 2, code: 'NO_ADDRESS', reason: 'The row has no e-mail address' },
		]);
	});

	it.each<[string, string | Uint8Array, RegExp]>([
		['a PDF', '%PDF-1.7 x', /is a PDF/],
		['an image', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), /is an image/],
		['JSON', '[{"email":"a@example.com"}]', /JSON/],
		['a web page', '<!DOCTYPE html><html><body>Sign in</body></html>', /web page/],
		['anything', Uint8Array.from({ length: 999 }, (_, index) => (index * 7919) % 251), /not known|no column/],
		['a table without addresses', 'Name,City\nAda,Paris\n', /no column of e-mail addresses/],
		[
			'the report of a campaign',
			'Email address,First name,Opened At\na@example.com,Ada,05/06/2024 10:00\n',
			/report of a campaign/,
		],
	])('MG-09: %s called contacts.csv is an error that names the file', async (_name, content, reason) => {
		const { result } = await read([file('contacts.csv', content)]);
		expect(result).toMatchObject({
			kind: 'unreadable',
			file: 'contacts.csv',
			reason: expect.stringMatching(reason),
			advice: expect.stringMatching(/\.$/),
		});
	});

	it('MG-23: one file that cannot be read ends all of it, for it may be the one with the opt-outs', async () => {
		const taken = await read([file(SUBSCRIBED, rows(row('ada@example.com'))), file('unsubscribed.pdf', '%PDF-1.7')]);
		expect(taken.result.kind).toBe('unreadable');
		expect(taken.contacts).toEqual([]);
	});
});

describe('time', () => {
	it.each<[string, string]>([
		['marks', `Email,Note\n${'"x\n'.repeat(200_000)}`],
		['marks in pairs', `Email,Note\n${'a@example.com,"x""\n'.repeat(100_000)}`],
		['addresses in one cell', `Email,Note\n"${'a@example.com;'.repeat(50_000)}",x\n`],
		['at signs', `Email,Note\n${'@'.repeat(900_000)},x\n`],
		['columns', `Email${',x'.repeat(100_000)}\na@example.com\n`],
		['blanks', `Email,Note\n${' '.repeat(900_000)}@,x\n`],
	])('a file of nothing but %s is read within seconds', async (_name, text) => {
		expect(await processorMs(async () => await read([file('a.csv', text)]))).toBeLessThan(20_000);
	});
});
