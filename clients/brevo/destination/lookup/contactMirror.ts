import { isContactKey } from '../../../../core/contact/contact';
import type { BrevoContact } from '../../api/types';
import type { KeptContact } from './toHeldContact';
import { toKeptContact } from './toHeldContact';

const IDENTIFIERS = ['sourceKey', 'email', 'phone'] as const;
type Identifier = (typeof IDENTIFIERS)[number];
const FEW = ['otherKeys', 'leftEmails', 'lostKeys'] as const;

/** All contacts of an account, findable by each identifier. Holds only the attributes it was made for. */
export class ContactMirror {
	private readonly contacts = new Map<number, KeptContact>();
	private readonly ids: Readonly<Record<Identifier, Map<string, number>>> = {
		sourceKey: new Map(),
		email: new Map(),
		phone: new Map(),
	};
	/** Few contacts have or had more than one key, or left an address while they were blocked. */
	private readonly more: Readonly<Record<(typeof FEW)[number], Map<string, number>>> = {
		otherKeys: new Map(),
		leftEmails: new Map(),
		lostKeys: new Map(),
	};
	/** Contacts that are owed a block or lists, see `KeptContact`. */
	readonly owing = new Set<number>();
	/** Contacts read for the batch at hand; `all` once every contact was. */
	private readNow: Set<number> | 'all' = new Set();
	/** Most contacts are on the same few lists. */
	private readonly listSets = new Map<string, readonly number[]>();

	constructor(readonly attributeNames: readonly string[]) {}

	get size(): number {
		return this.contacts.size;
	}

	/**
	 * Most contacts come again with the identifiers they had. Those are not deleted and set anew: a Map keeps the room of what
	 * was deleted, which made each index twice as large.
	 */
	put(contact: BrevoContact): void {
		const now = toKeptContact(contact, this.attributeNames);
		const known = this.contacts.get(now.id);
		const lostKeys = lostKeysOf(known, now);
		const read: KeptContact = lostKeys.length > 0 ? { ...now, lostKeys } : now;
		const identifiers: { [name in Identifier]?: string } = {};
		for (const name of IDENTIFIERS) {
			const [before, now] = [known?.[name], read[name]];
			// Of two equal texts the one that the index holds already: the other can go.
			identifiers[name] = before === now ? before : now;
			if (before !== now) this.unindex(name, before, read.id);
			if (now !== undefined) this.ids[name].set(now, read.id);
		}
		for (const name of FEW) {
			for (const value of known?.[name] ?? [])
				if (this.more[name].get(value) === read.id) this.more[name].delete(value);
			for (const value of read[name] ?? []) this.more[name].set(value, read.id);
		}
		if (read.isOwed) this.owing.add(read.id);
		else this.owing.delete(read.id);
		if (this.readNow !== 'all') this.readNow.add(read.id);
		this.contacts.set(read.id, { ...read, ...identifiers, listIds: this.sharedLists(read.listIds) });
	}

	remove(id: number): void {
		const known = this.contacts.get(id);
		if (!known) return;
		this.contacts.delete(id);
		this.owing.delete(id);
		for (const name of IDENTIFIERS) this.unindex(name, known[name], id);
		for (const name of FEW)
			for (const value of known[name] ?? []) if (this.more[name].get(value) === id) this.more[name].delete(value);
	}

	/** A new batch begins: nothing was read for it, or everything. */
	beginBatch(readNow: 'none' | 'all'): void {
		this.readNow = readNow === 'all' ? 'all' : new Set();
	}

	/** Whether the contact was read for the batch at hand, so that its lists are as they are now. */
	isReadNow(id: number): boolean {
		return this.readNow === 'all' || this.readNow.has(id);
	}

	takeOffList(id: number, listId: number): void {
		const known = this.contacts.get(id);
		if (known)
			this.contacts.set(id, { ...known, listIds: this.sharedLists(known.listIds.filter((other) => other !== listId)) });
	}

	putOnList(id: number, listId: number): void {
		const known = this.contacts.get(id);
		if (known && !known.listIds.includes(listId))
			this.contacts.set(id, { ...known, listIds: this.sharedLists([...known.listIds, listId]) });
	}

	all(): IterableIterator<KeptContact> {
		return this.contacts.values();
	}

	byId(id: number): KeptContact | undefined {
		return this.contacts.get(id);
	}

	byKey(key: string): KeptContact | undefined {
		return this.found(this.ids.sourceKey.get(key) ?? this.more.otherKeys.get(key) ?? this.more.lostKeys.get(key));
	}

	/** The contact that left this address while it was blocked. */
	byLeftEmail(email: string): KeptContact | undefined {
		return this.found(this.more.leftEmails.get(email));
	}

	byEmail(email: string): KeptContact | undefined {
		return this.found(this.ids.email.get(email));
	}

	byPhone(phone: string): KeptContact | undefined {
		return this.found(this.ids.phone.get(phone));
	}

	private found(id: number | undefined): KeptContact | undefined {
		return id === undefined ? undefined : this.contacts.get(id);
	}

	private unindex(name: Identifier, value: string | undefined, id: number): void {
		if (value !== undefined && this.ids[name].get(value) === id) this.ids[name].delete(value);
	}

	private sharedLists(listIds: readonly number[]): readonly number[] {
		const name = listIds.join(',');
		const known = this.listSets.get(name);
		if (known) return known;
		if (this.listSets.size < 10_000) this.listSets.set(name, listIds);
		return listIds;
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
