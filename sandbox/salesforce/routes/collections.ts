import { ok, type Account, type Call, type Reply, type Resources } from '../api';
import { notFound, RecordError, refusal } from '../errors';
import { present } from '../format';
import type { Field } from '../schema/fields';
import type { SObject } from '../schema/objects';
import { bindField } from '../soql/bind';
import { withoutEdges } from '../writes/values';
import type { Json } from '../writes/writer';
import { Repeats, runsOf, workThrough, type Batch } from './batch';
import { jsonBody, objectAt, objectOfRecord, writeContextOf } from './shared';

const MAX_RECORDS = 200;
/** Ids of one retrieve; not in the documents read. */
const MAX_RETRIEVED = 2_000;
/** Versions that brought the collections and their upsert. */
const SINCE = 42;
const UPSERT_SINCE = 46;

/** sObject collections: up to 200 records a call, one result for each, in the order of the input. */
export function addCollections(resources: Resources, account: Account): void {
	const path = '/composite/sobjects';
	resources.add('POST', path, (call) => {
		const context = writeContextOf(call);
		return workThrough(account, mixed(account, call), (writer, { input, object }) => {
			if (idOfRecord(input) !== undefined) throw idGiven();
			return { id: writer.create(object, input, context), success: true, errors: [] };
		});
	}, SINCE); // prettier-ignore
	resources.add('PATCH', path, (call) => {
		const context = writeContextOf(call);
		const batch = mixed(account, call);
		const ids = batch.rows.map(({ input }) => keyText(idOfRecord(input)));
		const repeats = new Repeats(ids, account.settings.repeatedKey);
		return workThrough(account, batch, (writer, { input, object }) => {
			const id = idOfRecord(input);
			if (typeof id !== 'string') throw new RecordError('MISSING_ARGUMENT', 'Id not specified in an update call', ['Id']);
			if (repeats.refuse(keyText(id))) throw new RecordError('DUPLICATE_VALUE', `Duplicate id specified: ${id}`, ['Id']);
			writer.update(object, id, input, context);
			return { id, success: true, errors: [] };
		});
	}, SINCE); // prettier-ignore
	resources.add('DELETE', path, (call) => remove(account, call), SINCE);
	resources.add('PATCH', `${path}/:object/:field`, (call, params) => upsert(account, call, params), UPSERT_SINCE);
	resources.add('POST', `${path}/:object`, (call, params) => {
		const { ids, fields } = jsonBody(call);
		return retrieve(account, call, objectAt(account, params), ids, fields);
	}, SINCE); // prettier-ignore
	resources.add('GET', `${path}/:object`, (call, params) => {
		const list = (name: string) => call.query.get(name)?.split(',');
		return retrieve(account, call, objectAt(account, params), list('ids'), list('fields'));
	}, SINCE); // prettier-ignore
}

/** The records of a create or update, each with its object; at most ten runs of one object in a request. */
function mixed(account: Account, call: Call): Batch<Json, SObject> {
	const { records, allOrNone } = recordsOf(call);
	const rows = records.map((input) => ({ input, object: objectOfRecord(account, input) }));
	const { chunkLimit } = account.settings;
	if (chunkLimit > 0 && runsOf(rows).length > chunkLimit) {
		throw refusal(400, 'LIMIT_EXCEEDED', `Cannot have more than ${chunkLimit} chunks in a single operation. Please rearrange the data to reduce chunking.`); // prettier-ignore
	}
	return { rows, allOrNone };
}

function remove(account: Account, call: Call): Reply {
	const ids = (call.query.get('ids') ?? '').split(',').filter((id) => id !== '');
	if (ids.length === 0) throw refusal(400, 'MISSING_ARGUMENT', 'The ids parameter is missing');
	tooMany(ids.length, MAX_RECORDS);
	const context = writeContextOf(call);
	const objects = account.store.schema.visibleObjects();
	const rows = ids.map((id) => ({ input: id, object: objects.find(({ keyPrefix }) => id.startsWith(keyPrefix)) }));
	return workThrough(
		account,
		{ rows, allOrNone: call.query.get('allOrNone') === 'true' },
		(writer, { input: id, object }) => {
			if (object === undefined) throw new RecordError('MALFORMED_ID', `malformed id ${id}`);
			writer.delete(object, id, context);
			return { id, success: true, errors: [] };
		},
	);
}

function upsert(account: Account, call: Call, params: Readonly<Record<string, string>>): Reply {
	const object = objectAt(account, params);
	const key = upsertKey(account, object, params['field'] ?? '');
	const { records, allOrNone } = recordsOf(call);
	for (const record of records) {
		if (objectOfRecord(account, record).name !== object.name) throw refusal(400, 'INVALID_TYPE', 'All records of an upsert must be of the type in the path'); // prettier-ignore
	}
	const context = writeContextOf(call);
	const keys = records.map((record) => keyText(valueOfKey(record, key)));
	const repeats = new Repeats(keys, account.settings.repeatedKey);
	const rows = records.map((input) => ({ input, object }));
	return workThrough(account, { rows, allOrNone }, (writer, { input: record }) => {
		if (idOfRecord(record) !== undefined) throw idGiven();
		const value = valueOfKey(record, key);
		if (value === undefined || value === null || keyText(value) === '') throw new RecordError('MISSING_ARGUMENT', `${key.name} not specified`, [key.name]); // prettier-ignore
		if (repeats.refuse(keyText(value))) {
			throw new RecordError('DUPLICATE_VALUE', `Duplicate external id specified: ${keyText(value)}`, [key.name]);
		}
		const found = writer.matching(object, key, value);
		if (found.length > 1) {
			const ids = found.map((row) => String(row['Id'])).join(', ');
			const message = `${key.label}: more than one record found for external id field: [${ids}]`;
			throw new RecordError(account.settings.ambiguousKeyCode, message, [key.name]);
		}
		const [existing] = found;
		if (existing === undefined)
			return { id: writer.create(object, record, context), success: true, errors: [], created: true };
		const id = existing['Id'] as string;
		writer.update(object, id, record, context);
		return { id, success: true, errors: [], created: false };
	});
}

/** The key of an upsert: an external id or a field with idLookup that the user may see, but not the record id. */
export function upsertKey({ store, settings }: Account, object: SObject, name: string): Field {
	const field = store.schema.field(object, name);
	const isKey =
		field !== undefined && field.type !== 'id' && (field.externalId || (field.idLookup && settings.emailUpsert));
	if (!isKey) throw notFound(`Provided external ID field does not exist or is not accessible: ${name}`);
	// A key that is not unique asks for the View All Data permission.
	const needsViewAll = field.externalId ? !field.unique : settings.emailUpsertNeedsViewAll;
	if (needsViewAll && !settings.userViewsAll) {
		throw refusal(
			403,
			'INSUFFICIENT_ACCESS_OR_READONLY',
			`insufficient access rights on external id field: ${field.name}`,
		);
	}
	return field;
}

function retrieve(account: Account, call: Call, object: SObject, ids: unknown, fields: unknown): Reply {
	if (!isTextList(ids) || !isTextList(fields)) throw refusal(400, 'MISSING_ARGUMENT', 'ids and fields are required');
	tooMany(ids.length, MAX_RETRIEVED);
	const { store } = account;
	const scope = store.scope(call.session.userId, false);
	const bound = fields.map((name) => bindField(name, scope, object, { name, at: 0 }));
	const visible = new Set(scope.rows(object, false));
	return ok(
		ids.map((id) => {
			const row = store.find(object.name, id);
			return row !== undefined && visible.has(row) ? present(store, object, row, bound, call.version) : null;
		}),
	);
}

const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'); // prettier-ignore

function recordsOf(call: Call): { records: Json[]; allOrNone: boolean } {
	const { records, allOrNone } = jsonBody(call);
	if (
		!Array.isArray(records) ||
		!records.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
	) {
		throw refusal(400, 'JSON_PARSER_ERROR', 'The records of the request cannot be read');
	}
	if (allOrNone !== undefined && typeof allOrNone !== 'boolean') {
		throw refusal(400, 'JSON_PARSER_ERROR', 'Cannot deserialize instance of boolean for allOrNone');
	}
	tooMany(records.length, MAX_RECORDS);
	return { records: records as Json[], allOrNone: allOrNone === true };
}

function tooMany(count: number, most: number): void {
	if (count <= most) return;
	throw refusal(
		400,
		'EXCEEDED_ID_LIMIT',
		`record limit reached. cannot submit more than ${most} records into this call`,
	);
}

const valueOfKey = (record: Json, key: Field): unknown =>
	Object.entries(record).find(([name]) => name.toLowerCase() === key.name.toLowerCase())?.[1];

/** Keys are the same whatever their case and the blanks around them. */
const keyText = (value: unknown): string => withoutEdges(typeof value === 'string' ? value : JSON.stringify(value ?? '')).toLowerCase(); // prettier-ignore

const idOfRecord = (record: Json): unknown => Object.entries(record).find(([name]) => name.toLowerCase() === 'id')?.[1];

const idGiven = () =>
	new RecordError('INVALID_FIELD', 'The Id field should not be specified in the sobject data.', ['Id']);
