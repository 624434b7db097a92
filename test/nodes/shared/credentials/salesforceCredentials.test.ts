import { generateKeyPairSync } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import type { HttpReply, HttpRequest } from '../../../../core/ports';
import { CHECK_MARK } from '../../../../nodes/shared/credentials/credentialHttp';
import { salesforceHttp } from '../../../../nodes/shared/vendors/openSalesforce';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { runNodes, testNode } from '../../../support/n8n/engine';
import { startTestServer } from '../../../support/http/testServer';

const JWT = 'contactSyncSalesforceJwtApi';
const CLIENT_CREDENTIALS = 'contactSyncSalesforceClientCredentialsApi';
const OAUTH2 = 'contactSyncSalesforceOAuth2Api';
const ORGANISATION = { method: 'GET', path: '/services/data/v66.0/query?q=SELECT+Id+FROM+Organization' } as const;

/** Sends the requests in its input at once and hands the replies on. */
class Sender implements INodeType {
	description: INodeTypeDescription;

	constructor(credentialType: string) {
		this.description = {
			displayName: 'Sender',
			name: 'sender',
			group: ['transform'],
			description: 'Sends requests',
			version: 1,
			defaults: { name: 'Sender' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: credentialType, required: true }],
			properties: [],
		};
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const type = Object.keys(this.getNode().credentials ?? {})[0] ?? '';
		const http = salesforceHttp(this, type);
		const requests = this.getInputData().map(({ json }) => json as unknown as HttpRequest);
		const replies = await Promise.all(requests.map(async (request) => await http.send(request)));
		return [replies.map((reply, index) => ({ json: { reply }, pairedItem: index }))];
	}
}

describe('the three ways to connect to Salesforce', () => {
	let salesforce: RunningSalesforce;

	beforeEach(async () => {
		salesforce = await startSalesforce({ contacts: 3, leads: 3 });
	});
	afterEach(async () => await salesforce.close());

	const jwt = (fields: object = {}): ICredentialDataDecryptedObject => ({
		environment: 'customDomain',
		myDomainUrl: salesforce.url,
		consumerKey: salesforce.app.consumerKey,
		username: salesforce.users.sync,
		privateKey: salesforce.privateKey,
		...fields,
	});
	const clientCredentials = (fields: object = {}): ICredentialDataDecryptedObject => ({
		myDomainUrl: salesforce.url,
		consumerKey: salesforce.app.consumerKey,
		consumerSecret: salesforce.app.consumerSecret,
		...fields,
	});
	const oAuth2 = (tokens: object = {}): ICredentialDataDecryptedObject => ({
		grantType: 'pkce',
		clientId: salesforce.app.consumerKey,
		clientSecret: salesforce.app.consumerSecret,
		accessTokenUrl: `${salesforce.url}/services/oauth2/token`,
		authentication: 'header',
		oauthTokenData: {
			access_token: salesforce.newToken(),
			refresh_token: salesforce.refreshToken,
			instance_url: salesforce.url,
			...tokens,
		},
	});

	async function sendAll(
		type: string,
		credential: ICredentialDataDecryptedObject,
		requests: readonly HttpRequest[],
	): Promise<HttpReply[]> {
		const result = await runNodes([testNode('Sender', 'test.sender', {}, [type])], {
			types: { 'test.sender': new Sender(type) },
			credentials: { [type]: credential },
			input: requests as unknown as IDataObject[],
		});
		expect(result.error).toBeUndefined();
		return result.json('Sender').map(({ reply }) => reply as unknown as HttpReply);
	}
	const send = async (
		type: string,
		credential: ICredentialDataDecryptedObject,
		request: HttpRequest = ORGANISATION,
	): Promise<HttpReply> => {
		const [reply] = await sendAll(type, credential, [request]);
		if (!reply) throw new Error('no reply');
		return reply;
	};
	/** What n8n's test of a credential does: the marked call, of which only the refusal is of interest. */
	const tested = async (type: string, credential: ICredentialDataDecryptedObject): Promise<string> => {
		const reply = await send(type, credential, {
			method: 'GET',
			path: '/services/data/v66.0',
			headers: { [CHECK_MARK]: 'yes' },
		});
		return reply.kind === 'reply' ? `status ${reply.status}` : reply.reason;
	};
	const signIns = () => salesforce.requests.count(({ path }) => path === '/services/oauth2/token');

	const ways = [
		['JWT', JWT, () => jwt()],
		['client credentials', CLIENT_CREDENTIALS, () => clientCredentials()],
		['OAuth2', OAUTH2, () => oAuth2()],
	] as const;

	describe.each(ways)('%s', (name, type, credentialOf) => {
		it('SB-05: reads the organisation, and stores a session that the next run uses again', async () => {
			const credential = credentialOf();
			expect(await send(type, credential)).toMatchObject({ kind: 'reply', status: 200, body: { totalSize: 1 } });
			expect(await send(type, credential)).toMatchObject({ status: 200 });
			expect(signIns()).toBe(name === 'OAuth2' ? 0 : 1);
		});

		it('a 401 in the middle of a run makes n8n renew the session and repeat the call', async () => {
			const credential = credentialOf();
			await send(type, credential);
			salesforce.sessions.expireAll();
			const before = signIns();
			expect(await send(type, credential)).toMatchObject({ kind: 'reply', status: 200 });
			expect(signIns() - before).toBe(1);
			expect(await send(type, credential)).toMatchObject({ status: 200 });
			expect(signIns() - before).toBe(1);
		});

		it('a refused token is tried once more and no oftener', async () => {
			const credential = credentialOf();
			await send(type, credential);
			salesforce.requests.clear();
			salesforce.faults.next('GET /services/data/v66.0/query', {
				status: 401,
				body: [{ errorCode: 'INVALID_SESSION_ID', message: 'This session is not valid for use with the REST API' }],
				times: 0,
			});
			expect(await send(type, credential)).toMatchObject({ kind: 'reply', status: 401 });
			expect(salesforce.requests.count(({ path }) => path.endsWith('/query'))).toBe(2);
		});

		it('a sign-in that is down for now is no wrong credential', async () => {
			const credential = credentialOf();
			await send(type, credential);
			salesforce.sessions.expireAll();
			salesforce.faults.next('POST /services/oauth2/token', { status: 503 });
			// Of OAuth2 n8n hands on what the login host answered.
			expect(await send(type, credential)).toMatchObject(
				name === 'OAuth2' ? { kind: 'reply', status: 503 } : { kind: 'unreachable' },
			);
			expect(await send(type, credential)).toMatchObject({ status: 200 });
		});

		it('an organisation without https is refused before the token is sent there', async () => {
			const foreign = 'http://na1.salesforce.example';
			const credential = credentialOf();
			if (name === 'OAuth2') Object.assign(credential, oAuth2({ instance_url: foreign }));
			const body = { access_token: 'stolen', instance_url: foreign };
			salesforce.faults.next('POST /services/oauth2/token', { status: 200, body });
			expect(await send(type, credential)).toMatchObject({
				kind: 'loginFailed',
				reason: expect.stringMatching(/instance URL that Salesforce gave must begin with https/) as string,
			});
			expect(credential.accessToken).toBeUndefined();
		});

		it('answers of other statuses come back as values after one call', async () => {
			const credential = credentialOf();
			await send(type, credential);
			salesforce.requests.clear();
			for (const status of [400, 403, 404, 500, 503]) {
				salesforce.faults.next('GET /services/data/v66.0/query', { status });
				expect(await send(type, credential)).toMatchObject({ kind: 'reply', status });
			}
			expect(salesforce.requests.total).toBe(5);
		});
	});

	describe('OAuth2: n8n lost the instance URL when it refreshed the token', () => {
		const withoutIt = (fields: object, tokens: object = {}): ICredentialDataDecryptedObject => ({
			...oAuth2({ instance_url: undefined, ...tokens }),
			...fields,
		});
		const identity = (origin: string) => ({ id: `${origin}/id/${salesforce.store.organizationId}/005` });

		it('My Domain of the credential is the organisation', async () => {
			const credential = withoutIt({ environment: 'customDomain', myDomainUrl: salesforce.url });
			expect(await send(OAUTH2, credential)).toMatchObject({ status: 200 });
		});

		it('Salesforce is asked once where no address is told', async () => {
			const credential = withoutIt({ environment: 'production' }, identity(salesforce.url));
			salesforce.requests.clear();
			for (let n = 0; n < 3; n++) expect(await send(OAUTH2, credential)).toMatchObject({ status: 200 });
			expect(salesforce.requests.count(({ path }) => path === '/services/oauth2/userinfo')).toBe(1);
		});

		it('a Salesforce that cannot be asked now is asked again, and the credential is not said to be wrong', async () => {
			const credential = withoutIt({ environment: 'production' }, {});
			Object.assign(credential.oauthTokenData as object, { id: `${salesforce.url}/id/another/005` });
			salesforce.faults.next('GET /services/oauth2/userinfo', { status: 503 });
			expect(await send(OAUTH2, credential)).toMatchObject({ kind: 'unreachable' });
			expect(await send(OAUTH2, credential)).toMatchObject({ status: 200 });
		});

		it('who never signed in is told to', async () => {
			const credential = withoutIt({ environment: 'customDomain', myDomainUrl: salesforce.url }, { access_token: '', refresh_token: '' }); // prettier-ignore
			expect(await send(OAUTH2, credential)).toMatchObject({
				kind: 'loginFailed',
				reason: expect.stringContaining('sign in') as string,
			});
		});
	});

	it('two runs at once whose session ended each get a good one', async () => {
		const credential = jwt();
		await send(JWT, credential);
		salesforce.sessions.expireAll();
		const replies = await sendAll(JWT, credential, [ORGANISATION, ORGANISATION, ORGANISATION]);
		expect(replies.map((reply) => reply.kind === 'reply' && reply.status)).toEqual([200, 200, 200]);
		expect(await send(JWT, credential)).toMatchObject({ status: 200 });
	});

	it('OAuth2 with refresh-token rotation: the new refresh token is stored, also when two calls end at once', async () => {
		salesforce.settings.refreshTokenRotation = true;
		const credential = oAuth2();
		for (let round = 0; round < 3; round++) {
			salesforce.sessions.expireAll();
			const replies = await sendAll(OAUTH2, credential, [ORGANISATION, ORGANISATION]);
			expect(replies.map((reply) => reply.kind === 'reply' && reply.status)).toEqual([200, 200]);
		}
		expect((credential.oauthTokenData as IDataObject).refresh_token).not.toBe(salesforce.refreshToken);
		expect(signIns()).toBe(3);
	});

	it('calls go where the last sign-in said, not to the login host', async () => {
		const credential = jwt({ myDomainUrl: salesforce.loginUrl });
		expect(await send(JWT, credential)).toMatchObject({ status: 200 });
		expect(credential.instanceUrl).toBe(salesforce.url);
		const moved = await startTestServer();
		moved.answer(() => ({ status: 200, body: { moved: true } }));
		salesforce.sessions.expireAll();
		const body = { access_token: 'of-the-new-host', instance_url: moved.url };
		salesforce.login.faults.next('POST /services/oauth2/token', { status: 200, body });
		expect(await send(JWT, credential)).toMatchObject({ status: 200, body: { moved: true } });
		expect(moved.requests.at(-1)?.headers.authorization).toBe('Bearer of-the-new-host');
		await moved.close();
	});

	it('an organisation where nothing answers is named in a run too', async () => {
		const credential = jwt();
		await send(JWT, credential);
		credential.instanceUrl = 'http://127.0.0.1:1';
		expect(await send(JWT, credential)).toEqual({
			kind: 'unreachable',
			reason: "nothing answers at 127.0.0.1:1. Correct 'My Domain URL' in the credential if it stays",
		});
	});

	it('an edited credential never goes on with the session of before', async () => {
		const credential = jwt();
		await send(JWT, credential);
		credential.username = 'nobody@sandbox.example';
		expect(await send(JWT, credential)).toMatchObject({
			kind: 'loginFailed',
			reason: expect.stringContaining("'Username'") as string,
		});
		credential.username = salesforce.users.sync;
		expect(await send(JWT, credential)).toMatchObject({ status: 200 });
	});

	it.each([['http://login.example'], ['ftp://127.0.0.1'], ['']])(
		'the login host %j is refused',
		async (myDomainUrl) => {
			expect(await send(CLIENT_CREDENTIALS, clientCredentials({ myDomainUrl }))).toMatchObject({
				kind: 'loginFailed',
				reason: expect.stringContaining("'My Domain URL'") as string,
			});
		},
	);

	describe('the test tells apart', () => {
		const cases: [string, string, () => ICredentialDataDecryptedObject, RegExp][] = [
			['a wrong consumer key', JWT, () => jwt({ consumerKey: '3MVG9wrong' }), /'Consumer Key' is wrong/],
			['a wrong private key', JWT, () => jwt({ privateKey: OTHER_KEY }), /'Private Key' does not fit/],
			['no private key at all', JWT, () => jwt({ privateKey: 'abc' }), /'Private Key'/],
			['a wrong user', JWT, () => jwt({ username: 'nobody@sandbox.example' }), /'Username'/],
			['an inactive user', JWT, () => inactive(), /user is inactive/],
			[
				'a wrong host',
				JWT,
				() => jwt({ myDomainUrl: 'http://127.0.0.1:1' }),
				/could not be reached \(nothing answers at 127\.0\.0\.1:1\).*'My Domain URL'/,
			],
			[
				'a wrong consumer secret',
				CLIENT_CREDENTIALS,
				() => clientCredentials({ consumerSecret: 'not-this-one' }),
				/'Consumer Secret' is wrong/,
			],
			[
				'a login host that has no client credentials',
				CLIENT_CREDENTIALS,
				() => clientCredentials({ myDomainUrl: salesforce.loginUrl }),
				/'My Domain URL' alone/,
			],
		];

		function inactive(): ICredentialDataDecryptedObject {
			salesforce.sessions.approved.add(salesforce.users.inactive);
			return jwt({ username: salesforce.users.inactive });
		}

		it.each(cases)('%s', async (_name, type, credentialOf, says) => {
			const credential = credentialOf();
			const message = await tested(type, credential);
			expect(message).toMatch(says);
			for (const secret of [credential.privateKey, credential.consumerSecret]) {
				if (typeof secret === 'string' && secret.length > 5) expect(message).not.toContain(secret);
			}
		});

		it.each(ways.slice(0, 2))('SB-05: an organisation without API access (%s)', async (_name, type, credentialOf) => {
			salesforce.settings.apiEnabled = false;
			expect(await tested(type, credentialOf())).toMatch(/API/);
		});

		it.each(ways.slice(0, 2))('a good credential, although its stored session ended (%s)', async (_name, type, of) => {
			const credential = of();
			expect(await tested(type, credential)).toBe('status 200');
			salesforce.sessions.expireAll();
			expect(await tested(type, credential)).toBe('status 200');
		});

		it.each(ways.slice(0, 2))('a good credential, although its organisation moved (%s)', async (_name, type, of) => {
			const credential = {
				...of(),
				accessToken: 'of-before',
				instanceUrl: 'http://127.0.0.1:1',
				signedInWith: 'before',
			};
			expect(await tested(type, credential)).toBe('status 200');
		});

		it.each(ways.slice(0, 2))('an organisation where nothing answers (%s)', async (_name, type, of) => {
			const body = { access_token: 'new', instance_url: 'http://127.0.0.1:1' };
			const fault = { status: 200, body, times: 0 };
			salesforce.faults.next('POST /services/oauth2/token', fault);
			salesforce.login.faults.next('POST /services/oauth2/token', fault);
			expect(await tested(type, of())).toBe(
				'Salesforce could not be reached while checking the access (nothing answers at 127.0.0.1:1).',
			);
		});

		it('a key that went wrong, although the stored session is still good', async () => {
			const credential = clientCredentials();
			await send(CLIENT_CREDENTIALS, credential);
			expect(await tested(CLIENT_CREDENTIALS, { ...credential, consumerSecret: 'renewed' })).toMatch(
				/'Consumer Secret'/,
			);
		});
	});
});

const OTHER_KEY = generateKeyPairSync('rsa', {
	modulusLength: 2_048,
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;
