import { ok } from '../../../core/result';
import { isRemembered } from '../../../core/polling/memory/memberMemory';
import { OPT_OUT_PROPERTY } from '../api/propertyNames';
import type { ListCursor } from './listCursor';
import type { BatchResult, PollContext } from './pollContext';
import type { Hit, SearchPosition } from './readers/changeSearch';
import { OPTED_OUT, readHits } from './readers/changeSearch';
import { OUTSIDE_OPT_OUT, toContactChange } from './toContactChange';

/** Pages of a poll: with two reads each at most 60 calls, 4,000 opt-outs. */
export const PAGES_OF_A_POLL = 20;

/** Whether opt-outs that were there before the sync began are still to be walked through. */
export const hasOptOutsToWalk = ({ phase, accountOptOuts }: ListCursor): boolean =>
	phase === 'live' && accountOptOuts?.done !== true;

/**
 * The next contacts of the account, one page of them, that are unsubscribed from all e-mail and were never emitted: once, oldest change
 * first. What comes afterwards, or was changed meanwhile, the search for changes finds, which is for all contacts of the account.
 */
export async function walkAccountOptOuts(context: PollContext, at: ListCursor): Promise<BatchResult> {
	const position = at.accountOptOuts?.position ?? { from: 0 };
	const page = await readHits(context.client, position, OPTED_OUT);
	if (page.kind !== 'ok') return page;
	const { hits, next } = upTo(context.batchSize, page.value);
	const outside = hits.filter(({ id }) => !isRemembered(at.memory, id));
	const read = await context.contacts.read(
		outside.map(({ id }) => id),
		'plain',
	);
	if (read.kind !== 'ok') return read;
	const { found, settings } = read.value;
	const changes = outside.flatMap((hit) => {
		const contact = found.get(hit.id);
		if (contact?.properties[OPT_OUT_PROPERTY] !== 'true') return [];
		return [toContactChange(contact, { ...OUTSIDE_OPT_OUT, at: hit.at }, settings)];
	});
	const accountOptOuts = next ? { position: next, done: false } : { done: true };
	return ok({ changes, phase: 'live', next: { ...at, accountOptOuts }, more: true });
}

interface Page {
	readonly hits: readonly Hit[];
	readonly next?: SearchPosition;
}

/** As many hits as fit into a batch: they are in the order of their instants, and within one of their ids. */
function upTo(most: number, { hits, next }: Page): Page {
	const [last, first] = [hits[most - 1], hits[most]];
	if (!last || !first) return { hits, next };
	const instant = first.at === last.at ? { instant: { at: last.at, afterId: last.id } } : {};
	return { hits: hits.slice(0, most), next: { from: first.at, ...instant } };
}
