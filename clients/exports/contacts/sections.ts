import type { Layout } from '../recognise/layout';
import { isOtherTitle, titleIn, titleStatusOf } from '../recognise/titles';

/** Titles among the rows, as in a list that has all contacts of a status below its name. */
export class Sections {
	private title: string | undefined;

	constructor(private readonly layout: Layout) {}

	/** The title that the next rows stand below, where it forbids mail. */
	see(cells: readonly string[]): void {
		const title = titleIn(cells);
		if (title === undefined || this.isStatusOfItsRow) return;
		if (titleStatusOf(title)) this.title = title;
		else if (isOtherTitle(title)) this.title = undefined;
	}

	/** Why the row is no consent; undefined where no title speaks against it. */
	get doubt(): string | undefined {
		return this.title === undefined ? undefined : `in doubt: the row stands below ‘${this.title.slice(0, 60)}’`;
	}

	/** Where the first column is one of a status, its cell is said of a row that lacks its address. */
	private get isStatusOfItsRow(): boolean {
		const { emails, statuses, optOuts, bounces, optIns } = this.layout.columns;
		const about = [...optOuts, ...bounces, ...[...statuses, ...optIns].map(({ index }) => index)];
		return about.includes(0) && emails.every(({ index }) => index !== 0);
	}
}
