import type { SourceField } from '../../core/mapping/fields';
import { FieldReader } from './contacts/fields';
import { addressesAnywhere } from './contacts/addresses';
import type { TableVerdict } from './people/people';
import { People } from './people/people';
import { RowReader } from './contacts/readRow';
import type { ReadSettings } from './contacts/settings';
import type { ExportSummary } from './contacts/summary';
import { MOST_REFUSALS, TableCount } from './contacts/summary';
import { toSourceFields } from './contacts/toSourceFields';
import { openFile } from './files/openFile';
import { namesOf } from './files/names';
import type { ExportFile, ExportTable, TableRow, Unreadable } from './files/table';
import { MOST_UNPACKED } from './files/archive/zip';
import { holdsAddresses } from './recognise/unnamedColumns';
import { nameStatusOf } from './recognise/fileStatus';
import { isStrict } from './recognise/statusWords';
import type { Layout } from './recognise/layout';
import type { ExportTaker } from './handOver';
import { handOver } from './handOver';
import type { Judged } from './judgeTable';
import { judgeTable } from './judgeTable';
import { wordForm } from './recognise/headerForm';
import {
	damaged,
	MOST_ADDRESSES,
	MOST_TEXT,
	noContacts,
	noSuppressionFile,
	tooMany,
	tooMuchText,
	unnamedAddresses,
	unreadEntry,
	unreadOptOutFile,
} from './unreadable';

export interface ReadExport {
	readonly kind: 'read';
	readonly summary: ExportSummary;
	/** The columns of all files, each name once. */
	readonly fields: readonly SourceField[];
}

/** Rows that are looked at before a table is read. */
const SAMPLE = 200;
/** Rows between two pauses. */
const ROWS_AT_ONCE = 5_000;

/** Reads all files of an upload. A file that cannot be read ends it: it may be the one with the opt-outs. */
export async function readExport(
	files: readonly ExportFile[],
	settings: ReadSettings,
	taker: ExportTaker,
): Promise<ReadExport | Unreadable> {
	return await new ExportReading(settings, taker).read(files);
}

class ExportReading {
	private readonly people = new People();
	private readonly tables: TableCount[] = [];
	private readonly skipped: { file: string; reason: string }[] = [];
	private readonly fields = new Map<string, SourceField>();

	constructor(
		private readonly settings: ReadSettings,
		private readonly taker: ExportTaker,
	) {}

	async read(files: readonly ExportFile[]): Promise<ReadExport | Unreadable> {
		const budget = { left: MOST_UNPACKED };
		for (const file of files) {
			let [tables, skipped] = [0, 0];
			for await (const part of openFile(file, budget)) {
				if (part.kind === 'unreadable') return part;
				if (part.kind === 'skipped') {
					const said = part.isEmpty || part.isImage ? undefined : nameStatusOf(namesOf(part.file), 'generic');
					if (isStrict(said?.standing)) return unreadOptOutFile(part.file, part.reason);
					if (part.mayHoldContacts) return unreadEntry(part.file, part.reason);
					this.skipped.push({ file: part.file, reason: part.reason });
					if (part.isEmpty) tables++;
					continue;
				}
				const fault = await this.readTable(part.table, part.table.name === file.name);
				if (fault === 'skipped') skipped++;
				else if (fault) return fault;
				else tables++;
			}
			if (tables === 0) return noContacts(file.name, skipped);
		}
		const [missing] = this.suppressionFilesMissing(files);
		if (missing !== undefined && this.settings.withoutStatus === 'subscribed') return noSuppressionFile(missing);
		for (const file of this.suppressionFilesMissing(files)) this.skipped.push({ file, reason: NOT_HANDED_OVER });
		return this.finish();
	}

	/** `skipped`: the table has no addresses. `alone`: it is all that its file holds. */
	private async readTable(table: ExportTable, alone: boolean): Promise<Unreadable | 'skipped' | undefined> {
		const sample: TableRow[] = [];
		let reading: Reading | undefined;
		let since = 0;
		let seemsWithout = false;
		for await (const rows of table.rows()) {
			if (rows.some(({ kind }) => kind === 'cut')) return damaged(table.name);
			if (seemsWithout) {
				if (holdsAddresses(rows, false)) return unnamedAddresses(table.name);
				continue;
			}
			if (!reading) {
				for (const row of rows) sample.push(row);
				if (sample.length < SAMPLE) continue;
			}
			const begun = reading ?? this.begin(table, sample, alone);
			// Addresses may stand far below the first rows.
			seemsWithout = begun.kind === 'without' && !alone && !begun.isReport;
			if (seemsWithout) continue;
			if (begun.kind !== 'reading') return endOf(begun);
			this.take(begun, reading ? rows : sample);
			reading = begun;
			if (this.people.size > MOST_ADDRESSES) return tooMany(table.name);
			if (this.people.textSize > MOST_TEXT) return tooMuchText(table.name);
			since += rows.length;
			if (since >= ROWS_AT_ONCE) {
				since = 0;
				await this.settings.pause({ file: table.name, rows: this.rowsSoFar() });
			}
		}
		if (seemsWithout) return 'skipped';
		if (reading) return undefined;
		const begun = this.begin(table, sample, alone);
		if (begun.kind !== 'reading') return endOf(begun);
		this.take(begun, sample);
		return undefined;
	}

	/** What is to be done with the rows of a table, by the first ones. */
	private begin(
		table: ExportTable,
		sample: readonly TableRow[],
		alone: boolean,
	): Reading | Exclude<Judged, { readonly kind: 'contacts' }> {
		const suppressed = this.isSuppressed(table.name);
		const judged = judgeTable(table, sample, { alone, suppressed });
		if (judged.kind === 'contacts') return this.open(table, judged.layout, suppressed);
		if (judged.kind !== 'unreadable') this.skipped.push({ file: table.name, reason: judged.reason });
		return judged;
	}

	private open(table: ExportTable, layout: Layout, suppressed: boolean): Reading {
		for (const field of toSourceFields(layout)) if (!this.fields.has(field.name)) this.fields.set(field.name, field);
		const count = new TableCount(table.name, layout);
		const { permissionColumn } = this.settings;
		const lacksPermission = permissionColumn !== '' && !layout.columns.at.has(wordForm(permissionColumn));
		if (suppressed) count.notes.push('It is a suppression list: all of its addresses have opted out');
		if (lacksPermission)
			count.notes.push(
				`It has no column ‘${permissionColumn}’, which is asked for: none of its contacts is subscribed`,
			);
		if (table.hidden) count.notes.push('The sheet is hidden: only its opt-outs count');
		this.tables.push(count);
		this.people.addTable(new FieldReader(layout, this.settings));
		const reader = new RowReader(layout, this.settings, {
			index: this.tables.length - 1,
			hidden: table.hidden,
			suppressed,
			dropsEmptyCells: table.dropsEmptyCells,
		});
		return { kind: 'reading', count, reader, skip: layout.skippedRows };
	}

	private isSuppressed(name: string): boolean {
		return this.settings.suppressionFiles.some((part) => isNamed(name, part));
	}

	/** A name that no file has may be misspelt, and the file that was meant be read as one of contacts. */
	private suppressionFilesMissing(files: readonly ExportFile[]): string[] {
		const names = [...files, ...this.tables].map(({ name }) => name);
		return this.settings.suppressionFiles.filter((part) => !names.some((name) => isNamed(name, part)));
	}

	private take(reading: Reading, rows: readonly TableRow[]): void {
		const { count, reader } = reading;
		for (const row of rows) {
			if (row.kind === 'cut') continue;
			if (row.kind === 'cells' && reading.skip > 0) {
				reading.skip--;
				// A title, as a rule; an address in it is no contact, but may be one that opted out.
				for (const address of addressesAnywhere(row.cells.join('\n'))) this.people.doubt(address);
				continue;
			}
			count.rows++;
			const { records, cells, refused, doubtful, unknownWord, leftOut } = reader.read(row);
			if (leftOut) count.leftOut++;
			for (const address of doubtful) this.people.doubt(address);
			if (unknownWord !== undefined) count.sawWord(unknownWord);
			const [first] = records;
			if (first?.optIn !== undefined) {
				count.asked++;
				if (first.optIn) count.yes++;
			}
			this.people.addRow(records, cells);
			if (!refused) continue;
			count.refused++;
			if (count.refused <= MOST_REFUSALS) this.taker.refused({ file: count.name, ...refused });
		}
	}

	private rowsSoFar(): number {
		return this.tables.reduce((sum, { rows }) => sum + rows, 0);
	}

	private finish(): ReadExport {
		const { settings, tables } = this;
		const hasOthers = tables.some(({ layout }) => !layout.oneColumn);
		const suppresses = settings.oneColumn === 'suppress' || (settings.oneColumn === 'auto' && hasOthers);
		const oneColumn: TableVerdict['oneColumn'] = suppresses
			? { standing: 'optedOut', status: 'suppressed' }
			: settings.withoutStatus === 'subscribed'
				? { standing: 'subscribed', status: 'unknown' }
				: { standing: 'noConsent', status: 'unknown' };
		if (suppresses)
			for (const table of tables)
				if (table.layout.oneColumn && !table.layout.nameStatus)
					table.notes.push('It has one column only, so it is taken for a suppression list');
		const verdicts = tables.map((table): TableVerdict => ({ allYes: table.allYes, oneColumn }));
		const { people, taker } = this;
		const { files, ...counts } = handOver({
			people,
			tables,
			settings,
			taker,
			verdicts,
			account: accountOf(settings, tables),
		});
		const sum = (value: 'rows' | 'refused'): number => files.reduce((total, file) => total + file[value], 0);
		const summary = { files, skipped: this.skipped, rows: sum('rows'), refused: sum('refused'), ...counts };
		return { kind: 'read', fields: [...this.fields.values()], summary };
	}
}

const isNamed = (file: string, part: string): boolean => file.toLowerCase().includes(part.toLowerCase());

const NOT_HANDED_OVER = 'no file has it in its name, although it stands under Suppression Files';

/** How the reading of a table ends whose rows are not taken. */
const endOf = (judged: Exclude<Judged, { readonly kind: 'contacts' }>): Unreadable | 'skipped' | undefined =>
	judged.kind === 'unreadable' ? judged : judged.kind === 'without' ? 'skipped' : undefined;

/** A table that is being read. */
interface Reading {
	readonly kind: 'reading';
	readonly count: TableCount;
	readonly reader: RowReader;
	/** Rows that still come before the first contact. */
	skip: number;
}

/** Stands in the key of each contact, so that the contacts of two accounts are not one. */
function accountOf({ account }: ReadSettings, tables: readonly TableCount[]): string {
	if (account !== '') return account.replaceAll(':', ' ');
	const vendors = new Set(tables.map(({ layout }) => layout.vendor).filter((vendor) => vendor !== 'generic'));
	const [vendor] = vendors;
	return vendors.size === 1 && vendor !== undefined ? vendor : 'files';
}
