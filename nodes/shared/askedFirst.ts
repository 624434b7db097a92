import type { ChangeSource } from '../../core/polling/changeSource';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';

/**
 * The source with a question before anything else in a poll and before each further batch. Unless that is answered with ok,
 * the source is asked nothing.
 */
export function askedFirst<Cursor>(
	source: ChangeSource<Cursor>,
	ask: () => Promise<Result<unknown>>,
): ChangeSource<Cursor> {
	let asked = false;
	return {
		identify: async (previous, recheck) => {
			const answer = await ask();
			if (answer.kind !== 'ok') return answer;
			asked = true;
			return await source.identify(previous, recheck);
		},
		readCursor: (stored) => source.readCursor(stored),
		readBatch: async (cursor) => {
			const answer = asked ? ok(undefined) : await ask();
			if (answer.kind !== 'ok') return answer;
			const read = await source.readBatch(cursor);
			// Where nobody was handed on, the answer still holds.
			asked = read.kind === 'ok' && read.value.changes.length === 0;
			return read;
		},
	};
}
