import type { FieldValue } from '../../../../core/contact/contact';
import { isContactKey } from '../../../../core/contact/contact';
import type { BrevoContact } from '../../api/types';
import { NUMBERS } from '../clearedValues';
import { digitsOf } from '../sameValue';
import { ByteHeap } from './compact/byteHeap';
import { ContactForm } from './compact/contactForm';
import type { IdentifierKind } from './compact/identifierIndex';
import { IdentifierIndex } from './compact/identifierIndex';
import { TextDictionary } from './compact/textDictionary';
import type { KeptContact } from './toHeldContact';
import { toKeptContact } from './toHeldContact';

const IDENTIFIERS = ['sourceKey', 'email', 'phone'] as const;
/** Few contacts have or had more than one key, or left an address while they were blocked. */
const FEW = ['otherKeys', 'leftEmails', 'lostKeys'] as const;
/** Identifiers of a contact, as a rule: its id, its address, its key, and of every second one a number. */
const IDENTIFIERS_EACH = 3.5;
/** Bytes of a contact that its place and its identifiers in the index take. */
const INDEX_BYTES = 32;
/** Values of contacts in hand that are too long to be kept. */
const MOST_IN_HAND = 20_000;
type Named = Exclude<IdentifierKind, 'id'>;
const SMALLEST_ROWS = 1_024;
/** Values are kept until this many bytes are used, however few contacts there are. */
const ROOM_AT_FIRST = 65_536;
const FREE = 0xff_ff_ff_ff;

export interface MirrorSize {
	/** How many contacts there will be, where that is known. */
	readonly expected?: number;
	/** Where all contacts together would take more than this each, values are left out. */
	readonly bytesPerContact?: number;
}

/**
 * Contacts of an account, findable by each identifier. Holds only the attributes it was made for, as bytes (see `ContactForm`):
 * about 90 bytes a contact with six short values. Values that would take more room than there is are not kept (`values` is undefined):
 * they are read again for the contacts of a batch, see `lookCloser`.
 */
export class ContactMirror {
	private readonly heap = new ByteHeap();
	private readonly form: ContactForm;
	private readonly index: IdentifierIndex;
	/** Where each contact is in the heap, by its row. */
	private rows = new Uint32Array(SMALLEST_ROWS).fill(FREE);
	private rowCount = 0;
	private readonly freeRows: number[] = [];
	/** Values that were too long to be kept, of contacts read for the batch at hand. */
	private readonly inHand = new Map<number, readonly FieldValue[]>();
	private keepsInHand = false;
	private readonly bytesPerContact: number;
	/** Which of the attributes are numbers that no two contacts share. */
	private readonly numbers: ReadonlyArray<{ readonly name: string; readonly at: number }>;
	/** Contacts that are owed a block or lists, see `KeptContact`. */
	readonly owing = new Set<number>();
	/** Contacts read for the batch at hand; `all` once every contact was. */
	private readNow: Set<number> | 'all' = new Set();

	/** `isWhole`: it holds every contact of the account, not only those of a batch and those that changed since. */
	constructor(
		readonly attributeNames: readonly string[],
		{ expected = 0, bytesPerContact = Infinity }: MirrorSize = {},
		readonly isWhole = true,
	) {
		this.form = new ContactForm(new TextDictionary(), attributeNames.length);
		this.index = new IdentifierIndex(expected * IDENTIFIERS_EACH);
		this.bytesPerContact = bytesPerContact;
		this.numbers = NUMBERS.map((name) => ({ name, at: attributeNames.indexOf(name) })).filter(({ at }) => at >= 0);
	}

	get size(): number {
		return this.rowCount - this.freeRows.length;
	}

	/** Bytes it takes, without the dictionary, which has 5 MB at most. */
	get bytes(): number {
		return this.heap.bytes + this.index.bytes + this.rows.byteLength;
	}

	put(contact: BrevoContact): void {
		const now = toKeptContact(contact, this.attributeNames);
		const row = this.rowOf(now.id);
		const known = row === undefined ? undefined : this.keptAt(row);
		const lostKeys = lostKeysOf(known, now);
		const read: KeptContact = lostKeys.length > 0 ? { ...now, lostKeys } : now;
		const allowed = ROOM_AT_FIRST + (this.bytesPerContact - INDEX_BYTES) * (this.size + 1);
		const room = allowed - this.heap.used + (row === undefined ? 0 : this.heap.roomAt(this.placeOf(row)));
		const { bytes, length } = this.form.write(read, room);
		const place = row ?? this.newRow(read.id);
		this.rows[place] =
			row === undefined ? this.heap.add(bytes, length) : this.heap.replace(this.placeOf(row), bytes, length);
		this.reindex(place, known, read);
		if (read.isOwed) this.owing.add(read.id);
		else this.owing.delete(read.id);
		if (this.readNow !== 'all') this.readNow.add(read.id);
		this.keepInHand(place, read);
	}

	remove(id: number): void {
		const row = this.rowOf(id);
		if (row === undefined) return;
		const contact = this.keptAt(row);
		for (const [kind, text] of this.identifiersOf(contact)) this.index.remove(kind, text, row);
		this.index.remove('id', String(id), row);
		this.heap.remove(this.placeOf(row));
		this.rows[row] = FREE;
		this.freeRows.push(row);
		this.owing.delete(id);
		this.inHand.delete(id);
	}

	/** A new batch begins: nothing was read for it, or everything. */
	beginBatch(readNow: 'none' | 'all'): void {
		this.readNow = readNow === 'all' ? 'all' : new Set();
		this.keepsInHand = true;
		this.inHand.clear();
	}

	/** Whether the contact was read for the batch at hand, so that its lists are as they are now. */
	isReadNow(id: number): boolean {
		return this.readNow === 'all' || this.readNow.has(id);
	}

	takeOffList(id: number, listId: number): void {
		this.changeLists(id, (listIds) => listIds.filter((other) => other !== listId));
	}

	putOnList(id: number, listId: number): void {
		this.changeLists(id, (listIds) => (listIds.includes(listId) ? listIds : [...listIds, listId]));
	}

	/** Ids of all contacts, in rising order. */
	ids(): Float64Array {
		const ids = new Float64Array(this.size);
		let count = 0;
		for (let row = 0; row < this.rowCount; row++) if (this.rows[row] !== FREE) ids[count++] = this.idAt(row);
		return ids.sort();
	}

	byId(id: number): KeptContact | undefined {
		return this.withValues(this.rowOf(id));
	}

	byKey(key: string): KeptContact | undefined {
		return this.withValues(this.find('sourceKey', key) ?? this.find('otherKeys', key) ?? this.find('lostKeys', key));
	}

	/** The contact that left this address while it was blocked. */
	byLeftEmail(email: string): KeptContact | undefined {
		return this.withValues(this.find('leftEmails', email));
	}

	byEmail(email: string): KeptContact | undefined {
		return this.withValues(this.find('email', email));
	}

	byPhone(phone: string): KeptContact | undefined {
		return this.withValues(this.find('phone', phone));
	}

	/**
	 * The contact that has the number `digits` in this attribute. `isSure`: false where its values are not kept, so that it may be
	 * another number.
	 */
	byNumber(name: string, digits: string): { readonly id: number; readonly isSure: boolean } | undefined {
		const text = `${name}:${digits}`;
		const row = this.find('number', text) ?? this.index.find('number', text, (other) => !this.keptAt(other).values);
		const kept = this.withValues(row);
		return kept && { id: kept.id, isSure: kept.values !== undefined };
	}

	private withValues(row: number | undefined): KeptContact | undefined {
		if (row === undefined) return undefined;
		const contact = this.keptAt(row);
		return contact.values ? contact : { ...contact, values: this.inHand.get(contact.id) };
	}

	private rowOf(id: number): number | undefined {
		return this.index.find('id', String(id), (row) => this.idAt(row) === id);
	}

	private find(kind: Named, text: string): number | undefined {
		return this.index.find(kind, text, (row) => this.hasIdentifier(this.keptAt(row), kind, text));
	}

	private idAt(row: number): number {
		const { slab, start } = this.heap.contentAt(this.placeOf(row));
		return this.form.readId(slab, start);
	}

	private placeOf(row: number): number {
		return this.rows[row] ?? FREE;
	}

	private keptAt(row: number): KeptContact {
		const { slab, start } = this.heap.contentAt(this.placeOf(row));
		return this.form.read(slab, start);
	}

	private newRow(id: number): number {
		const row = this.freeRows.pop() ?? this.rowCount++;
		if (row >= this.rows.length) {
			const larger = new Uint32Array(Math.ceil(this.rows.length * 1.25)).fill(FREE);
			larger.set(this.rows);
			this.rows = larger;
		}
		this.index.add('id', String(id), row);
		return row;
	}

	/** An identifier stands for the contact that it was last seen on. */
	private reindex(row: number, before: KeptContact | undefined, now: KeptContact): void {
		if (before)
			for (const [kind, text] of this.identifiersOf(before))
				if (!this.hasIdentifier(now, kind, text)) this.index.remove(kind, text, row);
		for (const [kind, text] of this.identifiersOf(now)) {
			const other = this.find(kind, text);
			if (other !== undefined && other !== row) this.index.remove(kind, text, other);
			if (other !== row) this.index.add(kind, text, row);
		}
	}

	private *identifiersOf(contact: KeptContact): Generator<readonly [Named, string]> {
		for (const name of IDENTIFIERS) if (contact[name] !== undefined) yield [name, contact[name]];
		for (const name of FEW) for (const text of contact[name] ?? []) yield [name, text];
		for (const text of this.numbersOf(contact)) yield ['number', text];
	}

	private hasIdentifier(contact: KeptContact, kind: Named, text: string): boolean {
		if (kind === 'number') return this.numbersOf(contact).includes(text);
		const value = contact[kind];
		return typeof value === 'string' ? value === text : value?.includes(text) === true;
	}

	private numbersOf({ values }: KeptContact): string[] {
		return this.numbers.flatMap(({ name, at }) => {
			const value = values?.[at];
			return value === undefined || value === null ? [] : [`${name}:${digitsOf(value)}`];
		});
	}

	private keepInHand(row: number, { id, values }: KeptContact): void {
		this.inHand.delete(id);
		if (!this.keepsInHand || this.inHand.size >= MOST_IN_HAND || !values) return;
		if (!this.keptAt(row).values) this.inHand.set(id, values);
	}

	private changeLists(id: number, change: (listIds: readonly number[]) => readonly number[]): void {
		const row = this.rowOf(id);
		if (row === undefined) return;
		const contact = this.keptAt(row);
		const listIds = change(contact.listIds);
		if (listIds === contact.listIds) return;
		const { bytes, length } = this.form.write({ ...contact, listIds }, Infinity);
		this.rows[row] = this.heap.replace(this.placeOf(row), bytes, length);
	}
}

/**
 * Keys of ours that another tool overwrote, since this mirror first saw the contact, and that no note on it tells. Where one key of
 * ours took the place of another, that was a decision of a run.
 */
function lostKeysOf(known: KeptContact | undefined, now: KeptContact): readonly string[] {
	const { sourceKey } = known ?? {};
	const isLost = sourceKey !== undefined && isContactKey(sourceKey) && !isContactKey(now.sourceKey ?? '');
	const lost = [...(known?.lostKeys ?? []), ...(isLost ? [sourceKey] : [])];
	return lost.filter((key) => key !== now.sourceKey && now.otherKeys?.includes(key) !== true);
}
