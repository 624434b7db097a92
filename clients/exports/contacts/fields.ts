import { cleanText } from '../../../core/contact/cleanText';
import type { FieldValue } from '../../../core/contact/contact';
import { parseText } from '../files/text/csvLibrary';
import { ownText, remembered, wordForm } from '../recognise/headerForm';
import type { Layout } from '../recognise/layout';
import type { ReadSettings } from './settings';

export type Fields = Record<string, FieldValue>;

interface FieldColumn {
	readonly index: number;
	readonly name: string;
	readonly kind: 'text' | 'list' | 'phone';
	readonly texts: SharedTexts;
}

/** Makes the fields of a contact from the cells of its row: header → text, or a list for tags and groups. */
export class FieldReader {
	private readonly fields: readonly FieldColumn[];
	/** All names with null. A copy of it has one shape for all rows, which takes a fraction of the memory, and may hold `__proto__`. */
	private readonly empty: Fields;
	private readonly emailName: string;

	constructor(
		private readonly layout: Layout,
		settings: Pick<ReadSettings, 'columns' | 'listColumns'>,
	) {
		const { columns, fieldNames } = layout;
		const wanted = new Set(settings.columns.map(wordForm));
		const lists = new Set(settings.listColumns.map(wordForm));
		this.fields = fieldNames.flatMap((name, index): FieldColumn[] => {
			if (columns.emails.some((email) => email.index === index)) return [];
			if (wanted.size > 0 && !wanted.has(wordForm(name))) return [];
			const isList = columns.lists.includes(index) || lists.has(wordForm(name));
			const kind = isList ? 'list' : columns.phones.includes(index) ? 'phone' : 'text';
			return [{ index, name, kind, texts: new SharedTexts() }];
		});
		const kept = new Set([
			...columns.emails.map(({ index }) => fieldNames[index]),
			...this.fields.map(({ name }) => name),
		]);
		const ordered = fieldNames.filter((name) => kept.has(name));
		this.empty = JSON.parse(`{${ordered.map((name) => `${JSON.stringify(name)}:null`).join(',')}}`) as Fields;
		this.emailName = emailNameOf(layout);
	}

	/**
	 * The fields of one address of a row. It stands in the first column of addresses whichever it came from, and the others are empty: they are
	 * contacts of their own, and a mapping takes one column.
	 */
	read(cells: readonly string[], address: string): Fields {
		const values = { ...this.empty };
		for (const column of this.fields) {
			const cell = cells[column.index];
			if (cell !== undefined && cell !== '') values[column.name] = this.valueOf(cell, column);
		}
		values[this.emailName] = address;
		return values;
	}

	private valueOf(cell: string, { kind, texts }: FieldColumn): FieldValue {
		const text = cleanText(cell.trim());
		if (text === '' || (text === '#N/A' && this.layout.vendor === 'salesforce')) return null;
		if (kind === 'list') return listOf(text);
		if (kind === 'phone') return ownText(text.replace(/^'?(?:[MHWO]:\s*)?(?=[+\d(])/, ''));
		// Spreadsheets guard a number with a sign by an apostrophe.
		return /^'[+(]?\d/.test(text) ? ownText(text.slice(1)) : texts.share(text);
	}
}

/** The texts of a column. Most columns have few, which contacts share; one whose texts are nearly all different is found out soon. */
class SharedTexts {
	private readonly known = new Map<string, string>();
	private hits = 0;
	private misses = 0;

	/** A text of its own, or the same one that was kept before. */
	share(text: string): string {
		if (text.length > LONGEST_SHARED || (this.misses > TRIES && this.hits < this.misses)) return ownText(text);
		const known = this.known.get(text);
		if (known !== undefined) {
			this.hits++;
			return known;
		}
		this.misses++;
		const own = ownText(text);
		if (this.known.size < MOST_SHARED) this.known.set(own, own);
		return own;
	}
}

/** The name of the first column of addresses. */
export const emailNameOf = ({ columns, fieldNames }: Layout): string =>
	fieldNames[columns.emails[0]?.index ?? -1] ?? 'Email';

const LONGEST_SHARED = 100;
const MOST_SHARED = 5_000;
const TRIES = 1_000;

const listOf = remembered((text) => entriesOf(text).map(ownText));

/** The entries of a cell: quoted as Mailchimp writes tags, or bare, where a comma inside an entry is written `\,`. */
export function entriesOf(cell: string): string[] {
	const entries = cell.includes('"')
		? parseText(cell.replace(/\n/g, ' '), ',', false).rows.flat()
		: cell.split(cell.includes(',') ? /(?<!\\),/ : /[;|]/).map((entry) => entry.replace(/\\,/g, ','));
	return [...new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))];
}
