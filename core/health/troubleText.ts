import { DateTime } from 'luxon';
import type { ReasonCode } from '../outcome';
import { messageFor } from '../outcome';
import type { Trouble } from './healthState';

/** What happened and what to do. Where the code tells what happened along the way, its own sentences are all. */
export const troubleText = (code: ReasonCode): string => messageFor(code);

/** When a contact is tried again, in words. */
export function nextTryText({ kind, until }: Pick<Trouble, 'kind' | 'until'>): string {
	if (until !== undefined) return `From ${minuteText(until * 1_000)} on, or once the quota is raised`;
	return kind === 'waiting' ? WHEN_DELIVERED_AGAIN : NEXT_CHANGE;
}

const NEXT_CHANGE = 'With the next change of the contact in the source, or when it is resent';
const WHEN_DELIVERED_AGAIN = 'When the trigger delivers the contact again, or when it is resent';

/** An instant for people, to the minute: `2026-12-01 00:00 UTC`. */
export const minuteText = (ms: number, timeZone = 'UTC'): string =>
	DateTime.fromMillis(ms, { zone: timeZone }).toFormat(
		timeZone === 'UTC' ? "yyyy-LL-dd HH:mm 'UTC'" : 'yyyy-LL-dd HH:mm',
	);
