import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { topLevelWords } from './tokens';

export interface ListViewFilter {
	/** The condition without WHERE; empty = none. Safe in parentheses. */
	readonly where: string;
	/** The view shows only records that the user owns. */
	readonly mine: boolean;
}

/** The filter of a list view, from the query of its description: what stands between WHERE and ORDER BY. */
export function filterOf(query: string, scope: string | null | undefined): Result<ListViewFilter> {
	const words = topLevelWords(query);
	if (words === undefined) return notReadable('its query has an unknown form');
	const at = (...sequence: string[]): number =>
		words.findIndex((_, index) => sequence.every((word, offset) => words[index + offset]?.text === word));
	const using = at('USING', 'SCOPE');
	const asked = (using < 0 ? scope : words[using + 2]?.text)?.toUpperCase();
	if (asked && asked !== 'EVERYTHING' && asked !== 'MINE') {
		return notReadable(`it shows the records of the scope '${asked.toLowerCase()}'`);
	}
	const mine = asked === 'MINE';
	const from = words[at('WHERE')];
	if (!from) return ok({ where: '', mine });
	const ends = [at('ORDER', 'BY'), at('LIMIT'), at('WITH'), at('GROUP', 'BY'), at('FOR', 'VIEW')];
	const to = Math.min(query.length, ...ends.filter((index) => index >= 0).map((index) => words[index]?.start ?? 0));
	const where = query.slice(from.start + 'WHERE'.length, to).trim();
	return where === '' ? notReadable('its query has an unknown form') : ok({ where, mine });
}

const notReadable = (why: string): Failure => ({
	kind: 'stop',
	code: 'LIST_VIEW_NOT_READABLE',
	reason: `The list view cannot be followed: ${why}`,
});
