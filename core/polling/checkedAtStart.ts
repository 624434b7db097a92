import type { ChangeSource } from './changeSource';
import type { Result } from '../result';
import { restOf } from './askedFirst';

/**
 * The source with a check of its settings when it is identified for the first time in a process (`recheck`), so that wrong
 * settings show up when a workflow is published and not when the first contact changes. Later polls go without it.
 */
export function checkedAtStart<Cursor>(
	source: ChangeSource<Cursor>,
	check: () => Promise<Result<unknown>>,
): ChangeSource<Cursor> {
	return {
		...restOf(source),
		identify: async (previous, recheck) => {
			const identified = await source.identify(previous, recheck);
			if (identified.kind !== 'ok' || !recheck) return identified;
			const checked = await check();
			return checked.kind === 'ok' ? identified : checked;
		},
		readCursor: (stored) => source.readCursor(stored),
		readBatch: async (cursor, room) => await source.readBatch(cursor, room),
	};
}
