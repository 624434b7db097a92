/** What a file consists of before anything in it is understood. */

/** A file as it was handed over. `open` may be called again; each time it gives the bytes from the beginning, in parts of any size. */
export interface ExportFile {
	readonly name: string;
	/** Bytes in all, where they are known beforehand. */
	readonly size?: number;
	/** Whether the last reading came to the end of what is no damaged entry of an archive; absent: it always does. */
	isWhole?(): boolean;
	open(): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
}

/**
 * `cells`: a row as it is written. `broken`: a line that no rule of quoting explains; its text is kept to look for addresses. `cut`: reading
 * ended before the file did, because an entry of an archive is damaged or unpacks without an end.
 */
export type TableRow =
	| {
			readonly kind: 'cells';
			/** Of its first line, counted from 1. */
			readonly line: number;
			readonly cells: readonly string[];
			/** Stood inside a quotation that is never closed, and was read again line by line. */
			readonly recovered?: boolean;
	  }
	| { readonly kind: 'broken'; readonly line: number; readonly text: string; readonly reason: string }
	| { readonly kind: 'cut' };

/** The names that a table has: of its file, of its sheet, of the folders of the archive it stands in. */
export interface TableNames {
	readonly file: string;
	readonly sheet: string;
	readonly folders: readonly string[];
}

/** A table of a file: the whole of it, or one sheet of a workbook. */
export interface ExportTable {
	/** What people know it by: file, entry of the archive, sheet. */
	readonly name: string;
	/** What may carry a status. */
	readonly names: TableNames;
	/** Rows end with their last filled cell, as those of workbooks do. */
	readonly dropsEmptyCells: boolean;
	/** A sheet that its workbook hides. */
	readonly hidden: boolean;
	/** Rows in parts. */
	rows(): AsyncIterable<readonly TableRow[]>;
}

/** `reason` says what is wrong, `advice` what to do. */
export interface Unreadable {
	readonly kind: 'unreadable';
	readonly file: string;
	readonly reason: string;
	readonly advice: string;
}

/** What a file turned out to hold. `skipped`: an entry of an archive that is no table, which is usual and no fault; `isEmpty`: there is nothing in it; `mayHoldContacts`: it is a table or an archive that is not read. */
export type FilePart =
	| { readonly kind: 'table'; readonly table: ExportTable }
	| {
			readonly kind: 'skipped';
			readonly file: string;
			readonly reason: string;
			readonly isEmpty?: true;
			readonly isImage?: boolean;
			readonly mayHoldContacts?: boolean;
	  }
	| Unreadable;
