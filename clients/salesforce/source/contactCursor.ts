import { z } from 'zod';
import { emptyMemory, memberMemory } from '../../../core/polling/memory/memberMemory';
import { emittedPrints } from '../../../core/polling/memory/emittedValues';
import { knownTime } from '../../../core/polling/sourceTime';
import { wholeSecond } from './readers/rowReader';
import { modstampPosition, startPosition } from './readers/modstampPosition';

/** How far an object was followed. All instants are ms since 1970 on Salesforce's clock. */
export const contactCursor = z.object({
	startedAt: z.number(),
	/** `firstSync` until all members were emitted, or remembered where only changes from now on are emitted. */
	phase: z.enum(['firstSync', 'live']),
	/** Only changes since the start are emitted. */
	fromNow: z.boolean(),
	/** Where the first sync goes on: the members by stamp and id. */
	first: z
		.object({ at: z.number(), id: z.string().optional(), limit: z.number().optional() })
		.partial({ at: true })
		.optional(),
	records: modstampPosition,
	/** Joining and leaving a campaign does not move the record's stamp, but that of its membership. */
	memberships: modstampPosition.optional(),
	/** The records that were emitted; ids as `recordIds.ts` packs them. */
	memory: memberMemory,
	/** The values that were emitted last, where changed fields are told. */
	prints: emittedPrints.optional(),
	/** The scope as it was found last. */
	scope: z.object({ where: z.string(), mine: z.boolean(), drifts: z.boolean(), seenAt: z.number() }).optional(),
	/** The walk through the members under way. */
	walk: z
		.object({
			after: z.string().optional(),
			startedAt: z.number(),
			calls: z.number(),
			/** Rows of a query at most, after ones that took too long. */
			limit: z.number().optional(),
			/** All members were compared; those that are not found any more are emitted last. */
			over: z.boolean().optional(),
		})
		.optional(),
	/** More members were out of sight in the last walk than are taken for deleted: to be reported once. `at`: when, on n8n's clock. */
	outOfSight: z.object({ count: z.number(), of: z.number(), at: z.number() }).optional(),
	/** When the last walk began, and its calls. */
	walked: z.object({ at: z.number(), calls: z.number() }).optional(),
	/** Another filter than the last walk's, or pending members: a walk is due. */
	walkWanted: z.boolean().default(false),
	/** The look into the recycle bin under way, with the pages it may still read. */
	bin: z.object({ after: z.string().optional(), pages: z.number() }).optional(),
	/** When the last look began, and where it stopped. */
	binned: z.object({ at: z.number(), after: z.string().optional() }).optional(),
	/** The latest time that Salesforce was known to have, and when that was on n8n's clock. */
	time: knownTime.optional(),
	/** Records were read while Salesforce did not show opt-outs. */
	optOutsHidden: z.boolean().optional(),
	/** Where the walk through the opt-outs goes on that follows such a time. */
	optOutWalk: z.object({ at: z.number(), id: z.string(), limit: z.number() }).partial().optional(),
	/** The fields of the last query, for the list of wanted ones it was made from. */
	select: z.object({ wanted: z.string(), fields: z.array(z.string()) }).optional(),
});

export type ContactCursor = z.output<typeof contactCursor>;

/** A stored cursor, or undefined when it is of another form. */
export function readContactCursor(stored: unknown): ContactCursor | undefined {
	const read = contactCursor.safeParse(stored);
	return read.success ? read.data : undefined;
}

/** Where following begins. `now` is Salesforce's time. */
export function startCursor(now: number, fromNow: boolean, withCampaign: boolean, lookbackMs: number): ContactCursor {
	const startedAt = wholeSecond(now);
	// What the first sync finds needs no second look, but for what is not visible yet.
	const settled = fromNow ? startedAt : wholeSecond(startedAt - lookbackMs);
	const position = startPosition(settled, fromNow ? startedAt : startedAt - 2_000);
	return {
		startedAt,
		phase: 'firstSync',
		fromNow,
		records: position,
		...(withCampaign ? { memberships: position } : {}),
		memory: emptyMemory(!fromNow),
		walkWanted: false,
	};
}
