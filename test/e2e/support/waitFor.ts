import { setTimeout as pause } from 'node:timers/promises';
import { Patience } from '../../../demo/process/slowness';

/**
 * Asks again and again until the answer is neither undefined nor false. Throws with `what` and the last error when that
 * takes longer than `withinMs`, or what they are on a machine that is slower than usual.
 */
export async function waitFor<T>(
	what: string,
	ask: () => Promise<T | undefined | false> | T | undefined | false,
	{ withinMs = 60_000, everyMs = 250 } = {},
): Promise<T> {
	const patience = new Patience(withinMs);
	let problem = '';
	for (;;) {
		try {
			const answer = await ask();
			if (answer !== undefined && answer !== false) return answer;
			problem = '';
		} catch (error) {
			problem = `: ${error instanceof Error ? error.message : String(error)}`;
		}
		if (patience.isOver) throw new Error(`Waited ${patience.limitMs / 1000} s in vain for ${what}${problem}`);
		await pause(everyMs);
	}
}
