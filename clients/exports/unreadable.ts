import type { Unreadable } from './files/table';

/** Why the reading of an upload ends. */

export const noContacts = (file: string, tables: number): Unreadable => ({
	kind: 'unreadable',
	file,
	reason:
		tables > 1 ? 'No table of the file has a column of e-mail addresses' : 'The file has no column of e-mail addresses',
	advice: 'Export the contacts with their e-mail addresses and with the names of the columns in the first row.',
});

export const damaged = (file: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: 'The file is damaged or unpacks to far more than a table would',
	advice: 'Download the export again, or unpack it and hand over the files in it.',
});

export const tooWide = (file: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: 'The file has more columns than any table of contacts',
	advice: 'Export the contacts again, with the columns that are needed.',
});

export const campaignReport = (file: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: 'The file is the report of a campaign, which does not say who agreed to mail',
	advice: 'Export the contacts instead, each status on its own.',
});

/** More than any account has; a file that goes on for ever is no export. */
export const MOST_ADDRESSES = 3_000_000;
/** What the cells of all contacts may take in memory, packed. In bytes. */
export const MOST_TEXT = 1024 * 1024 * 1024;

export const tooMany = (file: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: `With this file there are more than ${MOST_ADDRESSES.toLocaleString('en')} addresses, which is too much to hold in memory`,
	advice: 'Read the files in several runs, the ones with the opt-outs in each of them.',
});

export const tooMuchText = (file: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: 'With this file the cells of all contacts take more than a gigabyte, which is too much to hold in memory',
	advice: "Name the columns that you map in the option 'Columns'.",
});

export const unnamedAddresses = (file: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: 'The file has e-mail addresses, but no column of them',
	advice: 'Give the addresses a column of their own, with the names of the columns in the first row.',
});

export const unreadSuppressions = (file: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: 'The file is named under Suppression Files, but it has no column of e-mail addresses',
	advice: 'Ask for the list with one address a line, or take the file out of Suppression Files.',
});

/** Where all contacts without a status are taken for subscribed, the file that was meant would be as well. */
export const noSuppressionFile = (name: string): Unreadable => ({
	kind: 'unreadable',
	file: name,
	reason: 'No file has it in its name, although it stands under Suppression Files',
	advice: 'Hand that file over too, write its name as it is, or take it out of Suppression Files.',
});

/** A list of hashes tells whom not to mail, and not who that is. */
export const hashedAddresses = (file: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: 'The file holds hashes in the place of e-mail addresses, and nothing tells whose they are',
	advice: 'Ask for the same list with addresses, or leave the file out if none of its contacts is in the other files.',
});

export const unreadOptOuts = (file: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: 'By its name the file holds contacts that opted out or bounced, but it has no column of e-mail addresses',
	advice: 'Export these contacts with their e-mail addresses, or leave the file out if it has none.',
});

/** An entry of an archive: others of its kind are passed over. `what`: "it is …". */
export const unreadOptOutFile = (file: string, what: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: `By its name the file holds contacts that opted out or bounced, but ${what}`,
	advice: 'Hand over these contacts as CSV or .xlsx, or leave the file out if it has none.',
});

/** An entry of an archive that may be the one with the opt-outs. `what`: "it is …". */
export const unreadEntry = (file: string, what: string): Unreadable => ({
	kind: 'unreadable',
	file,
	reason: `The file may hold contacts that opted out, but ${what}, which is not read`,
	advice: 'Unpack it, or save it as CSV or .xlsx, and hand over what is in it. Leave it out if it has no contacts.',
});
