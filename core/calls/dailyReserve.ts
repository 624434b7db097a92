import type { Failure } from '../result';

/** The calls of a day that a vendor allows, by the headers of an answer. */
export interface DailyCalls {
	readonly limit: number;
	readonly remaining: number;
	/** Time of that answer, ms since 1970. */
	readonly seenAt: number;
}

export interface DailyReserve {
	/** As messages name it. */
	readonly vendor: string;
	/** Share of the day's calls left to others. */
	readonly percent: number;
	/** How long a reserve counts as reached without another call. */
	readonly recheckMs: number;
}

/** HB-28: the pause that leaves the reserve of the day's calls to others; undefined while there is more. */
export function dailyReserveReached(
	daily: DailyCalls | undefined,
	{ vendor, percent, recheckMs }: DailyReserve,
	now: number,
): Extract<Failure, { kind: 'retry' }> | undefined {
	if (!daily || daily.remaining >= (daily.limit * percent) / 100) return undefined;
	const recheckIn = daily.seenAt + recheckMs - now;
	// Longer than that only after the machine's clock was put back: then the age of the figures is not known.
	if (recheckIn <= 0 || recheckIn > recheckMs) return undefined;
	return {
		kind: 'retry',
		code: 'DAILY_RESERVE_REACHED',
		reason: `${daily.remaining} of ${vendor}'s ${daily.limit} calls of today are left, fewer than the reserve of ${percent} %`,
		afterMs: recheckIn,
	};
}
