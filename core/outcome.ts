import type { FieldValue } from './contact/contact';
import type { Reason } from './reasons';
import { REASONS } from './reasons';

/** How a contact left a node. `held` (over quota) is counted beside these by Quota Guard. */
export type OutcomeStatus = 'created' | 'updated' | 'unchanged' | 'removed' | 'excluded' | 'failed' | 'planned';

export const OUTCOME_STATUSES: readonly OutcomeStatus[] = [
	'created',
	'updated',
	'unchanged',
	'removed',
	'excluded',
	'failed',
	'planned',
];

export interface FieldChange {
	readonly from: FieldValue;
	readonly to: FieldValue;
}

/** What became of one contact. */
export interface Outcome {
	readonly status: OutcomeStatus;
	readonly code?: ReasonCode;
	readonly message?: string;
	/** The vendor's rule behind the reason, such as `HB-25`, where there is one. */
	readonly rule?: string;
	/** True when sending the same contact again later can succeed. */
	readonly retryable?: boolean;
	/** When the contact will be tried again by itself, in words. */
	readonly nextTry?: string;
	/** Dry run: what the real run would make of the contact. */
	readonly wouldBe?: Exclude<OutcomeStatus, 'planned'>;
	readonly destinationId?: string;
	/** Field-level difference of an update, in the destination's names. */
	readonly changes?: Readonly<Record<string, FieldChange>>;
}

export type ReasonCode = keyof typeof REASONS;

export const isReasonCode = (value: unknown): value is ReasonCode =>
	typeof value === 'string' && Object.hasOwn(REASONS, value);

/** What to do about a reason code. */
export const adviceFor = (code: ReasonCode): string => REASONS[code].advice;

/** The vendor's rule behind a reason code, such as `HB-25`, where there is one. */
export const ruleOf = (code: ReasonCode): string | undefined => (REASONS[code] as Reason).rule;

/** What happened, in one sentence, where nothing more exact is known. */
export const eventOf = (code: ReasonCode): string | undefined => (REASONS[code] as Reason).event;

/** What happened and what to do, where the code is all that is known. */
export const messageFor = (code: ReasonCode): string => {
	const { event, advice }: Reason = REASONS[code];
	return event === undefined ? advice : withAdvice(event, code);
};

/** When a contact that was not synced is tried again by itself, once its run has succeeded. */
const NEXT_CHANGE = 'With the next change of the contact in the source';

/**
 * The outcome with the rule behind it and, for a contact that was not synced, when it is tried again. What people look for comes first: n8n's
 * table shows a value in this order.
 */
export function explained(outcome: Outcome): Outcome {
	const { status, message, code, ...more } = outcome;
	const rule = code && ruleOf(code);
	const again = (status === 'excluded' || status === 'failed') && code !== 'NOT_A_CONTACT';
	return {
		status,
		...(message === undefined ? {} : { message }),
		...(again ? { nextTry: NEXT_CHANGE } : {}),
		...(code === undefined ? {} : { code }),
		...more,
		...(rule === undefined ? {} : { rule }),
	};
}

/** What happened, then what to do about it, for places that show one text only. */
export const withAdvice = (reason: string, code: ReasonCode): string =>
	`${reason}${/[.?!…]$/.test(reason) ? '' : '.'} ${adviceFor(code)}`;
