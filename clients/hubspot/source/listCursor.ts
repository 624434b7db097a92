import { z } from 'zod';
import { cursorCircle } from '../../../core/calls/pages/cursorCircle';
import { searchPosition } from './readers/changeSearch';
import { instantsOf, NO_INSTANTS, packedInstants, packInstants } from '../../../core/polling/memory/handledChanges';
import { knownTime } from '../../../core/polling/sourceTime';
import { joinLogPosition } from './readers/joinLog';
import { emptyMemory, memberMemory } from '../../../core/polling/memory/memberMemory';
import { walkPosition } from './readers/membershipWalk';
import type { HubSpotList } from '../api/types';

/** The figures of a list, as one cheap call reads them. How fresh they are is not documented. */
const listFigures = z.object({
	size: z.number().optional(),
	lastAddedAt: z.number().optional(),
	lastRemovedAt: z.number().optional(),
	version: z.number().optional(),
});

/** How far contacts that left were looked for. */
const removalsPosition = z.object({
	/** The figures up to which everything is explained. */
	figures: listFigures.optional(),
	/** Listed members that are not remembered, because they cannot be read, as the last walk counted them. */
	unread: z.number(),
	/** When the last walk began. */
	walkedAt: z.number().optional(),
	/** The log showed no entry although the figures showed an addition: a contact may have come back at an old place. */
	unseenAddition: z.boolean().optional(),
	/** A remembered contact was not in the list when the members were remembered anew. */
	heldBack: z.boolean().optional(),
	/** The walk under way. */
	walk: walkPosition.extend({ startedAt: z.number(), figures: listFigures, unread: z.number() }).optional(),
	/** The daily look into the recycle bin under way. */
	recycleBin: z.object({ after: z.string().optional(), circle: cursorCircle.optional() }).optional(),
	/** When the last one began. */
	recycleBinAt: z.number().optional(),
});

/** How far a list was followed. All instants are ms since 1970 on HubSpot's clock. */
export const listCursor = z.object({
	/** When following began. */
	startedAt: z.number(),
	/** `firstSync` until the membership log was read through once. */
	phase: z.enum(['firstSync', 'live']),
	/** Only members that joined after the start are emitted. */
	fromNow: z.boolean(),
	log: joinLogPosition,
	/** The list as it was before the last complete reading of the log. */
	gate: listFigures.optional(),
	/** The same for the reading under way. */
	gateAtWalk: listFigures.optional(),
	/** Polls since the log was read. */
	quietPolls: z.number(),
	/** Changes up to this instant were found, apart from those HubSpot had not indexed yet. */
	watermark: z.number(),
	/** Newest last-modified stamp that the search has read. */
	newest: z.number().optional(),
	/** Newest stamp of a contact that others were merged into. */
	mergedAt: z.number().optional(),
	/** HubSpot's time as the last poll confirmed it. */
	time: knownTime.optional(),
	/** The search under way, which may take several polls. */
	search: searchPosition.extend({ since: z.number(), startedAt: z.number() }).optional(),
	/** The walk through the opt-outs of the whole account, where those are emitted; absent until it begins. `done`: the search tells all that come. */
	accountOptOuts: z.object({ position: searchPosition.optional(), done: z.boolean() }).optional(),
	/** Contacts handled, with their last-modified stamp. Older versions kept them as plain JSON. */
	handled: z.union([
		packedInstants,
		z.record(z.number()).transform((record) => packInstants(new Map(Object.entries(record)))),
	]),
	memory: memberMemory.default(() => emptyMemory(false)),
	removals: removalsPosition.default(() => ({ unread: 0 })),
	/** The list's version as last seen, and when another one was noticed. */
	edits: z
		.object({
			version: z.number().optional(),
			noticedAt: z.number().optional(),
			/** Since when removals are held back without a break. */
			heldSince: z.number().optional(),
			/** The warning was written that they are not held back any longer, although the list is not worked out. */
			hinted: z.boolean().optional(),
		})
		.default({}),
});

export type ListCursor = z.output<typeof listCursor>;
export type ListFigures = z.output<typeof listFigures>;

/** A stored cursor, or undefined when it is of another form. */
export function readListCursor(stored: unknown): ListCursor | undefined {
	const read = listCursor.safeParse(stored);
	return read.success ? read.data : undefined;
}

/** Answers are dated in full seconds, and two answers may come from two machines. */
const CLOCK_SLACK_MS = 60_000;

/**
 * The cursor without instants later than now, which only a wrong clock can have left: the position goes back to the newest stamp
 * that was read, which costs another search from there, and what is counted from such an instant begins to count now.
 */
export function withoutInstantsAhead(at: ListCursor, now: number): ListCursor {
	const isAhead = (instant: number | undefined): boolean => instant !== undefined && instant > now + CLOCK_SLACK_MS;
	const notAhead = (instant: number | undefined): number | undefined => (isAhead(instant) ? now : instant);
	const { edits, memory, removals } = at;
	const missing = [...instantsOf(memory.missing)];
	return {
		...at,
		startedAt: Math.min(at.startedAt, now),
		...(isAhead(at.watermark) ? { watermark: Math.min(at.newest ?? at.startedAt, now), search: undefined } : {}),
		edits: { ...edits, noticedAt: notAhead(edits.noticedAt), heldSince: notAhead(edits.heldSince) },
		memory: missing.some(([, instant]) => isAhead(instant))
			? { ...memory, missing: packInstants(new Map(missing.map(([id, instant]) => [id, Math.min(instant, now)]))) }
			: memory,
		removals: {
			...removals,
			// A walk or a look into the recycle bin that is dated ahead is due again.
			walkedAt: isAhead(removals.walkedAt) ? undefined : removals.walkedAt,
			recycleBinAt: isAhead(removals.recycleBinAt) ? undefined : removals.recycleBinAt,
		},
	};
}

/** Where following begins. */
export function startCursor(startedAt: number, fromNow: boolean, list: HubSpotList): ListCursor {
	const figures = figuresOf(list);
	return {
		startedAt,
		phase: 'firstSync',
		fromNow,
		log: {},
		gateAtWalk: figures,
		quietPolls: 0,
		watermark: startedAt,
		handled: NO_INSTANTS,
		memory: emptyMemory(!fromNow),
		removals: { unread: 0, figures },
		edits: { version: list.version },
	};
}

export const figuresOf = ({ size, lastAddedAt, lastRemovedAt, version }: HubSpotList): ListFigures => ({
	size,
	lastAddedAt,
	lastRemovedAt,
	version,
});

/** Whether the membership log is worth reading. */
export const gateMoved = (before: ListFigures | undefined, now: ListFigures): boolean =>
	before === undefined ||
	before.size !== now.size ||
	before.lastAddedAt !== now.lastAddedAt ||
	before.version !== now.version;
