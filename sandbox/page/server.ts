import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type Request, type Response } from 'express';
import type { RunningBrevo } from '../brevo';
import type { RunningHubSpot } from '../hubspot';
import { act } from './actions';
import { ChangeLog } from './changeLog';
import { compareLists } from './comparison';

export interface RunningPage {
	readonly url: string;
	readonly port: number;
	close(): Promise<void>;
}

const MAX_ROWS = 200;
const LOG_SHOWN = 60;

/**
 * Serves the page that shows both lists side by side, its data (`GET /state`), what its buttons do (`POST /act`), and the
 * control APIs of both vendors from the same origin (`/hubspot/_sandbox/…`, `/brevo/_sandbox/…`).
 */
export async function startPage(options: {
	hubspot: RunningHubSpot;
	brevo: RunningBrevo;
	port?: number;
}): Promise<RunningPage> {
	const { hubspot, brevo } = options;
	const log = new ChangeLog(hubspot, brevo);
	const app = express();
	app.disable('x-powered-by');
	app.use((_request, response, next) => {
		response.set({
			'Content-Security-Policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			'X-Content-Type-Options': 'nosniff',
			'Cache-Control': 'no-store',
		});
		next();
	});
	app.get('/state', (request, response) => {
		const limit = Math.min(Math.max(1, Number(request.query['limit'] ?? 50) || 50), MAX_ROWS);
		const state = compareLists(hubspot, brevo, {
			hubspot: text(request, 'hubspot'),
			brevo: text(request, 'brevo'),
			limit,
		});
		const list = state.hubspot.list === null ? undefined : Number(state.hubspot.list.id);
		response.json({ ...state, log: log.look(list).slice(0, LOG_SHOWN) });
	});
	app.post('/act', express.json(), (request, response) => {
		try {
			act(hubspot, brevo, request.body);
			response.json({});
		} catch (error) {
			response.status(400).json({ message: error instanceof Error ? error.message : 'Not possible' });
		}
	});
	for (const [name, server] of [
		['hubspot', hubspot],
		['brevo', brevo],
	] as const) {
		app.use(`/${name}/_sandbox`, express.raw({ type: () => true, limit: '50mb' }), (request, response, next) => {
			forward(`${server.origin}/_sandbox${request.url}`, request, response).catch(next);
		});
	}
	app.use(express.static(join(__dirname, 'static')));

	const server = createServer(app);
	server.listen(options.port ?? 0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/`,
		port,
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

async function forward(url: string, request: Request, response: Response): Promise<void> {
	const hasBody = Buffer.isBuffer(request.body) && request.body.length > 0;
	const reply = await fetch(url, {
		method: request.method,
		headers: { 'content-type': request.get('content-type') ?? 'application/json' },
		...(hasBody && { body: new Uint8Array(request.body as Buffer) }),
	});
	response
		.status(reply.status)
		.type('application/json')
		.send(await reply.text());
}

function text(request: Request, name: string): string | undefined {
	const value = request.query[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
}
