import { utils, write } from '@e965/xlsx';
import { strToU8, zipSync } from 'fflate';
import type { DroppedFile } from './formVisitor';

/** Made-up exports with the headers and names of the vendors' files. */

const MAILCHIMP_HEADER =
	'Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS';

interface Person {
	readonly email: string;
	readonly first: string;
	readonly last: string;
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const mailchimpRow = ({ email, first, last }: Person, extra: readonly string[] = []): string =>
	[
		email,
		first,
		last,
		'1 Rue de Lyon, Lyon',
		'+33 4 72 00 00 00',
		'04/17',
		'4',
		'2024-03-02 09:14:11',
		'203.0.113.9',
		'2024-03-02 09:15:40',
		'203.0.113.9',
		'',
		'',
		'1',
		'2',
		'Europe/Paris',
		'FR',
		'ARA',
		'2025-01-05 10:00:00',
		'301',
		'a1b2c3d4e5',
		'',
		'Customer,"Trade fair, Lyon"',
		...extra,
	]
		.map(quoted)
		.join(',');

/** Who stands in which file of a Mailchimp export. */
export interface Audience {
	readonly subscribed: readonly Person[];
	readonly unsubscribed: readonly Person[];
	readonly cleaned: readonly Person[];
}

export const person = (name: string): Person => ({
	email: `${name.toLowerCase()}@example.com`,
	first: name,
	last: 'Example',
});

/** The zip that Mailchimp mails: a file for each status. A status without contacts has no file. */
export function mailchimpZip(
	{ subscribed, unsubscribed, cleaned }: Audience,
	further: Record<string, string> = {},
): DroppedFile {
	const file = (header: string, rows: readonly string[]): Uint8Array => strToU8(`${[header, ...rows].join('\n')}\n`);
	const files: Record<string, Uint8Array> = {};
	if (subscribed.length > 0)
		files['subscribed_email_audience_export_ab12cd34ef.csv'] = file(
			MAILCHIMP_HEADER,
			subscribed.map((one) => mailchimpRow(one)),
		);
	if (unsubscribed.length > 0)
		files['unsubscribed_email_audience_export_ab12cd34ef.csv'] = file(
			`${MAILCHIMP_HEADER},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER`,
			unsubscribed.map((one) => mailchimpRow(one, ['2025-02-01 08:00:00', 'News', 'c1', 'NORMAL', ''])),
		);
	if (cleaned.length > 0)
		files['cleaned_email_audience_export_ab12cd34ef.csv'] = file(
			`${MAILCHIMP_HEADER},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID`,
			cleaned.map((one) => mailchimpRow(one, ['2025-02-02 08:00:00', 'News', 'c1'])),
		);
	for (const [name, text] of Object.entries(further)) files[name] = strToU8(text);
	return { name: 'audience_export_ab12cd34ef.zip', bytes: zipSync(files) };
}

/** One file of Constant Contact, as it exports them for one status, in CSV or Excel. */
export function constantContactFile(
	status: string,
	people: readonly Person[],
	format: 'csv' | 'xlsx' = 'csv',
): DroppedFile {
	const [emailStatus = status, permission = ''] = CONSTANT_CONTACT_STATUSES[status] ?? [];
	const rows = people.map(({ email, first, last }) => [
		...[email, first, last, emailStatus, permission],
		...['Sign-up form', '2024-05-06 07:08:09'],
	]);
	const table = [CONSTANT_CONTACT_HEADER, ...rows];
	const name = `contacts-${status.toLowerCase().replaceAll(' ', '-')}.${format}`;
	if (format === 'csv')
		return { name, bytes: strToU8(`${table.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`) };
	const book = utils.book_new();
	utils.book_append_sheet(book, utils.aoa_to_sheet(table), 'Contacts');
	return { name, bytes: write(book, { type: 'buffer', bookType: 'xlsx' }) as Uint8Array };
}

const CONSTANT_CONTACT_HEADER = [
	'Email address',
	'First name',
	'Last name',
	'Email status',
	'Email permission status',
	'Source Name',
	'Created At',
];

/** MG-17: the statuses by which Constant Contact exports, and what its two columns say of each. */
const CONSTANT_CONTACT_STATUSES: Readonly<Record<string, readonly [status: string, permission: string]>> = {
	Active: ['Active', 'Express'],
	Implied: ['Active', 'Implied'],
	Express: ['Active', 'Express'],
	Unsubscribed: ['Unsubscribed', 'Unsubscribed'],
	'Awaiting confirmation': ['Awaiting confirmation', 'Awaiting confirmation'],
	'No permissions set': ['No permissions set', 'No permissions set'],
};
