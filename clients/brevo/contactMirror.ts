import type { BrevoContact } from './types';
import type { KeptContact } from './toHeldContact';
import { toKeptContact } from './toHeldContact';

/** All contacts of an account, findable by each identifier. Holds only the attributes it was made for. */
export class ContactMirror {
	private readonly contacts = new Map<number, KeptContact>();
	private readonly ids = {
		key: new Map<string, number>(),
		email: new Map<string, number>(),
		phone: new Map<string, number>(),
	};
	/** Most contacts are on the same few lists. */
	private readonly listSets = new Map<string, readonly number[]>();

	constructor(readonly attributeNames: readonly string[]) {}

	get size(): number {
		return this.contacts.size;
	}

	put(contact: BrevoContact): void {
		const kept = toKeptContact(contact, this.attributeNames);
		this.remove(kept.id);
		const entry = { ...kept, listIds: this.sharedLists(kept.listIds) };
		this.contacts.set(kept.id, entry);
		if (entry.sourceKey !== undefined) this.ids.key.set(entry.sourceKey, entry.id);
		if (entry.email !== undefined) this.ids.email.set(entry.email, entry.id);
		if (entry.phone !== undefined) this.ids.phone.set(entry.phone, entry.id);
	}

	remove(id: number): void {
		const known = this.contacts.get(id);
		if (!known) return;
		this.contacts.delete(id);
		for (const [index, name] of [
			[this.ids.key, known.sourceKey],
			[this.ids.email, known.email],
			[this.ids.phone, known.phone],
		] as const) {
			if (name !== undefined && index.get(name) === id) index.delete(name);
		}
	}

	takeOffList(id: number, listId: number): void {
		const known = this.contacts.get(id);
		if (known)
			this.contacts.set(id, { ...known, listIds: this.sharedLists(known.listIds.filter((other) => other !== listId)) });
	}

	byId(id: number): KeptContact | undefined {
		return this.contacts.get(id);
	}

	byKey(key: string): KeptContact | undefined {
		return this.found(this.ids.key.get(key));
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

	private sharedLists(listIds: readonly number[]): readonly number[] {
		const name = listIds.join(',');
		const known = this.listSets.get(name);
		if (known) return known;
		if (this.listSets.size < 10_000) this.listSets.set(name, listIds);
		return listIds;
	}
}
