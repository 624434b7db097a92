import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { N8N_API_BASE_URL, N8nClient } from '../../../../clients/n8n/n8nClient';
import type { Result } from '../../../../core/result';
import { n8nHttp } from '../../../../nodes/shared/n8n/n8nHttp';
import { openBrevo } from '../../../../nodes/shared/vendors/openBrevo';
import { openHubSpot } from '../../../../nodes/shared/vendors/openHubSpot';
import { openSalesforce } from '../../../../nodes/shared/vendors/openSalesforce';
import { runNodes, testNode } from '../../../support/n8n/engine';
import { casesOf } from '../../../support/sizes';

type Calling = (context: IExecuteFunctions, credential: string) => Promise<Result<unknown>>;

const hubSpot =
	(write: boolean): Calling =>
	async (context, credential) => {
		const opened = await openHubSpot(context, credential);
		if (opened.kind !== 'ok') return opened;
		const { client, writer } = opened.value;
		return write ? await writer.create([{ trace: 'a', properties: { email: 'a@x.example' } }]) : await client.contactProperties(); // prettier-ignore
	};
const brevo =
	(write: boolean): Calling =>
	async (context) => {
		const opened = await openBrevo(context);
		if (opened.kind !== 'ok') return opened;
		const { client } = opened.value;
		return write ? await client.createContact({ email: 'a@x.example' }) : await client.getContacts({ offset: 0, limit: 10 }); // prettier-ignore
	};
const salesforce =
	(write: boolean): Calling =>
	async (context, credential) => {
		const opened = await openSalesforce(context, credential);
		if (opened.kind !== 'ok') return opened;
		const { client } = opened.value;
		return write ? await client.writer().create([{ type: 'Contact', values: {} }], 'creating') : await client.query('SELECT Id FROM Contact'); // prettier-ignore
	};
const n8n =
	(write: boolean): Calling =>
	async (context, credential) => {
		const client = new N8nClient(n8nHttp(context, credential, N8N_API_BASE_URL));
		return write ? await client.insertRows('1', [{ a: 1 }]) : await client.listTables();
	};

const CALLS: Readonly<Record<string, (write: boolean) => Calling>> = { hubSpot, brevo, salesforce, n8n };

/** Calls a vendor with the credential of its first input. */
class Caller implements INodeType {
	description: INodeTypeDescription;

	constructor(credential: string) {
		this.description = {
			displayName: 'Caller',
			name: 'caller',
			group: ['transform'],
			description: 'Calls a vendor',
			version: 1,
			defaults: { name: 'Caller' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: credential, required: true }],
			properties: [],
		};
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { vendor, write, credential } = this.getInputData()[0]?.json as { vendor: string; write: boolean; credential: string }; // prettier-ignore
		const result = await CALLS[vendor]?.(write)(this, credential);
		return [[{ json: { result }, pairedItem: 0 }]];
	}
}

/** Answers that are some kilobytes on the way. Read as JSON the first would take more than a gigabyte. */
const BOMBS: ReadonlyArray<readonly [string, () => Buffer]> = [
	['60 MB of empty objects', () => gzipSync(`{"results":[${'{},'.repeat(20_000_000)}{}]}`)],
	['60 MB of brackets', () => gzipSync('['.repeat(60_000_000))],
	['200 MB of blanks', () => gzipSync(Buffer.alloc(200 * 1024 * 1024, 32))],
];

let server: Server;
let url: string;
let bomb: Buffer;
/** The sign-in is answered as it should be. */
let signsIn = true;

beforeAll(async () => {
	server = createServer((request, answer) => {
		if (signsIn && request.url?.includes('/oauth2/token') === true) {
			answer.writeHead(200, { 'content-type': 'application/json' });
			return void answer.end(JSON.stringify({ access_token: 'token', instance_url: url }));
		}
		answer.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
		answer.end(bomb);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

let runs = 0;

/** What a call comes to, and by how many MB the process grew meanwhile. */
async function called(
	vendor: string,
	credential: string,
	values: ICredentialDataDecryptedObject,
	write: boolean,
): Promise<{ readonly told: string; readonly grownMb: number }> {
	// Limits are kept by the key.
	const key = `key-${++runs}`;
	const fields = Object.fromEntries(
		['accessToken', 'apiKey', 'consumerKey'].map((name) => [name, values[name] ?? key]),
	);
	const before = process.memoryUsage();
	const result = await runNodes([testNode('Caller', 'test.caller', {}, [credential])], {
		types: { 'test.caller': new Caller(credential) },
		credentials: { [credential]: { ...fields, ...values, ...(credential.includes('Salesforce') ? { accessToken: '' } : {}) } }, // prettier-ignore
		input: [{ vendor, write, credential }],
	});
	const after = process.memoryUsage();
	const grown = after.heapUsed + after.external - before.heapUsed - before.external;
	return {
		told: JSON.stringify(result.json('Caller')[0]?.result ?? result.error?.message ?? ''),
		grownMb: grown / 1024 / 1024,
	};
}

const SALESFORCE = 'contactSyncSalesforceClientCredentialsApi';
const CLIENTS: ReadonlyArray<readonly [string, string, () => ICredentialDataDecryptedObject]> = [
	['hubSpot', 'contactSyncHubSpotApi', () => ({ baseUrl: url })],
	['brevo', 'contactSyncBrevoApi', () => ({ baseUrl: url })],
	['salesforce', SALESFORCE, () => ({ myDomainUrl: url, consumerSecret: 'secret' })],
	['n8n', 'contactSyncN8nApi', () => ({ baseUrl: url })],
];

describe.each(casesOf(2, BOMBS))('number 19: an answer that unpacks to %s', (_what, made) => {
	beforeAll(() => void (bomb = made()));
	beforeEach(() => (signsIn = true));

	it.each(
		CLIENTS.flatMap(([vendor, credential, values]) =>
			[false, true].map((write) => [vendor, write ? 'write' : 'read', credential, values] as const),
		),
	)('ends a call of %s, a %s, with a clear failure and little memory', async (vendor, how, credential, values) => {
		const { told, grownMb } = await called(vendor, credential, values(), how === 'write');
		// A machine with much else to do may reach the time limit of the call first.
		expect(told).toMatch(/UNEXPECTED_ANSWER|longer than any it should give|time-out/);
		expect(grownMb).toBeLessThan(250);
	});

	it('ends a sign-in with a clear failure and little memory', async () => {
		signsIn = false;
		const { told, grownMb } = await called('salesforce', SALESFORCE, { myDomainUrl: url, consumerSecret: 'secret' }, false); // prettier-ignore
		expect(told).toMatch(/longer than any it should give|was no JSON|unknown form|could not/i);
		expect(told).not.toMatch(/"kind":"ok"/);
		expect(grownMb).toBeLessThan(250);
	});
});
