import type { ReasonCode } from '../outcome';
import type { Statement, TroubleKind } from './statement';

/** A contact that is not in sync. Instants are whole seconds since 1970. */
export interface Trouble {
	readonly kind: TroubleKind;
	readonly code: ReasonCode;
	/** Since when it is out of sync without a break, for whatever reason. */
	readonly since: number;
	/** When a batch last had it. */
	readonly seen: number;
	/** When it is tried again by itself, where that is known. */
	readonly until?: number;
	/** It left the source; only taking it off the list is left to do. */
	readonly left?: true;
	/** Its address as `addressMark` turns it into a mark, where it has one. */
	readonly mark?: string;
}

/** How a day ended, or stands. */
export interface DayCounts {
	/** `2026-11-29`, in the time zone of the workflow. */
	readonly day: string;
	/** Undefined: no trigger said how many contacts it follows. */
	readonly inSync?: number;
	readonly excluded: number;
	readonly failing: number;
	readonly waiting: number;
	/** Contacts created, updated or taken off the list on this day. */
	readonly writes: number;
	/** Calls to the destination. */
	readonly calls: number;
}

/** How a sync stands. */
export interface HealthState {
	readonly troubles: ReadonlyMap<string, Trouble>;
	/** Contacts that the trigger follows, those of its last batch included. */
	readonly members?: number;
	readonly day: string;
	readonly writes: number;
	readonly calls: number;
	/** When the last batch was recorded, in ms since 1970. */
	readonly at: number;
	/** Days that ended, the earliest first, until they have a row of their own. */
	readonly ended: readonly DayCounts[];
	/** Further contacts with trouble that there was no room for. */
	readonly overflow: number;
}

/** What one execution has to tell. */
export interface HealthBatch {
	readonly statements: readonly Statement[];
	readonly members?: number;
	readonly calls: number;
	/** Ms since 1970. */
	readonly at: number;
	/** The local day of `at`. */
	readonly day: string;
}

/** Contacts of a sync that are kept; beyond that the cause has to be mended first, and the cell would grow too large. */
export const MOST_TROUBLES = 50_000;

/** Nothing is recorded so late: batches wait for hours at most, and the days of two time zones are apart by less. */
const MOST_BEHIND_MS = 36 * 60 * 60_000;

export const beginning = (at: number, day: string): HealthState => ({
	troubles: new Map(),
	day,
	writes: 0,
	calls: 0,
	at,
	ended: [],
	overflow: 0,
});

/**
 * The state once a batch is recorded. Recording a batch twice changes nothing but the calls, and a contact that is in sync again or
 * left has no trouble any more.
 */
export function afterBatch(
	state: HealthState,
	batch: HealthBatch,
	markOf: (address: string) => string | undefined,
): HealthState {
	const troubles = new Map(state.troubles);
	let { overflow } = state;
	let writes = 0;
	const at = Math.floor(batch.at / 1_000);
	for (const { key, trouble, mergedFrom, writes: written } of batch.statements) {
		writes += written;
		for (const merged of mergedFrom) if (merged !== key) troubles.delete(merged);
		const before = troubles.get(key);
		if (trouble === undefined) {
			troubles.delete(key);
			continue;
		}
		if (before === undefined && troubles.size >= MOST_TROUBLES) {
			overflow += 1;
			continue;
		}
		const { kind, code, until, left, address } = trouble;
		const mark = address === undefined ? before?.mark : markOf(address);
		troubles.set(key, {
			kind,
			code,
			since: before?.since ?? at,
			seen: Math.max(at, before?.seen ?? 0),
			...(until === undefined ? {} : { until: Math.floor(until / 1_000) }),
			...(left ? { left } : {}),
			...(mark === undefined ? {} : { mark }),
		});
	}
	// A clock that was put back, or a workflow in another time zone, begins no day anew.
	const isNewDay = batch.day > state.day;
	// But one that was wrong by days is right again: else no day would end until then.
	const wasAhead = state.at - batch.at > MOST_BEHIND_MS;
	return {
		troubles,
		...(batch.members === undefined ? membersOf(state) : { members: batch.members }),
		day: isNewDay || wasAhead ? batch.day : state.day,
		writes: (isNewDay ? 0 : state.writes) + writes,
		calls: (isNewDay ? 0 : state.calls) + batch.calls,
		at: wasAhead ? batch.at : Math.max(batch.at, state.at),
		ended: isNewDay ? [...state.ended, countsOf(state)] : state.ended,
		overflow: troubles.size < MOST_TROUBLES ? 0 : overflow,
	};
}

const membersOf = ({ members }: HealthState): { members?: number } => (members === undefined ? {} : { members });

/** How many contacts are in sync, and how many are not, by kind. */
export function countsOf({ troubles, members, day, writes, calls, overflow }: HealthState): DayCounts {
	const counts: Record<TroubleKind, number> = { excluded: 0, failing: 0, waiting: 0 };
	let leavers = 0;
	for (const { kind, left } of troubles.values()) {
		counts[kind] += 1;
		// The trigger does not follow them any more.
		if (left) leavers += 1;
	}
	const outOfSync = troubles.size - leavers + overflow;
	return {
		day,
		...(members === undefined ? {} : { inSync: Math.max(0, members - outOfSync) }),
		...counts,
		writes,
		calls,
	};
}
