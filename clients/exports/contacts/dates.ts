import { isDay } from '../../../core/instant';

/** `2023-04-21 11:16:57`, `2021-11-15 19:42:23 +0000`, `2024-03-12T09:14:00Z`; without a zone it is UTC. */
const YEAR_FIRST =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?$/;
/** Brevo writes days as `21-04-2023`. With slashes nothing tells day and month apart, so that is left alone. */
const DAY_FIRST = /^(\d{2})-(\d{2})-(\d{4})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** An instant that needs no reckoning: the day is in every month. */
const PLAIN = /^(?:19[7-9]\d|20\d\d)-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8]) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** An instant in ms since 1970; undefined where the text is none, or could be two. */
export function instantOf(text: string): number | undefined {
	if (text === '') return undefined;
	// Nearly all are written like this, and there are millions of them.
	if (PLAIN.test(text)) return Date.parse(`${text.slice(0, 10)}T${text.slice(11)}Z`);
	const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = parts(text.trim()) ?? [];
	if (year === undefined) return undefined;
	const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
	const instant = utc - offsetOf(zone) * 60_000;
	// JavaScript takes a thirteenth month for the January after, and 75 minutes for an hour and a quarter.
	const isReal = isDay(`${year}-${month}-${day}`) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
	return isReal && Number(year) > 1969 && !Number.isNaN(instant) ? instant : undefined;
}

function parts(text: string): readonly (string | undefined)[] | undefined {
	const yearFirst = YEAR_FIRST.exec(text);
	if (yearFirst) return yearFirst;
	const dayFirst = DAY_FIRST.exec(text);
	if (!dayFirst) return undefined;
	const [whole, day, month, year, ...time] = dayFirst;
	return [whole, year, month, day, ...time];
}

/** In minutes. */
function offsetOf(zone: string): number {
	const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
	if (!offset) return 0;
	if (Number(offset[2]) > 14 || Number(offset[3]) > 59) return NaN;
	const minutes = Number(offset[2]) * 60 + Number(offset[3]);
	return offset[1] === '-' ? -minutes : minutes;
}
