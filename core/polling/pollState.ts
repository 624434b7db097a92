import type { SourceIdentity } from './changeSource';

/** What a trigger keeps between polls: one small JSON value, always replaced as a whole. */
export interface PollState<Cursor> {
	readonly version: 1;
	readonly identity: SourceIdentity;
	/** Everything before it was delivered. Absent: nothing was. */
	readonly cursor?: Cursor;
	/** Number of the last batch that was acknowledged. */
	readonly sequence: number;
}

/** Where the state is kept. `write` replaces it. */
export interface StateStore {
	read(): unknown;
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
	return { version: 1, identity: { account, scope, credential }, cursor, sequence };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
