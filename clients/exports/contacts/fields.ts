import { cleanText } from '../../../core/contact/cleanText';
import type { FieldValue } from '../../../core/contact/contact';
import { parseText } from '../files/csvLibrary';
import { wordForm } from '../recognise/headerForm';
import type { Layout } from '../recognise/layout';
import type { ReadSettings } from './settings';

export type Fields = Record<string, FieldValue>;

interface FieldColumn {
	readonly index: number;
	readonly name: string;
	readonly kind: 'text' | 'list' | 'phone';
}

/** Makes the fields of a contact from the cells of its row: header → text, or a list for tags and groups. */
export class FieldReader {
	private readonly fields: readonly FieldColumn[];
	/** All names with null. A copy of it has one shape for all rows, which takes a fraction of the memory, and may hold `__proto__`. */
	private readonly empty: Fields;

	constructor(
		private readonly layout: Layout,
		settings: Pick<ReadSettings, 'columns' | 'listColumns'>,
	) {
		const { columns, fieldNames } = layout;
		const wanted = new Set(settings.columns.map(wordForm));
		const lists = new Set(settings.listColumns.map(wordForm));
		this.fields = fieldNames.flatMap((name, index): FieldColumn[] => {
			const isEmail = columns.emails.some((email) => email.index === index);
			if (wanted.size > 0 && !isEmail && !wanted.has(wordForm(name))) return [];
			const isList = columns.lists.includes(index) || lists.has(wordForm(name));
			return [{ index, name, kind: isList ? 'list' : columns.phones.includes(index) ? 'phone' : 'text' }];
		});
		this.empty = JSON.parse(`{${this.fields.map(({ name }) => `${JSON.stringify(name)}:null`).join(',')}}`) as Fields;
	}

	/** `address`: in its normal form, for the column it stood in. */
	read(cells: readonly string[], emailColumn: number, address: string): Fields {
		const values = { ...this.empty };
		for (const { index, name, kind } of this.fields) {
			const cell = cells[index];
			if (cell === undefined || cell === '') continue;
			values[name] = index === emailColumn ? address : this.valueOf(cell, kind);
		}
		return values;
	}

	private valueOf(cell: string, kind: FieldColumn['kind']): FieldValue {
		const text = cleanText(cell.trim());
		if (text === '' || (text === '#N/A' && this.layout.vendor === 'salesforce')) return null;
		if (kind === 'list') return entriesOf(text);
		if (kind === 'phone') return text.replace(/^'?(?:[MHWO]:\s*)?(?=[+\d(])/, '');
		// Spreadsheets guard a number with a sign by an apostrophe.
		return /^'[+(]?\d/.test(text) ? text.slice(1) : text;
	}
}

/** The entries of a cell: quoted as Mailchimp writes tags, or bare, where a comma inside an entry is written `\,`. */
export function entriesOf(cell: string): string[] {
	const entries = cell.includes('"')
		? parseText(cell.replace(/\n/g, ' '), ',', false).rows.flat()
		: cell.split(cell.includes(',') ? /(?<!\\),/ : /[;|]/).map((entry) => entry.replace(/\\,/g, ','));
	return [...new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))];
}
