import type { TableNames, TableRow } from '../files/table';
import type { Columns } from './columns';
import { columnsOf } from './columns';
import { fitsKind } from './columnKinds';
import type { NameStatus } from './fileStatus';
import { nameStatusOf } from './fileStatus';
import { isComment, isEmailHeader, looksLikeAddress, wordForm } from './headerForm';
import { withAddressesByStatus } from './addressesByStatus';
import type { Standing } from './statusWords';
import { stricter } from './statusWords';
import { titleIn, titleStatusOf } from './titles';
import type { Vendor } from './vendor';
import { isCampaignReport, vendorOf } from './vendor';

/** What is known of a table before its rows are read one by one. */
export interface Layout {
	readonly vendor: Vendor;
	/** As they are written; empty where the table has none. */
	readonly headers: readonly string[];
	/** One a column, each once: `Birthday`, `Birthday (2)`, `Column 7`. */
	readonly fieldNames: readonly string[];
	readonly columns: Columns;
	/** Rows before the first contact: titles and the header. */
	readonly skippedRows: number;
	/** How many cells a row has when all of it is there: more than the headers where each row ends in a delimiter. */
	readonly width: number;
	readonly nameStatus?: NameStatus;
	/** What Mailchimp's own columns say of all rows: those of an opt-out or a bounce are in no other file. */
	readonly blockStanding?: Standing;
	/** Nothing says what its columns are; their words only forbid. */
	readonly withoutHeader: boolean;
	/** A list of addresses and nothing else. */
	readonly oneColumn: boolean;
}

/** As many as a sheet of Excel has. */
const MOST_COLUMNS = 16_384;

export type Recognised =
	| { readonly kind: 'layout'; readonly layout: Layout }
	| { readonly kind: 'noAddresses' }
	| { readonly kind: 'campaignReport' }
	| { readonly kind: 'tooWide' };

/** Recognises a table by its name and its first rows. */
export function recognise(names: TableNames, sample: readonly TableRow[]): Recognised {
	const rows = sample.flatMap((row) => (row.kind === 'cells' ? [row.cells] : []));
	const headerAt = findHeader(rows);
	const headers = headerAt === undefined ? [] : (rows[headerAt] ?? []).map((cell) => cell.trim());
	if (rows.some((cells) => cells.length > MOST_COLUMNS)) return { kind: 'tooWide' };
	if (isCampaignReport(headers)) return { kind: 'campaignReport' };
	const data = rows.slice(headerAt === undefined ? 0 : headerAt + 1).filter((cells) => !isComment(cells));
	const count = headerAt === undefined ? Math.max(0, ...data.map((cells) => cells.length)) : headers.length;
	const known = columnsOf(headers);
	const emails = emailsOf(known, data, count);
	// `Email: no` beside the addresses is an answer.
	const answers = known.emails.filter(({ index }) => emails.every((one) => one.index !== index));
	const consents = [...known.consents, ...answers.map(({ index }) => index)];
	const found = { ...known, emails, consents, kinds: kindsOf(known, data) };
	const columns = withAddressesByStatus(found, headers, data);
	if (columns.emails.length === 0) return { kind: 'noAddresses' };
	const vendor = vendorOf(headers, names.file);
	const named = nameStatusOf(names, vendor);
	// A file of Mailchimp's that has lost its header was edited.
	const ofName = named?.standing === 'subscribed' && headerAt === undefined ? undefined : named;
	const titles = rows.slice(0, headerAt ?? 0).flatMap((cells) => titleStatusOf(titleIn(cells) ?? '') ?? []);
	const nameStatus = titles.reduce<NameStatus | undefined>(
		(one, other) => (one && stricter(one.standing, other.standing) === one.standing ? one : other),
		ofName,
	);
	const blockStanding = vendor === 'mailchimp' ? standingOfBlock(headers) : undefined;
	return {
		kind: 'layout',
		layout: {
			vendor,
			headers,
			fieldNames: fieldNamesOf(headers, count),
			columns,
			skippedRows: headerAt === undefined ? 0 : headerAt + 1,
			width: Math.max(count, usualWidth(data, count)),
			...(nameStatus ? { nameStatus } : {}),
			...(blockStanding ? { blockStanding } : {}),
			withoutHeader: headerAt === undefined || !headers.some(isEmailHeader),
			oneColumn: headers.filter((header) => header !== '').length <= 1 && (count <= 1 || holdsNothingElse(data)),
		},
	};
}

/** The row of the header among the first ones; undefined where the first row is a contact already. */
function findHeader(rows: readonly (readonly string[])[]): number | undefined {
	// Titles, comments and the like may stand before it.
	const named = rows.findIndex(
		(cells) => cells.some(isEmailHeader) && !cells.some(looksLikeAddress) && !isComment(cells),
	);
	// A title may name an address; a list of contacts has one in its first row, and no header behind it.
	const hasContactsBefore =
		rows.slice(0, Math.max(0, named)).filter((cells) => cells.some(looksLikeAddress)).length > 1;
	if (named >= 0 && !hasContactsBefore) return named;
	const first = rows.findIndex((cells) => !isComment(cells));
	// Where each line holds an address among words there is no header either.
	const isHeader = !rows[first]?.some(
		(cell) => looksLikeAddress(cell) || (rows[first]?.length === 1 && AMONG_WORDS.test(cell)),
	);
	return isHeader ? Math.max(0, first) : undefined;
}

const AMONG_WORDS = /[^\s@]@[^\s@.。．｡]+[.。．｡][^\s@]/;

/** Whether addresses are all that rows of several cells hold. */
const holdsNothingElse = (rows: readonly (readonly string[])[]): boolean =>
	rows.length > 0 && rows.every((cells) => cells.every((cell) => cell.trim() === '' || AMONG_WORDS.test(cell)));

/** Columns of one kind of value, unless their first values are mostly of another: Brevo's CONTACT ID is a number, Salesforce's is not. */
const kindsOf = (known: Columns, rows: readonly (readonly string[])[]): Columns['kinds'] =>
	known.kinds.filter(({ index, kind }) => {
		const filled = rows.map((cells) => cells[index]?.trim() ?? '').filter((cell) => cell !== '');
		return filled.filter((cell) => fitsKind(cell, kind)).length >= filled.length / 2;
	});

/** In fewer rows an address in another column shows that the cells of a row are shifted, not that the header is wrong. */
const MOST_SHIFTED = 4;

/**
 * The columns of addresses: those whose headers say so, unless they hold none and another column does. One that holds no address in any row is
 * about something else where there are others: `Email: yes`.
 */
function emailsOf(known: Columns, rows: readonly (readonly string[])[], count: number): Columns['emails'] {
	const filled = (index: number): string[] =>
		rows.map((cells) => cells[index]?.trim() ?? '').filter((cell) => cell !== '');
	const fits = known.emails.filter(({ index }) => {
		const cells = filled(index);
		return cells.length === 0 || cells.some((cell) => cell.includes('@'));
	});
	const hasAddresses = known.emails.some(({ index }) => filled(index).some((cell) => cell.includes('@')));
	if (hasAddresses || (known.emails.length > 0 && rows.length < MOST_SHIFTED))
		return fits.length > 0 ? fits : known.emails;
	const found = columnOfAddresses(rows, count);
	return found.length > 0 ? found : known.emails;
}

/** The first column whose filled cells are addresses, all of them or nearly. */
function columnOfAddresses(
	rows: readonly (readonly string[])[],
	count: number,
): { readonly index: number; readonly label: string }[] {
	for (let index = 0; index < count; index++) {
		const filled = rows.map((cells) => cells[index]?.trim() ?? '').filter((cell) => cell !== '');
		const addresses = filled.filter((cell) => looksLikeAddress(cell) || (count <= 1 && AMONG_WORDS.test(cell))).length;
		if (addresses > 0 && addresses >= filled.length * 0.6) return [{ index, label: '' }];
	}
	return [];
}

/** The width of most rows, where what is beyond the headers is empty in them. */
function usualWidth(rows: readonly (readonly string[])[], count: number): number {
	const longer = rows.filter((cells) => cells.length > count && cells.slice(count).every((cell) => cell.trim() === ''));
	const [first] = longer;
	return first !== undefined && longer.length > rows.length / 2 ? first.length : count;
}

function fieldNamesOf(headers: readonly string[], count: number): string[] {
	const taken = new Set<string>();
	const counts = new Map<string, number>();
	return Array.from({ length: count }, (_, index) => {
		const header = (headers[index] ?? '').replace(/\s+/g, ' ');
		const name = header === '' ? `Column ${index + 1}` : header;
		let free = name;
		while (taken.has(free)) {
			const number = (counts.get(name) ?? 1) + 1;
			counts.set(name, number);
			free = `${name} (${number})`;
		}
		taken.add(free);
		return free;
	});
}

/**
 * Mailchimp adds UNSUB_TIME behind MEMBER_RATING in the file of those who unsubscribed, CLEAN_TIME in that of bounced addresses, and
 * LAST_CHANGED in the others. Columns of these names before MEMBER_RATING are fields of an audience that was once imported from an export.
 */
function standingOfBlock(headers: readonly string[]): Standing | undefined {
	const forms = headers.map(wordForm);
	const start = forms.indexOf('member rating');
	const block = forms.slice(start < 0 ? 0 : start);
	const hasUnsubscribed = block.includes('unsub time');
	const hasBounced = block.includes('clean time');
	// Old exports have LAST_CHANGED in all files: then it is in doubt.
	if (block.includes('last changed')) return hasUnsubscribed || hasBounced ? 'noConsent' : undefined;
	if (hasUnsubscribed) return 'optedOut';
	return hasBounced ? 'bounced' : undefined;
}
