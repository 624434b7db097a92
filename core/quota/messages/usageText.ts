import { dayName, periodName, timeName } from '../period';
import type { QuotaUsage } from '../usage';

/** A count for people: `100,000`. */
export const amount = (count: number): string => new Intl.NumberFormat('en-GB').format(count);

/** `80,250 of 100,000 tasks of November 2026 are used (80 %)`. */
export const usedText = ({ used, limit, percent, period }: QuotaUsage): string =>
	`${amount(used)} of ${amount(limit)} tasks of ${periodName(period)} are used (${percent} %)`;

/** When the quota renews, as local time: `1 December 2026, 00:00 (Europe/Berlin)`. */
export const renewalText = ({ period }: QuotaUsage): string =>
	`${timeName(period.renewsAt, period.timeZone)} (${period.timeZone})`;

/** Where the usage leads; undefined where nothing can be said. */
export function paceText({ forecast, period }: QuotaUsage): string | undefined {
	if (!forecast) return undefined;
	if (forecast.kind === 'enough') return `At this pace ${forecast.percent} % will be used when it renews.`;
	const nameOf = period.kind === 'day' ? timeName : dayName;
	return `At this pace 100 % will be reached on ${nameOf(forecast.at, period.timeZone)}.`;
}
