import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
	readonly method: string;
	readonly url: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

type Answer = { status: number; body?: unknown; text?: string; headers?: Record<string, string> } | 'hang' | 'cut';

export interface TestServer {
	readonly url: string;
	readonly requests: SeenRequest[];
	/** Says what to answer from now on. */
	answer(make: (request: SeenRequest) => Answer): void;
	close(): Promise<void>;
}

/** A bare HTTP server for what concerns transport only; vendors are played by the sandbox. */
export async function startTestServer(): Promise<TestServer> {
	let make: (request: SeenRequest) => Answer = () => ({ status: 404 });
	const requests: SeenRequest[] = [];
	const server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => {
			const seen = {
				method: incoming.method ?? '',
				url: incoming.url ?? '',
				headers: incoming.headers,
				body: Buffer.concat(chunks).toString(),
			};
			requests.push(seen);
			const answer = make(seen);
			if (answer === 'hang') return;
			if (answer === 'cut') return void outgoing.socket?.destroy();
			const isText = answer.text !== undefined;
			outgoing.writeHead(answer.status, {
				'content-type': isText ? 'text/html' : 'application/json',
				...answer.headers,
			});
			outgoing.end(isText ? answer.text : answer.body === undefined ? undefined : JSON.stringify(answer.body));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		answer: (next) => void (make = next),
		close: async () =>
			await new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
