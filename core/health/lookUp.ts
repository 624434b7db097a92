import { isContactKey } from '../contact/contact';
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
	if (name.includes('@')) return { kind: 'address', mark: markOf(name) };
	return isContactKey(name) ? { kind: 'key', key: name } : { kind: 'id', id: name };
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
	const isMeant =
		query.kind === 'id'
			? ([key]: readonly [string, Trouble]) => key.endsWith(`:${query.id}`)
			: ([, { mark }]: readonly [string, Trouble]) => mark === query.mark;
	return [...troubles].filter(isMeant).map(([key, trouble]) => ({ key, trouble }));
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
