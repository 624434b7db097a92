import { createServer, request as forward } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a call. `lose`: n8n carries it out, and its answer does not arrive. */
export type Fate = 'pass' | 'cut' | 'lose';

/** Stands between the nodes and the API of an n8n: counts the calls, and spoils them when told to. */
export interface ApiProxy {
	/** What a credential takes as base URL. */
	readonly baseUrl: string;
	/** Each call that came, as method and path without ids: `PATCH /data-tables/{id}/rows/update`. */
	readonly calls: string[];
	/** Asked about each call; everything passes in the beginning. */
	fateOf: (call: string) => Fate;
	close(): Promise<void>;
}

const API_PATH = '/api/v1';

export async function startApiProxy(n8nUrl: string): Promise<ApiProxy> {
	const calls: string[] = [];
	const server = createServer((incoming, outgoing) => {
		const call = nameOf(incoming);
		calls.push(call);
		const fate = proxy.fateOf(call);
		if (fate === 'cut') return void incoming.socket.destroy();
		const { method, headers } = incoming;
		const onward = forward(new URL(incoming.url ?? '', n8nUrl), { method, headers, agent: false }, (reply) => {
			if (fate === 'lose') reply.resume().once('end', () => incoming.socket.destroy());
			else passOn(reply, outgoing);
		});
		onward.once('error', () => incoming.socket.destroy());
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const proxy: ApiProxy = {
		baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${API_PATH}`,
		calls,
		fateOf: () => 'pass',
		close: async () =>
			await new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return proxy;
}

function passOn(reply: IncomingMessage, outgoing: ServerResponse): void {
	outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
	reply.pipe(outgoing);
}

const nameOf = ({ method, url = '' }: IncomingMessage): string => {
	const path = url
		.split('?')[0]
		?.replace(API_PATH, '')
		.replace(/^(\/data-tables\/)[^/]+/, '$1{id}');
	return `${method} ${path}`;
};
