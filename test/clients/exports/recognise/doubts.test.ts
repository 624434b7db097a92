import type { Standing } from '../../../../clients/exports/recognise/statusWords';
import { MAILCHIMP, mailchimp, readTexts, SUBSCRIBED } from '../reading';

/** When in doubt no contact is subscribed: what the columns, names and cells of many tools may say, and what becomes of it. */

/** What becomes of the contacts of one text, in their order. */
async function standingsOf(text: string, name = 'a.csv'): Promise<Standing[]> {
	return (await readTexts({ [name]: text })).contacts.map(({ standing }) => standing);
}

describe('names of Mailchimp’s files that were changed', () => {
	it.each<[string, Standing]>([
		['not yet subscribed.csv', 'noConsent'],
		['previously subscribed.csv', 'noConsent'],
		['notsubscribed.csv', 'noConsent'],
		['subscribed until 2020.csv', 'noConsent'],
		['un_subscribed.csv', 'optedOut'],
		['Unsubscribed-subscribed.csv', 'optedOut'],
		['subscribed (2).csv', 'subscribed'],
		['Kopie von subscribed_email_audience_export_0a1b.csv', 'subscribed'],
		['subscribed_de.csv', 'subscribed'],
	])('MG-15: %s means %s', async (name, standing) => {
		expect(await standingsOf(mailchimp('a@example.com'), name)).toEqual([standing]);
	});

	it('MG-15: an old file of opt-outs that has LAST_CHANGED too subscribes no contact', async () => {
		const text = `${MAILCHIMP},UNSUB_TIME\na@example.com,Ada,2,,2020-01-02 03:05:05,1,a1,2024-01-01 00:00:00,\n`;
		expect(await standingsOf(text, 'subscribed.csv')).toEqual(['noConsent']);
	});

	it('MG-15: a reason to unsubscribe of an earlier audience is a sign', async () => {
		const header = `Email Address,UNSUB_REASON,${MAILCHIMP.slice(MAILCHIMP.indexOf('MEMBER'))}`;
		const line = (address: string, reason: string): string =>
			`${address},${reason},2,,2020-01-02 03:05:05,1,a1,2024-01-01 00:00:00`;
		expect(
			await standingsOf([header, line('a@example.com', 'NORMAL'), line('b@example.com', '')].join('\n'), SUBSCRIBED),
		).toEqual(['noConsent', 'subscribed']);
	});

	it('MG-15: a second address of a row did not subscribe', async () => {
		const text = mailchimp('a@example.com').replace('First Name', 'Work Email').replace(',Ada,', ',b@example.com,');
		expect(await standingsOf(text, SUBSCRIBED)).toEqual(['subscribed', 'noConsent']);
	});
});

describe('Constant Contact in the languages of its accounts', () => {
	it.each<[string, string, readonly string[]]>([
		[
			'French',
			"Adresse e-mail;Statut de l'e-mail;Statut d'autorisation de l'e-mail;Date d'exclusion",
			['Actif', 'Désabonné', 'En attente de confirmation', 'Aucune autorisation définie', 'Suspension temporaire', ''],
		],
		[
			'German',
			'E-Mail-Adresse;E-Mail-Status;E-Mail-Berechtigungsstatus;Vorname',
			[
				'Aktiv',
				'Abgemeldet',
				'Warten auf Bestätigung',
				'Keine Berechtigungen festgelegt',
				'Vorübergehend gesperrt',
				'',
			],
		],
		[
			'Italian',
			"Indirizzo e-mail;Stato dell'e-mail;Stato autorizzazione e-mail;Nome",
			['Attivo', 'Disiscritto', 'In attesa di conferma', 'Nessuna autorizzazione impostata', 'Non attivo', ''],
		],
	])('MG-17: %s', async (_language, header, words) => {
		const lines = words.map((word, index) => `c${index}@example.com;${word};;`);
		expect(await standingsOf([header, ...lines].join('\n'))).toEqual([
			'subscribed',
			'optedOut',
			'noConsent',
			'noConsent',
			'noConsent',
			'noConsent',
		]);
	});

	it('MG-17: the day of an opt-out counts in German too', async () => {
		const text =
			'E-Mail-Adresse;E-Mail-Status;Datum der bestätigten Abmeldung\na@example.com;Aktiv;2023-01-01\nb@example.com;Aktiv;\n';
		expect(await standingsOf(text)).toEqual(['optedOut', 'subscribed']);
	});

	it('MG-20: a fourth address is read too, with its own status', async () => {
		const labels = ['home', 'work', 'other', 'home 2'];
		const header = labels.map((label) => `Email address - ${label},Email status - ${label}`).join(',');
		const row = 'a@example.com,Active,b@example.com,Active,c@example.com,Active,d@example.com,Unsubscribed';
		expect(await standingsOf(`${header}\n${row}\n`)).toEqual(['subscribed', 'subscribed', 'subscribed', 'optedOut']);
	});
});

describe('one status and several addresses', () => {
	it('MG-20: consent is of the first one, and an opt-out of all', async () => {
		const text =
			'Email 1,Email 2,Email subscriber status\na@example.com,b@example.com,Subscribed\n,c@example.com,Subscribed\nd@example.com,e@example.com,Unsubscribed\nf@example.com,F@example.com,Subscribed\n';
		expect(await standingsOf(text)).toEqual([
			'subscribed',
			'noConsent',
			'subscribed',
			'optedOut',
			'optedOut',
			'subscribed',
		]);
	});
});

describe('columns that forbid', () => {
	it.each<[string, string, readonly Standing[]]>([
		[
			'Brevo without a blocklist has other columns of opt-outs',
			'CONTACT ID;EMAIL;SMS;OPT_OUT;ADDED_TIME;MODIFIED_TIME\n1;a@example.com;;false;01-02-2020;01-02-2020\n',
			['noConsent'],
		],
		[
			'Brevo’s opt-in says no',
			'CONTACT ID;EMAIL;SMS;OPT_IN;EMAIL_BLACKLISTED\n1;a@example.com;;no;false\n2;b@example.com;;;false\n',
			['noConsent', 'subscribed'],
		],
		[
			'a status of HubSpot is of a lead',
			'Record ID,Email,Contact owner,Status,Lead Status\n1,a@example.com,,Active,\n2,b@example.com,,Subscribed,\n3,c@example.com,,,Unsubscribed\n',
			['noConsent', 'noConsent', 'optedOut'],
		],
		[
			'internal names of HubSpot',
			'email,hs_email_optout,hs_email_bounce,status\na@example.com,true,,subscribed\nb@example.com,false,2,subscribed\nc@example.com,false,,subscribed\n',
			['optedOut', 'bounced', 'subscribed'],
		],
		[
			'names in one word',
			'emailAddress,subscriptionStatus,isUnsubscribed\na@example.com,subscribed,true\nb@example.com,subscribed,false\n',
			['optedOut', 'subscribed'],
		],
		[
			'a bare column says no, or that the contact unsubscribed',
			'Email,Newsletter,Status\na@example.com,unsubscribed,subscribed\nb@example.com,no,subscribed\nc@example.com,yes,subscribed\n',
			['optedOut', 'noConsent', 'subscribed'],
		],
		[
			'a formula of an opt-out fails',
			'Email,Status,Opted out\na@example.com,subscribed,#REF!\nb@example.com,subscribed,?\nc@example.com,subscribed,\n',
			['noConsent', 'noConsent', 'subscribed'],
		],
		[
			'a tag speaks of an opt-out',
			'Email,Status,Tags\na@example.com,subscribed,"VIP, unsubscribed"\nb@example.com,subscribed,Opt-in webinar\n',
			['noConsent', 'subscribed'],
		],
		[
			'a suppression list has reasons',
			'Email,Reason\na@example.com,HARD_BOUNCE\nb@example.com,UNSUBSCRIBED\n',
			['bounced', 'optedOut'],
		],
		[
			'the row ends before the column that may say no',
			'Email,Name,Email status,Opted out\na@example.com,Ada,Active,\nb@example.com,Bob,Active\n',
			['subscribed', 'noConsent'],
		],
		[
			'other channels and the wording of a consent do not',
			'Email,Status,HasOptedOutOfFax,SMS Opt Out,Consent text\na@example.com,subscribed,true,yes,You can unsubscribe at any time\n',
			['subscribed'],
		],
		[
			'words of a file without a header count where they forbid',
			'a@example.com,Ada,unsubscribed\nb@example.com,Bob,active\nc@example.com,Cy,Désabonné\n',
			['optedOut', 'noConsent', 'optedOut'],
		],
	])('MG-10: %s', async (_name, text, standings) => {
		expect(await standingsOf(text)).toEqual(standings);
	});

	it('MG-02: ids of Salesforce are no numbers, and its footers no contacts', async () => {
		const taken = await readTexts({
			'report.csv':
				'"Contact ID","Last Name","Email","Email Opt Out"\n"003xx0000AbCdEf","A","a@example.com","0"\n"003xx0000AbCdEg","B","b@example.com","1"\n\n"Confidential Information"\n',
		});
		expect(taken.standings).toEqual({ 'a@example.com': 'noConsent', 'b@example.com': 'optedOut' });
		expect(taken.refused).toEqual([expect.objectContaining({ line: 5 })]);
	});
});

describe('a further column in Mailchimp’s file of subscribed contacts', () => {
	/** What becomes of a contact of that file, by the header and the cell of one more column. */
	const becomes = async (header: string, cell: string): Promise<Standing | undefined> =>
		(
			await standingsOf(
				mailchimp('a@example.com').replace('First Name', header).replace(',Ada,', `,${cell},`),
				SUBSCRIBED,
			)
		)[0];
	const all = async (cells: readonly (readonly [string, string])[]): Promise<(Standing | undefined)[]> =>
		await Promise.all(cells.map(async ([header, cell]) => await becomes(header, cell)));

	it('MG-10: words of an opt-out count in compounds and in Spanish, with marks in them and as one word', async () => {
		const cells = [
			['Werbesperre', 'ja'],
			['Newsletterabmeldung', '2024-01-01'],
			['Ne plus contacter', 'oui'],
			['No contactar', 'sí'],
			['Lista negra', 'x'],
			['DNC', 'yes'],
			['Estado', 'Bloqueado'],
			['Status', 'U\u200bnsubscribed'],
			['Status', 'unsubscribedByUser'],
			['Unsubscribed', '✓'],
		] as const;
		expect(await all(cells)).toEqual(cells.map(() => 'optedOut'));
	});

	it('MG-10: an end of something, a no in other words, and marks that may mean either are no consent', async () => {
		const cells = [
			['Baja', 'sí'],
			['Fecha de baja', '2024-01-01'],
			['Estado', 'Baja'],
			['Status', 'Cancelled'],
			['Cancellato', 'sì'],
			['Retrait du consentement', '2024-01-01'],
			['Consent', 'No thanks'],
			['Consent', 'refused'],
			['Consent', '?'],
			['Einwilligung', 'nicht erteilt'],
			['Werbeeinwilligung', 'nein'],
			['Consenso', 'negato'],
			['Boletín', 'no'],
			['OK to email', 'no'],
			['Darf angeschrieben werden', 'nein'],
			['Unsubscribed', '❌'],
			['Unsubscribed', '*'],
			['Unsubscribed', '#N/A'],
			['Unsubscribed', '#BEZUG!'],
			['Opt-out status', 'Opted in'],
			['Unsubscribed', 'not unsubscribed'],
			['Tags', 'Werbesperre'],
			['Notes', 'unsubscribed by phone'],
		] as const;
		expect(await all(cells)).toEqual(cells.map(() => 'noConsent'));
	});

	it('MG-10: an empty box, a zero, no day, and the end of something else take nothing away', async () => {
		const cells = [
			['Unsubscribed', '☐'],
			['Unsubscribed', '0.0'],
			['Unsubscribed', '0000-00-00 00:00:00'],
			['Order status', 'Cancelled'],
			['Order cancelled', 'yes'],
			['Consent', 'yes'],
			['Marketing budget', '0'],
			['Notes', 'asked how to unsubscribe'],
		] as const;
		expect(await all(cells)).toEqual(cells.map(() => 'subscribed'));
	});

	it.each([
		'subscribed_sms_audience_export_0a1b.csv',
		'subscribed_deleted.csv',
		'subscribed to be removed.csv',
		'subscribed_before_gdpr.csv',
		'subscribed_unconfirmed.csv',
		'dis-subscribed.csv',
	])('MG-15: the name %s is no consent', async (name) => {
		expect(await standingsOf(mailchimp('a@example.com'), name)).toEqual(['noConsent']);
	});
});

describe('words that are turned round by what stands beside them', () => {
	it('MG-17: a status with marks before or in it is no consent', async () => {
		const words = [
			'-subscribed',
			'!subscribed',
			'❌ subscribed',
			'~~subscribed~~',
			'subscribed?',
			's\u0336u\u0336bscribed',
			'≠ subscribed',
		];
		const lines = words.map((word, index) => `c${index}@example.com,${word}`);
		expect(await standingsOf(['Email,Email status', ...lines].join('\n'))).toEqual(words.map(() => 'noConsent'));
		const answers = ['yes', 'ja?', '!yes', '❌ yes', 'no'].map((word, index) => `c${index}@example.com,${word}`);
		expect(await standingsOf(['Email,Opt in', ...answers].join('\n'))).toEqual([
			'subscribed',
			...answers.slice(1).map(() => 'noConsent'),
		]);
	});

	it('MG-17: a permission that is refused or on hold stops an active contact', async () => {
		const words = ['Express', 'Temp Hold', 'Denied', 'Removed', 'Not confirmed', 'Refusé', 'Suspension temporaire'];
		const lines = words.map((word, index) => `c${index}@example.com,Active,${word}`);
		expect(await standingsOf(['Email address,Email status,Email permission status', ...lines].join('\n'))).toEqual([
			'subscribed',
			...words.slice(1).map(() => 'noConsent'),
		]);
	});

	it('MG-17: numbers of a status are read with decimals too', async () => {
		const text = 'Email,Date Created,Status\na@example.com,2024-01-01,1.0\nb@example.com,2024-01-01,2.0\n';
		expect(await standingsOf(text)).toEqual(['subscribed', 'optedOut']);
	});

	it('MG-23: behind a second header in another order an opt-out counts', async () => {
		const text =
			'Email,Status\na@example.com,subscribed\nStatus,Email\nunsubscribed,b@example.com\nunsubscribed,a@example.com\n';
		expect(await standingsOf(text)).toEqual(['optedOut', 'optedOut']);
	});
});

describe('spellings of an address', () => {
	it.each([
		'ada＠example.com',
		'ada\u200b@example.com',
		'ada @example.com',
		'"""ada""@example.com"',
		'ada(at)example.com',
		'mailto:ada@example.com?subject=x',
		'ada@example.com.',
	])('MG-23: an opt-out counts in ‹%s›, which no mail is sent to', async (spelling) => {
		const { standings } = await readTexts({
			[SUBSCRIBED]: mailchimp('ada@example.com'),
			'out.csv': `Email,Status\n${spelling},unsubscribed\n`,
		});
		expect(standings).toEqual({ 'ada@example.com': 'optedOut' });
		const agreed = await readTexts({ 'in.csv': `Email,Status\n${spelling},subscribed\nb@example.com,subscribed\n` });
		expect(Object.values(agreed.standings).filter((standing) => standing === 'subscribed').length).toBeLessThan(3);
	});

	it('MG-23: dots mean nothing at Gmail, and everything elsewhere', async () => {
		const { standings } = await readTexts({
			[SUBSCRIBED]: mailchimp('a.da@gmail.com', 'a.da@example.com', 'ada+shop@gmail.com'),
			'out.csv': 'Email,Status\nada@googlemail.com,unsubscribed\nada@example.com,unsubscribed\n',
		});
		expect(standings).toMatchObject({
			'a.da@gmail.com': 'optedOut',
			'a.da@example.com': 'subscribed',
			'ada+shop@gmail.com': 'subscribed',
		});
	});
});

describe('what is no row', () => {
	it('MG-25: a title that names an address is not the beginning of a list', async () => {
		const text = 'Exported by,admin@example.org\nEmail,Status\na@example.com,subscribed\nb@example.com,unsubscribed\n';
		expect(await standingsOf(text)).toEqual(['subscribed', 'optedOut']);
	});

	it('MG-25: the line sep= counts with marks around it, and with delimiters behind', async () => {
		expect(await standingsOf('"sep=;"\nEmail;Status\na@example.com;unsubscribed\n')).toEqual(['optedOut']);
		expect(await standingsOf('sep=,,\nEmail,Status,x\na@example.com,unsubscribed,\n')).toEqual(['optedOut']);
	});

	it.each<[string, Record<string, string>, RegExp]>([
		[
			'opt-outs without a column of addresses',
			{ 'unsubscribed.csv': 'Name,City\nAda,Paris\n', 'b.csv': 'Email\na@example.com\n' },
			/By its name/,
		],
		[
			'addresses among other words',
			{ 'a.csv': `Person,City\n${['Ada', 'Bob', 'Cy'].map((name) => `${name} ${name}@example.com,Rome\n`).join('')}` },
			/no column of them/,
		],
	])('MG-23: a file with %s ends the reading', async (_name, texts, reason) => {
		const { result, contacts } = await readTexts(texts);
		expect(result).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(reason) });
		expect(contacts).toEqual([]);
	});
});
