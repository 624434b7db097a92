import type { SourceField } from '../../core/mapping/fields';
import { emailNameOf, FieldReader } from './contacts/fields';
import { addressesAnywhere, noteOn } from './contacts/addresses';
import type { HeldRecord } from './people/heldRecords';
import type { TableVerdict } from './people/people';
import { People } from './people/people';
import type { RefusalCode } from './contacts/rowReading';
import { RowReader } from './contacts/readRow';
import type { ReadSettings } from './contacts/settings';
import type { ExportSummary } from './contacts/summary';
import { MOST_REFUSALS, noCounts, TableCount } from './contacts/summary';
import type { ExportContact } from './contacts/toContact';
import { toContact } from './contacts/toContact';
import { toSourceFields } from './contacts/toSourceFields';
import { openFile } from './files/openFile';
import { namesOf } from './files/names';
import type { ExportFile, ExportTable, TableRow, Unreadable } from './files/table';
import { MOST_UNPACKED } from './files/archive/zip';
import { recognise } from './recognise/layout';
import { isTooWide } from './files/workbook/workbook';
import { holdsAddresses, holdsHashes } from './recognise/unnamedColumns';
import { nameStatusOf } from './recognise/fileStatus';
import { wordForm } from './recognise/headerForm';
import type { Standing } from './recognise/statusWords';
import {
	campaignReport,
	damaged,
	hashedAddresses,
	MOST_ADDRESSES,
	MOST_TEXT,
	noContacts,
	noSuppressionFile,
	tooMany,
	tooMuchText,
	tooWide,
	unnamedAddresses,
	unreadEntry,
	unreadOptOutFile,
	unreadOptOuts,
	unreadSuppressions,
} from './unreadable';

/** A row that was not taken, and why. The address is not repeated. */
export interface RefusedRow {
	readonly file: string;
	readonly line: number;
	readonly code: RefusalCode | 'BOUNCED';
	readonly reason: string;
}

/** Takes what comes out. Contacts come when all files are read, for the last row may be the opt-out of the first. */
export interface ExportTaker {
	contact(contact: ExportContact, standing: Standing): void;
	refused(row: RefusedRow): void;
}

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
	/** Whether the table that was looked at last is the report of a campaign, whose addresses say nothing. */
	private isReport = false;

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
			const begun: Reading | Unreadable | 'skipped' | 'empty' = reading ?? this.begin(table, sample, alone);
			if (begun === 'empty') return undefined;
			if (begun === 'skipped' && !alone && !this.isReport) {
				seemsWithout = true;
				continue;
			}
			if (begun === 'skipped' || begun.kind === 'unreadable') return begun;
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
		if (begun === 'empty') return undefined;
		if (begun === 'skipped' || begun.kind === 'unreadable') return begun;
		this.take(begun, sample);
		return undefined;
	}

	private begin(
		table: ExportTable,
		sample: readonly TableRow[],
		alone: boolean,
	): Reading | Unreadable | 'skipped' | 'empty' {
		if (sample.length === 0) {
			this.skipped.push({ file: table.name, reason: 'the file is empty' });
			return 'empty';
		}
		const recognised = recognise(table.names, sample);
		if (recognised.kind === 'layout') {
			const { layout } = recognised;
			const addresses = layout.columns.emails.map(({ index }) => index);
			if (holdsHashes(sample, addresses)) return hashedAddresses(table.name);
			for (const field of toSourceFields(layout)) if (!this.fields.has(field.name)) this.fields.set(field.name, field);
			const count = new TableCount(table.name, layout);
			const suppressed = this.isSuppressed(table.name);
			if (suppressed) count.notes.push('It is a suppression list: all of its addresses have opted out');
			const { permissionColumn } = this.settings;
			if (permissionColumn !== '' && !layout.columns.at.has(wordForm(permissionColumn)))
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
		if (recognised.kind === 'tooWide' || sample.every(isTooWide)) return tooWide(table.name);
		const isReport = recognised.kind === 'campaignReport';
		this.isReport = isReport;
		if (!isReport && isStrict(nameStatusOf(table.names, 'generic')?.standing) && sample.length > 1)
			return unreadOptOuts(table.name);
		if (!isReport && holdsHashes(sample)) return hashedAddresses(table.name);
		if (!isReport && this.isSuppressed(table.name) && sample.length > 1) return unreadSuppressions(table.name);
		if (!isReport && holdsAddresses(sample)) return unnamedAddresses(table.name);
		const reason = isReport ? 'it is the report of a campaign' : 'no column holds e-mail addresses';
		this.skipped.push({ file: table.name, reason });
		return alone && isReport ? campaignReport(table.name) : 'skipped';
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
		return this.handOver(verdicts, accountOf(settings, tables));
	}

	private handOver(verdicts: readonly TableVerdict[], account: string): ReadExport {
		const { settings, tables, taker } = this;
		const origin = {
			account,
			tables: tables.map(({ name }) => name),
			timeColumnOf: (record: HeldRecord) => this.people.timeColumnOf(record),
			now: settings.now,
		};
		const byStanding = noCounts();
		const marks = { importedOnly: 0, misspelledDomains: 0, roleAddresses: 0 };
		let [contacts, repeated] = [0, 0];
		const emailNames = [...new Set(tables.map(({ layout }) => emailNameOf(layout)))];
		for (const person of this.people.settle(verdicts, emailNames)) {
			contacts++;
			byStanding[person.standing]++;
			repeated += person.others.length;
			for (const { record, standing } of [...person.others, person.own]) tables[record.table]!.addresses[standing]++;
			const note = noteOn(person.address);
			if (note === 'misspelledDomain') marks.misspelledDomains++;
			if (note === 'roleAddress') marks.roleAddresses++;
			if (person.standing === 'subscribed' && person.own.record.grade === 'imported') marks.importedOnly++;
			if (person.standing === 'bounced' && settings.bounces === 'leaveOut')
				taker.refused({
					file: tables[person.own.record.table]?.name ?? '',
					line: person.own.record.line,
					code: 'BOUNCED',
					reason: 'Mail to the address bounced, and such addresses are left out',
				});
			else taker.contact(toContact(person, origin), person.standing);
		}
		const files = tables.map((table) => table.toSummary());
		const sum = (value: 'rows' | 'refused'): number => files.reduce((total, file) => total + file[value], 0);
		return {
			kind: 'read',
			fields: [...this.fields.values()],
			summary: {
				files,
				skipped: this.skipped,
				rows: sum('rows'),
				refused: sum('refused'),
				addresses: contacts + repeated,
				contacts,
				repeated,
				byStanding,
				...marks,
			},
		};
	}
}

const isNamed = (file: string, part: string): boolean => file.toLowerCase().includes(part.toLowerCase());

const NOT_HANDED_OVER = 'no file has it in its name, although it stands under Suppression Files';

const isStrict = (standing: Standing | undefined): boolean => standing === 'optedOut' || standing === 'bounced';

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
