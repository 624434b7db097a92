import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:tls';
import { startVendorProxy, type VendorProxy } from '../../../benchmark/onN8n/vendorHosts/vendorProxy';

let vendor: Server;
let proxy: VendorProxy;

beforeAll(async () => {
	vendor = createServer((asked, response) => {
		asked.on('data', () => undefined);
		asked.on('end', () => response.end(`${asked.method} ${asked.headers.host}${asked.url}`));
	});
	vendor.listen(0, '127.0.0.1');
	await once(vendor, 'listening');
	const ports = new Map([['api.vendor.example', (vendor.address() as AddressInfo).port]]);
	proxy = await startVendorProxy(['api.vendor.example', 'api.other.example'], ports);
});

afterAll(async () => {
	await proxy.close();
	vendor.close();
});

/** As n8n calls: through a tunnel, trusting an authority or none. The status and the body, or the status of a tunnel that is refused. */
async function call(url: string, ca?: string): Promise<string> {
	const { hostname, host, port, pathname, search } = new URL(url);
	const tunnel = request(proxy.url, { method: 'CONNECT', path: `${hostname}:${port || '443'}` }).end();
	const [answer, socket] = (await once(tunnel, 'connect')) as [IncomingMessage, Socket];
	if (answer.statusCode !== 200) return `tunnel ${answer.statusCode}`;
	const secure = connect({ socket, servername: hostname, ca });
	await once(secure, 'secureConnect');
	const headers = { host, 'content-length': 100_000 };
	const sent = request({ createConnection: () => secure, method: 'POST', path: pathname + search, headers });
	sent.end('x'.repeat(100_000));
	const [response] = (await once(sent, 'response')) as [IncomingMessage];
	let text = String(response.statusCode);
	for await (const part of response) text += ` ${String(part)}`;
	return text;
}

describe('the proxy of the bench', () => {
	it('ends TLS for a vendor’s host and hands the call on', async () => {
		expect(await call('https://api.vendor.example/v3/contacts?limit=1', proxy.authority)).toBe(
			'200 POST api.vendor.example/v3/contacts?limit=1',
		);
	});

	it('is trusted by those only that know its authority', async () => {
		await expect(call('https://api.vendor.example/')).rejects.toThrow(/self[- ]signed certificate|unable to verify/);
	});

	it.each(['https://api.elsewhere.example/', 'https://api.vendor.example:8443/', 'https://api.other.example/'])(
		'leads nowhere else: %s',
		async (url) => {
			expect(await call(url, proxy.authority)).toBe('tunnel 403');
		},
	);
});
