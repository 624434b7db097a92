import type { Request } from 'express';
import { BrevoError, invalidParameter, missingParameter, outOfRange } from './brevoError';
import { instant } from './format';

export type Body = Record<string, unknown>;

/** The JSON object of a request, or Brevo's refusal of anything else. */
export function bodyOf(request: Request): Body {
	const body: unknown = request.body;
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		throw new BrevoError(400, 'bad_request', 'Input must be a valid JSON object');
	}
	return body as Body;
}

export function optionalText(body: Body, name: string): string | undefined {
	return optional(body, name, (value): value is string => typeof value === 'string', 'a string');
}

export function requiredText(body: Body, name: string): string {
	const text = optionalText(body, name);
	if (text === undefined || text.trim() === '') throw missingParameter(`${name} is missing`);
	return text;
}

export function optionalFlag(body: Body, name: string): boolean | undefined {
	return optional(body, name, (value): value is boolean => typeof value === 'boolean', 'a boolean');
}

export function optionalObject(body: Body, name: string): Body | undefined {
	const isObject = (value: unknown): value is Body =>
		typeof value === 'object' && value !== null && !Array.isArray(value);
	return optional(body, name, isObject, 'an object');
}

export function optionalId(body: Body, name: string): number | undefined {
	return optional(body, name, isId, 'an integer');
}

export function optionalIds(body: Body, name: string): number[] | undefined {
	const isIds = (value: unknown): value is number[] => Array.isArray(value) && value.every(isId);
	return optional(body, name, isIds, 'an array of integers');
}

export function optionalTexts(body: Body, name: string): string[] | undefined {
	const isTexts = (value: unknown): value is string[] =>
		Array.isArray(value) && value.every((entry) => typeof entry === 'string');
	return optional(body, name, isTexts, 'an array of strings');
}

/** A numeric path segment, or undefined: what is not a number cannot be an id. */
export function pathId(request: Request, name: string): number | undefined {
	const text = String(request.params[name]);
	return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export interface Paging {
	limit: number;
	offset: number;
	sort: 'asc' | 'desc';
}

/** `limit` (above the maximum: 400 `out_of_range`), `offset` and `sort` of a listing. */
export function paging(request: Request, limits: { max: number; standard: number }): Paging {
	const limit = wholeNumber(request, 'limit') ?? limits.standard;
	if (limit > limits.max) throw outOfRange('Limit exceeds max value');
	if (limit < 1) throw outOfRange('Limit should be greater than 0');
	const sort = queryText(request, 'sort') ?? 'desc';
	if (sort !== 'asc' && sort !== 'desc') throw invalidParameter('sort should be asc or desc');
	return { limit, offset: wholeNumber(request, 'offset') ?? 0, sort };
}

/** One page of entries that are given in the order of their creation. */
export function pageOf<T>(entries: readonly T[], { limit, offset, sort }: Paging): T[] {
	if (sort === 'asc') return entries.slice(offset, offset + limit);
	const end = entries.length - offset;
	return end <= 0 ? [] : entries.slice(Math.max(0, end - limit), end).reverse();
}

export function queryText(request: Request, name: string): string | undefined {
	const raw: unknown = request.query[name];
	if (raw === undefined) return undefined;
	if (typeof raw !== 'string') throw invalidParameter(`${name} should be given once`);
	return raw;
}

/** Ids given as `ids=1&ids=2`, `ids[]=1` or `ids=1,2`. */
export function queryIds(request: Request, name: string): number[] | undefined {
	const raw: unknown = request.query[name];
	if (raw === undefined) return undefined;
	const parts = (Array.isArray(raw) ? raw : [raw]).flatMap((part) => String(part).split(','));
	if (!parts.every((part) => /^\d{1,15}$/.test(part))) throw invalidParameter(`${name} should be integers`);
	return parts.map(Number);
}

export function queryInstant(request: Request, name: string, accountOffset: string): number | undefined {
	const text = queryText(request, name);
	if (text === undefined) return undefined;
	const at = instant(text, accountOffset);
	if (at === undefined) throw invalidParameter(`${name} should be a date-time such as YYYY-MM-DDTHH:mm:ss.SSSZ`);
	return at;
}

function wholeNumber(request: Request, name: string): number | undefined {
	const text = queryText(request, name);
	if (text === undefined) return undefined;
	if (!/^-?\d{1,15}$/.test(text)) throw invalidParameter(`${name} should be an integer`);
	const value = Number(text);
	if (value < 0) throw outOfRange(`${name} should not be negative`);
	return value;
}

function isId(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value);
}

/** Absent and null are the same; any other type is a 400 that names the field. */
function optional<T>(body: Body, name: string, is: (value: unknown) => value is T, kind: string): T | undefined {
	const value = body[name];
	if (value === undefined || value === null) return undefined;
	if (!is(value)) throw invalidParameter(`${name} should be ${kind}`);
	return value;
}
