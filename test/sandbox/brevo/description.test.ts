import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { callsTo, startEmptyBrevo, type Answer, type Call } from './brevoCalls';

const file = resolve(__dirname, '../../../../shared/vendor-specs/brevo/brevo-v3-contacts-subset-2025-08.json');
const present = existsSync(file);

/** The parts of an OpenAPI document that are used here. */
interface Schema {
	$ref?: string;
	items?: Schema;
	allOf?: Schema[];
	properties?: Record<string, Schema>;
}
interface Response {
	$ref?: string;
	content?: Record<string, { schema?: Schema }>;
}
interface Description {
	paths: Record<string, Record<string, { responses?: Record<string, Response> }>>;
}

const description = (present ? JSON.parse(readFileSync(file, 'utf8')) : { paths: {} }) as Description;

/** What later descriptions add to the one of August 2025 (the folder's README), or what real answers carry beyond it. */
const laterFields = new Set(['whatsappBlacklisted', 'valueStr', 'info', 'folderId', 'organization_id', 'user_id']);
/** Parts of the API this stand-in does not have. */
const absent = /doubleOptinConfirmation|campaignStats|\/contacts\/export|^\/webhooks/;

let brevo: RunningBrevo;
let call: Call;
beforeEach(async () => {
	brevo = await startEmptyBrevo({ strangers: 3 });
	call = callsTo(brevo);
});
afterEach(() => brevo.close());

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
if (present) ajv.addSchema({ ...description, $id: 'brevo' });

function deref<T extends { $ref?: string }>(node: T): T {
	if (node.$ref === undefined) return node;
	const target = node.$ref
		.slice(2)
		.split('/')
		.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], description);
	return deref(target as T);
}

/** Validates an answer against the schema described for this call and status; `{…}` in the path as in the description. */
function expectAsDescribed(method: string, path: string, answer: Answer): void {
	const response = description.paths[path]?.[method.toLowerCase()]?.responses?.[answer.status];
	if (response === undefined) throw new Error(`${method} ${path}: no answer ${answer.status} is described`);
	const schema = deref(response).content?.['application/json']?.schema;
	if (schema === undefined) {
		expect(answer.body).toBe('');
		return;
	}
	const validate = ajv.compile({ $ref: `brevo${schema.$ref ?? ''}` });
	const valid = validate(answer.body);
	expect({ method, path, valid, errors: validate.errors ?? [] }).toEqual({ method, path, valid: true, errors: [] });
	const undescribed = undescribedFields(answer.body, schema);
	expect({ method, path, undescribed }).toEqual({ method, path, undescribed: [] });
}

/** Fields of an answer that the description does not have. */
function undescribedFields(value: unknown, rawSchema: Schema): string[] {
	const schema = deref(rawSchema);
	if (Array.isArray(value)) {
		const { items } = schema;
		return items === undefined ? [] : value.flatMap((entry) => undescribedFields(entry, items));
	}
	if (typeof value !== 'object' || value === null) return [];
	const properties = propertiesOf(schema);
	// An object whose fields are not described at all, such as the metadata of an error.
	if (Object.keys(properties).length === 0) return [];
	return Object.entries(value).flatMap(([name, inner]) => {
		if (laterFields.has(name)) return [];
		const known = properties[name];
		return known === undefined ? [name] : undescribedFields(inner, known);
	});
}

function propertiesOf(rawSchema: Schema): Record<string, Schema> {
	const schema = deref(rawSchema);
	return Object.assign({}, ...(schema.allOf ?? []).map(propertiesOf), schema.properties ?? {}) as Record<
		string,
		Schema
	>;
}

const title = 'Brevo sandbox against Brevo’s API description';

(present ? describe : describe.skip)(present ? title : `${title} (not on this machine: ../shared/vendor-specs)`, () => {
	it('answers reads as described', async () => {
		await call('PUT', '/contacts/1', { attributes: { SMS: '+33612345678', LIFECYCLE: 2 }, ext_id: 'key-1' });
		for (const [described, real] of [
			['/account', '/account'],
			['/contacts', '/contacts?limit=2'],
			['/contacts', '/contacts?limit=5000'],
			['/contacts/{identifier}', '/contacts/1'],
			['/contacts/{identifier}', '/contacts/nobody%40example.com'],
			['/contacts/attributes', '/contacts/attributes'],
			['/contacts/folders', '/contacts/folders'],
			['/contacts/folders/{folderId}', '/contacts/folders/1'],
			['/contacts/folders/{folderId}', '/contacts/folders/99'],
			['/contacts/folders/{folderId}/lists', '/contacts/folders/1/lists'],
			['/contacts/lists', '/contacts/lists'],
			['/contacts/lists', '/contacts/lists?limit=51'],
			['/contacts/lists/{listId}', '/contacts/lists/1'],
			['/contacts/lists/{listId}', '/contacts/lists/99'],
			['/contacts/lists/{listId}/contacts', '/contacts/lists/1/contacts'],
			['/contacts/segments', '/contacts/segments'],
			['/processes', '/processes'],
			['/processes/{processId}', '/processes/1'],
		] as const) {
			expectAsDescribed('GET', described, await call('GET', real));
		}
	});

	it('answers writes as described', async () => {
		// Adds and removes have entries that succeed and entries that fail: an empty array fits two schemas of a `oneOf`.
		const steps: [string, string, string, unknown?][] = [
			['POST', '/contacts', '/contacts', { email: 'a@example.com' }],
			['POST', '/contacts', '/contacts', { email: 'a@example.com' }],
			['POST', '/contacts', '/contacts', { email: 'a@example.com', updateEnabled: true }],
			['PUT', '/contacts/{identifier}', '/contacts/a%40example.com', { attributes: { CITY: 'Lyon' } }],
			[
				'PUT',
				'/contacts/{identifier}',
				'/contacts/a%40example.com',
				{ attributes: { EMAIL: 'guest1@elsewhere.example' } },
			],
			['PUT', '/contacts/{identifier}', '/contacts/nobody%40example.com', {}],
			[
				'POST',
				'/contacts/batch',
				'/contacts/batch',
				{ contacts: [{ email: 'a@example.com', attributes: { CITY: 'X' } }] },
			],
			['POST', '/contacts/folders', '/contacts/folders', { name: 'New' }],
			['PUT', '/contacts/folders/{folderId}', '/contacts/folders/3', { name: 'Newer' }],
			['POST', '/contacts/lists', '/contacts/lists', { name: 'New', folderId: 3 }],
			['POST', '/contacts/lists', '/contacts/lists', { name: 'New' }],
			['PUT', '/contacts/lists/{listId}', '/contacts/lists/3', { name: 'Newer' }],
			['POST', '/contacts/lists/{listId}/contacts/add', '/contacts/lists/3/contacts/add', { ids: [1, 2, 99] }],
			[
				'POST',
				'/contacts/lists/{listId}/contacts/add',
				'/contacts/lists/3/contacts/add',
				{ emails: ['no@example.com'] },
			],
			['POST', '/contacts/lists/{listId}/contacts/remove', '/contacts/lists/3/contacts/remove', { ids: [1, 99] }],
			['POST', '/contacts/lists/{listId}/contacts/remove', '/contacts/lists/3/contacts/remove', { all: true }],
			['POST', '/contacts/import', '/contacts/import', { jsonBody: [{ email: 'b@example.com' }], listIds: [1] }],
			['POST', '/contacts/import', '/contacts/import', { listIds: [1] }],
			['GET', '/processes/{processId}', '/processes/1'],
			['GET', '/processes', '/processes'],
			[
				'POST',
				'/contacts/attributes/{attributeCategory}/{attributeName}',
				'/contacts/attributes/normal/X',
				{ type: 'text' },
			],
			[
				'POST',
				'/contacts/attributes/{attributeCategory}/{attributeName}',
				'/contacts/attributes/normal/X',
				{ type: 'text' },
			],
			['DELETE', '/contacts/attributes/{attributeCategory}/{attributeName}', '/contacts/attributes/normal/X'],
			['DELETE', '/contacts/lists/{listId}', '/contacts/lists/3'],
			['DELETE', '/contacts/folders/{folderId}', '/contacts/folders/3'],
			['DELETE', '/contacts/{identifier}', '/contacts/a%40example.com'],
			['DELETE', '/contacts/{identifier}', '/contacts/a%40example.com'],
		];
		const statuses: number[] = [];
		for (const [method, described, real, body] of steps) {
			const answer = await call(method, real, body);
			statuses.push(answer.status);
			expectAsDescribed(method, described, answer);
		}
		expect(statuses).toEqual([
			201, 400, 204, 204, 400, 404, 204, 201, 204, 201, 400, 204, 201, 400, 201, 201, 202, 400, 200, 200, 201, 400, 204,
			204, 204, 204, 404,
		]);
		await brevo.idle();
		expectAsDescribed('GET', '/processes/{processId}', await call('GET', '/processes/2'));
	});

	it('serves every described call below /contacts, /processes and /account, but for those it names as absent', async () => {
		const missing: string[] = [];
		for (const [path, calls] of Object.entries(description.paths)) {
			if (absent.test(path)) continue;
			for (const method of ['get', 'post', 'put', 'delete'].filter((name) => name in calls)) {
				const real = path.replace(/\{[^}]+\}/g, '1');
				const { body } = await call(method.toUpperCase(), real, method === 'get' ? undefined : {});
				if (body.message === 'Route not found') missing.push(`${method} ${path}`);
			}
		}
		expect(missing).toEqual([]);
	});
});
