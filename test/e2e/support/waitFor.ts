import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither undefined nor false. Throws with `what` and the last error when that
 * takes longer than `withinMs`.
 */
export async function waitFor<T>(
	what: string,
	ask: () => Promise<T | undefined | false> | T | undefined | false,
	{ withinMs = 60_000, everyMs = 250 } = {},
): Promise<T> {
	const until = Date.now() + withinMs;
	let problem = '';
	for (;;) {
		try {
			const answer = await ask();
			if (answer !== undefined && answer !== false) return answer;
			problem = '';
		} catch (error) {
			problem = `: ${error instanceof Error ? error.message : String(error)}`;
		}
		if (Date.now() > until) throw new Error(`Waited ${withinMs / 1000} s in vain for ${what}${problem}`);
		await pause(everyMs);
	}
}
