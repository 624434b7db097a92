import type { JsonObject } from '../../../core/json';
import { idTextOf, isRecord, textOf } from '../../../core/json';
import type { HttpReply } from '../../../core/ports';
import { shortened } from '../../../core/calls/vendorMessage';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ReasonCode } from '../../../core/outcome';
import type { RefusedValues } from '../../../core/upsert/destination';
import { classifyReply, PASSING_CATEGORY } from './classify';

/** Details of a refusal with IDENTIFIER_TAKEN: the record that has the address, where HubSpot names it (H1, H27). */
export interface TakenBy {
	readonly id?: string;
}

/** Stands for a good answer without a body, which `{}` is not. */
export const NO_BODY = { hasNoBody: true } as const;

/**
 * The body of a good answer to a write, or the failure. A batch answers 207 when some of its records were refused: the others are
 * stored, so the answer is a good one (`rowRefusals`). Membership and opt-out calls may answer without a body.
 */
export function classifyWrite(reply: HttpReply, doing: string): Result<JsonObject> {
	if (reply.kind === 'reply' && !reply.tooLong && reply.status >= 200 && reply.status < 300) {
		if (reply.status === 207 && isRecord(reply.body)) return ok(reply.body);
		if (reply.body === undefined || reply.body === null || reply.body === '') return ok(NO_BODY);
	}
	const answer = classifyReply(reply, doing);
	if (answer.kind !== 'refused' || answer.code !== 'SOURCE_REFUSED') return answer;
	const body = isRecord(answer.details) ? answer.details : {};
	const meant = refusal(body, answer.reason);
	return meant.kind === 'refused' ? { ...meant, status: answer.status } : meant;
}

/** Why records of a batch were refused, by the trace id of their input. */
export function rowRefusals(errors: readonly JsonObject[]): ReadonlyMap<string, Failure> {
	const refusals = new Map<string, Failure>();
	for (const error of errors) {
		const reason = `HubSpot refused the contact: ${shortened(sayingOf(error))}`;
		const failure = rowFailure(error, reason);
		for (const trace of traceIds(error)) refusals.set(trace, failure);
	}
	return refusals;
}

/** What passes, or is about the key, is no verdict on the contact of the row. */
function rowFailure(error: JsonObject, reason: string): Failure {
	const category = textOf(error.category);
	if (PASSING_CATEGORY.test(category)) return { kind: 'retry', code: 'UNAVAILABLE', reason };
	if (category === 'MISSING_SCOPES') return { kind: 'stop', code: 'SCOPE_MISSING', reason };
	// Deleted or merged since it was read; the next delivery finds out which.
	if (category === 'OBJECT_NOT_FOUND')
		return { kind: 'retry', code: 'UNAVAILABLE', reason: 'The contact was deleted or merged in HubSpot meanwhile' };
	return refusal(error, reason);
}

function traceIds({ context }: JsonObject): readonly string[] {
	const ids = isRecord(context) ? context.objectWriteTraceId : undefined;
	return (Array.isArray(ids) ? ids : [ids]).map(idTextOf).filter((id) => id !== '');
}

/**
 * What a refusal is about, by the first rule that holds:
 *
 * | HubSpot says | code |
 * | --- | --- |
 * | category CONFLICT, or names an existing id | IDENTIFIER_TAKEN, with the record (H1, H3) |
 * | a legal basis is missing | LEGAL_BASIS_MISSING (H23) |
 * | a property that does not exist | DESTINATION_FIELD_MISSING (H15), which stops: it was there when the run began |
 * | a value or an address it does not take | DESTINATION_REFUSED, with the names (H16) |
 * | anything else | DESTINATION_REFUSED |
 */
function refusal(body: JsonObject, reason: string): Failure & { kind: 'refused' | 'stop' } {
	const said = sentenceOf(body);
	const named = (code: ReasonCode, details?: unknown): Failure & { kind: 'refused' } => ({
		kind: 'refused',
		code,
		reason,
		...(details === undefined ? {} : { details }),
	});
	const existing = existingId(body);
	if (textOf(body.category) === 'CONFLICT' || existing !== undefined)
		return named('IDENTIFIER_TAKEN', { id: existing } satisfies TakenBy);
	if (/legal ?basis/i.test(said)) return named('LEGAL_BASIS_MISSING');
	if (/PROPERTY_DOESNT_EXIST/.test(said)) return { kind: 'stop', code: 'DESTINATION_FIELD_MISSING', reason };
	const values = propertiesNamed(body);
	return named('DESTINATION_REFUSED', values.length > 0 ? ({ values } satisfies RefusedValues) : undefined);
}

/** The id of the record in the way, from the sentence or from the `identityProfile` of older endpoints. */
function existingId(body: JsonObject): string | undefined {
	const named = /Existing ID:\s*(\d+)/i.exec(sentenceOf(body))?.[1];
	if (named !== undefined) return named;
	const profile = body.identityProfile;
	const vid = isRecord(profile) ? profile.vid : undefined;
	return typeof vid === 'number' || typeof vid === 'string' ? String(vid) : undefined;
}

/** Every sentence of an error: its own and those of its details. */
function sentenceOf({ message, errors }: JsonObject): string {
	const more = Array.isArray(errors) ? errors.filter(isRecord).map((error) => textOf(error.message)) : [];
	return [textOf(message), ...more].filter((text) => text !== '').join(' ');
}

/** The same for people: HubSpot lists refused values as JSON inside of a sentence, each with a message of its own. */
function sayingOf(error: JsonObject): string {
	const said = sentenceOf(error);
	const listed = [...said.matchAll(/"message":\s*"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) =>
		text.replace(/\\(.)/g, '$1'),
	);
	if (listed.length === 0) return said;
	return [...new Set(listed)].join('; ');
}

/**
 * The properties whose values are refused: HubSpot names them in `context.propertyName`, in `in`, or as JSON inside of its sentence
 * (`[{"isValid":false,"error":"INVALID_OPTION","name":"lifecyclestage"}]`).
 */
function propertiesNamed(body: JsonObject): readonly string[] {
	const names = new Set<string>();
	const details = Array.isArray(body.errors) ? body.errors.filter(isRecord) : [];
	for (const { context, in: where } of [body, ...details]) {
		const listed = isRecord(context) ? (context.propertyName ?? context.propertyNames) : undefined;
		for (const name of Array.isArray(listed) ? listed : [listed, where]) if (typeof name === 'string') names.add(name);
	}
	for (const [, name = ''] of sentenceOf(body).matchAll(/"name":\s*"([^"]+)"/g)) names.add(name);
	for (const [, name = ''] of sentenceOf(body).matchAll(/Property "([^"]+)"/g)) names.add(name);
	return [...names];
}
