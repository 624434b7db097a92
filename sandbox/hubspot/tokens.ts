import { randomBytes } from 'node:crypto';
import { HubSpotError, INVALID_AUTHENTICATION } from './errors';

/** An access token; tokens of one app share its burst limit. `expiresAt` is ms since 1970. */
export interface Token {
	readonly app: string;
	readonly kind: 'private' | 'oauth';
	readonly scopes: readonly string[];
	readonly expiresAt?: number;
}

export const ALL_SCOPES = [
	'crm.import',
	'crm.lists.read',
	'crm.lists.write',
	'crm.objects.contacts.read',
	'crm.objects.contacts.write',
	'crm.schemas.contacts.read',
	'crm.schemas.contacts.write',
	'communication_preferences.read',
	'communication_preferences.write',
	'communication_preferences.read_write',
	'communication_preferences.statuses.batch.read',
	'communication_preferences.statuses.batch.write',
	'oauth',
] as const;

export const DEFAULT_TOKEN = 'pat-sandbox-0001';
/** A token that may do everything but read lists. */
export const TOKEN_WITHOUT_LISTS = 'pat-sandbox-nolists';
/** A token that may do everything but read contacts and their properties. */
export const TOKEN_WITHOUT_CONTACTS = 'pat-sandbox-nocontacts';
/** A token that may only read: lists, contacts. What a sync needs. */
export const TOKEN_READ_ONLY = 'pat-sandbox-readonly';
/** A token that may do everything but write contacts. */
export const TOKEN_WITHOUT_CONTACT_WRITES = 'pat-sandbox-nowrite';
/** A token that may do everything but change lists and their members. */
export const TOKEN_WITHOUT_LIST_WRITES = 'pat-sandbox-nolistwrite';
/** A token that may do everything but read or set communication preferences. */
export const TOKEN_WITHOUT_PREFERENCES = 'pat-sandbox-noprefs';

/** A token that may do everything but import. */
export const TOKEN_WITHOUT_IMPORTS = 'pat-sandbox-noimport';

/** Scopes that each of these tokens lacks. */
const LACKING: Readonly<Record<string, (scope: string) => boolean>> = {
	[DEFAULT_TOKEN]: () => false,
	[TOKEN_WITHOUT_LISTS]: (scope) => scope === 'crm.lists.read',
	[TOKEN_WITHOUT_CONTACTS]: (scope) => scope === 'crm.objects.contacts.read' || scope === 'crm.schemas.contacts.read',
	[TOKEN_WITHOUT_CONTACT_WRITES]: (scope) => scope === 'crm.objects.contacts.write',
	[TOKEN_WITHOUT_LIST_WRITES]: (scope) => scope === 'crm.lists.write',
	[TOKEN_WITHOUT_IMPORTS]: (scope) => scope === 'crm.import',
	[TOKEN_WITHOUT_PREFERENCES]: (scope) => scope.startsWith('communication_preferences.'),
};

export const OAUTH_CLIENT = { clientId: 'sandbox-client-0001', clientSecret: 'sandbox-secret-0001' };
export const OAUTH_REFRESH_TOKEN = 'refresh-sandbox-0001';

/** Life of an OAuth access token (HubSpot: `expires_in` 1800). */
const OAUTH_LIFE_S = 1_800;

/** The tokens of the account. */
export class Tokens {
	private readonly tokens = new Map<string, Token>();
	private readonly codes = new Map<string, readonly string[]>();

	constructor(private readonly now: () => number) {
		for (const [token, isLacking] of Object.entries(LACKING)) {
			this.set(
				token,
				ALL_SCOPES.filter((scope) => !isLacking(scope)),
			);
		}
		this.set(TOKEN_READ_ONLY, ['crm.lists.read', 'crm.objects.contacts.read']);
	}

	/** Makes or replaces a service key or private-app token with these scopes. */
	set(token: string, scopes: readonly string[]): void {
		this.tokens.set(token, { app: token, kind: 'private', scopes });
	}

	revoke(token: string): void {
		this.tokens.delete(token);
	}

	/** The token of an `Authorization` header; throws HubSpot's 401. */
	of(authorization: string | undefined): Token {
		const value = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
		const token = value === undefined ? undefined : this.tokens.get(value);
		if (token === undefined) {
			throw new HubSpotError(401, { message: INVALID_AUTHENTICATION, category: 'INVALID_AUTHENTICATION' });
		}
		if (token.expiresAt !== undefined && token.expiresAt <= this.now()) {
			const seconds = Math.round((this.now() - token.expiresAt) / 1_000);
			const message = `The OAuth token used to make this call expired ${seconds} second(s) ago.`;
			throw new HubSpotError(401, { message, category: 'EXPIRED_AUTHENTICATION' });
		}
		return token;
	}

	/** A code for the authorization-code grant. */
	newCode(scopes: readonly string[]): string {
		const code = randomBytes(12).toString('hex');
		this.codes.set(code, scopes);
		return code;
	}

	/** Scopes of a code, which is then used up. */
	takeCode(code: string): readonly string[] | undefined {
		const scopes = this.codes.get(code);
		this.codes.delete(code);
		return scopes;
	}

	/** A new OAuth access token. */
	newAccessToken(scopes: readonly string[]): { accessToken: string; expiresIn: number } {
		const accessToken = `oauth-sandbox-${randomBytes(12).toString('hex')}`;
		const expiresAt = this.now() + OAUTH_LIFE_S * 1_000;
		this.tokens.set(accessToken, { app: OAUTH_CLIENT.clientId, kind: 'oauth', scopes, expiresAt });
		return { accessToken, expiresIn: OAUTH_LIFE_S };
	}
}
