import type { Delivery } from '../contact/contact';
import { grouped, inWords } from './describeRun';

const MINUTE_MS = 60_000;

/**
 * How far a first sync is, such as `First sync: 3,000 of about 10,000 contacts are through, which leaves about 2 minutes`. Undefined
 * where the trigger does not know, and for its last batch. `now` in ms.
 */
export function tellProgress(delivery: Delivery | undefined, now: number): string | undefined {
	const { phase, members, expected, endsAbout, endsFirstSync } = delivery ?? {};
	if (phase !== 'firstSync' || endsFirstSync === true || members === undefined || expected === undefined)
		return undefined;
	if (members >= expected) return undefined;
	const through = `First sync: ${grouped(members)} of about ${inWords(expected, 'contact')} are through`;
	const leftMs = endsAbout === undefined ? NaN : Date.parse(endsAbout) - now;
	return leftMs > 0 ? `${through}, which leaves about ${inWords(Math.ceil(leftMs / MINUTE_MS), 'minute')}` : through;
}
