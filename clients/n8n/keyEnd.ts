import { isRecord } from '../../core/json';
import { dayName } from '../../core/quota/period';
import type { Failure } from '../../core/result';

/** How long before its end a key is warned about: two weeks, so that the warning outlasts a holiday. */
const WARNED_BEFORE_MS = 14 * 24 * 60 * 60_000;

/** The latest instant a calendar knows (https://tc39.es/ecma262/#sec-time-values-and-time-range). */
const LATEST_MS = 8.64e15;

/**
 * The instant at which a key of n8n's API ends, in ms since 1970; undefined where it never does or does not say so. n8n's keys
 * are JWTs (RFC 7519), and its dialog proposes an end after 30 days. The signature is n8n's to check, not ours.
 */
export function keyEndOf(apiKey: string): number | undefined {
	const [, payload = ''] = apiKey.trim().split('.');
	const end = claimsOf(Buffer.from(payload, 'base64url').toString()).exp;
	return typeof end === 'number' && end > 0 && end * 1_000 <= LATEST_MS ? end * 1_000 : undefined;
}

function claimsOf(payload: string): Readonly<Record<string, unknown>> {
	try {
		const claims: unknown = JSON.parse(payload);
		return isRecord(claims) ? claims : {};
	} catch {
		return {};
	}
}

/** How a key is exchanged, in the words of n8n's own pages; a sentence without its full stop. */
export const RENEW_KEY =
	"Create a new one in n8n (Settings > n8n API, 'Expiration': 'Never') and paste it into 'API Key' of the credential";

/** The failure of a key whose end passed. n8n itself answers as for a key that was revoked, so calling it would tell less. */
export const refuseEndedKey = (end: number | undefined, now: number, timeZone = 'UTC'): Failure | undefined =>
	end === undefined || end > now
		? undefined
		: {
				kind: 'stop',
				code: 'CREDENTIAL_INVALID',
				reason: `The n8n API key expired on ${dayName(end, timeZone)}. ${RENEW_KEY}`,
			};

/** Whether the end of a key is near enough to be warned about. */
export const endsSoon = (end: number, now: number): boolean => end - now <= WARNED_BEFORE_MS;

/** When a key ends and what happens then, for a warning; without a full stop. */
export const keyEndText = (end: number, timeZone: string, then = 'the quota stops the sync'): string =>
	`The n8n API key expires on ${dayName(end, timeZone)}; from then on ${then}`;
