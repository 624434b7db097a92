import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type Request, type Response } from 'express';
import type { RunningBrevo } from '../brevo';
import type { RunningHubSpot } from '../hubspot';
import type { RunningInbox } from '../inbox';
import type { RunningSalesforce } from '../salesforce';
import { act } from './actions';
import { ChangeLog } from './changeLog';
import { compareBothWays } from './bothWays';
import { compareLists } from './comparison';
import { mailRoute, newestMails } from './mails';
import { hubspotSource } from './sources/hubspotSource';
import { salesforceSource } from './sources/salesforceSource';
import type { Source } from './sources/source';

export interface RunningPage {
	readonly url: string;
	readonly port: number;
	close(): Promise<void>;
}

const MAX_ROWS = 200;
const LOG_SHOWN = 60;

/**
 * Serves the page that shows a source beside a Brevo list or beside a system it is synced with both ways, its data (`GET
 * /state?source=hubspot|Contact|Lead`, with `beside` for the other system and `list` and `target` for the lists), the mails of the inbox (`GET /mail/:id`), what its buttons do (`POST /act`), and the
 * control APIs of all stand-ins from the same origin (`/hubspot/_sandbox/…` and so on).
 */
export async function startPage(options: {
	hubspot: RunningHubSpot;
	salesforce: RunningSalesforce;
	brevo: RunningBrevo;
	inbox: RunningInbox;
	port?: number | undefined;
}): Promise<RunningPage> {
	const { hubspot, salesforce, brevo, inbox } = options;
	const log = new ChangeLog(hubspot, salesforce, brevo);
	const sourceOf = (kind: string | undefined, list: string | undefined): Source =>
		kind === 'Contact' || kind === 'Lead' ? salesforceSource(salesforce, kind, list) : hubspotSource(hubspot, list);
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
		const source = sourceOf(text(request, 'source'), text(request, 'list'));
		const beside = text(request, 'beside');
		const target = text(request, 'target');
		const state =
			beside === undefined
				? compareLists(source, brevo, target, limit)
				: compareBothWays(source, sourceOf(beside, target), limit);
		const followed = source.system === 'HubSpot' ? source : sourceOf('hubspot', undefined);
		response.json({ ...state, log: log.look(followed.list?.id).slice(0, LOG_SHOWN), mails: newestMails(inbox) });
	});
	app.get('/mail/:id', mailRoute(inbox));
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
		['salesforce', salesforce],
		['brevo', brevo],
		['inbox', inbox],
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
