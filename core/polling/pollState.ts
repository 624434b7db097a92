import type { SourceIdentity } from './changeSource';
import { isRecord } from '../json';

/** What a trigger keeps between polls: one small JSON value, always replaced as a whole. */
export interface PollState<Cursor> {
	readonly version: 1;
	readonly identity: SourceIdentity;
	/** Everything before it was delivered. Absent: nothing was. */
	readonly cursor?: Cursor;
	/** Number of the last batch that was acknowledged. */
	readonly sequence: number;
	/** The node that stored it. Absent in states of older versions. */
	readonly owner?: StateOwner;
	/** Where the contacts go, read from the settings of the nodes after the trigger. Absent where nothing was known. */
	readonly destination?: string;
	/** True until the first batch after a beginning without a memory was acknowledged. */
	readonly beginning?: boolean;
	/** Begun anew because a person asked for it (`PollSettings.again`). */
	readonly begunAgain?: boolean;
	/** How far opt-outs were emitted while the sync pauses. Absent while it does not. */
	readonly optOuts?: OptOutsInPause;
}

/** n8n keeps a state under the name of its node, which may change, and copies it along with a workflow. */
export interface StateOwner {
	readonly workflow: string;
	readonly node: string;
}

export interface OptOutsInPause {
	/** What the last look returned; absent where none was acknowledged. */
	readonly seen?: string;
	/** Begin of the last look, ms since 1970. */
	readonly lookedAt: number;
}

/** Where the state is kept. `write` replaces it. */
export interface StateStore {
	read(): unknown;
	/** States kept for other nodes of the workflow, or under names a node had before. */
	readOthers?(): readonly unknown[];
	write(state: PollState<unknown>): void;
}

/** The stored state, or undefined when there is none or it is of another form: then the trigger begins anew. */
export function readState<Cursor>(
	stored: unknown,
	readCursor: (stored: unknown) => Cursor | undefined,
): PollState<Cursor> | undefined {
	if (!isRecord(stored) || stored.version !== 1 || !isRecord(stored.identity)) return undefined;
	const { account, scope, credential } = stored.identity;
	if (typeof account !== 'string' || typeof scope !== 'string' || typeof credential !== 'string') return undefined;
	const sequence =
		typeof stored.sequence === 'number' && Number.isSafeInteger(stored.sequence) ? Math.max(0, stored.sequence) : 0;
	const cursor = stored.cursor === undefined ? undefined : readCursor(stored.cursor);
	return {
		version: 1,
		identity: { account, scope, credential },
		cursor,
		sequence,
		...readOwner(stored.owner),
		...(typeof stored.destination === 'string' ? { destination: stored.destination } : {}),
		...(stored.beginning === true ? { beginning: true } : {}),
		...(stored.begunAgain === true ? { begunAgain: true } : {}),
		...readOptOuts(stored.optOuts),
	};
}

function readOwner(value: unknown): { owner?: StateOwner } {
	if (!isRecord(value)) return {};
	const { workflow, node } = value;
	return typeof workflow === 'string' && typeof node === 'string' ? { owner: { workflow, node } } : {};
}

function readOptOuts(value: unknown): { optOuts?: OptOutsInPause } {
	if (!isRecord(value) || typeof value.lookedAt !== 'number') return {};
	const { seen, lookedAt } = value;
	return { optOuts: { lookedAt, ...(typeof seen === 'string' ? { seen } : {}) } };
}
