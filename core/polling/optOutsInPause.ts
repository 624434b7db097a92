import type { ContactChange } from '../contact/contact';
import type { Clock, Log } from '../ports';
import type { ChangeSource } from './changeSource';
import { sameOrigin } from './changeSource';
import type { OptOutsInPause, PollState } from './pollState';

/** HB-19: a sync that pauses looks for opt-outs at most this often. */
const LOOK_MS = 60 * 60_000;

export interface OptOutsFound {
	readonly changes: readonly ContactChange[];
	/** To be stored once they are acknowledged. */
	readonly after: OptOutsInPause;
}

/**
 * Opt-outs to emit while a sync pauses. Undefined, without a call, where the last look was less than an hour ago or the source has
 * no `readOptOuts`; undefined too where that finds none. The time of the look is stored before it begins.
 */
export async function lookForOptOuts<Cursor>(
	source: ChangeSource<Cursor>,
	state: PollState<Cursor>,
	{ clock, log }: { readonly clock: Clock; readonly log: Log },
	write: (state: PollState<Cursor>) => void,
): Promise<OptOutsFound | undefined> {
	const now = clock.now();
	const sinceLook = now - (state.optOuts?.lookedAt ?? -Infinity);
	if (!source.readOptOuts || (sinceLook >= 0 && sinceLook < LOOK_MS)) return undefined;
	const identified = await source.identify(state.identity, false);
	if (identified.kind === 'ok') {
		if (!sameOrigin(identified.value, state.identity)) return undefined;
	} else if (identified.code !== 'QUOTA_USED_UP') return undefined;
	write({ ...state, optOuts: { ...state.optOuts, lookedAt: now } });
	const look = await source.readOptOuts(state.cursor, state.optOuts?.seen);
	if (look.kind !== 'ok') {
		log.warn(`Opt-outs could not be read during the pause: ${look.code}: ${look.reason}`);
		return undefined;
	}
	const after = { seen: look.value.seen, lookedAt: now };
	if (look.value.changes.length > 0) return { changes: look.value.changes, after };
	write({ ...state, optOuts: after });
	return undefined;
}
