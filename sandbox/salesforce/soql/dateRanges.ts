const DAY_MS = 86_400_000;

/** From `start` up to, but without, `end`; ms since 1970, days of UTC. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

type Make = (today: number, n: number) => Range;

const days = (start: number, count: number): Range => ({ start, end: start + count * DAY_MS });
const month = (today: number, ahead: number): Range => {
	const date = new Date(today);
	const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1);
	return { start, end: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead + 1, 1) };
};
const year = (today: number, ahead: number): Range => {
	const start = new Date(today).getUTCFullYear() + ahead;
	return { start: Date.UTC(start, 0, 1), end: Date.UTC(start + 1, 0, 1) };
};
/** Weeks begin on Sunday, as in the United States. */
const week = (today: number, ahead: number): Range =>
	days(today - new Date(today).getUTCDay() * DAY_MS + ahead * 7 * DAY_MS, 7);

const RANGES: Readonly<Record<string, Make>> = {
	TODAY: (today) => days(today, 1),
	YESTERDAY: (today) => days(today - DAY_MS, 1),
	TOMORROW: (today) => days(today + DAY_MS, 1),
	THIS_WEEK: (today) => week(today, 0),
	LAST_WEEK: (today) => week(today, -1),
	THIS_MONTH: (today) => month(today, 0),
	LAST_MONTH: (today) => month(today, -1),
	THIS_YEAR: (today) => year(today, 0),
	LAST_YEAR: (today) => year(today, -1),
	LAST_90_DAYS: (today) => days(today - 90 * DAY_MS, 91),
	LAST_N_DAYS: (today, n) => days(today - n * DAY_MS, n + 1),
	NEXT_N_DAYS: (today, n) => days(today + DAY_MS, n),
};

export const isRangeName = (word: string): boolean => Object.hasOwn(RANGES, word);

/** The days a date literal such as `LAST_N_DAYS:30` stands for, seen from `now`. */
export function rangeOf(name: string, n: number, now: number): Range {
	const make = RANGES[name];
	if (make === undefined) throw new Error(`No date literal ${name}`);
	return make(Math.floor(now / DAY_MS) * DAY_MS, n);
}
