import { ok, type Account, type Call, type Reply, type Resources } from '../api';
import { brokenBatch, notFound, ofRecord, RecordError, refusal } from '../errors';
import { present, recordUrl } from '../format';
import type { Field, Row } from '../schema/fields';
import type { SObject } from '../schema/objects';
import { bindField } from '../soql/bind';
import { Writer } from '../writes/writer';
import { upsertKey } from './collections';
import { jsonBody, objectAt, writeContextOf } from './shared';

/** Calls for one record, by id or by a key field. */
export function addRecords(resources: Resources, account: Account): void {
	const byId = '/sobjects/:object/:id';
	const byKey = '/sobjects/:object/:field/:value';
	resources.add('POST', '/sobjects/:object', (call, params) => {
		const object = objectAt(account, params);
		const id = single(account, (writer) => writer.create(object, jsonBody(call), writeContextOf(call)));
		return made(call, object, id, {});
	});
	resources.add('GET', byId, (call, params) => {
		const object = objectAt(account, params);
		const row = account.store.find(object.name, params['id']);
		return shown(account, call, object, row);
	});
	resources.add('PATCH', byId, (call, params) => {
		const object = objectAt(account, params);
		const body = jsonBody(call);
		if (Object.keys(body).some((name) => name.toLowerCase() === 'id')) throw refusal(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.', ['Id']); // prettier-ignore
		single(account, (writer) => writer.update(object, params['id'] ?? '', body, writeContextOf(call)));
		return { status: 204 };
	});
	resources.add('DELETE', byId, (call, params) => {
		const object = objectAt(account, params);
		single(account, (writer) => writer.delete(object, params['id'] ?? '', writeContextOf(call)));
		return { status: 204 };
	});
	resources.add('GET', byKey, (call, params) => {
		const { object, rows } = matching(account, params);
		return rows.length > 1 ? several(call, object, rows) : shown(account, call, object, rows[0]);
	});
	resources.add('PATCH', byKey, (call, params) => upsert(account, call, params));
}

function matching(account: Account, params: Readonly<Record<string, string>>): { object: SObject; rows: Row[] } {
	const object = objectAt(account, params);
	const value = params['value'] ?? '';
	// Salesforce takes some endings for those of a file.
	if (/\.inc$/i.test(value)) throw notFound();
	const key = upsertKey(account, object, params['field'] ?? '');
	return { object, rows: new Writer(account.store).matching(object, key, value) };
}

function upsert(account: Account, call: Call, params: Readonly<Record<string, string>>): Reply {
	const { object, rows } = matching(account, params);
	if (rows.length > 1) return several(call, object, rows);
	const key = upsertKey(account, object, params['field'] ?? '');
	const body = jsonBody(call);
	const keyInBody = Object.keys(body).find((name) => name.toLowerCase() === key.name.toLowerCase());
	if (keyInBody !== undefined) {
		const message = `The ${key.name} field should not be specified in the sobject data.`;
		throw refusal(400, 'INVALID_FIELD', message, [key.name]);
	}
	const context = writeContextOf(call);
	const [row] = rows;
	if (row === undefined) {
		const id = single(account, (writer) =>
			writer.create(object, { ...body, [key.name]: keyValue(key, params['value'] ?? '') }, context),
		);
		return made(call, object, id, { created: true });
	}
	single(account, (writer) => writer.update(object, row['Id'] as string, body, context));
	return ok({ id: row['Id'], success: true, errors: [], created: false });
}

const several = (call: Call, object: SObject, rows: readonly Row[]): Reply => ({
	status: 300,
	body: rows.map((row) => recordUrl(object.name, row['Id'], call.version)),
});

const made = (call: Call, object: SObject, id: string, more: object): Reply => ({
	status: 201,
	headers: { Location: recordUrl(object.name, id, call.version) },
	body: { id, success: true, errors: [], ...more },
});

function shown(account: Account, call: Call, object: SObject, row: Row | undefined): Reply {
	const { store, settings } = account;
	const isHidden =
		row !== undefined && !settings.userViewsAll && (row['OwnerId'] ?? call.session.userId) !== call.session.userId;
	if (row === undefined || isHidden) throw notFound();
	if (row['IsDeleted'] === true) throw refusal(404, 'ENTITY_IS_DELETED', 'entity is deleted');
	const asked = call.query.get('fields')?.split(',');
	const names = asked ?? store.schema.visibleFields(object).map(({ name }) => name);
	const scope = store.scope(call.session.userId, false);
	const fields = names.map((name) => bindField(name, scope, object, { name, at: 0 }));
	return ok(present(store, object, row, fields, call.version));
}

/** The key of a path, which is a text, as the field takes it. */
const keyValue = (key: Field, text: string): unknown => (key.type === 'double' ? Number(text) : text);

/** A call for one record answers the record's error as its own. */
function single<T>({ store }: Account, work: (writer: Writer) => T): T {
	return store.transaction((rollBack) => {
		const writer = new Writer(store);
		try {
			const result = work(writer);
			if (writer.brokenBy === undefined) return result;
			rollBack();
			throw brokenBatch(writer.brokenBy);
		} catch (error) {
			throw error instanceof RecordError ? ofRecord(error) : error;
		}
	});
}
