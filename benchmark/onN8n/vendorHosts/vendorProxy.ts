import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { certificateFor } from './authority';

/** Ports of the stand-ins by the vendors' hosts. A host may get its port later than the proxy starts. */
export type VendorPorts = ReadonlyMap<string, number>;

export interface VendorProxy {
	/** For `HTTPS_PROXY`. */
	readonly url: string;
	/** The authority's certificate, for `NODE_EXTRA_CA_CERTS`. */
	readonly authority: string;
	close(): Promise<void>;
}

/**
 * A proxy on loopback that ends TLS for the vendors' hosts and hands the calls on to the stand-ins, so that a workflow with the vendors'
 * real addresses runs against them unchanged. It leads nowhere else: any other host is refused.
 */
export async function startVendorProxy(hosts: readonly string[], ports: VendorPorts): Promise<VendorProxy> {
	const { key, certificate, authority } = certificateFor(hosts);
	const secureContext = createSecureContext({ key, cert: certificate });
	const sockets = new Set<Socket>();
	const kept = <T extends Socket>(socket: T): T => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
		socket.on('error', () => socket.destroy());
		return socket;
	};
	const server = createServer((_request, response) => {
		response.writeHead(405).end('This proxy tunnels to the vendors only');
	});
	server.on('connect', (request, clientSocket: Socket, head) => {
		const client = kept(clientSocket);
		const [host = '', port] = (request.url ?? '').split(':');
		const target = ports.get(host);
		if (target === undefined || port !== '443') {
			client.end(`HTTP/1.1 403 Forbidden\r\n\r\n`);
			return;
		}
		client.write('HTTP/1.1 200 Connection established\r\n\r\n');
		if (head.length > 0) client.unshift(head);
		const plain = kept(new TLSSocket(client, { isServer: true, secureContext }));
		const vendor = kept(connect(target, '127.0.0.1'));
		vendor.setNoDelay(true);
		plain.once('close', () => vendor.destroy());
		vendor.once('close', () => plain.destroySoon());
		plain.pipe(vendor).pipe(plain);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		authority,
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}
