import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { startHubSpot, TOKEN_WITHOUT_LISTS, type RunningHubSpot } from '../../../sandbox/hubspot';
import { callsTo, type Answer, type Call } from './hubSpotCalls';

// HubSpot's OpenAPI descriptions are not part of this project; without them these tests are skipped.

const folder = resolve(__dirname, '../../../../shared/vendor-specs/hubspot');
const isPresent = existsSync(folder);
if (!isPresent)
	console.warn(`HubSpot's API descriptions are not there (${'../shared/vendor-specs'}); not checked against them.`);

interface Schema {
	$ref?: string;
	items?: Schema;
	allOf?: Schema[];
	properties?: Record<string, Schema>;
	additionalProperties?: unknown;
}
interface Description {
	paths: Record<
		string,
		Record<string, { responses: Record<string, { $ref?: string; content?: Record<string, { schema: Schema }> }> }>
	>;
	components: { schemas: Record<string, Schema>; responses?: Record<string, unknown> };
}

const FILES = {
	lists: 'lists.v3.openapi.json',
	contacts: 'contacts.v3.openapi.json',
	properties: 'properties.v3.openapi.json',
	preferences: 'communication-preferences.v4.openapi.json',
	imports: 'imports.v3.openapi.json',
} as const;
type Name = keyof typeof FILES;
const descriptions = {} as Record<Name, Description>;
const ajv = new Ajv({ strict: false, allErrors: true });
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
ajv.addFormat('date-time', { validate: (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) });
ajv.addFormat('uuid', uuid);
ajv.addFormat('int32', {
	type: 'number',
	validate: (value: number) => Number.isInteger(value) && Math.abs(value) < 2 ** 31,
});
ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
if (isPresent) {
	for (const [name, file] of Object.entries(FILES) as Array<[Name, string]>) {
		descriptions[name] = JSON.parse(readFileSync(resolve(folder, file), 'utf8')) as Description;
		ajv.addSchema({ ...descriptions[name], $id: name });
	}
}

/**
 * Fields that real answers have and these copies of the descriptions of 2025 lack: see the README of the folder, and
 * HubSpot/hubspot-api-nodejs 13.5.0.
 */
const LATER = new Set(['isPublicList', 'objectWriteTraceId', 'paging']);

function schemaOf(name: Name, method: string, path: string, status: number): Schema {
	const response = descriptions[name].paths[path]?.[method.toLowerCase()]?.responses[status];
	const schema = response?.content?.['application/json']?.schema ?? response?.content?.['*/*']?.schema;
	if (schema === undefined) throw new Error(`${method} ${path} ${status} is not described`);
	return schema;
}

const compiled = new Map<string, ValidateFunction>();

function expectValid(name: Name, schema: Schema, body: unknown): void {
	const key = `${name}${schema.$ref ?? ''}`;
	const validate = compiled.get(key) ?? ajv.compile({ $ref: key });
	compiled.set(key, validate);
	const isValid = validate(withoutNulls(body));
	expect({ schema: key, isValid, errors: validate.errors ?? [] }).toEqual({ schema: key, isValid: true, errors: [] });
	expect({ schema: key, undescribed: undescribed(name, body, schema) }).toEqual({ schema: key, undescribed: [] });
}

/** HubSpot describes property values as texts, but documents null for empty ones. */
function withoutNulls(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([name, part]) => (part === null ? [] : [[name, withoutNulls(part)]])),
	);
}

function undescribed(name: Name, value: unknown, given: Schema): string[] {
	const schema = deref(name, given);
	if (Array.isArray(value)) return value.flatMap((part) => undescribed(name, part, schema.items ?? {}));
	if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
	return Object.entries(value).flatMap(([field, part]) => {
		const own = schema.properties?.[field];
		if (own !== undefined) return undescribed(name, part, own);
		return LATER.has(field) ? [] : [field];
	});
}

function deref(name: Name, schema: Schema): Schema {
	const target = schema.$ref?.split('/').pop();
	return target === undefined ? schema : (descriptions[name].components.schemas[target] ?? {});
}

(isPresent ? describe : describe.skip)('answers of the stand-in against HubSpot’s API descriptions', () => {
	let hubspot: RunningHubSpot;
	let call: Call;
	let ids: string[];
	beforeAll(async () => {
		hubspot = await startHubSpot({ members: 300, accountTier: 'enterprise', extraLists: 30 });
		call = callsTo(hubspot);
		ids = [...hubspot.store.list(101).members.ids()].map(String);
	});
	afterAll(() => hubspot.close());

	/** Calls and validates; `described` is the path as the description writes it, where it differs. */
	async function check(
		name: Name,
		method: string,
		path: string,
		described = path,
		body?: unknown,
		status = 200,
	): Promise<Answer> {
		const answer = await call(method, path, body);
		expect({ path, status: answer.status }).toEqual({ path, status });
		expectValid(name, schemaOf(name, method, described.replace(/\?.*/, ''), status), answer.body);
		return answer;
	}

	const LISTS = '/crm/v3/lists';
	const CONTACTS = '/crm/v3/objects/contacts';

	it('a wrong answer would be noticed', async () => {
		const schema = schemaOf('lists', 'GET', `${LISTS}/{listId}/memberships`, 200);
		const { body } = await call('GET', `${LISTS}/101/memberships?limit=1`);
		const [member] = body.results;
		for (const wrong of [
			{ ...member, recordId: 7 },
			{ recordId: '7' },
			{ ...member, membershipTimestamp: 'today' },
			{ ...member, extra: 1 },
		]) {
			expect(() => expectValid('lists', schema, { ...body, results: [wrong] })).toThrow();
		}
	});

	it('lists', async () => {
		await check('lists', 'POST', `${LISTS}/search`, `${LISTS}/search`, { count: 500 });
		await check('lists', 'GET', `${LISTS}/101?includeFilters=true`, `${LISTS}/{listId}`);
		await check('lists', 'GET', `${LISTS}/?listIds=101&listIds=103`, `${LISTS}/`);
		await check(
			'lists',
			'GET',
			`${LISTS}/object-type-id/0-1/name/Nobody%20yet`,
			`${LISTS}/object-type-id/{objectTypeId}/name/{listName}`,
		);
		await check('lists', 'POST', `${LISTS}/`, `${LISTS}/`, {
			name: 'Described',
			objectTypeId: '0-1',
			processingType: 'MANUAL',
		});
		await check('lists', 'PUT', `${LISTS}/102/update-list-name?listName=Other`, `${LISTS}/{listId}/update-list-name`);
	});

	it('memberships', async () => {
		const first = await check('lists', 'GET', `${LISTS}/101/memberships?limit=250`, `${LISTS}/{listId}/memberships`);
		const { after } = first.body.paging.next;
		await check('lists', 'GET', `${LISTS}/101/memberships?limit=250&after=${after}`, `${LISTS}/{listId}/memberships`);
		await check('lists', 'GET', `${LISTS}/101/memberships/join-order`, `${LISTS}/{listId}/memberships/join-order`);
		await check(
			'lists',
			'GET',
			`${LISTS}/records/0-1/${ids[0]}/memberships`,
			`${LISTS}/records/{objectTypeId}/{recordId}/memberships`,
		);
		await check('lists', 'PUT', `${LISTS}/103/memberships/add`, `${LISTS}/{listId}/memberships/add`, [ids[0], '7']);
		await check('lists', 'PUT', `${LISTS}/103/memberships/remove`, `${LISTS}/{listId}/memberships/remove`, [ids[0]]);
		const both = { recordIdsToAdd: [ids[1]], recordIdsToRemove: [] };
		await check(
			'lists',
			'PUT',
			`${LISTS}/103/memberships/add-and-remove`,
			`${LISTS}/{listId}/memberships/add-and-remove`,
			both,
		);
	});

	it('reading contacts', async () => {
		const inputs = ids.slice(0, 50).map((id) => ({ id }));
		const asked = { properties: ['email', 'phone', 'vip'], propertiesWithHistory: ['email', 'phone'] };
		await check('contacts', 'POST', `${CONTACTS}/batch/read`, undefined, { inputs, ...asked });
		await check(
			'contacts',
			'POST',
			`${CONTACTS}/batch/read`,
			undefined,
			{ inputs: [...inputs.slice(1), { id: '7' }], ...asked },
			207,
		);
		await check('contacts', 'GET', `${CONTACTS}/?limit=100`);
		await check('contacts', 'GET', `${CONTACTS}/${ids[0]}`, `${CONTACTS}/{contactId}`);
		await check('contacts', 'POST', `${CONTACTS}/search`, undefined, { limit: 200 });
	});

	it('writing contacts', async () => {
		const properties = { email: 'described@example.com' };
		const made = await check('contacts', 'POST', `${CONTACTS}/`, undefined, { properties }, 201);
		await check('contacts', 'PATCH', `${CONTACTS}/${made.body.id}`, `${CONTACTS}/{contactId}`, {
			properties: { city: 'Lens' },
		});
		const upsert = (email: string, trace: string) => ({
			id: email,
			idProperty: 'email',
			properties: { email },
			objectWriteTraceId: trace,
		});
		await check('contacts', 'POST', `${CONTACTS}/batch/upsert`, undefined, {
			inputs: [upsert('described@example.com', '1')],
		});
		await check(
			'contacts',
			'POST',
			`${CONTACTS}/batch/upsert`,
			undefined,
			{ inputs: [upsert('ok@example.com', '1'), upsert('bad', '2')] },
			207,
		);
		await check(
			'contacts',
			'POST',
			`${CONTACTS}/batch/create`,
			undefined,
			{ inputs: [{ properties: { email: 'x1@example.com' } }] },
			201,
		);
		await check('contacts', 'POST', `${CONTACTS}/batch/update`, undefined, {
			inputs: [{ id: made.body.id, properties: { city: 'Sens' } }],
		});
		await check('contacts', 'POST', `${CONTACTS}/merge`, undefined, {
			primaryObjectId: made.body.id,
			objectIdToMerge: ids[5],
		});
	});

	it('property definitions', async () => {
		await check('properties', 'GET', '/crm/v3/properties/contacts', '/crm/v3/properties/{objectType}');
		await check(
			'properties',
			'GET',
			'/crm/v3/properties/contacts/interests',
			'/crm/v3/properties/{objectType}/{propertyName}',
		);
		const definition = { name: 'described', label: 'Described', groupName: 'shop', type: 'string', fieldType: 'text' };
		await check(
			'properties',
			'POST',
			'/crm/v3/properties/contacts',
			'/crm/v3/properties/{objectType}',
			definition,
			201,
		);
	});

	it('communication preferences', async () => {
		const base = '/communication-preferences/v4';
		const one = `${base}/statuses/{subscriberIdString}`;
		const address = `${base}/statuses/described@example.com`;
		const channel = 'channel=EMAIL&verbose=true';
		const change = { subscriptionId: 10_941_702, statusState: 'SUBSCRIBED', channel: 'EMAIL' };
		await check('preferences', 'GET', `${base}/definitions`);
		await check('preferences', 'POST', address, one, { ...change, legalBasis: 'NON_GDPR', legalBasisExplanation: 'x' });
		await check('preferences', 'GET', `${address}?${channel}`, one);
		for (const method of ['GET', 'POST', 'GET'])
			await check('preferences', method, `${address}/unsubscribe-all?${channel}`, `${one}/unsubscribe-all`);
		const inputs = ['described@example.com', 'more@example.com'];
		for (const tail of ['read', 'unsubscribe-all', 'unsubscribe-all/read'])
			await check('preferences', 'POST', `${base}/statuses/batch/${tail}?${channel}`, undefined, { inputs });
		await check('preferences', 'POST', `${base}/statuses/batch/write`, undefined, {
			inputs: [{ ...change, subscriberIdString: 'third@example.com' }],
		});
	});

	it('imports', async () => {
		const columns = [{ columnObjectTypeId: '0-1', columnName: 'Record ID', columnType: 'HUBSPOT_OBJECT_ID' }];
		const form = new FormData();
		const page = { hasHeader: true, columnMappings: columns };
		const files = [{ fileName: 'a.csv', fileFormat: 'CSV', fileImportPage: page }];
		form.set('importRequest', JSON.stringify({ name: 'Described', importOperations: { '0-1': 'UPDATE' }, files }));
		form.set('files', new Blob(['Record ID\n7\n7']), 'a.csv');
		const headers = { authorization: `Bearer ${hubspot.token}` };
		const started = await fetch(`${hubspot.url}/crm/v3/imports/`, { method: 'POST', headers, body: form });
		const body = (await started.json()) as { id: string };
		expectValid('imports', schemaOf('imports', 'POST', '/crm/v3/imports/', 200), body);
		hubspot.clock.advance(10_000);
		const one = '/crm/v3/imports/{importId}';
		await check('imports', 'GET', `/crm/v3/imports/${body.id}`, one);
		await check('imports', 'GET', `/crm/v3/imports/${body.id}/errors?includeRowData=true`, `${one}/errors`);
		await check('imports', 'GET', '/crm/v3/imports/?limit=5');
		await check('imports', 'POST', `/crm/v3/imports/${body.id}/cancel`, `${one}/cancel`);
	});

	it('error bodies', async () => {
		const error = { $ref: '#/components/schemas/Error' };
		const expectError = (answer: Answer, status: number, name: Name = 'contacts') => {
			expect(answer.status).toBe(status);
			// `status: "error"` is documented on the error page, not in the descriptions.
			const { status: word, ...body } = answer.body as unknown as Record<string, unknown>;
			expect(word).toBe('error');
			expectValid(name, error, body);
		};
		expectError(await call('GET', `${LISTS}/101`, undefined, 'nope'), 401, 'lists');
		expectError(await call('GET', `${LISTS}/101`, undefined, TOKEN_WITHOUT_LISTS), 403, 'lists');
		expectError(await call('GET', `${LISTS}/4711`), 404, 'lists');
		expectError(await call('POST', `${CONTACTS}/search`, { limit: 1_000 }), 400);
		expectError(await call('POST', CONTACTS, { properties: { vip: 'perhaps' } }), 400);
		const { email } = hubspot.store.contact(ids[20] as string).properties;
		expectError(await call('POST', CONTACTS, { properties: { email: email ?? 'ok@example.com' } }), 409);
		expectError(await call('POST', '/communication-preferences/v4/statuses/bad', {}), 400, 'preferences');
	});
});
