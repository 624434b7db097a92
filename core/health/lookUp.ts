import { isContactKey, recordIdOf } from '../contact/contact';
import type { ReasonCode } from '../outcome';
import type { HealthState, Trouble } from './healthState';

/** A sync by its name, as it stands. */
export interface KnownSync {
	readonly sync: string;
	readonly state: HealthState;
}

/** How a person names a contact. */
export type ContactQuery =
	| { readonly kind: 'key'; readonly key: string }
	| { readonly kind: 'id'; readonly id: string }
	| { readonly kind: 'address'; readonly mark: string };

/** Undefined: the text names nothing. */
export function queryOf(text: string, markOf: (address: string) => string): ContactQuery | undefined {
	const name = text.trim();
	if (name === '') return undefined;
	// Contacts of export files have their address in the key.
	if (isContactKey(name)) return { kind: 'key', key: name };
	return name.includes('@') ? { kind: 'address', mark: markOf(name) } : { kind: 'id', id: name };
}

export interface FoundTrouble {
	readonly key: string;
	readonly trouble: Trouble;
}

/** The contacts of a sync that are meant and are not in sync; of an address or an id there may be several. */
export function findTroubles({ troubles }: HealthState, query: ContactQuery): readonly FoundTrouble[] {
	if (query.kind === 'key') {
		const trouble = troubles.get(query.key);
		return trouble === undefined ? [] : [{ key: query.key, trouble }];
	}
	const { byId, byMark } = indexOf(troubles);
	return (query.kind === 'id' ? byId.get(query.id) : byMark.get(query.mark)) ?? [];
}

interface TroubleIndex {
	readonly byId: ReadonlyMap<string, readonly FoundTrouble[]>;
	readonly byMark: ReadonlyMap<string, readonly FoundTrouble[]>;
}

const indexes = new WeakMap<HealthState['troubles'], TroubleIndex>();

/** Made once for a state: many contacts may be looked up among many. */
function indexOf(troubles: HealthState['troubles']): TroubleIndex {
	const made = indexes.get(troubles);
	if (made) return made;
	const [byId, byMark] = [new Map<string, FoundTrouble[]>(), new Map<string, FoundTrouble[]>()];
	const add = (index: Map<string, FoundTrouble[]>, name: string, found: FoundTrouble): void => {
		const known = index.get(name);
		if (known) known.push(found);
		else index.set(name, [found]);
	};
	for (const [key, trouble] of troubles) {
		add(byId, recordIdOf(key), { key, trouble });
		if (trouble.mark !== undefined) add(byMark, trouble.mark, { key, trouble });
	}
	const index = { byId, byMark };
	indexes.set(troubles, index);
	return index;
}

/** Which contacts are to be read and synced once more. */
export interface ResendChoice {
	readonly kinds: ReadonlySet<Trouble['kind']>;
	/** Absent: for any reason. */
	readonly code?: ReasonCode;
}

/** The contacts of a cause, those that wait for the longest time first. */
export const toResend = ({ troubles }: HealthState, { kinds, code }: ResendChoice): readonly FoundTrouble[] =>
	[...troubles]
		.filter(([, trouble]) => kinds.has(trouble.kind) && (code === undefined || trouble.code === code))
		.map(([key, trouble]) => ({ key, trouble }))
		.sort((a, b) => a.trouble.since - b.trouble.since);
