import express, { type Response, type Router } from 'express';
import type { ServerContext } from './context';

/** Named operations on a vendor's store; the argument is the JSON body of the call. */
export type Operations = Readonly<Record<string, (args: Record<string, unknown>) => unknown>>;

interface ControlOptions {
	readonly operations?: Operations;
	readonly settings?: object;
	readonly settingChoices?: SettingChoices;
	reset(): void;
}

/** Name of a setting -> the texts it takes. */
export type SettingChoices = Readonly<Record<string, readonly string[]>>;

/** Requests shown by `GET /_sandbox/requests`. */
const LOG_SHOWN = 200;

/** Mounts the control API every stand-in vendor has. Control calls are never counted, limited or faulted. */
export function mountControl(router: Router, context: ServerContext, options: ControlOptions): void {
	const { clock, faults, requests } = context;
	router.use(express.json({ limit: '50mb' }));

	router.get('/requests', (_request, response) => {
		response.json({
			total: requests.total,
			counts: requests.counts(),
			statuses: requests.statuses(),
			log: requests.entries.slice(-LOG_SHOWN),
		});
	});
	router.delete('/requests', (_request, response) => {
		requests.clear();
		response.json({});
	});

	router.get('/faults', (_request, response) => void response.json({ faults: faults.list() }));
	router.post('/faults', (request, response) => {
		const { match, ...fault } = bodyOf(request.body);
		orBadRequest(response, () => {
			if (typeof match !== 'string') throw new Error('match must be a text such as "POST /contacts/import"');
			faults.next(match, fault);
			return { faults: faults.list() };
		});
	});
	router.delete('/faults', (_request, response) => {
		faults.clear();
		response.json({});
	});

	router.get('/clock', (_request, response) => void response.json({ now: clock.now() }));
	router.post('/clock', (request, response) => {
		const { advanceMs, now } = bodyOf(request.body);
		orBadRequest(response, () => {
			if (typeof advanceMs === 'number' && Number.isFinite(advanceMs)) clock.advance(advanceMs);
			else if (typeof now === 'number' && Number.isFinite(now)) clock.set(now);
			else throw new Error('Give advanceMs or now as a number of milliseconds');
			return { now: clock.now() };
		});
	});

	router.post('/reset', (_request, response) => {
		options.reset();
		response.json({});
	});

	router.get('/settings', (_request, response) => void response.json(options.settings ?? {}));
	router.post('/settings', (request, response) => {
		orBadRequest(response, () => changeSettings(options.settings ?? {}, bodyOf(request.body), options.settingChoices));
	});

	router.post('/do', (request, response) => {
		const { op, ...args } = bodyOf(request.body);
		orBadRequest(response, () => {
			const known = options.operations ?? {};
			const operation = typeof op === 'string' && Object.hasOwn(known, op) ? known[op] : undefined;
			if (operation === undefined) throw new Error(`op must be one of: ${Object.keys(known).join(', ')}`);
			return { result: operation(args) ?? null };
		});
	});
}

/** Changes known settings in place; all or none. */
export function changeSettings(
	settings: object,
	changes: Record<string, unknown>,
	choices: SettingChoices = {},
): object {
	const target = settings as Record<string, unknown>;
	for (const [name, value] of Object.entries(changes)) {
		if (!Object.hasOwn(target, name)) throw new Error(`Unknown setting: ${name}`);
		const wanted = target[name] === null ? 'object' : typeof target[name];
		if (value !== null && target[name] !== null && typeof value !== wanted)
			throw new Error(`${name} must be a ${wanted}`);
		const allowed = choices[name];
		if (allowed !== undefined && !allowed.includes(String(value))) {
			throw new Error(`${name} must be one of: ${allowed.join(', ')}`);
		}
	}
	return Object.assign(target, changes);
}

function bodyOf(body: unknown): Record<string, unknown> {
	return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function orBadRequest(response: Response, work: () => unknown): void {
	try {
		response.json(work());
	} catch (error) {
		response.status(400).json({ message: error instanceof Error ? error.message : 'Bad request' });
	}
}
