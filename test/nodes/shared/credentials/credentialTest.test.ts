import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { ContactSyncBrevoApi } from '../../../../credentials/ContactSyncBrevoApi.credentials';
import { ContactSyncHubSpotApi } from '../../../../credentials/ContactSyncHubSpotApi.credentials';
import { ContactSyncN8nApi } from '../../../../credentials/ContactSyncN8nApi.credentials';
import type { TestServer } from '../../../support/http/testServer';
import { startTestServer } from '../../../support/http/testServer';
import { runNodes, testNode } from '../../../support/n8n/engine';
import { keyEnding } from '../../../support/n8n/endingKey';

/** What n8n says of a failed test: the code of a fault of the network if there is one, else the message (credentials-tester.service). */
const shownOf = (error: unknown): string => {
	const { cause, message } = error as { cause?: { code?: string }; message: string };
	return cause?.code ?? message;
};

/** Sends the test call of a credential through n8n's own helper, as n8n's tester does. */
class Tester implements INodeType {
	description: INodeTypeDescription;

	constructor(type: ICredentialType) {
		this.description = {
			displayName: 'Tester',
			name: 'tester',
			group: ['transform'],
			description: 'Tests a credential',
			version: 1,
			defaults: { name: 'Tester' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: type.name, required: true }],
			properties: [],
		};
		this.execute = execute(type);
	}

	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;
}

const execute = ({ name, test }: ICredentialType) =>
	async function (this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { baseUrl } = await this.getCredentials(name);
		const { request } = test ?? {};
		const options = { ...request, method: 'GET', baseURL: baseUrl, json: true } as unknown as IHttpRequestOptions;
		try {
			await this.helpers.httpRequestWithAuthentication.call(this, name, options);
			return [[{ json: { shown: 'OK' } }]];
		} catch (error) {
			return [[{ json: { shown: shownOf(error) } }]];
		}
	};

async function tested(type: ICredentialType, values: ICredentialDataDecryptedObject): Promise<unknown> {
	const result = await runNodes([testNode('Tester', 'test.tester', {}, [type.name])], {
		types: { 'test.tester': new Tester(type) },
		credentials: { [type.name]: values },
	});
	return result.json('Tester')[0]?.shown ?? result.error?.message;
}

const WAYS: ReadonlyArray<readonly [vendor: string, type: ICredentialType, key: ICredentialDataDecryptedObject]> = [
	['Brevo', new ContactSyncBrevoApi(), { apiKey: 'xkeysib-1' }],
	['HubSpot', new ContactSyncHubSpotApi(), { accessToken: 'pat-1' }],
	["n8n's API", new ContactSyncN8nApi(), { apiKey: 'key-1' }],
];

describe.each(WAYS)('the test of the credential for %s', (vendor, type, key) => {
	let server: TestServer;
	beforeEach(async () => void (server = await startTestServer()));
	afterEach(async () => await server.close());

	it('passes with a good key, which goes along with every call', async () => {
		server.answer(({ url }) => ({ status: 200, body: url.includes('data-tables') ? { data: [] } : {} }));
		expect(await tested(type, { ...key, baseUrl: server.url })).toBe('OK');
		expect(server.requests.length).toBeGreaterThan(1);
		const secret = JSON.stringify(Object.values(key)[0]).slice(1, -1);
		expect(server.requests.filter(({ headers }) => !JSON.stringify(headers).includes(secret))).toEqual([]);
		expect(JSON.stringify(server.requests)).not.toContain('x-contact-sync-check');
	});

	it.each(['http://127.0.0.1:1/v3', 'https://127.0.0.1:1'])(
		'names an address where nothing answers: %s',
		async (baseUrl) => {
			const shown = await tested(type, { ...key, baseUrl });
			expect(shown).toMatch(vendor);
			expect(shown).toMatch(/nothing answers at 127\.0\.0\.1:1\. Correct 'Base URL'/i);
			expect(shown).not.toMatch(/ECONNREFUSED|Nothing to do|tries again/);
		},
	);

	it('names a host that does not exist', async () => {
		const shown = await tested(type, { ...key, baseUrl: 'https://no-such-host.invalid' });
		expect(shown).toMatch(/nothing answers at no-such-host\.invalid\. Correct 'Base URL'/i);
		expect(shown).not.toMatch(/ENOTFOUND|EAI_AGAIN/);
	});

	it('names an address that has no https', async () => {
		const shown = await tested(type, { ...key, baseUrl: server.url.replace('http:', 'https:') });
		expect(shown).toMatch(/nothing answers at 127\.0\.0\.1:\d+ as .* Correct 'Base URL'/i);
		expect(shown).not.toMatch(/EPROTO|SSL/);
	});

	it('names an address where something else than HTTP answers', async () => {
		const other = createTcpServer((socket) => {
			socket.on('error', () => undefined);
			socket.on('data', () => socket.end('SSH-2.0-OpenSSH_9\r\n'));
		});
		await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
		const { port } = other.address() as AddressInfo;
		const shown = await tested(type, { ...key, baseUrl: `http://127.0.0.1:${port}` });
		other.close();
		expect(shown).toMatch(`nothing answers at 127.0.0.1:${port} as `);
	});

	it('says that the vendor has a fault of its own', async () => {
		server.answer(() => ({ status: 503 }));
		expect(await tested(type, { ...key, baseUrl: server.url })).toMatch(/answered.* 503/);
	});
});

describe('the test of a credential names', () => {
	let server: TestServer;
	beforeEach(async () => void (server = await startTestServer()));
	afterEach(async () => await server.close());

	it("an SMTP key of Brevo's, before it is sent anywhere", async () => {
		const shown = await tested(new ContactSyncBrevoApi(), {
			apiKey: ' xsmtpsib-0123456789abcdef-XyZ ',
			baseUrl: server.url,
		});
		expect(shown).toMatch(/SMTP key.*xkeysib-/);
		expect(shown).not.toContain('0123456789abcdef');
		expect(server.requests).toEqual([]);
	});

	it('the place where Brevo lets an address in, and the address', async () => {
		const message =
			'We have detected you are using an unrecognised IP address 192.0.2.10. If you performed this action make sure to add the new IP address in this link: https://app.brevo.com/security/authorised_ips';
		server.answer(() => ({ status: 401, body: { code: 'unauthorized', message } }));
		const shown = await tested(new ContactSyncBrevoApi(), { apiKey: 'xkeysib-1', baseUrl: server.url });
		expect(shown).toMatch(/IP address of this n8n \(192\.0\.2\.10\)/);
		expect(shown).toContain('https://app.brevo.com/security/authorised_ips ');
	});

	it("HubSpot's own sentence about a wrong kind of key", async () => {
		const message = 'This developer API key cannot be used here. Use a service key instead.';
		server.answer(() => ({ status: 401, body: { status: 'error', category: 'INVALID_AUTHENTICATION', message } }));
		expect(await tested(new ContactSyncHubSpotApi(), { accessToken: 'x', baseUrl: server.url })).toMatch(message);
	});

	it("the day on which a key of n8n's API ended, without calling n8n", async () => {
		const apiKey = keyEnding(Date.UTC(2026, 0, 5));
		const shown = await tested(new ContactSyncN8nApi(), { apiKey, baseUrl: server.url });
		expect(shown).toMatch(
			"The n8n API key expired on 5 January 2026. Create a new one in n8n (Settings > n8n API, 'Expiration': 'Never')",
		);
		expect(server.requests).toEqual([]);
	});
});
