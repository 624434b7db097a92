import { z } from 'zod';
import { fieldPrints } from '../../../core/polling/memory/fieldPrints';
import { NO_INSTANTS, packedInstants } from '../../../core/polling/memory/handledChanges';
import { packedLinks } from '../../../core/polling/memory/packedLinks';
import { emptyMemory, memberMemory } from '../../../core/polling/memory/memberMemory';
import { NO_IDS, packedIds } from '../../../core/polling/memory/packedIds';
import { knownTime } from '../../../core/polling/sourceTime';
import { FIRST_PAGE, pagePosition } from './readers/contactPages';

/** How far the contacts of an account were followed. All instants are ms since 1970 on Brevo's clock. */
export const contactCursor = z.object({
	startedAt: z.number(),
	/** `firstSync` until all members were emitted, or remembered where only changes from now on are emitted. */
	phase: z.enum(['firstSync', 'live']),
	/** Only changes since the start are emitted. */
	fromNow: z.boolean(),
	/** Contacts modified up to this instant were read, but for what Brevo shows late. */
	since: z.number(),
	/** The newest modification that was read; Brevo's time was not earlier. */
	newest: z.number().optional(),
	/** The reading of modified contacts under way. */
	search: z.object({ since: z.number(), startedAt: z.number(), page: pagePosition }).optional(),
	/** The walk through all members under way; ids up to `compared` were compared with the remembered ones. */
	walk: z.object({ startedAt: z.number(), calls: z.number(), page: pagePosition, compared: z.string() }).optional(),
	/** When the last walk began, and its calls. */
	walked: z.object({ at: z.number(), calls: z.number() }).optional(),
	/** Members whose membership is in doubt: a walk is due. */
	walkWanted: z.boolean().default(false),
	/** The last poll searched for modified contacts and did not walk. */
	searched: z.boolean().default(false),
	memory: memberMemory,
	/** Contacts that were emitted as opted out, or were so when following began. */
	optedOut: packedIds.default(() => NO_IDS),
	/** What the fields of the members were when they were emitted. Absent where only opt-outs are emitted. */
	prints: fieldPrints.optional(),
	/** Records that the members are linked to. Absent where what is deleted in Brevo is deleted nowhere else. */
	links: packedLinks.optional(),
	/** Modified contacts without fingerprints that were emitted, with the instant of the modification. */
	handled: packedInstants.default(() => NO_INSTANTS),
	/** The attributes that the account had of the wanted ones when a contact was emitted last. */
	select: z.object({ wanted: z.string(), fields: z.array(z.string()) }).optional(),
	/** The latest time that Brevo was known to have, and when that was on n8n's clock. */
	time: knownTime.optional(),
});

export type ContactCursor = z.output<typeof contactCursor>;

/** A stored cursor, or undefined when it is of another form. */
export function readContactCursor(stored: unknown): ContactCursor | undefined {
	const read = contactCursor.safeParse(stored);
	return read.success ? read.data : undefined;
}

/** Clocks that differ by less are not wrong. */
const CLOCK_SLACK_MS = 60_000;

/**
 * The cursor without instants that lie ahead of `now`, from a time in which this machine's clock was wrong, alone or together with
 * the dates of answers: contacts are read again from the newest modification that was read on.
 */
export function withoutInstantsAhead(at: ContactCursor, now: number): ContactCursor {
	const isAhead = (instant: number): boolean => instant > now + CLOCK_SLACK_MS;
	const { walked } = at;
	return {
		...at,
		startedAt: Math.min(at.startedAt, now),
		...(isAhead(at.since) ? { since: Math.min(at.newest ?? at.startedAt, now), search: undefined } : {}),
		...(walked && isAhead(walked.at) ? { walked: { ...walked, at: now } } : {}),
	};
}

/** Where following begins: with a walk through the members. `now` is Brevo's time. */
export const startCursor = (now: number, fromNow: boolean): ContactCursor => ({
	startedAt: now,
	phase: 'firstSync',
	fromNow,
	since: now,
	walk: { startedAt: now, calls: 0, page: FIRST_PAGE, compared: '0' },
	walkWanted: false,
	searched: false,
	memory: emptyMemory(false),
	optedOut: NO_IDS,
	handled: NO_INSTANTS,
});
