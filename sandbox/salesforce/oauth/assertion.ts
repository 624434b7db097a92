import { verify } from 'node:crypto';
import { invalidGrant, oauthError } from './errors';
import { appKeys, CONNECTED_APP } from './keys';

/** What an assertion must hold besides a right signature. Times in ms since 1970. */
export interface AssertionRules {
	readonly now: number;
	readonly audiences: readonly string[];
	/** Audiences that older organisations take and this one does not. */
	readonly outdatedAudiences: readonly string[];
}

/** An assertion may be valid for this long at most. */
const MAX_LIFE_S = 300;

/** Checks a JWT of the bearer flow (RS256); returns its user name. Throws the token endpoint's refusals. */
export function userOfAssertion(assertion: string, rules: AssertionRules): string {
	const [header, payload, signature, ...rest] = assertion.split('.');
	if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
		throw invalidGrant('invalid assertion');
	}
	const { iss, sub, aud, exp } = json(payload);
	if (json(header)['alg'] !== 'RS256') throw invalidGrant('invalid assertion');
	if (iss !== CONNECTED_APP.consumerKey) throw oauthError('invalid_client_id', 'client identifier invalid');
	const isSigned = verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), appKeys().publicKey, Buffer.from(signature, 'base64url')); // prettier-ignore
	if (!isSigned) throw invalidGrant('invalid assertion');
	if (typeof exp !== 'number') throw invalidGrant('invalid assertion');
	if (exp * 1_000 <= rules.now) throw invalidGrant('expired authorization code');
	// Milliseconds instead of seconds end up here.
	if (exp > rules.now / 1_000 + MAX_LIFE_S) throw invalidGrant('invalid assertion');
	const named = (Array.isArray(aud) ? aud : [aud]).map((one) => String(one).replace(/\/$/, ''));
	if (!named.some((one) => rules.audiences.includes(one))) {
		if (named.some((one) => rules.outdatedAudiences.includes(one))) {
			throw oauthError('app_not_found', 'External client app is not installed in this org');
		}
		throw invalidGrant('audience is invalid');
	}
	if (typeof sub !== 'string') throw invalidGrant('invalid assertion');
	return sub;
}

function json(part: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
		if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
	} catch {
		// Not JSON: the same refusal as any other broken assertion.
	}
	throw invalidGrant('invalid assertion');
}
