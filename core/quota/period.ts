import { DateTime, IANAZone } from 'luxon';

export type PeriodKind = 'month' | 'day';

/** The calendar month or day in which tasks are counted together. */
export interface QuotaPeriod {
	readonly kind: PeriodKind;
	/** As the ledger names it: `2026-11` or `2026-11-22`. Keys of one kind sort by time as texts. */
	readonly key: string;
	readonly start: number;
	/** First instant of the next period: when the quota renews. */
	readonly renewsAt: number;
	/** IANA zone whose calendar counts. */
	readonly timeZone: string;
}

/** How far back earlier periods are looked at: a limit in the table lives on over a gap this long. */
const LOOK_BACK: Readonly<Record<PeriodKind, number>> = { month: 12, day: 31 };

/**
 * The period that holds an instant. Local midnights decide: periods are an hour longer or shorter where the clocks change,
 * and where midnight itself is skipped the day begins at the first instant there is. An unknown zone counts as UTC.
 */
export function periodAt(instant: number, kind: PeriodKind, timeZone: string): QuotaPeriod {
	const zone = IANAZone.isValidZone(timeZone) ? timeZone : 'UTC';
	const start = DateTime.fromMillis(instant, { zone }).startOf(kind);
	return {
		kind,
		key: keyOf(start, kind),
		start: start.toMillis(),
		renewsAt: start
			.plus({ [kind]: 1 })
			.startOf(kind)
			.toMillis(),
		timeZone: zone,
	};
}

/** The period that ended when this one began. */
export const periodBefore = ({ kind, start, timeZone }: QuotaPeriod): QuotaPeriod =>
	periodAt(start - 1, kind, timeZone);

/** Key of the earliest period whose row is still looked at. */
export function lookBackKey({ kind, start, timeZone }: QuotaPeriod): string {
	return keyOf(DateTime.fromMillis(start, { zone: timeZone }).minus({ [kind]: LOOK_BACK[kind] }), kind);
}

const keyOf = (at: DateTime, kind: PeriodKind): string => (at.toISODate() ?? '').slice(0, kind === 'month' ? 7 : 10);

/** Whether a text names a month or a day, as `QuotaPeriod.key` does. */
export const isPeriodKey = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/.test(text);

/** Whether a key names a period before `period`, of the same kind. */
export const isBefore = (key: string, period: QuotaPeriod): boolean =>
	key.length === period.key.length && isPeriodKey(key) && key < period.key;

/** For people: `November 2026` or `22 November 2026`. */
export function periodName({ kind, start, timeZone }: QuotaPeriod): string {
	return local(start, timeZone).toFormat(kind === 'month' ? 'LLLL yyyy' : 'd LLLL yyyy');
}

/** An instant as a local day for people, `1 December 2026`. */
export const dayName = (instant: number, timeZone: string): string => local(instant, timeZone).toFormat('d LLLL yyyy');

/** An instant as local day and time for people, `22 November 2026, 14:05`. */
export const timeName = (instant: number, timeZone: string): string =>
	local(instant, timeZone).toFormat('d LLLL yyyy, HH:mm');

const local = (instant: number, timeZone: string): DateTime =>
	DateTime.fromMillis(instant, { zone: timeZone, locale: 'en-GB' });
