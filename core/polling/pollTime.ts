import type { PollSettings } from './pollParts';
import type { TriggerMemory } from './pollRegister';

/** Share of the time budget after which nothing new is begun. */
const BUDGET_SHARE = 0.9;
/** n8n gives an activation 84 s for its first poll. */
const SHELTERED_BUDGET_MS = 60_000;
/**
 * n8n does nothing else for a workflow until its activation's first poll has ended, also not unpublish it (its publication lock, seen
 * on 2.41.1). So that one is left early; the next poll, within a minute, goes on.
 */
const SHELTERED_DELIVERY_MS = 10_000;
/** n8n repeats an activation's first poll after 1, 2, 4 and 8 s; scheduled polls are a minute apart at least. */
const ACTIVATION_RETRY_MS = 20_000;

/** The instants that bound one poll, in ms since 1970. */
export interface PollTime {
	readonly startedAt: number;
	/** n8n waits for this poll while it activates the workflow: a throw would end the activation for good, see `SHOWN`. */
	readonly sheltered: boolean;
	/** Nothing new is begun after it. */
	readonly deadline: number;
	/** After it no further batch is emitted, and none waited for. */
	readonly deliveryDeadline: number;
}

/** The time of a poll that begins now, which is noted in `memory`. */
export function beginPoll(settings: PollSettings, memory: TriggerMemory, now: number): PollTime {
	const last = memory.lastStartedAt;
	if (settings.followsUp !== true) memory.lastStartedAt = now;
	const isFirst = last === undefined || now - last < ACTIVATION_RETRY_MS;
	const sheltered = !settings.spacedByHost && settings.followsUp !== true && isFirst;
	const isAwaited = sheltered || (settings.activating === true && !settings.spacedByHost);
	const budgetMs = isAwaited ? Math.min(settings.budgetMs, SHELTERED_BUDGET_MS) : settings.budgetMs;
	const deadline = now + budgetMs * BUDGET_SHARE;
	return {
		startedAt: now,
		sheltered,
		deadline,
		deliveryDeadline: isAwaited ? Math.min(deadline, now + SHELTERED_DELIVERY_MS) : deadline,
	};
}
