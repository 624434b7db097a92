import type { Standing } from '../../../../clients/exports/recognise/statusWords';
import { file, mailchimp, read, readTexts, SUBSCRIBED } from '../reading';

/** A no in other words and other languages, beside a status that says yes. */

/** What becomes of a contact whose status is `Subscribed`, by one more column; a blank cell in it changes nothing. */
async function becomes(header: string, cell: string): Promise<Standing | undefined> {
	const text = `Email,Email status,"${header}"\na@example.com,Subscribed,"${cell}"\nb@example.com,Subscribed,\n`;
	const { standings } = await readTexts({ 'a.csv': text });
	expect(standings['b@example.com']).toBe('subscribed');
	return standings['a@example.com'];
}
const all = async (cells: readonly (readonly [string, string])[]): Promise<Record<string, Standing | undefined>> =>
	Object.fromEntries(
		await Promise.all(
			cells.map(async ([header, cell]) => [`${header}: ${cell}`, await becomes(header, cell)] as const),
		),
	);
const each = <T>(cells: readonly (readonly [string, string])[], value: T): Record<string, T> =>
	Object.fromEntries(cells.map(([header, cell]) => [`${header}: ${cell}`, value]));

describe('a further column beside a status that says subscribed', () => {
	it('MG-23: refuses mail by a no and what is not wanted', async () => {
		const cells = [
			['No marketing', '1'],
			['Never email', 'yes'],
			["Don't email", 'x'],
			['Exclude from mailings', 'yes'],
			['Kein Mailing', 'x'],
			['Pas de mail', 'oui'],
			['Ne pas envoyer', 'oui'],
			['Souhaite ne plus recevoir de mails', 'oui'],
			['Refus emailing', '1'],
			['Nessuna email', 'sì'],
			['Non inviare', 'sì'],
			['No enviar', 'sí'],
			['No desea publicidad', 'sí'],
			['Não enviar e-mail', 'sim'],
			['Geen mail', 'ja'],
			['Right to be forgotten', 'yes'],
			['DNM', '1'],
			['Mail-Sperre', 'ja'],
		] as const;
		expect(await all(cells)).toEqual(each(cells, 'optedOut'));
	});

	it('MG-23: words of an opt-out count in languages whose headers are not known', async () => {
		const cells = [
			['Descadastro', '2024-01-01'],
			['Uitschrijfdatum', '2024-01-01'],
			['Wypisany', 'tak'],
			['Data rezygnacji', '2024-01-01'],
			['Avregistrerad', 'ja'],
			['Frameldt', 'ja'],
			['Avmeldt', 'ja'],
			['Odhlášen', 'ano'],
			['Leiratkozott', 'igen'],
			['Dezabonat', 'da'],
			['Отписан', 'да'],
			['配信停止', '1'],
			['Segmento estado', 'Cancelou a inscrição'],
			['Status klienta', 'zrezygnował'],
			['Category', '已退订'],
		] as const;
		expect(await all(cells)).toEqual(each(cells, 'optedOut'));
	});

	it('MG-10: a consent that is not given, withdrawn or crossed out is none', async () => {
		const cells = [
			['Zgoda', 'nie'],
			['Zgoda marketingowa', 'brak'],
			['Samtycke', 'nej'],
			['Nieuwsbrief', 'nee'],
			['Consentimento', 'não'],
			['Newsletter', '✗'],
			['Newsletter', '❌'],
			['Newsletter', '☐'],
			['Newsletter', 'none'],
			['Consent', '2019-01-01 withdrawn'],
			['Opt In/Out', 'Out'],
			['Opt', 'OUT'],
			['Emailable', 'false'],
			['Deliverable', 'no'],
			['Email verified', 'false'],
			['Privacy', 'no'],
			['Subscriber', 'no'],
			['Mail', 'nein'],
			['Deceased', 'yes'],
			['GDPR erase', 'yes'],
			['Withdrawal date', '2023-01-01'],
			['Kündigungsdatum', '2020-01-01'],
		] as const;
		expect(await all(cells)).toEqual(each(cells, 'noConsent'));
	});

	it('MG-10: a group, list or flag of those that opted out is no consent', async () => {
		const cells = [
			['Segment', 'Unsubscribers'],
			['List', 'Unsubscribed'],
			['Group', 'VIP; Opt-outs'],
			['Audience', 'Unsubscribed contacts'],
			['Type', 'Unsubscribed'],
			['Flag', 'UNSUB'],
			['Contact type', 'Do not contact'],
			['Tags', 'Newsletter unsubscribed'],
		] as const;
		expect(await all(cells)).toEqual(each(cells, 'noConsent'));
	});

	it('MG-10: what was done, and groups that only speak of it, take nothing away', async () => {
		const cells = [
			['No. of emails', '5'],
			['Never opened an email', 'yes'],
			['Never contacted', 'yes'],
			['No contact since', '2020-01-01'],
			['No promo code', 'yes'],
			['Preferred contact', 'Email'],
			['Segment', 'Customers'],
			['Type', 'not unsubscribed'],
			['Tags', 'Opt-in webinar'],
			['Newsletter', 'ja'],
			['Privacy', 'sì'],
		] as const;
		expect(await all(cells)).toEqual(each(cells, 'subscribed'));
	});
});

describe('names of files that forbid', () => {
	const row = 'Email,Name,Email status\na@example.com,Ada,Subscribed\n';
	it.each<[string, Standing]>([
		['unsubs.csv', 'optedOut'],
		['stop list.csv', 'optedOut'],
		['never_email.csv', 'optedOut'],
		['Kein Newsletter.csv', 'optedOut'],
		['Widerrufe.csv', 'optedOut'],
		['descadastrados.csv', 'optedOut'],
		['wypisani.csv', 'optedOut'],
		['отписавшиеся.csv', 'optedOut'],
		['removed 2024-05-01 (2).csv', 'noConsent'],
		['bajas.csv', 'noConsent'],
		['kündigungen.csv', 'noConsent'],
		['no consent.csv', 'noConsent'],
		['ohne Einwilligung.csv', 'noConsent'],
		['former subscribers.csv', 'noConsent'],
		['non-marketing contacts.csv', 'noConsent'],
		['cancelled orders.csv', 'subscribed'],
		['contacts.csv', 'subscribed'],
	])('MG-24: %s means %s', async (name, standing) => {
		expect((await readTexts({ [name]: row })).standings).toEqual({ 'a@example.com': standing });
	});
});

describe('a second header among the rows', () => {
	it('MG-25: with other columns, what stands below it is no consent', async () => {
		const text =
			'Email,Email status,Name\na@example.com,Subscribed,Ada\nEmail,Name,Unsubscribed\nb@example.com,Subscribed,yes\nEmail,Email status,Name\nc@example.com,Subscribed,Cy\n';
		expect((await readTexts({ 'a.csv': text })).standings).toEqual({
			'a@example.com': 'subscribed',
			'b@example.com': 'noConsent',
			'c@example.com': 'subscribed',
		});
	});

	it('MG-25: a contact without an address that prefers mail is no header', async () => {
		const text =
			'Email,Email status,Preferred\na@example.com,Subscribed,Phone\n,Ada,Email\nb@example.com,Subscribed,Mail\n';
		expect((await readTexts({ 'a.csv': text })).standings).toMatchObject({ 'b@example.com': 'subscribed' });
	});
});

it('MG-23: an opt-out counts whatever letters and marks its address is written with', async () => {
	const spellings = [
		'ada@@example.com',
		'ada@example..com',
		'ada.@example.com',
		'ada [at] example [dot] com',
		'ada at example.com',
		'ada&#64;example.com',
		'ada%40example.com',
		'ada@example,com',
		'ada@[example.com]',
		'“ada@example.com”',
		'«ada@example.com»',
		'• ada@example.com',
		'*ada@example.com*',
	];
	for (const spelling of spellings) {
		const { standings } = await read([
			file(SUBSCRIBED, mailchimp('ada@example.com')),
			file('out.csv', `Email,Status\n"${spelling}",unsubscribed\n`),
		]);
		expect([spelling, standings['ada@example.com']]).toEqual([spelling, 'optedOut']);
	}
});

it('MG-10: no day is no permission, and a column that is not there is told', async () => {
	const text =
		'Email,Email status,Legal basis\na@example.com,Subscribed,0000-00-00\nb@example.com,Subscribed,2024-02-30\nc@example.com,Subscribed,2024-02-03\n';
	const { standings } = await readTexts({ 'a.csv': text }, { permissionColumn: 'Legal basis' });
	expect(standings).toEqual({
		'a@example.com': 'noConsent',
		'b@example.com': 'noConsent',
		'c@example.com': 'subscribed',
	});
	const { result } = await readTexts({ 'a.csv': text }, { permissionColumn: 'Legal grounds' });
	expect(result).toMatchObject({
		summary: { files: [{ notes: [expect.stringMatching(/no column ‘Legal grounds’/)] }] },
	});
});

it.each(['169.254.1.1', '100.64.0.1', '::ffff:10.0.0.1', 'fe80::1', 'fd00::7'])(
	'MG-10: a sign-up from the address %s came from a server of its own, not from a form',
	async (ip) => {
		const text = `Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LEID,EUID,LAST_CHANGED\na@example.com,Ada,2,2020-01-02 03:04:05,${ip},2020-01-02 03:05:05,1,a1,2024-01-01 00:00:00\n`;
		expect((await readTexts({ [SUBSCRIBED]: text })).contactOf('a@example.com').consent.grade).toBe('imported');
	},
);

it.each([
	'a@example.com (unsubscribed)',
	'a@example.com - do not email',
	'Ada, désabonnée <a@example.com>',
	'a@example.com bounced',
	'a@example.com (please remove)',
])('MG-10: words in the cell of an address count: %s is no consent', async (cell) => {
	const text = `Email,Email status\n"${cell}",Subscribed\nUnsubscribed Smith <b@example.com>,Subscribed\nAda Lovelace <c@example.com>,Subscribed\nunsubscribe@example.com,Subscribed\n`;
	expect((await readTexts({ 'a.csv': text })).standings).toEqual({
		'a@example.com': 'noConsent',
		'b@example.com': 'noConsent',
		'c@example.com': 'subscribed',
		'unsubscribe@example.com': 'subscribed',
	});
});
