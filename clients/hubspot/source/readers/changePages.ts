import { isEqual } from 'lodash';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { HubSpotClient } from '../../api/hubSpotClient';
import type { Hit, HitPage, SearchPosition } from './changeSearch';
import { readHits, resumeAt } from './changeSearch';

/**
 * Pages of the search for changes, for the batches of one poll. Where a batch ends within a page, the next one takes the rest of it
 * without another call. By then the hits may be minutes old: their contacts are read anew, and what changed since has a later stamp, at
 * which the search comes to it again.
 */
export class ChangePages {
	private rest: { readonly position: SearchPosition; readonly page: HitPage } | undefined;
	/** The search names contacts to pass over; not once HubSpot refused that. */
	private passesOver = true;

	constructor(private readonly client: HubSpotClient) {}

	async read(position: SearchPosition): Promise<Result<HitPage>> {
		const { rest } = this;
		this.rest = undefined;
		if (rest && isEqual(rest.position, positionOf(position))) return ok(rest.page);
		const page = await readHits(this.client, position, [], this.passesOver);
		const namesSome = this.passesOver && position.seen !== undefined && position.seen.length > 0;
		if (page.kind !== 'refused' || !namesSome) return page;
		this.passesOver = false;
		return await readHits(this.client, position);
	}

	/** Keeps the hits of a page from `index` on for the next batch; answers where that one goes on. */
	keepRest(position: SearchPosition, { hits, next }: HitPage, index: number): SearchPosition {
		const resumed = positionOf(resumeAt(position, hits[index - 1], hits[index] as Hit));
		this.rest = { position: resumed, page: { hits: hits.slice(index), ...(next ? { next } : {}) } };
		return resumed;
	}
}

/** The place alone, without what else a cursor keeps with it. */
const positionOf = ({ from, instant, seen }: SearchPosition): SearchPosition => ({
	from,
	...(instant ? { instant } : {}),
	...(seen ? { seen } : {}),
});
