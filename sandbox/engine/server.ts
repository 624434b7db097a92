import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { SandboxClock } from './clock';
import type { ServerContext } from './context';
import { mountControl, type Operations, type SettingChoices } from './control';
import { faultInjection } from './faultInjection';
import { Faults } from './faults';
import { RequestLog, routeOf } from './requestLog';

export type BodyProblem = 'tooLarge' | 'malformed';

export interface ServerOptions {
	readonly name: string;
	/** Default 0: any free port. */
	readonly port?: number;
	/** Default: a clock of its own. */
	readonly clock?: SandboxClock;
	/** What the vendor's base URL ends in, such as `/v3`; it is taken off the path before faults, log and routes see it. */
	readonly basePath?: string;
	/** Largest request body in bytes; default 20 MB. Larger ones go to `bodyProblem`. */
	readonly bodyLimit?: number;
	/** The vendor's answer to a body that is too large or is not JSON. Default: 413 or 400 with `{ message }`. */
	bodyProblem?(problem: BodyProblem, request: Request, response: Response): void;
	/** The vendor's body for an injected status without a body of its own. Default `{ message }`. */
	readonly faultBody?: (status: number) => unknown;
	/** The vendor's routes, relative to the API base. */
	mount(app: Router, context: ServerContext): void;
	/** Further control routes below `/_sandbox`, such as `GET /view`. */
	control?(router: Router, context: ServerContext): void;
	/** What `POST /_sandbox/do { op, … }` can do. A thrown error is answered as 400 with its message. */
	readonly operations?: Operations;
	/**
	 * Vendor settings, changed in place by `POST /_sandbox/settings`; the type of a value must stay the same. `answerDelayMs` is how long
	 * each answer waits.
	 */
	readonly settings?: object & { readonly answerDelayMs?: number };
	/** Settings that take one of a few texts. */
	readonly settingChoices?: SettingChoices;
	/** Puts the vendor's state back to its seed. */
	reset?(): void;
	/** Default: `routeOf`. */
	readonly routeOf?: (path: string) => string;
}

/** A running stand-in vendor. `url` is what goes into a credential's base URL; `origin` is without the base path. */
export interface RunningServer extends ServerContext {
	readonly name: string;
	readonly url: string;
	readonly origin: string;
	readonly port: number;
	/** State back to the seed; faults, log and clock cleared. */
	reset(): void;
	/** Goes off the network, state kept: connections are cut and new ones refused until `up`. */
	down(): Promise<void>;
	/** Is back at the same port. */
	up(): Promise<void>;
	close(): Promise<void>;
}

const DEFAULT_BODY_LIMIT = 20 * 1024 * 1024;

/** Starts a server on 127.0.0.1. Rejects when the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
	const clock = options.clock ?? new SandboxClock();
	const faults = new Faults(() => clock.now());
	const requests = new RequestLog();
	const context: ServerContext = { clock, faults, requests };
	const basePath = options.basePath ?? '';
	const reset = () => {
		faults.clear();
		requests.clear();
		clock.reset();
		options.reset?.();
	};

	const app = express();
	app.disable('x-powered-by');
	app.disable('etag');
	app.set('query parser', 'extended');
	const control = express.Router();
	mountControl(control, context, { ...options, reset });
	options.control?.(control, context);
	control.use((_request, response) => void response.status(404).json({ message: 'No such control call' }));
	app.use('/_sandbox', control);
	if (basePath !== '') app.use(`${basePath}/_sandbox`, control);

	const api = express.Router();
	api.use(logging(context, options.routeOf ?? routeOf));
	api.use(delaying(options.settings));
	api.use(faultInjection(faults, options.faultBody ?? ((status) => ({ message: `Injected status ${status}` }))));
	const limit = options.bodyLimit ?? DEFAULT_BODY_LIMIT;
	api.use(express.json({ limit, type: ['application/json', 'application/*+json'] }));
	api.use(express.urlencoded({ limit, extended: false }));
	api.use(bodyErrors(options));
	options.mount(api, context);
	app.use(basePath === '' ? '/' : basePath, api);
	app.use((_request, response) => void response.status(404).json({ message: 'Not found' }));

	// Long URLs reach the vendor, which refuses them in its own form, instead of Node's bare 431.
	const server = createServer({ maxHeaderSize: 128 * 1024 }, app);
	server.keepAliveTimeout = 30_000;
	const listen = async (wanted: number): Promise<number> => {
		server.listen(wanted, '127.0.0.1');
		await once(server, 'listening');
		return (server.address() as AddressInfo).port;
	};
	const port = await listen(options.port ?? 0);
	const down = async (): Promise<void> => {
		if (!server.listening) return;
		const closed = once(server, 'close');
		server.close();
		server.closeAllConnections();
		await closed;
	};
	const origin = `http://127.0.0.1:${port}`;
	return {
		...context,
		name: options.name,
		origin,
		url: origin + basePath,
		port,
		reset,
		down,
		up: async () => {
			if (!server.listening) await listen(port);
		},
		close: down,
	};
}

function logging({ clock, requests }: ServerContext, route: (path: string) => string) {
	return (request: Request, response: Response, next: NextFunction): void => {
		const at = clock.now();
		const startedAt = performance.now();
		const { method, path } = request;
		const mark = request.originalUrl.indexOf('?');
		const query = mark === -1 ? '' : request.originalUrl.slice(mark + 1);
		response.once('close', () => {
			const status = response.writableFinished ? response.statusCode : 0;
			const ms = Math.round(performance.now() - startedAt);
			requests.add({ at, method, path, route: route(path), query, status, ms });
		});
		next();
	};
}

/** Calls that wait at the same time do not wait for each other. */
function delaying(settings: ServerOptions['settings']) {
	return (_request: Request, _response: Response, next: NextFunction): void => {
		const delayMs = settings?.answerDelayMs ?? 0;
		if (delayMs > 0) setTimeout(next, delayMs);
		else next();
	};
}

function bodyErrors(options: ServerOptions) {
	return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
		const type = (error as { type?: unknown } | undefined)?.type;
		const problem: BodyProblem | undefined =
			type === 'entity.too.large' ? 'tooLarge' : typeof type === 'string' ? 'malformed' : undefined;
		if (problem === undefined) next(error);
		else if (options.bodyProblem !== undefined) options.bodyProblem(problem, request, response);
		else response.status(problem === 'tooLarge' ? 413 : 400).json({ message: `Body ${problem}` });
	};
}
