import type { Clock, HttpPort } from '../../../core/ports';
import type { CallSettings } from '../../../core/calls/vendorCalls';
import { VendorCalls } from '../../../core/calls/vendorCalls';
import { classifyBrevoReply, unexpectedForm } from './classify';
import type { BrevoLimiters } from './limits';
import { BREVO_RETRY, MAX_WAIT_MS } from './limits';

/** The slowest answers, pages of 1,000 contacts, take seconds; imports have a time of their own. */
const TIMEOUT_MS = 60_000;

/** What the headers of an answer told about its bucket of calls (https://developers.brevo.com/docs/limit-headers). */
export interface CallsLeft {
	readonly limit: number;
	readonly remaining: number;
	/** Seconds until the bucket renews. */
	readonly resetS?: number;
}

/** The calls left as of the last answer: below /contacts, and for everything else. */
export type CallsLeftByBucket = Partial<Record<keyof BrevoLimiters, CallsLeft>>;

/** How Brevo is called: within the limits of two buckets, whose calls left are noted in `callsLeft`. */
export const brevoCalls = (
	http: HttpPort,
	clock: Clock,
	limiters: BrevoLimiters,
	callsLeft: CallsLeftByBucket,
	settings: CallSettings,
) =>
	new VendorCalls(
		http,
		clock,
		{
			vendor: 'Brevo',
			retry: BREVO_RETRY,
			longestWaitMs: MAX_WAIT_MS,
			timeoutMs: TIMEOUT_MS,
			gatesOf: ({ path }) => [limiters[bucketOf(path)]],
			noTurn: (waitMs) => ({
				kind: 'retry',
				code: 'RATE_LIMITED',
				reason: 'The call limit of the Brevo account is used up',
				afterMs: waitMs,
			}),
			classify: (reply) => classifyBrevoReply(reply),
			unknownForm: (path, _doing, reply) => unexpectedForm(path, reply),
			learn(headers, { path }) {
				const bucket = bucketOf(path);
				callsLeft[bucket] = callsLeftIn(headers) ?? callsLeft[bucket];
			},
			failed(failure, _reply, { path }) {
				if (failure.kind !== 'retry' || failure.code !== 'RATE_LIMITED') return;
				limiters[bucketOf(path)].pauseUntil(clock.now() + (failure.afterMs ?? 0));
			},
		},
		settings,
	);

/** The bucket that Brevo counts a call in. */
const bucketOf = (path: string): keyof BrevoLimiters => (/^\/contacts(\/|$)/.test(path) ? 'contacts' : 'others');

function callsLeftIn(headers: Readonly<Record<string, string>>): CallsLeft | undefined {
	const [limit, remaining, resetS] = ['limit', 'remaining', 'reset'].map((name) => {
		const text = headers[`x-sib-ratelimit-${name}`]?.trim();
		return text === undefined || text === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);
	});
	return limit === undefined || remaining === undefined ? undefined : { limit, remaining, resetS };
}
