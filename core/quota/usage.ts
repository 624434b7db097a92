import type { Forecast } from './forecast';
import { forecastOf } from './forecast';
import type { QuotaPeriod } from './period';
import type { QuotaState } from './reserve';

/** How a quota stands. */
export interface QuotaUsage {
	readonly quota: string;
	readonly period: QuotaPeriod;
	readonly used: number;
	readonly limit: number;
	readonly limitFrom: 'table' | 'node';
	readonly remaining: number;
	/** Of the limit, rounded down, so that 100 means used up. */
	readonly percent: number;
	/** Nothing more is let through before `period.renewsAt`, unless the limit is raised. */
	readonly usedUp: boolean;
	readonly forecast?: Forecast;
}

/** Rounded down; nothing is left of a limit of 0. */
export const percentOf = (used: number, limit: number): number =>
	limit === 0 ? 100 : Math.floor((100 * used) / limit);

/** `used` is given where a reservation has just changed it. */
export function usageOf(
	quota: string,
	state: QuotaState,
	period: QuotaPeriod,
	now: number,
	used = state.used,
): QuotaUsage {
	const { limit, limitFrom, since } = state;
	const forecast = forecastOf({ used, limit, now, ...(since === undefined ? {} : { since }) }, period);
	return {
		quota,
		period,
		used,
		limit,
		limitFrom,
		remaining: Math.max(0, limit - used),
		percent: percentOf(used, limit),
		usedUp: used >= limit,
		...(forecast ? { forecast } : {}),
	};
}
