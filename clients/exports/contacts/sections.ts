import { isEmailHeader, wordForm } from '../recognise/headerForm';
import { isEmailStatus, meaningOf } from '../recognise/headers';
import type { Layout } from '../recognise/layout';
import { isOtherTitle, titleIn, titleStatusOf } from '../recognise/titles';

/** Titles among the rows, as in a list that has all contacts of a status below its name, and headers of other tables in the same file. */
export class Sections {
	private title: string | undefined;
	private isBelowOtherHeader = false;
	private readonly header: readonly string[];

	constructor(private readonly layout: Layout) {
		this.header = layout.headers.map(wordForm);
	}

	/** The title or the header that the next rows stand below. */
	see(cells: readonly string[]): void {
		if (this.isHeader(cells)) {
			this.isBelowOtherHeader = !this.isSameHeader(cells);
			return;
		}
		const title = titleIn(cells);
		if (title === undefined || this.isStatusOfItsRow) return;
		if (titleStatusOf(title)) this.title = title;
		else if (isOtherTitle(title)) this.title = undefined;
	}

	/** Why the row is no consent; undefined where nothing above it speaks against it. */
	get doubt(): string | undefined {
		if (this.isBelowOtherHeader) return 'in doubt: the row stands below another header';
		return this.title === undefined ? undefined : `in doubt: the row stands below ‘${this.title.slice(0, 60)}’`;
	}

	/** Two cells or more are headers, and where the addresses stand there is none. */
	private isHeader(cells: readonly string[]): boolean {
		const { emails } = this.layout.columns;
		if (this.header.length === 0 || emails.some(({ index }) => cells[index]?.includes('@'))) return false;
		if (!cells.some(isEmailHeader)) return false;
		const forms = cells.map(wordForm).filter((form) => form !== '');
		const known = forms.filter(
			(form) =>
				this.header.includes(form) || isEmailStatus(form) || meaningOf(form) !== undefined || isEmailHeader(form),
		);
		return known.length >= 2;
	}

	private isSameHeader(cells: readonly string[]): boolean {
		const width = Math.max(cells.length, this.header.length);
		return Array.from({ length: width }).every(
			(_, index) => wordForm(cells[index] ?? '') === (this.header[index] ?? ''),
		);
	}

	/** Where the first column is one of a status, its cell is said of a row that lacks its address. */
	private get isStatusOfItsRow(): boolean {
		const { emails, statuses, optOuts, bounces, optIns } = this.layout.columns;
		const about = [...optOuts, ...bounces, ...[...statuses, ...optIns].map(({ index }) => index)];
		return about.includes(0) && emails.every(({ index }) => index !== 0);
	}
}
