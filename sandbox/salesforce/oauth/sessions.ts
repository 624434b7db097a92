import { randomBytes } from 'node:crypto';
import { expiredSession, refusal, SalesforceError } from '../errors';
import type { SalesforceSettings } from '../settings';
import type { SalesforceStore } from '../records/store';
import { SEEDED_REFRESH_TOKEN } from './keys';

/** The user an access token stands for. */
export interface Session {
	readonly token: string;
	readonly userId: string;
	readonly scopes: readonly string[];
	/** The refresh grant it came from, if any. */
	readonly grant?: RefreshGrant;
	lastUsed: number;
}

/** A user's agreement that outlives sessions. `token` is the one that is valid now. */
export interface RefreshGrant {
	readonly userId: string;
	readonly scopes: readonly string[];
	token: string;
	readonly spent: Set<string>;
	revoked: boolean;
}

/** A code of the authorize page, for one use. */
export interface Code {
	readonly userId: string;
	readonly scopes: readonly string[];
	readonly redirectUri: string;
	readonly challenge: string | undefined;
	readonly at: number;
}

/** Life of a code. */
const CODE_MS = 15 * 60_000;

/** Sessions, refresh tokens and codes of the organisation, and what its users may do. */
export class Sessions {
	/** User names without the permission *API Enabled*. */
	readonly apiDisabled = new Set<string>();
	/** User names the app is approved for (assertions). */
	readonly approved = new Set<string>();
	/** Calls after which every session is over; for a 401 in the middle of a run. */
	expireAfterCalls: number | undefined;
	private readonly sessions = new Map<string, Session>();
	private readonly grants: RefreshGrant[] = [];
	private readonly codes = new Map<string, Code>();

	constructor(
		private readonly store: SalesforceStore,
		private readonly settings: SalesforceSettings,
	) {
		const scopes = ['api', 'refresh_token', 'id'];
		this.grants.push({ userId: store.integrationUserId, scopes, token: SEEDED_REFRESH_TOKEN, spent: new Set(), revoked: false }); // prettier-ignore
		const name = this.usernameOf(store.integrationUserId);
		if (name !== undefined) this.approved.add(name);
	}

	/** Opens a session. */
	open(userId: string, scopes: readonly string[], grant?: RefreshGrant): Session {
		const token = `${this.store.organizationId.slice(0, 15)}!AQ${randomBytes(36).toString('base64url')}`;
		const session: Session = {
			token,
			userId,
			scopes,
			lastUsed: this.store.now(),
			...(grant !== undefined && { grant }),
		};
		this.sessions.set(token, session);
		return session;
	}

	/** The session of an `Authorization` header for REST calls. Throws 401, or 403 where the API is off. */
	forApi(authorization: string | undefined): Session {
		const session = this.of(authorization);
		if (session === undefined) throw expiredSession();
		const { scopes } = session;
		if (!scopes.includes('api') && !scopes.includes('full')) {
			throw refusal(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API');
		}
		const username = this.usernameOf(session.userId) ?? '';
		if (!this.settings.apiEnabled || this.apiDisabled.has(username)) {
			throw refusal(403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.');
		}
		return session;
	}

	/** The session of a header for the identity resources, which need no API permission. */
	forIdentity(authorization: string | undefined): Session {
		const session = this.of(authorization);
		if (session === undefined) throw new SalesforceError(403, authorization === undefined ? 'Missing_OAuth_Token' : 'Bad_OAuth_Token'); // prettier-ignore
		if (!session.scopes.some((scope) => ['id', 'openid', 'full', 'profile'].includes(scope))) {
			throw new SalesforceError(403, 'Bad_OAuth_Token');
		}
		return session;
	}

	private of(authorization: string | undefined): Session | undefined {
		const token = /^(?:Bearer|OAuth) (\S+)$/i.exec(authorization ?? '')?.[1];
		const session = token === undefined ? undefined : this.sessions.get(token);
		if (session === undefined) return undefined;
		const now = this.store.now();
		const isOver = session.lastUsed + this.settings.sessionMs <= now || session.grant?.revoked === true;
		if (isOver || !this.isActive(session.userId)) return undefined;
		if (this.expireAfterCalls !== undefined) {
			if (this.expireAfterCalls <= 0) {
				this.expireAll();
				return undefined;
			}
			this.expireAfterCalls -= 1;
		}
		session.lastUsed = now;
		return session;
	}

	/** Ends every session; refresh tokens stay. */
	expireAll(): void {
		this.sessions.clear();
		this.expireAfterCalls = undefined;
	}

	newCode(code: Omit<Code, 'at'>): string {
		const value = `aPrx${randomBytes(24).toString('base64url')}`;
		this.codes.set(value, { ...code, at: this.store.now() });
		return value;
	}

	/** A code that is still good, which is then used up. */
	takeCode(value: string): Code | undefined {
		const code = this.codes.get(value);
		this.codes.delete(value);
		return code !== undefined && code.at + CODE_MS > this.store.now() ? code : undefined;
	}

	newGrant(userId: string, scopes: readonly string[]): RefreshGrant {
		const grant = { userId, scopes, token: newRefreshToken(), spent: new Set<string>(), revoked: false };
		this.grants.push(grant);
		return grant;
	}

	/**
	 * The grant of a refresh token. With rotation the token is spent and another takes its place; a spent token revokes the
	 * grant and everything that came from it.
	 */
	useRefreshToken(token: string): RefreshGrant | undefined {
		const grant = this.grants.find((one) => one.token === token || one.spent.has(token));
		if (grant === undefined || grant.revoked) return undefined;
		if (grant.spent.has(token)) {
			grant.revoked = true;
			return undefined;
		}
		if (this.settings.refreshTokenRotation) {
			grant.spent.add(token);
			grant.token = newRefreshToken();
		}
		return grant;
	}

	/** Ends a session or a whole grant; false for an unknown token. */
	revoke(token: string): boolean {
		const grant = this.grants.find((one) => one.token === token);
		if (grant !== undefined) grant.revoked = true;
		return this.sessions.delete(token) || grant !== undefined;
	}

	userIdOf(username: string): string | undefined {
		for (const row of this.store.table('User').all()) {
			if (String(row['Username']).toLowerCase() === username.toLowerCase()) return row['Id'] as string;
		}
		return undefined;
	}

	usernameOf(userId: string): string | undefined {
		return this.store.lookup('User', userId)?.['Username'] as string | undefined;
	}

	isActive(userId: string): boolean {
		return this.store.lookup('User', userId)?.['IsActive'] === true;
	}
}

const newRefreshToken = (): string => `5Aep861${randomBytes(40).toString('base64url')}`;
