import { createServer as createPlainServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createSecureServer } from 'node:https';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import type { HttpReply, HttpRequest } from '../../../../core/ports';
import { n8nHttp } from '../../../../nodes/shared/n8n/n8nHttp';
import { runNodes, testNode } from '../../../support/n8n/engine';
import type { TestServer } from '../../../support/http/testServer';
import { startTestServer } from '../../../support/http/testServer';
import { SELF_SIGNED } from './selfSigned';

/** Sends the request in its input through the port and hands the reply on. */
class Sender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sender',
		name: 'sender',
		group: ['transform'],
		description: 'Sends a request',
		version: 1,
		defaults: { name: 'Sender' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'contactSyncBrevoApi', required: true }],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const http = n8nHttp(this, 'contactSyncBrevoApi', 'https://api.brevo.com/v3');
		const reply = await http.send(this.getInputData()[0]?.json as unknown as HttpRequest);
		return [[{ json: { reply }, pairedItem: 0 }]];
	}
}

describe('n8nHttp in n8n’s engine', () => {
	let server: TestServer;

	beforeAll(async () => {
		server = await startTestServer();
	});

	afterAll(async () => {
		await server.close();
	});

	async function send(request: IDataObject, baseUrl = server.url, apiKey = 'key-1'): Promise<HttpReply> {
		const result = await runNodes([testNode('Sender', 'test.sender', {}, ['contactSyncBrevoApi'])], {
			types: { 'test.sender': new Sender() },
			credentials: { contactSyncBrevoApi: { apiKey, baseUrl } },
			input: [request],
		});
		expect(result.error).toBeUndefined();
		return result.json('Sender')[0]?.reply as unknown as HttpReply;
	}

	it('sends method, path, query, JSON body and the credential', async () => {
		server.answer(() => ({ status: 200, body: { done: true } }));
		const reply = await send({
			method: 'POST',
			path: '/a%20b',
			query: { listIds: ['1', '2'], limit: 5 },
			body: { x: [1] },
		});
		expect(reply).toMatchObject({ kind: 'reply', status: 200, body: { done: true } });
		expect(server.requests.at(-1)).toMatchObject({
			method: 'POST',
			url: '/a%20b?listIds=1&listIds=2&limit=5',
			body: '{"x":[1]}',
			headers: { 'api-key': 'key-1' },
		});
	});

	it.each([400, 401, 403, 404, 429, 500, 503])(
		'hands status %d on as a value, with its body and headers, after one call',
		async (status) => {
			server.answer(() => ({ status, body: { code: 'x', message: 'why' }, headers: { 'x-sib-ratelimit-reset': '7' } }));
			const before = server.requests.length;
			expect(await send({ method: 'GET', path: '/contacts' })).toMatchObject({
				kind: 'reply',
				status,
				body: { code: 'x', message: 'why' },
				headers: { 'x-sib-ratelimit-reset': '7' },
			});
			expect(server.requests.length - before).toBe(1);
		},
	);

	it('hands a body that is no JSON on as text', async () => {
		server.answer(() => ({ status: 200, text: '<html>maintenance</html>' }));
		expect(await send({ method: 'GET', path: '/contacts' })).toMatchObject({
			kind: 'reply',
			status: 200,
			body: '<html>maintenance</html>',
		});
	});

	it('follows no redirect, so that a key never goes to another host', async () => {
		server.answer(() => ({ status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } }));
		expect(await send({ method: 'GET', path: '/contacts' })).toMatchObject({ kind: 'reply', status: 302 });
	});

	it('tells a server that is not there from one that answers', async () => {
		expect(await send({ method: 'GET', path: '/contacts' }, 'http://127.0.0.1:1')).toEqual({
			kind: 'unreachable',
			reason: "nothing answers at 127.0.0.1:1. Correct 'Base URL' in the credential if it stays",
		});
		expect(await send({ method: 'GET', path: '/contacts' }, 'https://no-such-host.invalid/v3')).toMatchObject({
			kind: 'unreachable',
			reason: "nothing answers at no-such-host.invalid. Correct 'Base URL' in the credential if it stays",
		});
	});

	it('tells a time-out and a cut connection', async () => {
		server.answer(() => 'hang');
		expect(await send({ method: 'GET', path: '/contacts', timeoutMs: 150 })).toMatchObject({ kind: 'unreachable' });
		server.answer(() => 'cut');
		expect(await send({ method: 'GET', path: '/contacts' })).toMatchObject({ kind: 'unreachable' });
	});

	it('a certificate that this n8n does not trust is a fault of the way, and names the way out', async () => {
		const secure = createSecureServer(SELF_SIGNED, (_request, answer) => answer.end('{}'));
		await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
		const { port } = secure.address() as AddressInfo;
		const reply = await send({ method: 'GET', path: '/contacts' }, `https://localhost:${port}/v3`);
		secure.close();
		expect(reply).toMatchObject({ kind: 'unreachable' });
		expect(reply.kind === 'unreachable' && reply.reason).toMatch(
			new RegExp(`_CERT at localhost:${port}: .*does not trust the certificate.*NODE_EXTRA_CA_CERTS`),
		);
	});

	it.each([
		['no HTTP', 'SSH-2.0-OpenSSH_9\r\n'],
		['a broken header', 'HTTP/1.1 200 OK\r\nBad Header\u0001: x\r\nContent-Length: 2\r\n\r\n{}'],
		['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}'],
	])('an answer that is %s is a fault of the way', async (_what, raw) => {
		const server = createTcpServer((socket) => {
			socket.on('error', () => undefined);
			socket.on('data', () => socket.end(raw));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const reply = await send({ method: 'GET', path: '/contacts' }, `http://127.0.0.1:${port}`);
		server.close();
		expect(reply).toMatchObject({
			kind: 'unreachable',
			reason: expect.stringMatching(/127\.0\.0\.1:|ECONNRESET/) as string,
		});
	});

	it('TLS that is none is a fault of the way', async () => {
		const https = server.url.replace('http:', 'https:');
		expect(await send({ method: 'GET', path: '/contacts' }, https)).toMatchObject({
			kind: 'unreachable',
			reason: expect.stringMatching(/^nothing answers at 127\.0\.0\.1:\d+ as .*'Base URL'/) as string,
		});
	});

	it('an answer that unpacks to gigabytes is not read to its end', async () => {
		// 200 MB in 200 KB.
		const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 32));
		const server = createPlainServer((_request, answer) => {
			answer.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
			answer.end(bomb);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const reply = await send({ method: 'GET', path: '/contacts' }, `http://127.0.0.1:${port}`);
		server.close();
		expect(reply).toMatchObject({ kind: 'reply', status: 200, body: '', tooLong: true });
	}, 30_000);

	it('a rightful answer of some megabytes arrives whole, packed and in several pieces', async () => {
		const text = 'ünïcode '.repeat(500_000);
		const server = createPlainServer((_request, answer) => {
			answer.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
			answer.end(gzipSync(JSON.stringify({ text })));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const reply = await send({ method: 'GET', path: '/contacts' }, `http://127.0.0.1:${port}`);
		server.close();
		expect(reply.kind === 'reply' && (reply.body as IDataObject).text === text).toBe(true);
	});

	it('an answer that stops in the middle is waited for no longer than its time', async () => {
		const server = createPlainServer((_request, answer) => {
			answer.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
			answer.write('{"half":');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const reply = await send({ method: 'GET', path: '/contacts', timeoutMs: 200 }, `http://127.0.0.1:${port}`);
		server.closeAllConnections();
		server.close();
		expect(reply).toMatchObject({ kind: 'unreachable' });
	});

	it('sends an SMTP key of Brevo nowhere, and says which key is needed', async () => {
		const before = server.requests.length;
		const reply = await send({ method: 'GET', path: '/contacts' }, server.url, 'xsmtpsib-0123456789abcdef');
		expect(reply).toMatchObject({
			kind: 'loginFailed',
			reason: expect.stringMatching(/SMTP key.*xkeysib-$/) as string,
		});
		expect(JSON.stringify(reply)).not.toContain('0123456789abcdef');
		expect(server.requests).toHaveLength(before);
	});

	it('refuses a base URL without https before anything is sent, naming the field', async () => {
		const reply = await send({ method: 'GET', path: '/contacts' }, 'http://api.brevo.example');
		expect(reply).toMatchObject({ kind: 'loginFailed', reason: expect.stringContaining("'Base URL'") as string });
	});
});
