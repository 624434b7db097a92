import type { ErrorRequestHandler, RequestHandler } from 'express';
import { SandboxClock, startServer, type RunningServer } from '../engine';
import { generatePeople, type Person } from '../people';
import type { BrevoAccount } from './account';
import { BrevoError } from './brevoError';
import { brevoControl, brevoOperations } from './control';
import { rateLimits } from './limits';
import { Processes } from './imports/processes';
import { accountRoutes } from './routes/accountDetails';
import { attributeRoutes } from './routes/attributes';
import { contactRoutes } from './routes/contacts';
import { folderRoutes } from './routes/folders';
import { importRoutes } from './routes/imports';
import { listRoutes } from './routes/lists';
import { seedBrevo, type BrevoSeed } from './seed';
import { defaultBrevoSettings, type BrevoSettings } from './settings';
import { BrevoStore } from './store';

export type { BrevoSettings } from './settings';
export type { BrevoStore } from './store';

/** The hard cap on import bodies, read as the whole request. */
const BODY_LIMIT = 10_000_000;

export interface BrevoOptions extends Partial<Omit<BrevoSeed, 'people'>> {
	/** Default 0: any free port. */
	readonly port?: number;
	/** Share it with other servers to move their time together. */
	readonly clock?: SandboxClock;
	/** The people the source system holds. Default: 200 made-up ones. */
	readonly people?: readonly Person[];
	readonly settings?: Partial<BrevoSettings>;
}

export interface RunningBrevo extends RunningServer {
	readonly store: BrevoStore;
	/** Changeable at any time, like `POST /_sandbox/settings`. */
	readonly settings: BrevoSettings;
	readonly apiKey: string;
	/** Whether an import is queued or running. */
	isImporting(): boolean;
	/** Resolves when no import is queued or running any more. */
	idle(): Promise<void>;
}

/** Starts a stand-in for Brevo's API v3; `url` ends in /v3. Rejects when the port is taken. */
export async function startBrevo(options: BrevoOptions = {}): Promise<RunningBrevo> {
	const clock = options.clock ?? new SandboxClock();
	const initial: BrevoSettings = { ...defaultBrevoSettings, ...options.settings };
	const settings: BrevoSettings = { ...initial };
	const seed: BrevoSeed = {
		people: options.people ?? generatePeople(200, options.seed),
		existingShare: options.existingShare ?? 0.1,
		strangers: options.strangers ?? 20,
		seed: options.seed ?? 1,
		language: options.language ?? 'en',
		extraAttributes: options.extraAttributes ?? 0,
	};
	const store = new BrevoStore(() => clock.now(), settings);
	const processes = new Processes(store, settings, () => clock.now());
	const limits = rateLimits(clock, settings);
	let url = '';
	const account: BrevoAccount = { store, settings, processes, clock, url: () => url };
	seedBrevo(store, seed, clock.now());

	const server = await startServer({
		name: 'brevo',
		port: options.port,
		clock,
		basePath: '/v3',
		bodyLimit: BODY_LIMIT,
		bodyProblem: (problem, _request, response) => {
			// How Brevo refuses an import above 10 MB is UNCONFIRMED.
			if (problem === 'tooLarge') answer(response, new BrevoError(400, 'out_of_range', 'Body exceeds 10MB'));
			else answer(response, new BrevoError(400, 'bad_request', 'Input must be a valid JSON object'));
		},
		faultBody: (status) => ({ code: codeOf(status), message: `Injected status ${status}` }),
		settings,
		routeOf: brevoRoute,
		operations: brevoOperations(account),
		control: brevoControl(account),
		reset: () => {
			Object.assign(settings, initial);
			processes.clear();
			limits.clear();
			store.clear();
			seedBrevo(store, seed, clock.now());
		},
		mount: (app) => {
			app.use((_request, response, next) => {
				processes.settle();
				// The time of the account's instants, as that of a real server.
				response.set('Date', new Date(clock.now()).toUTCString());
				next();
			});
			app.get('/reports/:folder/:file', (request, response) => {
				const csv = processes.report(String(request.params.folder), String(request.params.file));
				if (csv === undefined) response.status(404).send('Not found');
				else response.type('text/csv').send(csv);
			});
			app.use(authorised(settings));
			app.use(limits.handler);
			for (const mount of [attributeRoutes, listRoutes, folderRoutes, importRoutes, accountRoutes, contactRoutes]) {
				mount(app, account);
			}
			app.use(() => {
				throw new BrevoError(404, 'invalid_parameter', 'Route not found');
			});
			app.use(errors);
		},
	});
	url = server.url;
	return {
		...server,
		store,
		settings,
		apiKey: initial.apiKey,
		isImporting: () => processes.busy(),
		idle: async () => {
			while (processes.busy()) await new Promise((resolve) => setTimeout(resolve, 10));
		},
		close: async () => {
			processes.close();
			await server.close();
		},
	};
}

/** The key in `api-key`, the address, the account's state: in this order, before anything is counted. */
function authorised(settings: BrevoSettings): RequestHandler {
	return (request, _response, next) => {
		const key = request.get('api-key');
		// Both messages were seen in the wild.
		if (key === undefined || key === '')
			throw new BrevoError(401, 'unauthorized', 'authentication not found in headers');
		if (key !== settings.apiKey) throw new BrevoError(401, 'unauthorized', 'Key not found');
		if (settings.blockIp) {
			const message =
				'We have detected you are using an unrecognised IP address 192.0.2.10. If you performed this action make sure ' +
				'to add the new IP address in this link: https://app.brevo.com/security/authorised_ips';
			throw new BrevoError(401, 'unauthorized', message);
		}
		if (settings.permissionDenied) throw new BrevoError(403, 'permission_denied', 'Permission denied');
		next();
	};
}

const errors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
	if (response.headersSent) return next(error);
	if (error instanceof BrevoError) return answer(response, error);
	if (error instanceof URIError) return answer(response, new BrevoError(400, 'invalid_parameter', 'Path is not valid'));
	return answer(
		response,
		new BrevoError(500, 'internal_error', error instanceof Error ? String(error.stack) : 'Error'),
	);
};

function answer(response: Parameters<ErrorRequestHandler>[2], { status, body }: BrevoError): void {
	response.status(status).json(body);
}

function codeOf(status: number): string {
	const codes: Readonly<Record<number, string>> = {
		401: 'unauthorized',
		403: 'permission_denied',
		404: 'document_not_found',
		425: 'account_in_process',
		429: 'too_many_requests',
	};
	return codes[status] ?? (status < 500 ? 'bad_request' : 'internal_server_error');
}

/** Groups calls in the log: what names a contact, list, folder, process or attribute becomes `:id`. */
function brevoRoute(path: string): string {
	const fixed = '(attributes|batch|folders|import|lists|segments|export)';
	return path
		.replace(/^\/contacts\/attributes\/([^/]+)\/.+$/, '/contacts/attributes/$1/:id')
		.replace(/^\/(contacts\/lists|contacts\/folders|processes)\/[^/]+/, '/$1/:id')
		.replace(/^\/reports\/.*$/, '/reports/:id')
		.replace(new RegExp(`^/contacts/(?!${fixed}(/|$))[^/]+`), '/contacts/:id');
}
