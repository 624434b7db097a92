import type { HttpReply } from '../../../core/ports';
import type { ReasonCode } from '../../../core/outcome';
import { shortened } from '../../../core/calls/vendorMessage';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { isRecord } from '../../../core/json';

/**
 * What the token endpoint's refusals mean for the fields of the credential. Texts: Salesforce Help, "OAuth 2.0 Authorization
 * Errors", and what people report; most share the code `invalid_grant`, so the description decides.
 */
interface Meaning {
	readonly pattern: RegExp;
	readonly code: ReasonCode;
	/** Which field to look at, and why. */
	readonly reason: string;
}

/** Tried in this order against `error: error_description`. */
const MEANINGS: readonly Meaning[] = [
	{
		pattern: /hasn.?t approved this consumer|user is not admin approved|not approved/i,
		code: 'CREDENTIAL_INVALID',
		reason:
			"the app is not approved for the user: check 'Username', and in the app's policies choose 'Admin approved users are pre-authorized' and add a profile or permission set of that user",
	},
	{
		pattern: /inactive user|user is inactive|user is locked|user is frozen/i,
		code: 'CREDENTIAL_INVALID',
		reason: "the user is inactive, frozen or locked: activate it in Salesforce, or change 'Username'",
	},
	{
		pattern: /\bip\b.*restrict|restricted ip|login.*ip range/i,
		code: 'IP_BLOCKED',
		reason: "the IP address of this n8n is outside the login ranges of the user's profile or of the app",
	},
	{
		pattern: /inactive[_ ]org|org(anization)? is (locked|inactive)/i,
		code: 'ACCOUNT_RESTRICTED',
		reason: 'the organisation is locked, closed or expired',
	},
	{
		pattern: /app_not_found|external client app is not installed/i,
		code: 'CREDENTIAL_INVALID',
		reason:
			"the organisation does not know the app under this address: choose 'My Domain' in 'Environment' and enter 'My Domain URL', and check that 'Consumer Key' belongs to this organisation",
	},
	{
		pattern: /request not supported on this domain/i,
		code: 'CREDENTIAL_INVALID',
		reason: "this way to sign in works at 'My Domain URL' alone (https://….my.salesforce.com), not at login or test",
	},
	{
		pattern: /audience/i,
		code: 'CREDENTIAL_INVALID',
		reason:
			"the audience does not fit the organisation: check 'Environment' (sandboxes sign in at test.salesforce.com), or enter 'My Domain URL'",
	},
	{
		pattern: /no client credentials user|client credentials.*(not enabled|disabled)/i,
		code: 'CREDENTIAL_INVALID',
		reason: "the app has no user to run as: in its policies switch on 'Client Credentials Flow' and choose 'Run As'",
	},
	{
		pattern: /invalid_client_id|client identifier invalid/i,
		code: 'CREDENTIAL_INVALID',
		reason:
			"'Consumer Key' is wrong, belongs to another organisation, or the app is only minutes old (new apps take up to 10 minutes)",
	},
	{
		pattern: /invalid_client\b|invalid client credentials|invalid client secret/i,
		code: 'CREDENTIAL_INVALID',
		reason: "'Consumer Secret' is wrong or was renewed in Salesforce",
	},
	{
		pattern:
			/unsupported_grant_type|grant type not supported|invalid grant type|flow.*(not|isn.?t) (enabled|supported)/i,
		code: 'CREDENTIAL_INVALID',
		reason: 'the app does not allow this way to sign in: switch the flow on in the settings of the app in Salesforce',
	},
	{
		pattern: /rate_limit_exceeded|login rate exceeded|too many/i,
		code: 'RATE_LIMITED',
		reason: 'too many sign-ins of this user within an hour',
	},
	{
		pattern: /expired authorization code|assertion.*expired|expired.*assertion/i,
		code: 'CREDENTIAL_INVALID',
		reason: 'the signed statement had expired: check the clock of the machine n8n runs on',
	},
	{
		pattern: /invalid assertion|invalid signature|signature/i,
		code: 'CREDENTIAL_INVALID',
		reason:
			"'Private Key' does not fit the certificate of the app, or that certificate has expired: upload the certificate of this key in the settings of the app",
	},
	{
		pattern: /expired access\/refresh token|token.*(expired|revoked)/i,
		code: 'CREDENTIAL_INVALID',
		reason: 'the connection has ended or was revoked: open the credential and connect again',
	},
	{
		pattern: /authentication failure/i,
		code: 'CREDENTIAL_INVALID',
		reason: "check 'Username' and that the user may sign in now (login hours, IP ranges, multi-factor rules)",
	},
];

/** A clock this far off makes Salesforce refuse assertions. */
const CLOCK_OFF_MS = 120_000;
/** The sign-ins of an hour are counted. */
const RATE_WAIT_MS = 15 * 60_000;

/** The body of the token endpoint's good answer, or what is wrong with the credential. `now` is this machine's time. */
export function classifySignIn(reply: HttpReply, now: number): Result<unknown> {
	if (reply.kind === 'unreachable') {
		return passing(`Salesforce's sign-in could not be reached (${reply.reason}); check 'My Domain URL' if one is set`);
	}
	if (reply.kind === 'loginFailed') {
		const reason = `The Salesforce credential could not be used: ${shortened(reply.reason)}`;
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason };
	}
	const { status, body, headers } = reply;
	const { error, error_description: description } = isRecord(body) ? body : {};
	if (status >= 200 && status < 300 && typeof error !== 'string') {
		return isRecord(body) ? ok(body) : wrongHost(status);
	}
	if (status === 429 || status >= 500) return passing(`Salesforce's sign-in answered ${status}`);
	if (typeof error !== 'string') return wrongHost(status);
	if (error === 'unknown_error' || error === 'server_error' || error === 'temporarily_unavailable') {
		return passing(`Salesforce's sign-in answered ${error}`);
	}
	const said = `${error}${typeof description === 'string' ? `: ${description}` : ''}`;
	const meaning = MEANINGS.find(({ pattern }) => pattern.test(said));
	const code = meaning?.code ?? 'CREDENTIAL_INVALID';
	const reason = `Salesforce refused the sign-in${meaning ? `, because ${meaning.reason}` : ''}${clockHint(headers, now)} (${shortened(said)})`;
	return code === 'RATE_LIMITED'
		? { kind: 'retry', code, reason, afterMs: RATE_WAIT_MS }
		: { kind: 'stop', code, reason };
}

/** Assertions carry this machine's time. */
function clockHint(headers: Readonly<Record<string, string>>, now: number): string {
	const offMs = Math.abs(Date.parse(headers.date ?? '') - now);
	if (!(offMs > CLOCK_OFF_MS)) return '';
	return `; the clock of the machine n8n runs on is ${Math.round(offMs / 60_000)} minutes off`;
}

const wrongHost = (status: number): Failure => ({
	kind: 'stop',
	code: 'CREDENTIAL_INVALID',
	reason: `No Salesforce sign-in answers at the address of the credential (status ${status}); check 'Environment' and 'My Domain URL' (https://….my.salesforce.com)`,
});

const passing = (reason: string): Failure => ({ kind: 'retry', code: 'UNAVAILABLE', reason });
