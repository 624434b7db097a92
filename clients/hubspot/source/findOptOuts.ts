import { z } from 'zod';
import type { ContactChange } from '../../../core/contact/contact';
import {
	instantsOf,
	isHandled,
	NO_INSTANTS,
	packedInstants,
	remember,
} from '../../../core/polling/memory/handledChanges';
import { changedIds, hasId, NO_IDS, packedIds } from '../../../core/polling/memory/packedIds';
import type { OptOutLook } from '../../../core/polling/changeSource';
import { isRemembered, mayBeMember } from '../../../core/polling/memory/memberMemory';
import type { SourceTime } from '../../../core/polling/sourceTime';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { Hit } from './readers/changeSearch';
import { OPTED_OUT, readHits, searchPosition } from './readers/changeSearch';
import type { ContactReader } from './readers/contactReader';
import { STAMP_SLACK_MS } from './pollContext';
import type { HubSpotClient } from '../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../api/limits';
import type { ListCursor } from './listCursor';
import { OPT_OUT_PROPERTY } from '../api/propertyNames';
import { changesSince, optedOutSince, OUTSIDE_OPT_OUT, toContactChange } from './toContactChange';

/** A look takes ten calls at most: the definitions once, and for each page one search and up to two reads. */
const MAX_CALLS = 10;
const CALLS_OF_A_PAGE = 3;
/** Emitted contacts that are remembered; beyond that some are emitted once more, which changes nothing. */
const MAX_EMITTED = 50_000;

/** Where a look goes on. */
const lookSeen = z.object({
	position: searchPosition,
	/** Where the walk that is under way began, and HubSpot's time at that moment; ms since 1970. */
	since: z.number(),
	startedAt: z.number(),
	/** Emitted as opted out since the sync pauses. Stored under this name. */
	told: packedIds,
	/** States that were looked at, within the time that HubSpot may take to index a change. Stored under this name. */
	judged: packedInstants,
});

type Seen = z.output<typeof lookSeen>;

export interface OptOutSearch {
	readonly client: HubSpotClient;
	readonly time: SourceTime;
	readonly contacts: ContactReader;
	readonly lookbackMs: number;
	/** Those of contacts that were never in the list count as well. */
	readonly accountOptOuts: boolean;
}

/**
 * Contacts that were emitted, as members or as removed, and unsubscribed from all e-mail since the position the sync has reached.
 * One search while there is none. A contact that joined since was never emitted, so there is nothing to take back of it.
 */
export async function lookForOptOuts(
	{ client, contacts, lookbackMs, accountOptOuts, time }: OptOutSearch,
	at: ListCursor,
	seenBefore: string | undefined,
): Promise<Result<OptOutLook>> {
	let seen = readSeen(seenBefore) ?? firstWalk(Math.max(0, at.watermark - lookbackMs), time.now());
	let changes: readonly ContactChange[] = [];
	let calls = 1;
	for (let more = true; more && calls + CALLS_OF_A_PAGE <= MAX_CALLS;) {
		const page = await readHits(client, seen.position, OPTED_OUT);
		const found =
			page.kind === 'ok'
				? await optOutsAmong(page.value.hits, at, seen, { contacts, lookbackMs, accountOptOuts })
				: page;
		if (page.kind !== 'ok' || found.kind !== 'ok') {
			const failure = page.kind === 'ok' ? found : page;
			// What was found before the failure is emitted; the next look meets the failure again.
			if (changes.length > 0) break;
			return failure as Exclude<typeof failure, { kind: 'ok' }>;
		}
		const { hits, next } = page.value;
		calls += 1 + found.value.reads;
		const told = changedIds(
			seen.told.count > MAX_EMITTED ? NO_IDS : seen.told,
			found.value.changes.map(({ source }) => source.id),
			new Set(),
		);
		const judged = remember(
			seen.judged,
			hits.map((hit) => [hit.id, hit.at] as const),
			seen.since,
		);
		seen = next
			? { ...seen, position: next, told, judged }
			: { ...nextWalk(seen, lookbackMs, time.now()), told, judged };
		changes = [...changes, ...found.value.changes];
		more = next !== undefined;
	}
	return ok({ changes, seen: JSON.stringify(seen) });
}

const firstWalk = (since: number, startedAt: number): Seen => ({
	position: { from: since },
	since,
	startedAt,
	told: NO_IDS,
	judged: NO_INSTANTS,
});

/** HubSpot indexes a change up to `lookbackMs` late, so the next walk begins that long before this one began. */
function nextWalk(walked: Seen, lookbackMs: number, now: number): Seen {
	const since = Math.max(walked.since, walked.startedAt - lookbackMs);
	return { ...walked, position: { from: since }, since, startedAt: Math.max(now, walked.startedAt) };
}

function readSeen(seen: string | undefined): Seen | undefined {
	if (!seen) return undefined;
	try {
		const read = lookSeen.safeParse(JSON.parse(seen));
		return read.success ? read.data : undefined;
	} catch {
		return undefined;
	}
}

/** The contacts of one page that belong to the sync and unsubscribed, where their earlier values show that they had not before. */
async function optOutsAmong(
	hits: readonly Hit[],
	{ memory, handled, watermark }: ListCursor,
	{ told, judged }: Seen,
	{ contacts, lookbackMs, accountOptOuts }: Pick<OptOutSearch, 'contacts' | 'lookbackMs' | 'accountOptOuts'>,
): Promise<Result<{ changes: readonly ContactChange[]; reads: number }>> {
	const isKnown = ({ id, mergedIds = [] }: Hit): boolean => [id, ...mergedIds].some((one) => isRemembered(memory, one));
	const candidates = hits.filter(
		(hit) =>
			(accountOptOuts || isKnown(hit)) &&
			!hasId(told, hit.id) &&
			!isHandled(judged, hit.id, hit.at) &&
			!isHandled(handled, hit.id, hit.at),
	);
	// Earlier values cost a call per 50; where so many come at once, some that were opted out before are emitted once more.
	const few = candidates.length <= HUBSPOT_LIMITS.batchReadWithHistory;
	const read = await contacts.read(
		candidates.map(({ id }) => id),
		few ? 'history' : 'plain',
	);
	if (read.kind !== 'ok') return read;
	const { found, settings } = read.value;
	const changes = candidates.flatMap((hit) => {
		const contact = found.get(hit.id);
		if (contact?.properties[OPT_OUT_PROPERTY] !== 'true') return [];
		const since = instantsOf(handled).get(hit.id) ?? watermark - lookbackMs - STAMP_SLACK_MS;
		const isOutside = !isKnown(hit);
		if (few && (isOutside || isRemembered(memory, hit.id)) && !optedOutSince(contact, since)) return [];
		const at = (few ? changesSince(contact, since, { ...settings, fields: [] })?.at : undefined) ?? hit.at;
		if (isOutside) return [toContactChange(contact, { ...OUTSIDE_OPT_OUT, at }, settings)];
		// A contact that left stays removed: the opt-out is emitted, and nothing puts the contact on the list.
		const change = mayBeMember(memory, hit.id) ? 'optedOut' : 'removed';
		return [toContactChange(contact, { change, at, changedFields: [OPT_OUT_PROPERTY] }, settings)];
	});
	return ok({
		changes,
		reads: Math.ceil(candidates.length / (few ? HUBSPOT_LIMITS.batchReadWithHistory : HUBSPOT_LIMITS.batchRead)),
	});
}
