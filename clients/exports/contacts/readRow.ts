import type { TableRow } from '../files/table';
import type { Layout } from '../recognise/layout';
import { fitsKind } from '../recognise/columnKinds';
import { looksLikeAddress, wordForm } from '../recognise/headerForm';
import { asksForNoMail } from '../recognise/notes';
import type { Standing } from '../recognise/statusWords';
import { isStrict, saysYes, stricter, strictWordsIn } from '../recognise/statusWords';
import type { AddressReading } from './addresses';
import { addressesAnywhere, addressesIn, addressMeant, wordsBeside } from './addresses';
import type { Grade } from './consent';
import { gradeOf, isAtLeast, timeIn } from './consent';
import { instantOf } from './dates';
import { addressesBeside, rowAside } from './listRows';
import type { AddressRecord, RefusalCode, RowReading, TableStanding } from './rowReading';
import { Sections } from './sections';
import type { ReadSettings } from './settings';
import type { RowStanding } from './standing';
import { standingOf } from './standing';

/** Rows at the end of reports: their first filled cell, as a whole. */
const TOTALS =
	/^(?:grand )?(?:total|totals|totale|totali|totaux|gesamt|summe|gesamtsumme|sum)(?: (?:\d[\d ]*|records?|rows?|contacts?|kontakte|contatti|of))*$/;

/** What a cell, or all cells outside of the columns of addresses (index -1), hold. */
interface FoundAddresses extends AddressReading {
	readonly index: number;
	readonly label: string;
	readonly standing?: Standing;
}

/** Reads the rows of one table. */
export class RowReader {
	private readonly agreedWords: ReadonlySet<string>;
	private readonly sections: Sections;

	constructor(
		private readonly layout: Layout,
		private readonly settings: ReadSettings,
		private readonly table: {
			readonly index: number;
			readonly hidden: boolean;
			readonly suppressed: boolean;
			/** Rows end with their last filled cell, as those of workbooks do. */
			readonly dropsEmptyCells: boolean;
		},
	) {
		this.agreedWords = new Set(settings.subscribedWords.map(wordForm));
		this.sections = new Sections(layout);
	}

	read(row: Exclude<TableRow, { kind: 'cut' }>): RowReading {
		if (row.kind === 'broken')
			return this.unreadable(
				row.line,
				'BROKEN_QUOTES',
				`The line cannot be read: ${row.reason}`,
				row.text,
				row.text.split(BETWEEN_CELLS),
			);
		const { cells, line } = row;
		this.sections.see(cells);
		const shift = this.shiftOf(cells, row.recovered === true);
		if (shift !== undefined) return this.unreadable(line, 'SHIFTED_ROW', shift, addressCells(cells), cells);
		const forbids = (): boolean => this.isList || this.strictIn(cells) !== undefined;
		const aside = rowAside(this.layout, cells, line, forbids);
		if (aside) return aside;
		const beside = this.isList ? addressesBeside(this.layout, cells) : [];
		const found: readonly FoundAddresses[] = [
			...this.layout.columns.emails.map((email) => ({ ...email, ...addressesIn(cells[email.index] ?? '') })),
			...(this.table.suppressed || this.layout.oneColumn ? [{ index: -1, label: '', addresses: beside }] : []),
		];
		const records = this.recordsOfRow(cells, line, found);
		const unknownWord = records[0]?.unknownWord;
		const taken = this.table.hidden ? records.filter(({ record }) => isStrict(record.standing)) : records;
		const fault = found.find((one) => one.fault !== undefined)?.fault;
		const refused = taken.length > 0 ? undefined : this.withoutAddress(cells, line, fault, records.length > 0);
		// Its columns may have changed places: what speaks of an opt-out is said of the address that stands elsewhere.
		const elsewhere = refused?.code === 'MALFORMED_ADDRESS' ? cells.filter(looksLikeAddress).join('\n') : '';
		if (refused && elsewhere !== '' && this.strictIn(cells))
			return this.unreadable(line, refused.code, refused.reason, elsewhere, cells);
		return {
			records: distinct(taken.map(({ record }) => record)),
			cells,
			// The address may stand in another column than its own, or be meant by one that is malformed.
			doubtful: [
				...found.flatMap(({ meant }) => meant ?? []),
				...beside,
				...(fault === undefined ? [] : this.doubtfulIn(cells, found, refused !== undefined)),
			],
			...(!refused && fault !== undefined ? { leftOut: true } : {}),
			...(refused ? { refused } : {}),
			...(unknownWord === undefined ? {} : { unknownWord }),
		};
	}

	/** A table without columns of its own: nothing says which of its addresses are meant. */
	private get isList(): boolean {
		return this.layout.withoutHeader || this.layout.oneColumn;
	}

	private doubtfulIn(cells: readonly string[], found: readonly FoundAddresses[], isRefused: boolean): string[] {
		const meant = found.flatMap(({ index, fault }) =>
			fault === undefined ? [] : (addressMeant(cells[index] ?? '') ?? []),
		);
		return isRefused ? [...meant, ...addressesAnywhere(cells.filter(looksLikeAddress).join('\n'))] : meant;
	}

	/**
	 * The records of all addresses of a row. A word that means consent is said of the first one, unless another has a status of its own; what forbids
	 * is said of all, and of one too that is malformed and meant for certain.
	 */
	private recordsOfRow(
		cells: readonly string[],
		line: number,
		found: readonly FoundAddresses[],
	): { readonly record: AddressRecord; readonly unknownWord?: string }[] {
		const all: { record: AddressRecord; unknownWord?: string }[] = [];
		for (const { index, label, addresses, fault, standing } of found) {
			const meant = fault === undefined ? undefined : addressMeant(cells[index] ?? '');
			const beside = index < 0 ? '' : wordsBeside(cells[index] ?? '');
			for (const said of this.recordsOf(cells, line, label, meant === undefined ? addresses : [meant], beside)) {
				const one =
					standing === undefined
						? said
						: { record: ofColumn(said.record, standing, this.layout.fieldNames[index] ?? '') };
				if (meant !== undefined && !isStrict(one.record.standing)) continue;
				const isFirst = all.length === 0;
				if (isFirst || this.hasOwnStatus(label) || one.record.standing !== 'subscribed') all.push(one);
				else if (!all.some(({ record }) => record.address === one.record.address))
					all.push({ record: { ...one.record, standing: 'noConsent', status: ONE_STATUS, grade: 'none' } });
			}
		}
		return all;
	}

	private hasOwnStatus(label: string): boolean {
		return label !== '' && this.layout.columns.statuses.some((status) => status.label === label);
	}

	private recordsOf(
		cells: readonly string[],
		line: number,
		label: string,
		addresses: readonly string[],
		beside: string,
	): { readonly record: AddressRecord; readonly unknownWord?: string }[] {
		if (addresses.length === 0) return [];
		const said = this.decided(standingOf(this.layout, cells, label, this.agreedWords), cells, beside);
		const time = timeIn(this.layout, cells, TIMES[said.standing]);
		const changed = timeIn(this.layout, cells, ['change']);
		return addresses.map((address) => ({
			record: {
				address,
				standing: said.standing,
				status: said.status,
				because: said.because,
				grade: said.grade,
				...(said.optIn === undefined ? {} : { optIn: said.optIn }),
				...(time === undefined ? {} : time),
				...(changed === undefined ? {} : { changedAt: changed.at }),
				table: this.table.index,
				line,
			},
			...(said.unknownWord === undefined ? {} : { unknownWord: said.unknownWord }),
		}));
	}

	/** The standing after the settings: what is asked of a consent, and what a list without a status is. */
	private decided(
		said: RowStanding,
		cells: readonly string[],
		beside: string,
	): Omit<RowStanding, 'because'> & { readonly because: AddressRecord['because']; readonly grade: Grade } {
		if (this.table.suppressed)
			return {
				...said,
				standing: stricter('optedOut', said.standing),
				status: said.because === 'nothing' ? 'suppressed' : said.status,
				because: 'words',
				grade: 'none',
			};
		const strict = beside === '' ? undefined : strictWordsIn(wordForm(beside));
		// A list of addresses that are not mailed to may say why.
		if (strict && this.layout.oneColumn)
			return { ...said, standing: strict, status: beside.trim().slice(0, 60), because: 'words', grade: 'none' };
		const isRequest = strict !== undefined || (beside !== '' && asksForNoMail(beside));
		const doubt = isRequest ? 'in doubt: words beside the address speak of an opt-out' : this.sections.doubt;
		if (doubt !== undefined && !isStrict(said.standing))
			return { ...said, standing: 'noConsent', status: doubt, because: 'words', grade: 'none' };
		if (this.layout.oneColumn && said.because === 'nothing') return { ...said, because: 'oneColumn', grade: 'none' };
		const agreed = said.because === 'nothing' && this.settings.withoutStatus === 'subscribed';
		const standing: Standing = agreed ? 'subscribed' : said.standing;
		if (standing !== 'subscribed') return { ...said, standing, grade: 'none' };
		const grade = gradeOf(this.layout, cells, said.permission);
		const missing = this.missingIn(cells);
		if (missing !== undefined)
			return { ...said, standing: 'noConsent', status: `in doubt: the row ends before the column ‘${missing}’`, grade };
		const isEnough = isAtLeast(grade, this.settings.leastGrade) && this.isPermitted(cells);
		return { ...said, standing: isEnough ? 'subscribed' : 'noConsent', grade };
	}

	private isPermitted(cells: readonly string[]): boolean {
		if (this.settings.permissionColumn === '') return true;
		const index = this.layout.columns.at.get(wordForm(this.settings.permissionColumn));
		const value = index === undefined ? '' : (cells[index] ?? '');
		return saysYes(value) || instantOf(value) !== undefined;
	}

	/** A column that may say no, before which a row ends: its cell is missing, which is not the same as empty. */
	private missingIn(cells: readonly string[]): string | undefined {
		if (cells.length >= this.layout.fieldNames.length || this.table.dropsEmptyCells) return undefined;
		const { optOuts, bounces, statuses, optIns, signs } = this.layout.columns;
		const asked = [...optOuts, ...bounces, ...signs, ...[...statuses, ...optIns].map(({ index }) => index)];
		const missing = asked.find((index) => index >= cells.length);
		return missing === undefined ? undefined : this.layout.fieldNames[missing];
	}

	/** Why the cells of a row cannot be in their columns; undefined where they can. */
	private shiftOf(cells: readonly string[], recovered: boolean): string | undefined {
		const { width, columns, fieldNames } = this.layout;
		if (cells.length > width) return `The row has ${cells.length} cells, but the header has ${fieldNames.length}`;
		if (recovered && cells.length !== width)
			return 'The row stands inside a quotation that is never closed, and has too few cells';
		const wrong = columns.kinds.find(({ index, kind }) => !fitsKind(cells[index] ?? '', kind));
		return wrong === undefined
			? undefined
			: `The cells are shifted: the column ‘${fieldNames[wrong.index] ?? ''}’ holds something else than ${KIND_NAMES[wrong.kind]}`;
	}

	/** A row whose cells mean nothing. Where it speaks of an opt-out, every address in it has opted out; else none is subscribed. */
	private unreadable(
		line: number,
		code: RefusalCode,
		reason: string,
		text: string,
		cells: readonly string[],
	): RowReading {
		const addresses = addressesAnywhere(text);
		const strict = this.strictIn(cells);
		if (strict === undefined || addresses.length === 0)
			return { records: [], cells: [], refused: { code, reason, line }, doubtful: addresses };
		const records = addresses.map((address): AddressRecord => ({
			address,
			...strict,
			because: 'words',
			grade: 'none',
			table: this.table.index,
			line,
		}));
		return { records, cells: [], doubtful: [] };
	}

	private strictIn(cells: readonly string[]): TableStanding | undefined {
		const { nameStatus, blockStanding } = this.layout;
		const all = this.table.suppressed
			? 'optedOut'
			: stricter(nameStatus?.standing ?? 'subscribed', blockStanding ?? 'subscribed');
		if (isStrict(all))
			return { standing: all, status: nameStatus?.word ?? (all === 'optedOut' ? 'unsubscribed' : 'cleaned') };
		for (const cell of cells) {
			const standing = cell.length > 40 ? undefined : strictWordsIn(wordForm(cell));
			if (standing) return { standing, status: cell.trim() };
		}
		return undefined;
	}

	private withoutAddress(
		cells: readonly string[],
		line: number,
		fault: string | undefined,
		hidden: boolean,
	): RowReading['refused'] {
		if (hidden)
			return { code: 'HIDDEN_SHEET', reason: 'The row is of a hidden sheet, of which only opt-outs count', line };
		const first = wordForm(cells.find((cell) => cell.trim() !== '') ?? '');
		if (TOTALS.test(first)) return { code: 'TOTAL_ROW', reason: 'The row is a total, not a contact', line };
		return fault === undefined
			? { code: 'NO_ADDRESS', reason: 'The row has no e-mail address', line }
			: { code: 'MALFORMED_ADDRESS', reason: `The e-mail address ${fault}`, line };
	}
}

/** What the header of a column of addresses says of them. */
const ofColumn = (record: AddressRecord, standing: Standing, header: string): AddressRecord => ({
	...record,
	standing: stricter(standing, record.standing),
	status: header,
	because: 'words',
});

const ONE_STATUS = 'in doubt: the row has several addresses and one status';

const BETWEEN_CELLS = /[,;\t|\n"]/;

/** The cells that are an address, else all: a note may name another contact. */
function addressCells(cells: readonly string[]): string {
	const addresses = cells.filter(looksLikeAddress);
	return (addresses.length > 0 ? addresses : cells).join('\n');
}

const KIND_NAMES = { instant: 'a date', ip: 'an IP address', number: 'a number' } as const;

const TIMES = {
	optedOut: ['optOut'],
	bounced: ['bounce'],
	subscribed: ['consent', 'weak'],
	noConsent: ['consent', 'weak'],
} as const;

/** A row may hold an address twice; the record that allows least counts. */
function distinct(records: readonly AddressRecord[]): AddressRecord[] {
	if (records.length < 2) return [...records];
	const byAddress = new Map<string, AddressRecord>();
	for (const record of records) {
		const other = byAddress.get(record.address);
		if (!other || stricter(record.standing, other.standing) !== other.standing) byAddress.set(record.address, record);
	}
	return [...byAddress.values()];
}
