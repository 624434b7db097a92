import type { Failure } from '../result';
import { BoundedMap } from '../boundedMap';
import type { HeadRow } from './healthBook';
import type { HealthBatch } from './healthState';
import type { StoredState } from './stateCell';

/** What a process remembers of a sync between two batches. */
export interface SyncMemory {
	/** The state as this process wrote it last; another process may have written since. */
	head?: { readonly row: HeadRow; readonly stored: StoredState };
	/** Batches that are not recorded yet. */
	readonly backlog: HealthBatch[];
	/** Batches that there was no room for. */
	dropped: number;
	/** Entries of rows that are to be removed. */
	readonly outdated: Set<string>;
	/** Whether the rows were compared with the state since this process began, or since a write of them failed. */
	rowsKnown: boolean;
	/** Days that have a row, and are still among `HealthState.ended`. */
	readonly storedDays: Set<string>;
	/** Nothing is called before, ms since 1970; and why. */
	restUntil: number;
	restReason: Failure | undefined;
}

const MOST_SYNCS = 200;
/** Batches that are kept in mind while n8n's API does not answer, and statements in all. */
const MOST_BATCHES = 200;
const MOST_STATEMENTS = 50_000;

/** What this process remembers of its syncs. A new one begins with nothing, as after a restart of n8n. */
export class ProcessMemory {
	private readonly syncs = new BoundedMap<SyncMemory>(MOST_SYNCS);

	of(book: string, sync: string): SyncMemory {
		const name = JSON.stringify([book, sync]);
		const known = this.syncs.get(name) ?? {
			backlog: [],
			dropped: 0,
			outdated: new Set<string>(),
			rowsKnown: false,
			storedDays: new Set<string>(),
			restUntil: 0,
			restReason: undefined,
		};
		this.syncs.set(name, known);
		return known;
	}
}

export function keepForLater(memory: SyncMemory, batch: HealthBatch): void {
	memory.backlog.push(batch);
	let statements = memory.backlog.reduce((sum, { statements: all }) => sum + all.length, 0);
	while (memory.backlog.length > 1 && (memory.backlog.length > MOST_BATCHES || statements > MOST_STATEMENTS)) {
		statements -= memory.backlog.shift()?.statements.length ?? 0;
		memory.dropped += 1;
	}
}
