import type { ChangeSource, OptOutLook } from './changeSource';
import type { Result } from '../result';
import { ok } from '../result';

/**
 * The source with a question before anything else in a poll and before each further batch. Unless that is answered with ok,
 * the source is asked nothing. `fromNow`: it tells only what changes from its first reading on, so that one is not put off:
 * it goes on until somebody would be handed on, and only then the question is asked.
 */
export function askedFirst<Cursor>(
	source: ChangeSource<Cursor>,
	ask: () => Promise<Result<unknown>>,
	fromNow = false,
): ChangeSource<Cursor> {
	let asked = false;
	let beginning = false;
	return {
		...restOf(source),
		unasked: source,
		identify: async (previous, recheck) => {
			if (fromNow) return await source.identify(previous, recheck);
			const answer = await ask();
			if (answer.kind !== 'ok') return answer;
			asked = true;
			return await source.identify(previous, recheck);
		},
		readCursor: (stored) => source.readCursor(stored),
		readBatch: async (cursor) => {
			beginning ||= fromNow && cursor === undefined;
			if (beginning) {
				const begun = await source.readBatch(cursor);
				if (begun.kind !== 'ok' || begun.value.changes.length === 0) return begun;
				beginning = false;
				const answer = await ask();
				return answer.kind === 'ok' ? begun : answer;
			}
			const answer = asked ? ok(undefined) : await ask();
			if (answer.kind !== 'ok') return answer;
			const read = await source.readBatch(cursor);
			// Where nobody was handed on, the answer still holds.
			asked = read.kind === 'ok' && read.value.changes.length === 0;
			return read;
		},
	};
}

/** What a source may tell besides, for whatever is put around it. */
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
