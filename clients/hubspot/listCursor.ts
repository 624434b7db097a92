import { z } from 'zod';
import { searchPosition } from './changeSearch';
import { joinLogPosition } from './joinLog';

/** What the cheap look at a list tells; any difference means that the membership log is worth reading. */
const gate = z.object({
	size: z.number().optional(),
	lastAddedAt: z.number().optional(),
	version: z.number().optional(),
});

/** How far a list was followed. All instants are ms since 1970 on HubSpot's clock. */
export const listCursor = z.object({
	/** When following began. */
	startedAt: z.number(),
	/** `firstSync` until the membership log was read through once. */
	phase: z.enum(['firstSync', 'live']),
	/** Only members that joined after the start are handed on. */
	fromNow: z.boolean(),
	log: joinLogPosition,
	/** The list as it was before the last complete reading of the log. */
	gate: gate.optional(),
	/** The same for the reading under way. */
	gateAtWalk: gate.optional(),
	/** Polls since the log was read. */
	quietPolls: z.number(),
	/** Changes up to this instant were found, apart from those HubSpot had not indexed yet. */
	watermark: z.number(),
	/** The search under way, which may take several polls. */
	search: searchPosition.extend({ since: z.number(), startedAt: z.number() }).optional(),
	/** Contacts dealt with, by record id, with their last-modified stamp. */
	handled: z.record(z.number()),
});

export type ListCursor = z.output<typeof listCursor>;
export type Gate = z.output<typeof gate>;

/** A stored cursor, or undefined when it is of another form. */
export function readListCursor(stored: unknown): ListCursor | undefined {
	const read = listCursor.safeParse(stored);
	return read.success ? read.data : undefined;
}

export const gateMoved = (before: Gate | undefined, now: Gate): boolean =>
	before === undefined ||
	before.size !== now.size ||
	before.lastAddedAt !== now.lastAddedAt ||
	before.version !== now.version;
