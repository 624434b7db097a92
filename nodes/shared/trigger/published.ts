import type { IPollFunctions } from 'n8n-workflow';
import type { Clock } from '../../../core/ports';

/**
 * n8n tells a poll that goes on nothing of its workflow being unpublished. But it stops the crons that belong to the workflow:
 * one of ours ticks while it is published, and a poll stops between two batches once the ticks stay away. A tick that is merely
 * late (n8n was busy) ends a poll early, and the next one goes on.
 */
const EVERY_SECONDS = 2;
/** A tick of so long ago needs no further proof. */
const FRESH_MS = EVERY_SECONDS * 1_000 + 500;
/** How long a tick is waited for that is overdue. */
const PATIENCE_MS = 3_000;
const LOOK_MS = 250;
const MOST_BEATS = 2_000;

interface Beat {
	/** The last tick, ms since 1970; undefined before the first one. */
	at?: number;
}

/** One beat for each publication, which n8n gives a context of its own. */
const ofContext = new WeakMap<object, Beat>();
/** The one that ticks now, by trigger. */
const ticking = new Map<string, Beat>();

/** Whether the workflow is still published. True as well where n8n gives no sign of it. */
export function publishedCheck(context: IPollFunctions, key: string, clock: Clock): () => Promise<boolean> {
	const beat = ofContext.get(context) ?? begin(context, key, clock);
	return async () => {
		for (let waited = 0; ; waited += LOOK_MS) {
			if (beat.at === undefined || clock.now() - beat.at <= FRESH_MS) return true;
			if (waited >= PATIENCE_MS) return false;
			await clock.sleep(LOOK_MS);
		}
	};
}

function begin(context: IPollFunctions, key: string, clock: Clock): Beat {
	// n8n's durable scheduler makes a context for each poll; the cron of the first one goes on.
	const known = ticking.get(key);
	if (known?.at !== undefined && clock.now() - known.at <= FRESH_MS && namesBudget(context)) return known;
	const beat: Beat = {};
	if (ticking.size >= MOST_BEATS) ticking.clear();
	ticking.set(key, beat);
	ofContext.set(context, beat);
	try {
		context.helpers.registerCron({ expression: `*/${EVERY_SECONDS} * * * * *` }, () => {
			const current = ticking.get(key);
			if (current) current.at = clock.now();
		});
	} catch {
		// Then nothing ticks, and a poll goes on to its end as it did before.
	}
	return beat;
}

/** Whether n8n names a time budget below the one that nothing enforces, as its durable scheduler does. */
const namesBudget = (context: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): boolean =>
	(context.getPollBudgetMs?.() ?? Infinity) < 300_000;
