import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { isRecord, textOf } from '../../../core/json';
import type { NodeContext } from '../n8n/n8nHttp';
import { httpOver } from '../n8n/n8nHttp';
import { checkInstanceUrl, loginHost } from './salesforceHost';

/** Organisations that userinfo named, by the identity of the sign-in: one call in a process. */
const named = new Map<string, string>();
const MOST_NAMED = 200;

/** The address of an organisation's own, where its data is as well; login.salesforce.com is no such. */
const MY_DOMAIN = /\.my\.salesforce\.com$/i;

/**
 * Where the data of an OAuth2 credential's organisation is. Salesforce gives the address with the token, but some versions of
 * n8n lose it when they refresh the token (https://github.com/n8n-io/n8n/issues/34916). Then My Domain of the credential
 * tells it, then the identity that came with the token, then Salesforce itself; only without all of these is there a need to
 * sign in again.
 */
export async function instanceOf(
	context: NodeContext,
	credentialType: string,
	credential: ICredentialDataDecryptedObject,
): Promise<Result<string>> {
	const { oauthTokenData } = credential;
	const tokens: Readonly<Record<string, unknown>> =
		typeof oauthTokenData === 'object' && oauthTokenData !== null ? { ...oauthTokenData } : {};
	if (textOf(tokens.instance_url) !== '') return checkInstanceUrl(tokens.instance_url);
	if (textOf(tokens.access_token) === '' && textOf(tokens.refresh_token) === '') return notConnected;
	const host = loginHost(credential);
	if (host.kind === 'ok' && credential.environment === 'customDomain') return host;
	const identity = textOf(tokens.id);
	const origin = URL.canParse(identity) ? checkInstanceUrl(new URL(identity).origin) : host;
	if (origin.kind !== 'ok') return notConnected;
	if (MY_DOMAIN.test(new URL(origin.value).hostname)) return origin;
	const key = identity || textOf(tokens.refresh_token) || textOf(tokens.access_token);
	const known = named.get(key);
	if (known !== undefined) return ok(known);
	const asked = await askedOf(context, credentialType, origin.value);
	if (asked.kind !== 'ok') return asked;
	if (named.size >= MOST_NAMED) named.clear();
	named.set(key, asked.value);
	return asked;
}

/** What userinfo says: `urls.rest` is `https://acme.my.salesforce.com/services/data/v{version}/`. */
async function askedOf(context: NodeContext, credentialType: string, origin: string): Promise<Result<string>> {
	const http = httpOver(context, credentialType, {
		renewsTokens: true,
		hostField: 'My Domain URL',
		place: () => ok(origin),
	});
	const reply = await http.send({ method: 'GET', path: '/services/oauth2/userinfo' });
	if (reply.kind === 'unreachable' || (reply.kind === 'reply' && reply.status >= 500)) {
		const reason = 'Salesforce could not be asked for the address of the organisation';
		return { kind: 'retry', code: 'UNAVAILABLE', reason };
	}
	const body: unknown = reply.kind === 'reply' && reply.status === 200 ? reply.body : undefined;
	const urls = isRecord(body) ? body.urls : undefined;
	const rest = textOf(isRecord(urls) ? urls.rest : undefined);
	return URL.canParse(rest) ? checkInstanceUrl(new URL(rest).origin) : notConnected;
}

const notConnected = {
	kind: 'stop',
	code: 'CREDENTIAL_INVALID',
	reason: 'The Salesforce credential is not connected: open it and sign in',
} as const;
