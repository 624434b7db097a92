import { namesOf } from '../../../../clients/exports/files/names';
import { nameStatusOf } from '../../../../clients/exports/recognise/fileStatus';
import type { Standing } from '../../../../clients/exports/recognise/statusWords';
import { flagOf, standingOfWords } from '../../../../clients/exports/recognise/statusWords';
import { vendorOf } from '../../../../clients/exports/recognise/vendor';
import { readTexts } from '../reading';

const MAILCHIMP = 'Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID';
const row = (address: string, more = ''): string =>
	`${address},Ada,2,2020-01-02 03:04:05,2020-01-02 03:05:05,1,a1${more}\n`;

describe('words of a status', () => {
	it.each<[Standing, string[]]>([
		['subscribed', ['Subscribed', 'ACTIVE', 'opted-in', 'Abonné', 'Inscrit', 'Angemeldet', 'Iscritto']],
		[
			'optedOut',
			[
				'unsubscribed',
				'Un-subscribed',
				'Unsubscribed (by admin)',
				'Désabonné',
				'Désinscrite',
				'Abgemeldet',
				'Disiscritto',
				'USER_SUPPRESSED',
				'spam complaint',
				'Opted Out',
				'blacklisted',
			],
		],
		['bounced', ['Bounced', 'cleaned', 'HARD_BOUNCE', 'Adresse invalide', 'NPAI', 'Unzustellbar', 'Non valido']],
		[
			'noConsent',
			[
				'nonsubscribed',
				'Non-subscribed',
				'Not Subscribed',
				'NEVER_SUBSCRIBED',
				'Inactive',
				'inactif',
				'Non abonné',
				'Nicht abonniert',
				'Awaiting Confirmation',
				'No Permissions Set',
				'Temporary Hold',
				'pending',
				'archived',
				'resubscribed?',
				'yes',
				'1',
				'not unsubscribed',
			],
		],
	])('MG-17: %s is meant by whole words only', (standing, words) => {
		expect(words.filter((word) => standingOfWords(word)?.standing !== standing)).toEqual([]);
	});

	it('MG-17: nothing is said by a blank', () => {
		expect(['', ' ', '-', ' ﻿'].map((word) => standingOfWords(word))).toEqual([
			undefined,
			undefined,
			undefined,
			undefined,
		]);
	});

	it('MG-23: a flag counts unless it is blank or says no; a day counts', () => {
		expect(['TRUE', '1', 'oui', '2023-05-06 07:08:09', 'x'].map(flagOf)).toEqual([true, true, true, true, true]);
		expect(['false', '0', 'No', 'nein', 'Non'].map(flagOf)).toEqual([false, false, false, false, false]);
		expect(['', ' ', '[]', 'N/A', 'null', 'https://example.com/unsubscribe'].map(flagOf)).toEqual([
			null,
			null,
			null,
			null,
			null,
			null,
		]);
	});
});

describe('names of files', () => {
	it.each<[string, Standing | undefined]>([
		['subscribed_email_audience_export_0a1b2c3d4e.csv', 'subscribed'],
		['subscribed_members_export_0a1b2c3d4e (1).csv', 'subscribed'],
		['subscribed_segment_export_0a1b2c3d4e - Copy.csv', 'subscribed'],
		['Subscribed.csv', 'subscribed'],
		['unsubscribed_email_segment_export_0a1b2c3d4e.csv', 'optedOut'],
		['un-subscribed.csv', 'optedOut'],
		['cleaned_email_audience_export_0a1b2c3d4e.csv', 'bounced'],
		['nonsubscribed_email_audience_export_0a1b2c3d4e.csv', 'noConsent'],
		['non-subscribed_email_audience_export_0a1b2c3d4e.csv', 'noConsent'],
		['not subscribed.csv', 'noConsent'],
		['archived_export_0a1b.csv', 'noConsent'],
		['sms_only_audience_export_0a1b2c3d4e.csv', 'noConsent'],
		['désabonnés.csv', 'optedOut'],
		['Abmeldungen 2024.xlsx', 'optedOut'],
		['audience_export_0a1b2c3d4e.csv', undefined],
		['subscribed and unsubscribed.csv', undefined],
		['contacts without bounces.csv', undefined],
	])('MG-15: %s of Mailchimp means %s', (name, standing) => {
		expect(nameStatusOf(namesOf(name), 'mailchimp')?.standing).toBe(standing);
	});

	it('MG-24: of other tools only names that forbid mail count', () => {
		expect(nameStatusOf(namesOf('subscribed.csv'), 'constantContact')).toBeUndefined();
		expect(nameStatusOf(namesOf('active contacts.csv'), 'generic')).toBeUndefined();
		expect(nameStatusOf(namesOf('contacts-unsubscribed.csv'), 'constantContact')?.standing).toBe('optedOut');
		expect(nameStatusOf(namesOf('hard bounces.csv'), 'generic')?.standing).toBe('bounced');
	});
});

describe('the tool that wrote a file', () => {
	it.each<[string, string, string]>([
		['mailchimp', 'a.csv', 'Indirizzo email,Nome,MEMBER_RATING,OPTIN_TIME,LEID'],
		['mailchimp', 'unsubscribed_email_audience_export_0a1b2c3d4e.csv', 'Email Address,First Name'],
		['constantContact', 'a.csv', 'First name,Email address - home,Email status - home,Tags'],
		['constantContact', 'contact_export_1100000000000_070224_101010.csv', 'Email address,First name'],
		['hubspot', 'a.csv', 'Record ID,First Name,Email,Contact owner'],
		['salesforce', 'a.csv', 'Id,FirstName,LastName,Email,HasOptedOutOfEmail'],
		['brevo', 'a.csv', 'CONTACT ID,EMAIL,VORNAME,SMS,ADDED_TIME,MODIFIED_TIME'],
		['klaviyo', 'a.csv', 'Email,Klaviyo ID,First Name,Email Marketing Consent'],
		['activeCampaign', 'a.csv', 'Email,First Name,Tags,Date Created,IP,Status'],
		['shopify', 'a.csv', 'Customer ID,Email,Accepts Email Marketing'],
		['wix', 'a.csv', 'Email 1,Email 2,Email subscriber status'],
		['generic', 'a.csv', 'Email,Name,Status'],
	])('MG-04: %s is recognised (%s)', (vendor, name, header) => {
		expect(vendorOf(header.split(','), name)).toBe(vendor);
	});
});

describe('files of Mailchimp', () => {
	it('MG-15: the columns of an opt-out forbid mail, whatever the file is called', async () => {
		const { standings } = await readTexts({
			'subscribed.csv': `${MAILCHIMP},UNSUB_TIME,UNSUB_REASON\n${row('ada@example.com', ',2023-01-01 00:00:00,')}${row('bob@example.com', ',,')}`,
			'renamed.csv': `${MAILCHIMP},CLEAN_TIME\n${row('cy@example.com', ',2023-01-01 00:00:00')}`,
		});
		expect(standings).toEqual({
			'ada@example.com': 'optedOut',
			'bob@example.com': 'optedOut',
			'cy@example.com': 'bounced',
		});
	});

	it('MG-15: columns of an earlier import forbid mail where they are filled', async () => {
		const header = 'Email Address,UNSUB_TIME,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID,LAST_CHANGED';
		const line = (address: string, time: string): string =>
			`${address},${time},2,,2020-01-02 03:05:05,1,a1,2024-01-01 00:00:00\n`;
		const { standings } = await readTexts({
			'subscribed_members_export_0a1b.csv': `${header}\n${line('ada@example.com', '')}${line('bob@example.com', '2013-01-01 00:00:00')}`,
		});
		expect(standings).toEqual({ 'ada@example.com': 'subscribed', 'bob@example.com': 'optedOut' });
	});

	it('MG-15: a file without a status in its name subscribes no contact', async () => {
		const { standings } = await readTexts({
			'audience.csv': `${MAILCHIMP},LAST_CHANGED\n${row('ada@example.com', ',2024-01-01 00:00:00')}`,
		});
		expect(standings).toEqual({ 'ada@example.com': 'noConsent' });
	});

	it('MG-15: another field called a status only forbids', async () => {
		const header = `Email Address,Contact Status,SMS_MARKETING_STATUS,${MAILCHIMP.slice(MAILCHIMP.indexOf('MEMBER'))}`;
		const line = (address: string, status: string, sms: string): string =>
			`${address},${status},${sms},2,,2020-01-02 03:05:05,1,a1\n`;
		const { standings } = await readTexts({
			'subscribed_email_audience_export_0a1b.csv': `${header}\n${line('ada@example.com', 'Customer 😀', 'Non-subscribed')}${line('bob@example.com', 'Do not contact', 'Subscribed')}`,
		});
		expect(standings).toEqual({ 'ada@example.com': 'subscribed', 'bob@example.com': 'optedOut' });
	});

	it('MG-10: a permission that is asked for has to be given', async () => {
		const header = `Emailadresse,Erlaubnis zum Marketing,${MAILCHIMP.slice(MAILCHIMP.indexOf('MEMBER'))}`;
		const line = (address: string, allowed: string): string => `${address},${allowed},2,,2020-01-02 03:05:05,1,a1\n`;
		const text = `${header}\n${line('ada@example.com', 'Ja')}${line('bob@example.com', '')}${line('cy@example.com', 'nein')}`;
		const name = 'subscribed_segment_export_0a1b.csv';
		expect((await readTexts({ [name]: text })).standings['bob@example.com']).toBe('subscribed');
		const asked = await readTexts({ [name]: text }, { permissionColumn: 'erlaubnis zum marketing' });
		expect(asked.standings).toEqual({
			'ada@example.com': 'subscribed',
			'bob@example.com': 'noConsent',
			'cy@example.com': 'noConsent',
		});
	});
});

describe('files of other tools', () => {
	it('MG-17: the six statuses of Constant Contact, and a blank one', async () => {
		const lines = ['Active', 'Unsubscribed', 'Awaiting Confirmation', 'No Permissions Set', 'Temporary Hold', ''];
		const { standings } = await readTexts({
			'contact_export_1100000000000_070224_101010.csv': `Email address,First name,Email status,Email permission status\n${lines.map((status, index) => `c${index}@example.com,Ada,${status},Implied\n`).join('')}`,
		});
		expect(Object.values(standings)).toEqual([
			'subscribed',
			'optedOut',
			'noConsent',
			'noConsent',
			'noConsent',
			'noConsent',
		]);
	});

	it('MG-20: three addresses of a row have a status each', async () => {
		const labels = ['home', 'other', 'work'];
		const header = labels
			.map((label) => `Email address - ${label},Email status - ${label},Email permission status - ${label}`)
			.join(',');
		const { standings, contactOf } = await readTexts({
			'contacts.csv': `First name,${header},Tags\nAda,a@example.com,Active,Express,b@example.com,Unsubscribed,Express,c@example.com,,Implied,"x, y"\nBob,,,,,,,d@example.com,Active,Implied,\n`,
		});
		expect(standings).toEqual({
			'a@example.com': 'subscribed',
			'b@example.com': 'optedOut',
			'c@example.com': 'noConsent',
			'd@example.com': 'subscribed',
		});
		const name = 'Email address - home';
		for (const email of Object.keys(standings))
			expect(contactOf(email).fields).toMatchObject({
				[name]: email,
				'Email address - other': null,
				'Email address - work': null,
			});
		expect(contactOf('a@example.com').fields.Tags).toEqual(['x', 'y']);
	});

	it('MG-02: Brevo says who is on its blocklist, or nothing', async () => {
		const text = (header: string, cell: string): string =>
			`CONTACT ID;EMAIL;SMS;OPT_IN${header}\n1;ada@example.com;;1${cell}\n`;
		expect((await readTexts({ 'a.csv': text('', '') })).standings).toEqual({ 'ada@example.com': 'noConsent' });
		expect((await readTexts({ 'a.csv': text(';EMAIL_BLACKLISTED', ';false') })).standings).toEqual({
			'ada@example.com': 'subscribed',
		});
		expect((await readTexts({ 'a.csv': text(';EMAIL_BLACKLISTED', ';true') })).standings).toEqual({
			'ada@example.com': 'optedOut',
		});
		expect((await readTexts({ 'a.csv': text(';EMAIL_BLACKLISTED', ';') })).standings).toEqual({
			'ada@example.com': 'noConsent',
		});
	});

	it('MG-02: Klaviyo suppresses whom it calls subscribed', async () => {
		const lines = [
			'SUBSCRIBED,[]',
			'subscribed,',
			'SUBSCRIBED,"[\'HARD_BOUNCE\']"',
			'SUBSCRIBED,UNSUBSCRIBED',
			'NEVER_SUBSCRIBED,',
			',',
		];
		const { standings } = await readTexts({
			'a.csv': `Email,Klaviyo ID,Email Marketing Consent,Email Suppressions\n${lines.map((line, index) => `c${index}@example.com,x,${line}\n`).join('')}`,
		});
		expect(Object.values(standings)).toEqual([
			'subscribed',
			'subscribed',
			'bounced',
			'optedOut',
			'noConsent',
			'noConsent',
		]);
	});

	it('MG-02: ActiveCampaign in words and numbers', async () => {
		const lines = ['Active', 'Unconfirmed', 'Unsubscribed', 'Bounced', '1', '0', '2', '3'];
		const { standings } = await readTexts({
			'a.csv': `Email,Date Created,Status\n${lines.map((status, index) => `c${index}@example.com,2024-01-01,${status}\n`).join('')}`,
		});
		const expected = ['subscribed', 'noConsent', 'optedOut', 'bounced'];
		expect(Object.values(standings)).toEqual([...expected, ...expected]);
	});

	it('MG-02: HubSpot and Salesforce say who opted out, and not who agreed', async () => {
		const { standings } = await readTexts({
			'hubspot.csv':
				'Record ID,Email,Contact owner,Unsubscribed from all email\n1,a@example.com,,TRUE\n2,b@example.com,,FALSE\n',
			'salesforce.csv':
				'"Id","FirstName","LastName","Email","HasOptedOutOfEmail","IsEmailBounced"\n"1","","X","c@example.com","0","true"\n"2","","Y","d@example.com","1","false"\n"3","","Z","e@example.com","0","false"\n',
		});
		expect(standings).toEqual({
			'a@example.com': 'optedOut',
			'b@example.com': 'noConsent',
			'c@example.com': 'bounced',
			'd@example.com': 'optedOut',
			'e@example.com': 'noConsent',
		});
	});

	it('MG-10: a yes/no column that says yes to every contact was edited, and is no consent', async () => {
		const text = (...answers: string[]): string =>
			`Customer ID,Email,Accepts Email Marketing\n${answers.map((answer, index) => `${index},c${index}@example.com,${answer}\n`).join('')}`;
		const mixed = await readTexts({ 'a.csv': text('yes', 'no', 'yes') });
		expect(Object.values(mixed.standings)).toEqual(['subscribed', 'noConsent', 'subscribed']);
		const edited = await readTexts({ 'a.csv': text('yes', 'yes', 'yes') });
		expect(Object.values(edited.standings)).toEqual(['noConsent', 'noConsent', 'noConsent']);
		expect(edited.result).toMatchObject({
			summary: { files: [{ notes: [expect.stringContaining('yes to every contact')] }] },
		});
	});

	it('MG-02: an unknown tool’s active contact is no subscriber, and a bare consent column is not guessed', async () => {
		const { standings, result } = await readTexts({
			'a.csv': 'Email,Status\na@example.com,Active\nb@example.com,subscribed\nc@example.com,désabonnée\n',
			'b.csv': 'Email,Newsletter,Consent\nd@example.com,yes,yes\n',
		});
		expect(standings).toEqual({
			'a@example.com': 'noConsent',
			'b@example.com': 'subscribed',
			'c@example.com': 'optedOut',
			'd@example.com': 'noConsent',
		});
		expect(result).toMatchObject({ summary: { files: [{ notes: [expect.stringContaining('‘Active’')] }, {}] } });
	});

	it('MG-10: words that mean consent to the user do, and never those that forbid mail', async () => {
		const text = 'Email,Status\na@example.com,Active\nb@example.com,unsubscribed\nc@example.com,inactive\n';
		const { standings } = await readTexts(
			{ 'a.csv': text },
			{ subscribedWords: ['active', 'Unsubscribed', 'inactive'] },
		);
		expect(standings).toEqual({
			'a@example.com': 'subscribed',
			'b@example.com': 'optedOut',
			'c@example.com': 'noConsent',
		});
	});

	it('MG-10: contacts without a status are subscribed where the user answers for it, opt-outs never', async () => {
		const { standings } = await readTexts(
			{ 'a.csv': 'Email,Opted out\na@example.com,\nb@example.com,yes\n' },
			{ withoutStatus: 'subscribed' },
		);
		expect(standings).toEqual({ 'a@example.com': 'subscribed', 'b@example.com': 'optedOut' });
	});

	it('MG-23: one column is a suppression list beside other files, and a list of contacts alone', async () => {
		const mailchimp = { 'subscribed.csv': `${MAILCHIMP}\n${row('ada@example.com')}${row('bob@example.com')}` };
		expect((await readTexts({ ...mailchimp, 'list.txt': 'ADA@example.com\nnew@example.com\n' })).standings).toEqual({
			'ada@example.com': 'optedOut',
			'bob@example.com': 'subscribed',
			'new@example.com': 'optedOut',
		});
		expect((await readTexts({ 'list.txt': 'ada@example.com\nbob@example.com\n' })).standings).toEqual({
			'ada@example.com': 'noConsent',
			'bob@example.com': 'noConsent',
		});
		expect((await readTexts({ 'list.txt': 'ada@example.com\n' }, { oneColumn: 'suppress' })).standings).toEqual({
			'ada@example.com': 'optedOut',
		});
		const named = await readTexts(
			{ ...mailchimp, 'report.csv': 'Email,Reason\nada@example.com,mailbox full\n' },
			{ suppressionFiles: ['Report'] },
		);
		expect(named.standings).toEqual({ 'ada@example.com': 'optedOut', 'bob@example.com': 'subscribed' });
	});
});
