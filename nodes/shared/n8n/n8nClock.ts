import { sleep } from 'n8n-workflow';
import type { Clock } from '../../../core/ports';

/** Longest single wait: a cancelled execution is noticed after this time at the latest. */
const SLICE_MS = 1_000;

/** The real clock. With an abort signal (of an execution) a wait ends early when the run is cancelled. */
export function n8nClock(signal?: AbortSignal): Clock {
	return {
		now: () => Date.now(),
		sleep: async (ms) => {
			const end = Date.now() + ms;
			for (let left = ms; left > 0 && !signal?.aborted; left = end - Date.now()) await sleep(Math.min(left, SLICE_MS));
		},
	};
}
