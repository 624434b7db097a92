import { cleanText } from '../../../core/contact/cleanText';
import type { FieldValue } from '../../../core/contact/contact';
import { parseText } from '../files/text/csvLibrary';
import { wordForm } from '../recognise/headerForm';
import type { Layout } from '../recognise/layout';
import type { ReadSettings } from './settings';

export type Fields = Record<string, FieldValue>;

interface FieldColumn {
	readonly index: number;
	readonly name: string;
	readonly kind: 'text' | 'list' | 'phone';
}

/** Stands between the cells of a row that is kept, and in no cell: it has no meaning in a text. */
const BETWEEN = '\x1f';
const ALL_BETWEEN = /\x1f/g;

/** Makes the fields of a contact from the cells of its row: header → text, or a list for tags and groups. */
export class FieldReader {
	private readonly columns: readonly FieldColumn[];
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
		this.columns = fieldNames.flatMap((name, index): FieldColumn[] => {
			if (columns.emails.some((email) => email.index === index)) return [];
			if (wanted.size > 0 && !wanted.has(wordForm(name))) return [];
			const isList = columns.lists.includes(index) || lists.has(wordForm(name));
			const kind = isList ? 'list' : columns.phones.includes(index) ? 'phone' : 'text';
			return [{ index, name, kind }];
		});
		const kept = new Set([
			...columns.emails.map(({ index }) => fieldNames[index]),
			...this.columns.map(({ name }) => name),
		]);
		const ordered = fieldNames.filter((name) => kept.has(name));
		this.empty = JSON.parse(`{${ordered.map((name) => `${JSON.stringify(name)}:null`).join(',')}}`) as Fields;
		this.emailName = emailNameOf(layout);
	}

	/** What of a row is kept until its contact is handed on. */
	keep(cells: readonly string[]): string {
		const kept = this.columns.map(({ index }) => cells[index] ?? '');
		const text = kept.join(BETWEEN);
		return hasJust(text, kept.length - 1) ? text : kept.map((cell) => cell.replace(ALL_BETWEEN, ' ')).join(BETWEEN);
	}

	/**
	 * The fields of one address of a row that was kept. The address stands in the first column of addresses whichever it came from, and the others
	 * are empty: they are contacts of their own, and a mapping takes one column.
	 */
	read(kept: string, address: string): Fields {
		const values = { ...this.empty };
		const cells = kept.split(BETWEEN);
		for (const [at, column] of this.columns.entries()) {
			const cell = cells[at];
			if (cell !== undefined && cell !== '') values[column.name] = this.valueOf(cell, column);
		}
		values[this.emailName] = address;
		return values;
	}

	/** The name of a column. */
	nameOf(index: number): string {
		return this.layout.fieldNames[index] ?? '';
	}

	private valueOf(cell: string, { kind }: FieldColumn): FieldValue {
		const text = cleanText(cell.trim());
		if (text === '' || (text === '#N/A' && this.layout.vendor === 'salesforce')) return null;
		if (kind === 'list') return entriesOf(text);
		if (kind === 'phone') return text.replace(/^'?(?:[MHWO]:\s*)?(?=[+\d(])/, '');
		// Spreadsheets guard a number with a sign by an apostrophe.
		return /^'[+(]?\d/.test(text) ? text.slice(1) : text;
	}
}

/** Whether the mark between cells stands in a text so many times. */
function hasJust(text: string, times: number): boolean {
	let left = Math.max(0, times);
	for (let at = text.indexOf(BETWEEN); at >= 0; at = text.indexOf(BETWEEN, at + 1)) left--;
	return left === 0;
}

/** The name of the first column of addresses. */
export const emailNameOf = ({ columns, fieldNames }: Layout): string =>
	fieldNames[columns.emails[0]?.index ?? -1] ?? 'Email';

/** The entries of a cell: quoted as Mailchimp writes tags, or bare, where a comma inside an entry is written `\,`. */
export function entriesOf(cell: string): string[] {
	const entries = cell.includes('"')
		? parseText(cell.replace(/\n/g, ' '), ',', false).rows.flat()
		: cell.split(cell.includes(',') ? /(?<!\\),/ : /[;|]/).map((entry) => entry.replace(/\\,/g, ','));
	return [...new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))];
}
