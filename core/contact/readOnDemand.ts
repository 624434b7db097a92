import type { ContactChange } from './contact';
import type { Result } from '../result';

/** A contact of a source as a person or an item names it. Addresses are in the form of `addressForm`. */
export type ContactName =
	{ readonly kind: 'id'; readonly id: string } | { readonly kind: 'email'; readonly email: string };

export interface NamedContact {
	readonly contact: ContactChange;
	/** Positions of the names that led to it. */
	readonly names: readonly number[];
}

/** What was found for a list of names: each position is among `found`, or in `missing`. */
export interface NamedRead {
	/** Each record once; several where several have the address of a name. */
	readonly found: readonly NamedContact[];
	/** Why a name led to no contact, by position: "HubSpot has no contact …". */
	readonly missing: ReadonlyMap<number, string>;
}

/** Which part of a list or scope is read, in the order of record ids. */
export interface ReadRange {
	/** Most contacts. */
	readonly limit: number;
	/** Only contacts that changed at this instant or later, ms since 1970. */
	readonly since?: number | undefined;
	/** Only contacts whose record id comes after this one. */
	readonly after?: string | undefined;
}

export interface RangeRead {
	readonly contacts: readonly ContactChange[];
	/** The limit ended the reading before everything was read. */
	readonly more: boolean;
}

/** A source that is read on demand. Reading has no effect at the vendor. */
export interface OnDemandSource {
	/** Id of the account at the vendor, as in `ContactSource.account`. */
	readonly account: string;
	readRange(range: ReadRange): Promise<Result<RangeRead>>;
	readNamed(names: readonly ContactName[]): Promise<Result<NamedRead>>;
}

/** The positions of equal names together, by the text that `textOf` gives; names without one are left out. */
export function positionsBy(
	names: readonly ContactName[],
	textOf: (name: ContactName) => string | undefined,
): ReadonlyMap<string, readonly number[]> {
	const positions = new Map<string, number[]>();
	for (const [position, name] of names.entries()) {
		const text = textOf(name);
		if (text === undefined) continue;
		const known = positions.get(text);
		if (known) known.push(position);
		else positions.set(text, [position]);
	}
	return positions;
}

/** Collects the contacts found for names: each record once, whichever names led to it. */
export class NamedContacts {
	private readonly found = new Map<string, { contact: ContactChange; names: Set<number> }>();

	/** A record that is added again takes the later change: the one that tells of a merge is added last. */
	add(contact: ContactChange, names: readonly number[]): void {
		const known = this.found.get(contact.key);
		this.found.set(contact.key, { contact, names: new Set([...(known?.names ?? []), ...names]) });
	}

	/** What was found, with the reason for each of the `count` names that led to nothing. */
	read(count: number, reasonOf: (position: number) => string): NamedRead {
		const found = [...this.found.values()].map(({ contact, names }) => ({ contact, names: [...names] }));
		const led = new Set(found.flatMap(({ names }) => names));
		const missing = Array.from({ length: count }, (_, position) => position).filter((position) => !led.has(position));
		return { found, missing: new Map(missing.map((position) => [position, reasonOf(position)])) };
	}
}
