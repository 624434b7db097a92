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
