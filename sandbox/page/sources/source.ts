/** What the page compares of a person on both sides. */
export interface Person {
	readonly email: string | null;
	readonly phone: string | null;
	readonly firstname: string | null;
	readonly lastname: string | null;
	/** Opted out in the source, blocklisted in Brevo. */
	readonly blocked: boolean;
}

export interface ListShown {
	readonly id: string;
	readonly name: string;
	readonly size: number;
}

/** How a record ceased to be a member; `converted` is a lead that became a contact. */
export type HowLeft = 'left' | 'deleted' | 'merged' | 'converted';

export interface SourceRecord {
	readonly id: string;
	readonly person: Person;
	/** Undefined: a member of the list that is shown. */
	readonly how?: HowLeft;
}

/** One list of a source system, as the page needs it. */
export interface Source {
	readonly system: string;
	readonly lists: readonly ListShown[];
	readonly list: ListShown | undefined;
	readonly requests: { readonly total: number; counts(): Readonly<Record<string, number>> };
	/** Members, the newest first. */
	newest(limit: number): SourceRecord[];
	/** Former members, the latest first. */
	former(limit: number): SourceRecord[];
	/** The key of a record: Brevo's `ext_id`, and what the other system carries. */
	keyOf(id: string): string;
	/** The record that carries a key of another system: what a sync between the two left there. */
	linkedTo(key: string): SourceRecord | undefined;
	/** The key of another system that a record carries. */
	linkOf(id: string): string | undefined;
	/** The record of a key or, where that is none of this source, of an address. */
	find(key: string | undefined, email: string | undefined): SourceRecord | undefined;
}
