import type { Account, Call } from '../api';
import { invalidType, notFound, refusal } from '../errors';
import type { SObject } from '../schema/objects';
import type { Json, WriteContext } from '../writes/writer';

/** The object that a path names; 404 when there is none. */
export function objectAt({ store }: Account, { object: name = '' }: Readonly<Record<string, string>>): SObject {
	const object = store.schema.object(name);
	if (object === undefined) throw notFound();
	return object;
}

/** The object that a record of a collection names in its attributes. */
export function objectOfRecord({ store }: Account, record: Json): SObject {
	const type = (record['attributes'] as Json | undefined)?.['type'];
	if (typeof type !== 'string') throw refusal(400, 'INVALID_TYPE', 'The type attribute of a record is missing');
	const object = store.schema.object(type);
	if (object === undefined) throw invalidType(type);
	return object;
}

/** First version with the duplicate rule header. */
const DUPLICATE_HEADER_SINCE = 52;

/** What the headers of a call say about its writes. */
export function writeContextOf(call: Call): WriteContext {
	const duplicates = call.version >= DUPLICATE_HEADER_SINCE ? (call.header('sforce-duplicate-rule-header') ?? '') : '';
	return {
		userId: call.session.userId,
		autoAssign: (call.header('sforce-auto-assign') ?? 'TRUE').toUpperCase() !== 'FALSE',
		request: call.request,
		allowSave: /(?:^|;)\s*allowSave\s*=\s*true\s*(?:;|$)/i.test(duplicates),
	};
}

/** A body that must be a JSON object. */
export function jsonBody(call: Call): Json {
	if (typeof call.body === 'object' && call.body !== null && !Array.isArray(call.body)) return call.body as Json;
	throw refusal(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.');
}
