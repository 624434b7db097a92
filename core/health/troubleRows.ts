import { createHash } from 'node:crypto';
import type { HealthState, Trouble } from './healthState';
import { nextTryText, troubleText } from './troubleText';
import type { Statement, TroubleKind } from './statement';

/** A contact that is not in sync, as people read it in the data table. Only what was chosen is filled among the last three. */
export interface TroubleRow {
	readonly sync: string;
	readonly key: string;
	readonly status: TroubleKind;
	readonly reason: string;
	/** ISO 8601 in UTC. */
	readonly since: string;
	readonly lastSeen: string;
	readonly nextTry: string;
	readonly whatToDo: string;
	readonly address: string;
	readonly values: string;
	/** Names this version of the row. */
	readonly entry: string;
}

/** What of the contact itself is kept in the table. */
export interface KeptDetails {
	readonly details: boolean;
}

/** Signs of an entry. */
const ENTRY_LENGTH = 16;

/** The name of the row: a row is never changed, so what it says belongs to its name. */
export const entryOf = (sync: string, key: string, { kind, code, since, seen, until, left }: Trouble): string =>
	createHash('sha256')
		.update(JSON.stringify([sync, key, kind, code, since, seen, until, left]))
		.digest('base64url')
		.slice(0, ENTRY_LENGTH);

/** An instant of a trouble as other nodes read it. */
export const secondText = (seconds: number): string => new Date(seconds * 1_000).toISOString();

export function rowOf(sync: string, key: string, trouble: Trouble, told?: Statement, keeps?: KeptDetails): TroubleRow {
	const { address = '', message, values } = keeps?.details ? (told?.trouble ?? {}) : {};
	return {
		sync,
		key,
		status: trouble.kind,
		reason: trouble.code,
		since: secondText(trouble.since),
		lastSeen: secondText(trouble.seen),
		nextTry: nextTryText(trouble),
		whatToDo: message ?? troubleText(trouble.code),
		address,
		values: values === undefined ? '' : JSON.stringify(values),
		entry: entryOf(sync, key, trouble),
	};
}

/** How the rows have to change after a state was written. */
export interface RowChanges {
	readonly added: ReadonlyArray<readonly [key: string, trouble: Trouble]>;
	/** Entries. */
	readonly removed: readonly string[];
}

export function rowChanges(sync: string, before: HealthState, after: HealthState): RowChanges {
	const added = [...after.troubles].filter(([key, trouble]) => {
		const known = before.troubles.get(key);
		return known === undefined || (known !== trouble && entryOf(sync, key, known) !== entryOf(sync, key, trouble));
	});
	const removed = [...before.troubles].flatMap(([key, trouble]) => {
		const now = after.troubles.get(key);
		if (now === trouble) return [];
		const entry = entryOf(sync, key, trouble);
		return now !== undefined && entryOf(sync, key, now) === entry ? [] : [entry];
	});
	return { added, removed };
}

/** How rows differ from the state: what a process that died, or a person, left over or away. */
export function rowRepairs(
	sync: string,
	state: HealthState,
	rows: readonly (Pick<TroubleRow, 'entry'> & { readonly id: number })[],
): { readonly missing: RowChanges['added']; readonly tooMany: readonly number[] } {
	const wanted = new Map([...state.troubles].map((pair) => [entryOf(sync, pair[0], pair[1]), pair] as const));
	const found = new Set<string>();
	const tooMany: number[] = [];
	for (const { id, entry } of rows) {
		if (wanted.has(entry) && !found.has(entry)) found.add(entry);
		else tooMany.push(id);
	}
	return { missing: [...wanted].flatMap(([entry, pair]) => (found.has(entry) ? [] : [pair])), tooMany };
}
