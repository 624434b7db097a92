/** What a contact is found by. The same text as a key and as an address are two identifiers. */
export type IdentifierKind =
	'id' | 'sourceKey' | 'email' | 'phone' | 'number' | 'otherKeys' | 'leftEmails' | 'lostKeys';

const KIND_SEEDS: Readonly<Record<IdentifierKind, number>> = {
	id: 0x2545f491,
	sourceKey: 0x1b873593,
	email: 0x6a09e667,
	phone: 0x3c6ef372,
	number: 0xa54ff53a,
	otherKeys: 0x510e527f,
	leftEmails: 0x1f83d9ab,
	lostKeys: 0x5be0cd19,
};

const EMPTY = 0;
const REMOVED = 0xff_ff_ff_ff;
/** The largest number that has a place. */
export const LARGEST_PLACE = REMOVED - 2;
/** Places of the smallest table. */
const SMALLEST = 1_024;
/** How full a table gets. */
const FILL = 0.72;
/** A further table has room for this share of what there is. */
const GROWTH = 0.5;

interface Table {
	/** Numbers, one higher than they are: 0 is a place that was never used. */
	readonly numbers: Uint32Array;
	/** Eight bits of the identifier, so that few other ones are taken for it. */
	readonly prints: Uint8Array;
	/** Places that are not `EMPTY`. */
	used: number;
}

/**
 * Numbers (rows or ids of contacts) by identifier, about seven bytes for each. It keeps no identifiers: what it answers may belong
 * to another one (about one in 50 of those that are not there), so the caller has to look. Several numbers may stand under one identifier.
 */
export class IdentifierIndex {
	private readonly tables: Table[] = [];

	/** `expected`: how many identifiers there will be, where that is known. */
	constructor(private readonly expected = 0) {}

	get bytes(): number {
		return this.tables.reduce((sum, { numbers }) => sum + numbers.length * 5, 0);
	}

	/** The newest number under this identifier that `isIt` accepts. */
	find(kind: IdentifierKind, text: string, isIt: (value: number) => boolean): number | undefined {
		let found: number | undefined;
		this.eachPlace(hashOf(kind, text), (table, place) => {
			const value = (table.numbers[place] ?? EMPTY) - 1;
			if (!isIt(value)) return false;
			found = value;
			return true;
		});
		return found;
	}

	/** All numbers that may stand under this identifier. */
	candidates(kind: IdentifierKind, text: string): number[] {
		const found: number[] = [];
		this.eachPlace(hashOf(kind, text), (table, place) => {
			found.push((table.numbers[place] ?? EMPTY) - 1);
			return false;
		});
		return found;
	}

	/** Adds a number, once. */
	add(kind: IdentifierKind, text: string, value: number): void {
		const hash = hashOf(kind, text);
		let isThere = false;
		this.eachPlace(hash, (table, place) => {
			isThere = table.numbers[place] === value + 1;
			return isThere;
		});
		if (isThere) return;
		const table = this.tableWithRoom();
		const size = table.numbers.length;
		let place = hash % size;
		for (;;) {
			const held = table.numbers[place];
			if (held === EMPTY || held === REMOVED) {
				if (held === EMPTY) table.used += 1;
				table.numbers[place] = value + 1;
				table.prints[place] = printOf(hash);
				return;
			}
			place = place + 1 === size ? 0 : place + 1;
		}
	}

	remove(kind: IdentifierKind, text: string, value: number): void {
		this.eachPlace(hashOf(kind, text), (table, place) => {
			if (table.numbers[place] !== value + 1) return false;
			table.numbers[place] = REMOVED;
			return true;
		});
	}

	/** Visits the places in use that have the print of this hash, until `visit` answers true. */
	private eachPlace(hash: number, visit: (table: Table, place: number) => boolean): void {
		const print = printOf(hash);
		for (let index = this.tables.length - 1; index >= 0; index--) {
			const table = this.tables[index];
			if (!table) continue;
			const { numbers, prints } = table;
			const size = numbers.length;
			for (let place = hash % size; numbers[place] !== EMPTY; place = place + 1 === size ? 0 : place + 1)
				if (prints[place] === print && numbers[place] !== REMOVED && visit(table, place)) return;
		}
	}

	/** A table that is full stays as it is: without the identifiers no number could be given a new place. */
	private tableWithRoom(): Table {
		const last = this.tables.at(-1);
		if (last && last.used < last.numbers.length * FILL) return last;
		const held = this.tables.reduce((sum, { numbers }) => sum + numbers.length, 0);
		const wanted = this.tables.length === 0 ? this.expected / FILL : held * GROWTH;
		const size = Math.max(SMALLEST, Math.ceil(wanted) | 1);
		const table = { numbers: new Uint32Array(size), prints: new Uint8Array(size), used: 0 };
		this.tables.push(table);
		return table;
	}
}

/** 32 bits of a text (FNV-1a, then the finish of MurmurHash3), different for each kind. */
function hashOf(kind: IdentifierKind, text: string): number {
	let hash = KIND_SEEDS[kind];
	for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

/** Bits that say little about the place. */
const printOf = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> 24;
