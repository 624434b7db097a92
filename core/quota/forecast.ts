import type { QuotaPeriod } from './period';

/** A pace is only told after this share of the period has passed since counting began: 14 hours of a month, half an hour of a day. */
const LEAST_SHARE = 0.02;

/** Where the usage leads if it goes on as it did so far. */
export type Forecast =
	| { readonly kind: 'usedUp'; readonly at: number }
	/** Percent of the limit at the end of the period. */
	| { readonly kind: 'enough'; readonly percent: number };

export interface Pace {
	readonly used: number;
	readonly limit: number;
	readonly now: number;
	/** When counting began, if that was after the period's start. */
	readonly since?: number;
}

/**
 * The straight line through what was used so far. Undefined where it would mean nothing: nothing used, too little time, or
 * already used up.
 */
export function forecastOf({ used, limit, now, since }: Pace, period: QuotaPeriod): Forecast | undefined {
	const from = Math.max(period.start, since ?? period.start);
	const passed = now - from;
	if (used <= 0 || used >= limit || passed < LEAST_SHARE * (period.renewsAt - period.start)) return undefined;
	const at = from + (limit / used) * passed;
	return at < period.renewsAt
		? { kind: 'usedUp', at }
		: { kind: 'enough', percent: Math.round((100 * (used + (used / passed) * (period.renewsAt - now))) / limit) };
}
