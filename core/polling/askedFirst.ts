import type { ChangeSource, OptOutLook } from './changeSource';
import type { Result } from '../result';
import { ok } from '../result';

/**
 * The source with a check (`ask`, e.g. whether a quota is used up) before it is read: once before the first call of a poll, and
 * again before each batch that follows one with changes. While the check fails, its failure is the answer and the source is not
 * called.
 *
 * `fromNow`: the first sync emits nothing and only sets the starting point, which must not be put off. It is read without the
 * check, until a batch with changes comes; the check stands before that batch is emitted.
 */
export function askedFirst<Cursor>(
	source: ChangeSource<Cursor>,
	ask: () => Promise<Result<unknown>>,
	fromNow = false,
): ChangeSource<Cursor> {
	/** The last check passed, and no change was read since. */
	let passed = false;
	/** The first sync of `fromNow` is being read. */
	let setsStart = false;
	return {
		...restOf(source),
		unasked: source,
		askAgain: ask,
		identify: async (previous, recheck) => {
			if (fromNow) return await source.identify(previous, recheck);
			const answer = await ask();
			if (answer.kind !== 'ok') return answer;
			passed = true;
			return await source.identify(previous, recheck);
		},
		readCursor: (stored) => source.readCursor(stored),
		readBatch: async (cursor, room) => {
			setsStart ||= fromNow && cursor === undefined;
			if (setsStart) {
				const begun = await source.readBatch(cursor, room);
				if (begun.kind !== 'ok' || begun.value.changes.length === 0) return begun;
				setsStart = false;
				const answer = await ask();
				return answer.kind === 'ok' ? begun : answer;
			}
			const answer = passed ? ok(undefined) : await ask();
			if (answer.kind !== 'ok') return answer;
			const read = await source.readBatch(cursor, room);
			passed = read.kind === 'ok' && read.value.changes.length === 0;
			return read;
		},
	};
}

/** The optional methods of a source, for a source that is wrapped around it. */
export function restOf<Cursor>(
	source: ChangeSource<Cursor>,
): Pick<ChangeSource<Cursor>, 'readOptOuts' | 'withHeld' | 'unasked'> {
	const { unasked } = source;
	return {
		...(source.readOptOuts ? { readOptOuts: async (cursor, seen) => await readOptOutsOf(source, cursor, seen) } : {}),
		...(source.withHeld ? { withHeld: (cursor, ids) => source.withHeld?.(cursor, ids) ?? cursor } : {}),
		...(unasked ? { unasked } : {}),
	};
}

async function readOptOutsOf<Cursor>(
	source: ChangeSource<Cursor>,
	cursor: Cursor | undefined,
	seen: string | undefined,
): Promise<Result<OptOutLook>> {
	return (await source.readOptOuts?.(cursor, seen)) ?? ok({ changes: [], seen: seen ?? '' });
}
