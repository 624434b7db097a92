import { randomUUID } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import type { z } from 'zod';
import { HubSpotError, validationError } from './errors';
import type { Limits } from './limits';
import type { HubSpotSettings } from './settings';
import type { HubSpotStore } from './store';
import type { Token, Tokens } from './tokens';

/** What a handler works with. */
export interface Call {
	readonly params: Readonly<Record<string, string>>;
	readonly query: URLSearchParams;
	readonly body: unknown;
	/** The path as called, for links. */
	readonly path: string;
	/** As the header says it; bodies of forms are left as they came, in a buffer. */
	readonly contentType: string | undefined;
	readonly token: Token;
}

/** State shared by all routes; `store` is replaced by a reset. */
export interface Account {
	store: HubSpotStore;
	tokens: Tokens;
	readonly limits: Limits;
	readonly settings: HubSpotSettings;
	readonly now: () => number;
}

/** `[status, body]`; the body is absent for 204. */
export type Answer = readonly [status: number, body?: unknown];

export interface RouteOptions {
	/** Sets of scopes of which one set must be there as a whole. */
	readonly scopes?: ReadonlyArray<readonly string[]>;
	readonly isSearch?: boolean;
	/** Scopes that only Enterprise accounts can grant. */
	readonly isForEnterprise?: boolean;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Registers HubSpot routes: token, limits and scopes are checked, errors answered in HubSpot's form. */
export class Api {
	constructor(
		private readonly router: Router,
		private readonly account: Account,
	) {}

	/** One handler at several paths (the dated and the numbered form). */
	on(method: Method, paths: readonly string[], options: RouteOptions, handler: (call: Call) => Answer): void {
		for (const path of paths) {
			this.router[method](path, (request, response) => {
				answer(response, () => {
					this.account.store.catchUp();
					const token = this.account.tokens.of(request.get('authorization'));
					this.account.limits.take(token, response, options.isSearch === true);
					checkScopes(token, this.account, options);
					checkMedia(request);
					return handler({
						params: request.params as Record<string, string>,
						query: queryOf(request),
						body: request.body as unknown,
						path: request.path,
						contentType: request.get('content-type'),
						token,
					});
				});
			});
		}
	}
}

/** Runs `work` and sends its answer, or HubSpot's error body. */
export function answer(response: Response, work: () => Answer): void {
	response.set('X-HubSpot-Correlation-Id', randomUUID());
	try {
		const [status, body] = work();
		if (body === undefined) response.status(status).end();
		else response.status(status).json(body);
	} catch (error) {
		if (!(error instanceof HubSpotError)) throw error;
		response.status(error.status).set(error.headers).json(error.toJson());
	}
}

function checkScopes(token: Token, { settings }: Account, { scopes: sets = [], isForEnterprise }: RouteOptions): void {
	const canBeGranted = isForEnterprise !== true || settings.accountTier === 'enterprise';
	const isGranted = sets.length === 0 || sets.some((set) => set.every((scope) => token.scopes.includes(scope)));
	if (canBeGranted && isGranted) return;
	const link = 'https://developers.hubspot.com/scopes';
	throw new HubSpotError(403, {
		message: `This app hasn't been granted all required scopes to make this call. Read more about required scopes here: ${link}.`,
		errors: [
			{
				message: 'One or more of the following scopes are required.',
				context: { requiredGranularScopes: [...new Set(sets.flat())] },
			},
		],
		links: { scopes: link },
		category: 'MISSING_SCOPES',
	});
}

function checkMedia(request: Request): void {
	const hasBody = Number(request.get('content-length') ?? '0') > 0 || request.get('transfer-encoding') !== undefined;
	if (hasBody && request.body === undefined)
		throw new HubSpotError(415, { message: 'HTTP 415 Unsupported Media Type' });
}

/** Express splits and nests queries; HubSpot's are flat, with repeated keys. */
function queryOf(request: Request): URLSearchParams {
	const mark = request.originalUrl.indexOf('?');
	return new URLSearchParams(mark === -1 ? '' : request.originalUrl.slice(mark + 1));
}

/** The body in the form of `schema`, or HubSpot's 400 that names the first wrong place. Unknown fields are ignored. */
export function bodyAs<T extends z.ZodTypeAny>(schema: T, body: unknown): z.output<T> {
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data as z.output<T>;
	const issue = parsed.error.issues[0];
	const place = issue?.path.join('.') ?? '';
	throw validationError(
		`Invalid input JSON on line 1, column 1: ${place === '' ? 'the body' : place}: ${issue?.message ?? ''}`,
		[{ message: issue?.message ?? 'invalid', in: place }],
	);
}

/** A whole number of the query between `min` and `max`, or HubSpot's 400. */
export function intOf(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
	const text = query.get(name);
	if (text === null || text === '') return fallback;
	if (!/^-?\d{1,9}$/.test(text))
		throw validationError(`Unable to infer object from query parameter '${name}': ${text}`);
	const value = Number(text);
	if (value < min || value > max) {
		throw validationError(`Invalid value for '${name}': ${value}. It must be between ${min} and ${max}.`);
	}
	return value;
}

/** Repeated or comma-separated values of one query name. */
export function manyOf(query: URLSearchParams, name: string): string[] {
	return query.getAll(name).flatMap((value) => value.split(',').filter((part) => part !== ''));
}
