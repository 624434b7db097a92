import { generateKeyPairSync, createPublicKey, verify } from 'node:crypto';
import { readPrivateKey } from '../../../../clients/salesforce/signIn/privateKey';
import type { SignInWay } from '../../../../clients/salesforce/signIn/signIn';
import { jwtAssertion, readToken, signIn, tokenRequest } from '../../../../clients/salesforce/signIn/signIn';
import { classifySignIn } from '../../../../clients/salesforce/signIn/signInFaults';
import type { Failure } from '../../../../core/result';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { plainHttp } from '../../../support/http/plainHttp';
import { clientOf, operate, valueOf } from '../support/organisation';

let salesforce: RunningSalesforce;
let jwt: Extract<SignInWay, { kind: 'jwt' }>;
let clientCredentials: Extract<SignInWay, { kind: 'clientCredentials' }>;

beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 3, leads: 0 });
	const { consumerKey, consumerSecret } = salesforce.app;
	jwt = {
		kind: 'jwt',
		audience: salesforce.loginUrl,
		consumerKey,
		username: salesforce.users.sync,
		privateKey: salesforce.privateKey,
	};
	clientCredentials = { kind: 'clientCredentials', consumerKey, consumerSecret };
});
beforeEach(() => salesforce.reset());
afterAll(() => salesforce.close());

const signInAt = async (host: string, way: SignInWay, now = salesforce.clock.now()) =>
	await signIn(plainHttp(host, {}), way, now);

async function reasonOf(way: SignInWay, host = salesforce.url, now?: number): Promise<string> {
	const failure = (await signInAt(host, way, now)) as Failure;
	expect(failure.kind).toBe('stop');
	return `${failure.code}: ${failure.reason}`;
}

describe('signing in to Salesforce without a person', () => {
	it('an answer without end names the settings of the address, and gives no session', async () => {
		const endless = { kind: 'reply', status: 200, headers: {}, body: '', tooLong: true } as const;
		const http = { send: async () => await Promise.resolve(endless) };
		expect(await signIn(http, clientCredentials, salesforce.clock.now())).toMatchObject({
			kind: 'stop',
			reason: expect.stringMatching(/'My Domain URL'/) as string,
		});
	});

	it.each<[string, () => SignInWay, () => string]>([
		['JWT at the login host', () => jwt, () => salesforce.loginUrl],
		['JWT at My Domain', () => ({ ...jwt, audience: `${salesforce.url}/` }), () => salesforce.url],
		['client credentials at My Domain', () => clientCredentials, () => salesforce.url],
	])('%s gives a session for the organisation', async (_what, way, host) => {
		const session = valueOf(await signInAt(host(), way()));
		expect(session.instanceUrl).toBe(salesforce.url);
		const http = plainHttp(session.instanceUrl, { authorization: `Bearer ${session.accessToken}` });
		expect(await clientOf(salesforce, http).organisation()).toMatchObject({ kind: 'ok' });
	});

	it('the assertion is signed, names the app and the user, and lasts three minutes', () => {
		const now = Date.UTC(2026, 10, 22, 10);
		const assertion = valueOf(jwtAssertion({ ...jwt, username: ' sync@sandbox.example ' }, now));
		const [header = '', claims = '', signature = ''] = assertion.split('.');
		const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
		expect(decoded(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
		expect(decoded(claims)).toEqual({
			iss: salesforce.app.consumerKey,
			sub: 'sync@sandbox.example',
			aud: salesforce.loginUrl,
			exp: now / 1_000 + 180,
		});
		const key = createPublicKey(salesforce.privateKey);
		const good = verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
		expect(good).toBe(true);
	});

	it('neither key nor secret is in the form of the call where it does not belong', () => {
		const request = valueOf(tokenRequest(jwt, 0));
		expect(JSON.stringify(request)).not.toContain('PRIVATE');
		expect(valueOf(tokenRequest(clientCredentials, 0)).body).toEqual({ grant_type: 'client_credentials' });
	});
});

describe('SB-05: what is wrong with a credential, by its field', () => {
	it('a user that the app is not approved for, or that does not exist', async () => {
		await operate(salesforce, 'setUser', { username: salesforce.users.sync, approved: false });
		expect(await reasonOf(jwt)).toMatch(/^CREDENTIAL_INVALID: .*'Username'.*pre-authorized/);
		expect(await reasonOf({ ...jwt, username: 'nobody@sandbox.example' })).toMatch(/'Username'/);
	});

	it('an inactive user', async () => {
		await operate(salesforce, 'setUser', { username: salesforce.users.sync, active: false });
		expect(await reasonOf(jwt)).toMatch(/inactive.*'Username'/);
	});

	it('the audience of another kind of organisation', async () => {
		expect(await reasonOf({ ...jwt, audience: 'https://test.salesforce.com' })).toMatch(/audience.*'Environment'/);
	});

	it('an organisation that takes its My Domain alone', async () => {
		salesforce.settings.loginHostAudience = false;
		expect(await reasonOf(jwt)).toMatch(/app_not_found/);
		expect(await reasonOf(jwt)).toMatch(/'My Domain URL'/);
		expect(await signInAt(salesforce.url, { ...jwt, audience: salesforce.url })).toMatchObject({ kind: 'ok' });
	});

	it('client credentials at a login host', async () => {
		expect(await reasonOf(clientCredentials, salesforce.loginUrl)).toMatch(/'My Domain URL' alone/);
	});

	it('an app without a user to run as', async () => {
		salesforce.settings.clientCredentialsEnabled = false;
		expect(await reasonOf(clientCredentials)).toMatch(/'Run As'/);
	});

	it('a wrong key of the app', async () => {
		expect(await reasonOf({ ...jwt, consumerKey: 'wrong' })).toMatch(/'Consumer Key'/);
		expect(await reasonOf({ ...clientCredentials, consumerKey: 'wrong' })).toMatch(/'Consumer Key'/);
	});

	it('a wrong secret, which is in no text', async () => {
		const reason = await reasonOf({ ...clientCredentials, consumerSecret: 'a-wrong-secret' });
		expect(reason).toMatch(/'Consumer Secret'/);
		expect(reason).not.toContain('a-wrong-secret');
	});

	it('the private key of another certificate', async () => {
		const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
		const other = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
		expect(await reasonOf({ ...jwt, privateKey: other })).toMatch(/'Private Key' does not fit/);
	});

	it('a clock that is wrong', async () => {
		const late = salesforce.clock.now() - 10 * 60_000;
		expect(await reasonOf(jwt, salesforce.url, late)).toMatch(/clock of the machine n8n runs on is 10 minutes off/);
	});

	it('an address where no Salesforce is', async () => {
		salesforce.faults.next('POST /services/oauth2/token', { status: 404, body: '<html></html>' });
		expect(await reasonOf(jwt)).toMatch(/'My Domain URL'/);
		const unreachable = await signIn(plainHttp('http://127.0.0.1:9', {}), jwt, 0);
		expect(unreachable).toMatchObject({ kind: 'retry', code: 'UNAVAILABLE' });
	});

	it.each(['consumerKey', 'username'] as const)('an empty %s needs no call', async (name) => {
		const before = salesforce.requests.count();
		expect(await reasonOf({ ...jwt, [name]: ' ' })).toMatch(/^SETTING_INVALID: .* is empty/);
		expect(salesforce.requests.count()).toBe(before);
	});

	it.each<[string, object, object]>([
		['ip restricted', { error: 'invalid_grant', error_description: 'ip restricted' }, { code: 'IP_BLOCKED' }],
		['a locked organisation', { error: 'inactive_org', error_description: 'organization locked' }, { code: 'ACCOUNT_RESTRICTED' }], // prettier-ignore
		['the words of the help page', { error: 'invalid_grant', error_description: 'Audience validation failed' }, { reason: expect.stringContaining("'Environment'") as string }], // prettier-ignore
		['a flow that is off', { error: 'unsupported_grant_type', error_description: 'grant type not supported' }, { reason: expect.stringContaining('switch the flow on') as string }], // prettier-ignore
		['an ended connection', { error: 'invalid_grant', error_description: 'expired access/refresh token' }, { reason: expect.stringContaining('connect again') as string }], // prettier-ignore
		['too many sign-ins', { error: 'invalid_grant', error_description: 'login rate exceeded' }, { kind: 'retry', code: 'RATE_LIMITED' }], // prettier-ignore
		['a passing fault', { error: 'unknown_error', error_description: 'retry your request' }, { kind: 'retry', code: 'UNAVAILABLE' }], // prettier-ignore
		['something new', { error: 'brand_new', error_description: 'for anna@example.com' }, { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'Salesforce refused the sign-in (brand_new: for (address))' }], // prettier-ignore
	])('%s', (_what, body, expected) => {
		expect(classifySignIn({ kind: 'reply', status: 400, headers: {}, body }, 0)).toMatchObject(expected);
	});
});

describe("the token endpoint's answer", () => {
	it('a session goes only to https or this machine', () => {
		expect(readToken({ access_token: 'x', instance_url: 'http://acme.example' })).toMatchObject({
			kind: 'stop',
			code: 'SETTING_INVALID',
		});
		expect(readToken({ access_token: 'x', instance_url: 'https://acme.my.salesforce.com/' })).toMatchObject({
			value: { instanceUrl: 'https://acme.my.salesforce.com' },
		});
	});

	it.each([{}, { access_token: '' }, { access_token: 'x' }, 'ok', null])('%j is no session', (body) => {
		expect(readToken(body)).toMatchObject({ kind: 'retry', code: 'UNEXPECTED_ANSWER' });
	});
});

describe('a private key as people paste it', () => {
	const pkcs8 = (): string => salesforce.privateKey.trim();
	const lines = (): string[] => pkcs8().split('\n');

	it.each<[string, () => string]>([
		['as it is', () => salesforce.privateKey],
		['without the last line break', pkcs8],
		['with line breaks of Windows', () => lines().join('\r\n')],
		['with \\n typed as two characters', () => lines().join('\\n')],
		['with \\r\\n typed as four characters', () => lines().join('\\r\\n')],
		['on one line with blanks', () => lines().join(' ')],
		['on one line without blanks', () => lines().join('')],
		['in quotes', () => `"${lines().join('\\n')}"`],
		['with lines around it', () => `Bag Attributes\n  friendlyName: n8n\n${pkcs8()}\n\nmore`],
		['behind the certificate', () => `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${pkcs8()}`],
		['indented', () => lines().join('\n    ')],
		['in the older form', () => readPrivateKeyOrThrow(pkcs8()).export({ type: 'pkcs1', format: 'pem' }).toString()],
	])('%s', async (_what, key) => {
		expect(await signInAt(salesforce.url, { ...jwt, privateKey: key() })).toMatchObject({ kind: 'ok' });
	});

	it.each<[string, () => string, string]>([
		['nothing', () => ' ', 'is empty'],
		['half of it', () => pkcs8().slice(0, 600), 'is no whole PEM text'],
		['its middle lost', () => [...lines().slice(0, 3), ...lines().slice(-3)].join('\n'), 'cannot be read'],
		['the certificate', () => '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', 'holds a certificate'],
		['the public key', () => createPublicKey(pkcs8()).export({ type: 'spki', format: 'pem' }).toString(), 'holds a public key'], // prettier-ignore
		['one with a passphrase', () => readPrivateKeyOrThrow(pkcs8()).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(), 'passphrase'], // prettier-ignore
		['an older one with a passphrase', () => readPrivateKeyOrThrow(pkcs8()).export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(), 'passphrase'], // prettier-ignore
		['one of another kind', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'is no RSA key'], // prettier-ignore
	])('%s is refused with what to paste, and stays out of the text', (_what, key, expected) => {
		const failure = readPrivateKey(key()) as Failure;
		expect(failure).toMatchObject({ kind: 'stop', code: 'SETTING_INVALID' });
		expect(failure.reason).toContain("'Private Key'");
		expect(failure.reason).toContain(expected);
		expect(failure.reason).not.toMatch(/MII/);
	});

	const readPrivateKeyOrThrow = (pem: string) => valueOf(readPrivateKey(pem));
});
