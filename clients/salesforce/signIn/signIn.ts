import { sign } from 'node:crypto';
import { z } from 'zod';
import { checkBaseUrl } from '../../../core/baseUrl';
import type { HttpPort, HttpRequest } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { readPrivateKey } from './privateKey';
import { classifySignIn } from './signInFaults';

/** How a program signs in without a person. */
export type SignInWay =
	| {
			readonly kind: 'jwt';
			/** `https://login.salesforce.com`, `https://test.salesforce.com` or My Domain. */
			readonly audience: string;
			readonly consumerKey: string;
			readonly username: string;
			/** PEM. */
			readonly privateKey: string;
	  }
	| { readonly kind: 'clientCredentials'; readonly consumerKey: string; readonly consumerSecret: string };

/** A session. How long it lasts is not known in advance: until a call answers 401. */
export interface Session {
	readonly accessToken: string;
	/** Where the data is, without a trailing slash. */
	readonly instanceUrl: string;
}

const SIGN_IN_PATH = '/services/oauth2/token';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Salesforce takes assertions that are valid for a few minutes at most. */
const ASSERTION_LIFE_S = 180;
const TIMEOUT_MS = 30_000;

/** Signs in. `http` is the login host, unauthenticated; `now` is ms since 1970. */
export async function signIn(http: HttpPort, way: SignInWay, now: number): Promise<Result<Session>> {
	const request = tokenRequest(way, now);
	if (request.kind !== 'ok') return request;
	const reply = await http.send(request.value);
	const good = classifySignIn(reply, now);
	return good.kind === 'ok' ? readToken(good.value) : good;
}

/** The call of the token endpoint; its body is sent as a form. */
export function tokenRequest(way: SignInWay, now: number): Result<HttpRequest> {
	const form = { 'content-type': 'application/x-www-form-urlencoded' };
	const empty = emptyField(way);
	if (empty !== undefined) {
		return { kind: 'stop', code: 'SETTING_INVALID', reason: `'${empty}' of the Salesforce credential is empty` };
	}
	const post = { method: 'POST' as const, path: SIGN_IN_PATH, timeoutMs: TIMEOUT_MS };
	if (way.kind === 'clientCredentials') {
		const basic = Buffer.from(`${way.consumerKey.trim()}:${way.consumerSecret.trim()}`).toString('base64');
		return ok({
			...post,
			headers: { ...form, authorization: `Basic ${basic}` },
			body: { grant_type: 'client_credentials' },
		});
	}
	const assertion = jwtAssertion(way, now);
	if (assertion.kind !== 'ok') return assertion;
	return ok({ ...post, headers: form, body: { grant_type: JWT_BEARER, assertion: assertion.value } });
}

/** The signed statement that names the app and the user (RS256). */
export function jwtAssertion(way: Extract<SignInWay, { kind: 'jwt' }>, now: number): Result<string> {
	const key = readPrivateKey(way.privateKey);
	if (key.kind !== 'ok') return key;
	const claims = {
		iss: way.consumerKey.trim(),
		sub: way.username.trim(),
		aud: way.audience.trim().replace(/\/+$/, ''),
		exp: Math.floor(now / 1_000) + ASSERTION_LIFE_S,
	};
	const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
	return ok(`${signed}.${sign('RSA-SHA256', Buffer.from(signed), key.value).toString('base64url')}`);
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

function emptyField(way: SignInWay): string | undefined {
	if (way.consumerKey.trim() === '') return 'Consumer Key';
	if (way.kind === 'clientCredentials') return way.consumerSecret.trim() === '' ? 'Consumer Secret' : undefined;
	return way.username.trim() === '' ? 'Username' : undefined;
}

const tokenAnswer = z.object({ access_token: z.string().min(1), instance_url: z.string().min(1) });

/** Reads the token endpoint's good answer. The token goes only where `checkBaseUrl` lets it. */
export function readToken(body: unknown): Result<Session> {
	const answer = tokenAnswer.safeParse(body);
	if (!answer.success) {
		return {
			kind: 'retry',
			code: 'UNEXPECTED_ANSWER',
			reason: "Salesforce's answer while signing in has an unknown form",
		};
	}
	const instance = checkBaseUrl(answer.data.instance_url, 'The instance URL that Salesforce gave');
	if (instance.kind !== 'ok') return instance;
	return ok({ accessToken: answer.data.access_token, instanceUrl: instance.value });
}
