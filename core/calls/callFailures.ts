import type { Failure } from '../result';

/**
 * An answer that is not the vendor's own: the page of a proxy, of a firewall or of a network that wants a sign-in, or that
 * of a wrong address. It says nothing about a contact, a list or a key, and it may pass, so nothing is concluded from it.
 */
export const foreignAnswer = (vendor: string, status: number, doing?: string): Failure => ({
	kind: 'retry',
	code: 'UNEXPECTED_ANSWER',
	reason: `What answered ${status}${doing === undefined ? '' : ` while ${doing}`} was not ${vendor}, but something on the way there (a proxy, a firewall or a wrong address)`,
	status,
});

/** A page or a line of text where a vendor answers with JSON; an empty body is none. */
export const isText = (body: unknown): boolean => typeof body === 'string' && body.trim() !== '';

/** An answer that went on and on: reading it anew would end no better. */
export const endlessAnswer = (vendor: string): Failure => ({
	kind: 'stop',
	code: 'UNEXPECTED_ANSWER',
	reason: `${vendor}'s answer was longer than any it should give and was not read to its end`,
});

/** A good answer that lacks what it must have, at `where`; never an empty list in its place. */
export const unknownForm = (vendor: string, doing: string, where?: string) =>
	({
		kind: 'refused',
		code: 'UNEXPECTED_ANSWER',
		reason: `${vendor}'s answer while ${doing} has an unknown form${where === undefined ? '' : ` at ${where}`}`,
	}) as const;

/** A longer wait than this is one for the limit of a day. */
const LONGER_THAN_ANY_WINDOW_MS = 5 * 60_000;

/** The vendor's limits let the call start in `waitMs` only. */
export const noTurnInTime = (vendor: string, doing: string, waitMs: number): Failure => ({
	kind: 'retry',
	code: waitMs > LONGER_THAN_ANY_WINDOW_MS ? 'DAILY_LIMIT_REACHED' : 'RATE_LIMITED',
	reason: `${vendor}'s limits leave no call in time (${doing})`,
	afterMs: waitMs,
});

/** The deadline of the caller passed before the call could start. */
export const noTimeLeft = (vendor: string, doing: string): Failure => ({
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: `${vendor} answers slowly: no time was left for ${doing}`,
	unsent: true,
});

/** The execution was cancelled before the call started. */
export const CANCELLED: Failure = { kind: 'stop', code: 'UNAVAILABLE', reason: 'The execution was cancelled' };
