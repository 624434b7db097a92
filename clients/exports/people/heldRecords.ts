import type { AddressRecord } from '../contacts/rowReading';
import { GRADES } from '../contacts/consent';
import { ownText } from '../recognise/headerForm';
import { STANDINGS } from '../recognise/statusWords';

/** A record as it is kept: all but its address, which is the key to it, and its cells, which stand at `place`. */
export interface HeldRecord extends Omit<AddressRecord, 'address'> {
	readonly place: number;
}

/** Numbers of a record, one after the other. */
const WIDTH = 8;
/** Records of one array. */
const RECORDS = 32_768;
const REASONS = ['words', 'yes', 'nothing', 'oneColumn'] as const;

/** The records of all files as numbers, in arrays of their own: as objects they would take five times the memory. */
export class HeldRecords {
	private readonly parts: Float64Array[] = [];
	private readonly statuses: string[] = [];
	private readonly statusNumbers = new Map<string, number>();
	private count = 0;

	get size(): number {
		return this.count;
	}

	/** Answers the number of the record. */
	add(record: Omit<HeldRecord, 'optIn'>): number {
		const number = this.count++;
		const at = (number % RECORDS) * WIDTH;
		if (at === 0) this.parts.push(new Float64Array(RECORDS * WIDTH));
		const part = this.parts[this.parts.length - 1]!;
		part[at] = record.table;
		part[at + 1] = record.line;
		part[at + 2] = record.place;
		part[at + 3] =
			STANDINGS.indexOf(record.standing) + 8 * REASONS.indexOf(record.because) + 64 * GRADES.indexOf(record.grade);
		part[at + 4] = this.numberOf(record.status);
		part[at + 5] = record.at ?? NaN;
		part[at + 6] = record.timeColumn ?? NaN;
		part[at + 7] = record.changedAt ?? NaN;
		return number;
	}

	read(number: number): HeldRecord {
		const part = this.parts[Math.floor(number / RECORDS)]!;
		const at = (number % RECORDS) * WIDTH;
		const signs = part[at + 3]!;
		const instant = part[at + 5]!;
		const changedAt = part[at + 7]!;
		return {
			table: part[at]!,
			line: part[at + 1]!,
			place: part[at + 2]!,
			standing: STANDINGS[signs & 7]!,
			because: REASONS[(signs >> 3) & 7]!,
			grade: GRADES[signs >> 6]!,
			status: this.statuses[part[at + 4]!] ?? '',
			...(Number.isNaN(instant) ? {} : { at: instant, timeColumn: part[at + 6]! }),
			...(Number.isNaN(changedAt) ? {} : { changedAt }),
		};
	}

	private numberOf(status: string): number {
		const known = this.statusNumbers.get(status);
		if (known !== undefined) return known;
		const own = ownText(status);
		this.statusNumbers.set(own, this.statuses.length);
		return this.statuses.push(own) - 1;
	}
}
