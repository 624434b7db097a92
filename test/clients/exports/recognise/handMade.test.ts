import { readTexts } from '../reading';

/** What people do to files by hand, and what programs do to their letters: an opt-out in them is not lost. */

const oneStatus = async (status: string) =>
	(await readTexts({ 'x.csv': `Email,Email Status\na@x.com,"${status}"\nb@x.com,subscribed\n` })).standings;

describe('14: words of an opt-out that lost their letters to a wrong encoding', () => {
	const utf8As = (encoding: string) => (text: string) =>
		new TextDecoder(encoding).decode(new TextEncoder().encode(text));
	it.each<[string, (text: string) => string]>([
		['UTF-8 taken for Windows-1252', utf8As('windows-1252')],
		['the same twice', (text) => utf8As('windows-1252')(utf8As('windows-1252')(text))],
		['UTF-8 taken for that of old Macs', utf8As('macintosh')],
		['the code page of DOS', (text) => text.replace(/é/g, '\u201a').replace(/ü/g, '\u0081').replace(/ö/g, '\u201d')],
		['question marks', (text) => text.replace(/[^\x20-\x7e]/g, '?')],
		['two question marks for each', (text) => text.replace(/[^\x20-\x7e]/g, '??')],
		['boxes', (text) => text.replace(/[^\x20-\x7e]/g, '\uFFFD')],
		['entities of HTML', (text) => text.replace(/é/g, '&eacute;').replace(/ü/g, '&uuml;').replace(/ö/g, '&#246;')],
		['letters taken apart', (text) => text.normalize('NFD')],
		['nothing', (text) => text],
	])('are read in cells, headers and names of files: %s', async (_what, mangle) => {
		for (const word of ['Désabonné', 'désinscrites', 'Gekündigt', 'gelöscht', 'Révoquée', 'zurückgezogen'])
			expect({ word, read: await oneStatus(mangle(word)) }).toEqual({
				word,
				read: { 'a@x.com': 'optedOut', 'b@x.com': 'subscribed' },
			});
		for (const word of ['Rejeté', 'nettoyée', 'ungültig'])
			expect((await oneStatus(mangle(word)))['a@x.com']).toBe('bounced');
		const header = await readTexts({ 'x.csv': `Email,${mangle('Désabonné')}\na@x.com,oui\nb@x.com,non\n` });
		expect(header.standings).toEqual({ 'a@x.com': 'optedOut', 'b@x.com': 'noConsent' });
		const name = await readTexts({ [`${mangle('désabonnés')}.csv`]: 'Email,Nom\na@x.com,A\n' });
		expect(name.standings).toEqual({ 'a@x.com': 'optedOut' });
	});

	it('never make a consent, and no other word is taken for one of them', async () => {
		for (const word of ['Abonn?', 'AbonnÃ©', 'best?tigt', '?tive', 'd?', 'd?sab'])
			expect({ word, read: (await oneStatus(word))['a@x.com'] }).toEqual({ word, read: 'noConsent' });
	});
});

describe('14: titles and sections', () => {
	it.each([
		['Unsubscribed contacts', 'optedOut'],
		['Désabonnés', 'optedOut'],
		['Hard bounces 2024', 'bounced'],
		['Subscribed', 'subscribed'],
		['To unsubscribe, write to the office', 'subscribed'],
		['Our newsletter', 'subscribed'],
	])(
		'a title above the header that forbids mail counts for all rows, a sentence does not: %s',
		async (title, standing) => {
			const { standings } = await readTexts({
				'x.csv': `${title.includes(',') ? `"${title}"` : title},,\n\nEmail,Name,Email Status\na@x.com,A,subscribed\n`,
			});
			expect(standings).toEqual({ 'a@x.com': standing });
		},
	);

	it.each([
		['in one column', 'Email\na@x.com\nUnsubscribed:\nb@x.com\nSubscribed\nc@x.com\n'],
		['in several', 'Email,Name\na@x.com,A\n\nUnsubscribed contacts,\nb@x.com,B\nSubscribed,\nc@x.com,C\n'],
		[
			'with a header of their own',
			'Email,Name\na@x.com,A\n\nUnsubscribed,\nEmail,Name\nb@x.com,B\nActive,\nc@x.com,C\n',
		],
	])(
		'no row below a title that forbids mail is subscribed, up to the next title of a status: %s',
		async (_what, text) => {
			const { standings, contactOf } = await readTexts({ 'list.csv': text }, { withoutStatus: 'subscribed' });
			expect(standings['b@x.com']).toBe('noConsent');
			expect(contactOf('b@x.com').consent.status).toMatch(/stands below ‘Unsubscribed/);
			expect(contactOf('c@x.com').consent.status).not.toMatch(/stands below/);
		},
	);

	it('a status in the first column of a row without an address is no title', async () => {
		const { standings } = await readTexts({ 'x.csv': 'Email Status,Email\nunsubscribed,\nsubscribed,a@x.com\n' });
		expect(standings).toEqual({ 'a@x.com': 'subscribed' });
	});
});

describe('14: a column of addresses for each status', () => {
	it.each([
		[
			'Subscribed,Unsubscribed',
			'a@x.com,b@x.com',
			{ 'a@x.com': 'noConsent', 'b@x.com': 'optedOut', 'c@x.com': 'optedOut' },
			',c@x.com',
		],
		[
			'Unsubscribed,Subscribed',
			'b@x.com,a@x.com',
			{ 'a@x.com': 'noConsent', 'b@x.com': 'optedOut', 'c@x.com': 'noConsent' },
			',c@x.com',
		],
		[
			'Email,Bounced',
			'a@x.com,b@x.com',
			{ 'a@x.com': 'noConsent', 'b@x.com': 'bounced', 'c@x.com': 'bounced' },
			',c@x.com',
		],
	])('says it of its own addresses alone, and loses none: %s', async (header, row, expected, second) => {
		expect((await readTexts({ 'x.csv': `${header}\n${row}\n${second}\n` })).standings).toEqual(expected);
	});

	it('is not meant where it has the address of its row, or who unsubscribed it', async () => {
		const same = await readTexts({ 'x.csv': 'Email,Unsubscribed\na@x.com,a@x.com\nb@x.com,\n' });
		expect(same.standings['a@x.com']).toBe('optedOut');
		const by = await readTexts({ 'x.csv': 'Email,Unsubscribed by\na@x.com,staff@y.com\n' });
		expect(by.standings).toEqual({ 'a@x.com': 'optedOut' });
	});
});

describe('14: notes', () => {
	it.each([
		'Bitte austragen',
		'please unsubscribe',
		'wants to be unsubscribed',
		'möchte keine Mails mehr',
		'hat sich abgemeldet',
		'asked us to stop mailing',
		'merci de me désabonner',
		'Kunde hat am 3.4. widersprochen',
		'DSGVO-Löschung beantragt',
		'Called 3.4.: unsubscribe',
		'keine Werbung',
		'Please remove',
	])('that ask for no more mail are no consent, and no opt-out either: %s', async (note) => {
		const { standings, contactOf } = await readTexts({
			'x.csv': `Email,Email Status,Notes\na@x.com,subscribed,"${note}"\n`,
		});
		expect(standings).toEqual({ 'a@x.com': 'noConsent' });
		expect(contactOf('a@x.com').consent.status).toBe('in doubt: a note speaks of an opt-out');
	});

	it.each([
		'VIP',
		'no spam complaints so far',
		'told her how to unsubscribe at any time',
		'asked for a call',
		'likes our mail',
	])('about something else change nothing: %s', async (note) => {
		const { standings } = await readTexts({ 'x.csv': `Email,Email Status,Notes\na@x.com,subscribed,"${note}"\n` });
		expect(standings).toEqual({ 'a@x.com': 'subscribed' });
	});
});

describe('tables that stand side by side in one sheet', () => {
	it.each([
		'Email Address,Status,,Email Address,Status\na@x.org,subscribed,,b@x.org,subscribed\n',
		'Subscribed,,Unsubscribed,\nEmail,Name,Email,Name\na@x.org,A,b@x.org,B\n',
	])('say why the contacts of the second are no subscribers: %j', async (text) => {
		const { result, standings } = await readTexts({ 'x.csv': text });
		expect(standings['b@x.org']).toBe('noConsent');
		const note = expect.stringMatching(/‹Email( Address)?› 2 times.*side by side.*sheet of its own/) as string;
		expect(result).toMatchObject({ summary: { files: [{ notes: [note] }] } });
	});

	it('are not several addresses of one contact', async () => {
		const { result } = await readTexts({ 'x.csv': 'Email,Email 2,Work Email\na@x.org,b@x.org,c@x.org\n' });
		expect(result).toMatchObject({ summary: { files: [{ notes: [] }] } });
	});
});

describe('addresses behind other words, in a column whose header does not tell what it holds', () => {
	it.each([
		'Jane <mailto:jane@x.org>',
		'Jane Doe <jane@x.org>',
		'Email: mailto:jane@x.org',
		'jane@x.org <mailto:jane@x.org>',
	])('MG-23: an opt-out counts in ‹%s›', async (cell) => {
		const { standings } = await readTexts({ 'x.csv': `Name,Reached at,Status\nJane,${cell},unsubscribed\n` });
		expect(standings).toEqual({ 'jane@x.org': 'optedOut' });
	});
});
