/** `2026-01-31`, `2026-01-31T08:00Z`, `2026-01-31 08:00:00.000+0100` */
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * An instant of ISO 8601 in ms since 1970; undefined where the text is none. JavaScript finds a day in `Unit 5` and takes the 31st of
 * February for the 2nd of March. A time without an offset is one of UTC, whatever the zone of the machine.
 */
export function instantOf(value: unknown): number | undefined {
	if (typeof value !== 'string') return undefined;
	const [, year, month, day, time = '00:00', zone = 'Z'] = INSTANT.exec(value.trim()) ?? [];
	if (year === undefined || !isDay(`${year}-${month}-${day}`)) return undefined;
	const offset = zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_all, hours: string, minutes = '00') => `${hours}:${minutes}`);
	const at = Date.parse(`${year}-${month}-${day}T${time}${offset.toUpperCase()}`);
	return Number.isNaN(at) ? undefined : at;
}

/** Whether a text is a day that there is, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
	if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
	const midnight = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(midnight) && new Date(midnight).getUTCDate() === Number(text.slice(8));
}
