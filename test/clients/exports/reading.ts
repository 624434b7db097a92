import type { ReadSettings } from '../../../clients/exports/contacts/settings';
import type { ExportContact } from '../../../clients/exports/contacts/toContact';
import type { ExportFile, Unreadable } from '../../../clients/exports/files/table';
import type { RefusedRow } from '../../../clients/exports/handOver';
import type { ReadExport } from '../../../clients/exports/readExport';
import { readExport } from '../../../clients/exports/readExport';
import type { Standing } from '../../../clients/exports/recognise/statusWords';

/** Reads files that a test writes. */

export const NOW = Date.UTC(2026, 10, 29);

export const SETTINGS: ReadSettings = {
	oneColumn: 'auto',
	suppressionFiles: [],
	withoutStatus: 'noConsent',
	subscribedWords: [],
	leastGrade: 'none',
	bounces: 'block',
	permissionColumn: '',
	columns: [],
	listColumns: [],
	account: '',
	now: NOW,
	pause: async () => {},
};

/** A file of text, in UTF-8, or of bytes. `part`: how many bytes come at once. */
export function file(name: string, content: string | Uint8Array, part = 65_536): ExportFile {
	const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
	return {
		name,
		size: bytes.length,
		async *open() {
			for (let at = 0; at < bytes.length; at += part) yield bytes.subarray(at, at + part);
		},
	};
}

export interface Taken {
	readonly result: ReadExport | Unreadable;
	readonly contacts: readonly { readonly contact: ExportContact; readonly standing: Standing }[];
	readonly refused: readonly RefusedRow[];
	/** Addresses by what became of them, sorted. */
	readonly standings: Readonly<Record<string, Standing>>;
	readonly contactOf: (address: string) => ExportContact;
}

export async function read(files: readonly ExportFile[], settings: Partial<ReadSettings> = {}): Promise<Taken> {
	const contacts: { contact: ExportContact; standing: Standing }[] = [];
	const refused: RefusedRow[] = [];
	const result = await readExport(
		files,
		{ ...SETTINGS, ...settings },
		{
			contact: (contact, standing) => contacts.push({ contact, standing }),
			refused: (row) => refused.push(row),
		},
	);
	const addressOf = ({ email }: ExportContact): string => email;
	const standings = Object.fromEntries(contacts.map(({ contact, standing }) => [addressOf(contact), standing]).sort());
	return {
		result,
		contacts,
		refused,
		standings,
		contactOf: (address) => {
			const found = contacts.find(({ contact }) => addressOf(contact) === address);
			if (!found) throw new Error(`no contact has the address ${address}`);
			return found.contact;
		},
	};
}

/** The same of files given as name and text. */
export const readTexts = async (
	texts: Readonly<Record<string, string>>,
	settings: Partial<ReadSettings> = {},
): Promise<Taken> =>
	await read(
		Object.entries(texts).map(([name, text]) => file(name, text)),
		settings,
	);

/** Its header. */
export const MAILCHIMP = 'Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID,LAST_CHANGED';
/** Mailchimp's file of subscribed contacts with these addresses. */
export const mailchimp = (...addresses: string[]): string =>
	[MAILCHIMP, ...addresses.map((address) => `${address},Ada,2,,2020-01-02 03:05:05,1,a1,2024-01-01 00:00:00`)].join(
		'\n',
	);
/** How that file is called. */
export const SUBSCRIBED = 'subscribed_email_audience_export_0a1b2c3d4e.csv';
