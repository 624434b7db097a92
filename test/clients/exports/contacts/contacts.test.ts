import { sourceFieldsOf } from '../../../../clients/exports/contacts/toSourceFields';
import { readTexts } from '../reading';

const HEADER =
	'Email Address,First Name,Phone Number,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID,EUID,TAGS,SOURCE';
const SUBSCRIBED = 'subscribed_email_audience_export_0a1b2c3d4e.csv';
const person = (
	address: string,
	cells: Partial<
		Record<'name' | 'phone' | 'optIn' | 'optInIp' | 'confirm' | 'confirmIp' | 'tags' | 'source', string>
	> = {},
): string =>
	[
		address,
		cells.name ?? 'Ada',
		cells.phone ?? '',
		'2',
		cells.optIn ?? '',
		cells.optInIp ?? '',
		cells.confirm ?? '2020-01-02 03:05:05',
		cells.confirmIp ?? '',
		'1',
		'a1',
		cells.tags ?? '',
		cells.source ?? '',
	].join(',');
const file = (...lines: string[]): string => `${HEADER}\n${lines.join('\n')}\n`;

describe('a contact of an export', () => {
	it('MG-08: has the form of every contact item, with consent and where it was read', async () => {
		const { contactOf } = await readTexts({
			[SUBSCRIBED]: file(
				person(' Ada@Example.com ', {
					name: ' Ada ',
					phone: "'+15551234567",
					optIn: '2020-01-02 03:04:05',
					optInIp: '203.0.113.9',
					confirmIp: '203.0.113.9',
					tags: '"""Member"",""a, b"""',
				}),
			),
		});
		expect(contactOf('ada@example.com')).toEqual({
			key: expect.stringMatching(/^export:mailchimp:contact:[0-9a-f]{24}$/),
			change: 'added',
			source: { system: 'export', account: 'mailchimp', object: 'contact', id: expect.any(String) },
			changedAt: '2020-01-02T03:04:05.000Z',
			email: 'ada@example.com',
			fields: {
				'Email Address': 'ada@example.com',
				'First Name': 'Ada',
				'Phone Number': '+15551234567',
				MEMBER_RATING: '2',
				OPTIN_TIME: '2020-01-02 03:04:05',
				OPTIN_IP: '203.0.113.9',
				CONFIRM_TIME: '2020-01-02 03:05:05',
				CONFIRM_IP: '203.0.113.9',
				LEID: '1',
				EUID: 'a1',
				TAGS: ['Member', 'a, b'],
				SOURCE: null,
			},
			optedOut: false,
			consent: { status: 'subscribed', grade: 'confirmed', at: '2020-01-02T03:04:05.000Z', source: 'OPTIN_TIME' },
			provenance: { file: SUBSCRIBED, row: 2 },
		});
	});

	it('MG-08: keeps its key in a later export, and whatever stands around', async () => {
		const first = await readTexts({ [SUBSCRIBED]: file(person('ada@example.com')) });
		const later = await readTexts({
			[SUBSCRIBED]: file(person('bob@example.com'), person('ADA@EXAMPLE.COM', { name: 'A.' })),
		});
		expect(later.contactOf('ada@example.com').key).toBe(first.contactOf('ada@example.com').key);
		const named = await readTexts({ [SUBSCRIBED]: file(person('ada@example.com')) }, { account: 'Main: one' });
		expect(named.contactOf('ada@example.com').source.account).toBe('Main  one');
	});

	it.each<[string, Parameters<typeof person>[1]]>([
		['confirmed', { optIn: '2020-01-02 03:04:05', optInIp: '203.0.113.9', confirmIp: '203.0.113.9' }],
		['single', { confirmIp: '203.0.113.9' }],
		['single', { source: 'Hosted Signup Form' }],
		['imported', { optIn: '2020-01-02 03:04:05', optInIp: '127.0.0.1', confirmIp: '203.0.113.9' }],
		['imported', { source: 'List Import from File', confirmIp: '203.0.113.9' }],
		['imported', {}],
	])('MG-10: the evidence of a consent is %s (%j)', async (grade, cells) => {
		const { contactOf } = await readTexts({ [SUBSCRIBED]: file(person('ada@example.com', cells)) });
		expect(contactOf('ada@example.com').consent.grade).toBe(grade);
	});

	it('MG-10: evidence that is asked for has to be there', async () => {
		const text = file(person('a@example.com'), person('b@example.com', { source: 'Embedded Form' }));
		expect((await readTexts({ [SUBSCRIBED]: text })).standings).toEqual({
			'a@example.com': 'subscribed',
			'b@example.com': 'subscribed',
		});
		expect((await readTexts({ [SUBSCRIBED]: text }, { leastGrade: 'single' })).standings).toEqual({
			'a@example.com': 'noConsent',
			'b@example.com': 'subscribed',
		});
	});

	it('MG-25: columns are kept whatever they are called, twice or not at all', async () => {
		const { contactOf } = await readTexts({
			'a.csv': 'email,toString,__proto__,constructor,Birthday,Birthday,,hasOwnProperty\na@example.com,1,2,3,4,5,6,7\n',
		});
		const { fields } = contactOf('a@example.com');
		expect(Object.entries(fields)).toEqual([
			['email', 'a@example.com'],
			['toString', '1'],
			['__proto__', '2'],
			['constructor', '3'],
			['Birthday', '4'],
			['Birthday (2)', '5'],
			['Column 7', '6'],
			['hasOwnProperty', '7'],
		]);
		expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
	});

	it('MG-26: values stay as they are written: formulas, zeros, signs', async () => {
		const { contactOf } = await readTexts({
			'a.csv': "email,a,b,c,d,e\na@example.com,=SUM(A1),-5,+44 123,@handle,'007\n",
		});
		expect(contactOf('a@example.com').fields).toMatchObject({
			a: '=SUM(A1)',
			b: '-5',
			c: '+44 123',
			d: '@handle',
			e: '007',
		});
	});

	it('MG-25: the columns that are asked for are read, and the address', async () => {
		const { contactOf } = await readTexts({ [SUBSCRIBED]: file(person('a@example.com')) }, { columns: ['first name'] });
		expect(contactOf('a@example.com').fields).toEqual({ 'Email Address': 'a@example.com', 'First Name': 'Ada' });
	});

	it('MG-25: the columns of all files are told as fields with their types', async () => {
		const { result } = await readTexts({ [SUBSCRIBED]: file(person('a@example.com')) });
		expect(result).toMatchObject({
			fields: expect.arrayContaining([
				expect.objectContaining({ name: 'Email Address', type: 'email', hidden: false }),
				expect.objectContaining({ name: 'Phone Number', type: 'phone' }),
				expect.objectContaining({ name: 'TAGS', type: 'multipleChoice' }),
				expect.objectContaining({ name: 'LEID', hidden: true }),
			]),
		});
	});

	it('MG-25: headers alone tell the fields too', () => {
		const fields = sourceFieldsOf([
			'Email address',
			'First name',
			'Phone - mobile',
			'Email Lists',
			'Birthday',
			'Created At',
		]);
		expect(fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
			'Email address: email',
			'First name: text',
			'Phone - mobile: phone',
			'Email Lists: multipleChoice',
			'Birthday: text',
			'Created At: datetime',
		]);
		expect(sourceFieldsOf(['Name', 'City'])).toEqual([]);
	});

	it('MG-08: an address with a slip or of a function is marked', async () => {
		const { contactOf, result } = await readTexts({ 'a.csv': 'email\nada@gmial.com\ninfo@example.com\n' });
		expect(contactOf('ada@gmial.com').note).toBe('misspelledDomain');
		expect(contactOf('info@example.com').note).toBe('roleAddress');
		expect(result).toMatchObject({ summary: { misspelledDomains: 1, roleAddresses: 1 } });
	});
});

describe('several rows of one contact', () => {
	it('MG-23: the row that allows least counts, and what only others know is added', async () => {
		const taken = await readTexts({
			[SUBSCRIBED]: file(person('ada@example.com', { name: 'Ada', phone: '+15551234567' })),
			'other.csv': 'Email,Status,First Name,City\n ADA@example.COM,unsubscribed,,Zürich\n',
		});
		expect(taken.standings).toEqual({ 'ada@example.com': 'optedOut' });
		expect(taken.contacts).toHaveLength(1);
		expect(taken.contacts[0]?.contact).toMatchObject({
			change: 'optedOut',
			optedOut: true,
			fields: {
				Email: 'ada@example.com',
				'Email Address': 'ada@example.com',
				'First Name': 'Ada',
				City: 'Zürich',
				'Phone Number': '+15551234567',
			},
			provenance: { file: 'other.csv', row: 2, alsoIn: [{ file: SUBSCRIBED, row: 2, standing: 'subscribed' }] },
		});
	});

	it.each([
		'ADA@EXAMPLE.COM',
		' ada@example.com',
		'\u200bada@example.com',
		'mailto:ada@example.com',
		'Ada L <ada@example.com>',
		"'ada@example.com",
		'ada@example.com;',
		'ａda@example.com'.normalize('NFKC'),
		'x@example.org; ada@example.com',
	])('MG-23: an opt-out counts in the spelling ‹%s›', async (spelling) => {
		const { standings } = await readTexts({
			[SUBSCRIBED]: file(person('ada@example.com')),
			'out.csv': `Email,Status\n"${spelling}",unsubscribed\n`,
		});
		expect(standings['ada@example.com']).toBe('optedOut');
	});

	it('MG-23: an opt-out counts in both spellings of an international domain', async () => {
		const { contacts } = await readTexts({
			[SUBSCRIBED]: file(person('ada@müller.example')),
			'unsubscribed.csv': 'Email,Name\nada@xn--mller-kva.example,x\n',
		});
		expect(contacts.map(({ standing }) => standing)).toEqual(['optedOut']);
	});
});

describe('the counts', () => {
	it('MG-08: balance by file, status and contact', async () => {
		const { result, contacts, refused } = await readTexts({
			[SUBSCRIBED]: file(
				person('a@example.com'),
				person('b@example.com'),
				person('a@example.com'),
				person('no address'),
				'',
			),
			'unsubscribed_email_audience_export_0a1b2c3d4e.csv': file(person('b@example.com'), person('c@example.com')),
			'empty.csv': 'Email,Status\n',
		});
		if (result.kind !== 'read') throw new Error(result.reason);
		const { summary } = result;
		expect(summary).toMatchObject({
			rows: 6,
			refused: 1,
			addresses: 5,
			contacts: 3,
			repeated: 2,
			byStanding: { optedOut: 2, bounced: 0, subscribed: 1, noConsent: 0 },
		});
		expect(
			summary.files.map(({ rows, taken, refused: not, addresses }) => ({ rows, taken, not, ...addresses })),
		).toEqual([
			{ rows: 4, taken: 3, not: 1, optedOut: 0, bounced: 0, subscribed: 3, noConsent: 0 },
			{ rows: 2, taken: 2, not: 0, optedOut: 2, bounced: 0, subscribed: 0, noConsent: 0 },
			{ rows: 0, taken: 0, not: 0, optedOut: 0, bounced: 0, subscribed: 0, noConsent: 0 },
		]);
		expect(contacts).toHaveLength(summary.contacts);
		expect(refused).toEqual([
			{ file: SUBSCRIBED, line: 5, code: 'MALFORMED_ADDRESS', reason: 'The e-mail address contains a blank' },
		]);
	});

	it('MG-23: bounced addresses are left out where that is asked for', async () => {
		const texts = { 'cleaned_email_audience_export_0a1b.csv': file(person('a@example.com')) };
		expect((await readTexts(texts)).contactOf('a@example.com')).toMatchObject({
			optedOut: true,
			change: 'optedOut',
			consent: { status: 'cleaned' },
		});
		const left = await readTexts(texts, { bounces: 'leaveOut' });
		expect(left.contacts).toEqual([]);
		expect(left.refused).toEqual([expect.objectContaining({ code: 'BOUNCED', line: 2 })]);
	});
});
