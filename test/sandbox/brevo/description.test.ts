import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { callsTo, startEmptyBrevo, type Answer, type Call } from './brevoCalls';

const file = resolve(__dirname, '../../../../shared/vendor-specs/brevo/brevo-v3-contacts-subset-2025-08.json');
const present = existsSync(file);
const it_ = present ? it : it.skip;

type Json = Record<string, any>;
const description: Json = present ? JSON.parse(readFileSync(file, 'utf8')) : { paths: {}, components: {} };

/** What later descriptions add to the one of August 2025 (the folder's README), or what real answers carry beyond it. */
const laterFields = new Set(['whatsappBlacklisted', 'valueStr', 'info', 'folderId']);
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

function deref(node: Json): Json {
	if (typeof node.$ref !== 'string') return node;
	return deref(
		node.$ref
			.slice(2)
			.split('/')
			.reduce((at: Json, key: string) => at[key], description),
	);
}

/** Validates an answer against the schema described for this call and status; `{…}` in the path as in the description. */
function expectAsDescribed(method: string, path: string, answer: Answer): void {
	const responses = description.paths[path]?.[method.toLowerCase()]?.responses as Json | undefined;
	const response = responses?.[answer.status];
	expect({ method, path, status: answer.status, described: response !== undefined }).toMatchObject({ described: true });
	const schema = deref(response).content?.['application/json']?.schema as Json | undefined;
	if (schema === undefined) {
		expect(answer.body).toBe('');
		return;
	}
	const validate: ValidateFunction = ajv.compile({ $ref: `brevo${(schema.$ref as string | undefined) ?? ''}` });
	const valid = validate(answer.body);
	expect({ method, path, valid, errors: validate.errors ?? [] }).toEqual({ method, path, valid: true, errors: [] });
	expect({ method, path, undescribed: undescribedFields(answer.body, schema) }).toEqual({
		method,
		path,
		undescribed: [],
	});
}

/** Fields of an answer that the description does not have. */
function undescribedFields(value: unknown, rawSchema: Json): string[] {
	const schema = deref(rawSchema);
	if (Array.isArray(value)) return schema.items ? value.flatMap((entry) => undescribedFields(entry, schema.items)) : [];
	if (typeof value !== 'object' || value === null) return [];
	const properties = propertiesOf(schema);
	// An object whose fields are not described at all, such as the metadata of an error.
	if (Object.keys(properties).length === 0) return [];
	return Object.entries(value).flatMap(([name, inner]) => {
		if (laterFields.has(name)) return [];
		const known = properties[name];
		if (known === undefined) return [name];
		return undescribedFields(inner, known);
	});
}

function propertiesOf(rawSchema: Json): Json {
	const schema = deref(rawSchema);
	const parts = ((schema.allOf ?? []) as Json[]).map(propertiesOf);
	return Object.assign({}, ...parts, schema.properties ?? {}) as Json;
}

if (!present) {
	it('is skipped: the vendor’s API description is not on this machine (../shared/vendor-specs)', () => {
		expect(present).toBe(false);
	});
}

describe('Brevo sandbox against Brevo’s API description', () => {
	it_('answers reads as described', async () => {
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

	it_('answers writes as described', async () => {
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

	it_(
		'serves every described call below /contacts, /processes and /account, but for those it names as absent',
		async () => {
			const missing: string[] = [];
			for (const [path, calls] of Object.entries(description.paths as Json)) {
				if (absent.test(path)) continue;
				for (const method of ['get', 'post', 'put', 'delete'].filter((name) => name in (calls as Json))) {
					const real = path.replace(/\{[^}]+\}/g, '1');
					const { body } = await call(method.toUpperCase(), real, method === 'get' ? undefined : {});
					if (body.message === 'Route not found') missing.push(`${method} ${path}`);
				}
			}
			expect(missing).toEqual([]);
		},
	);
});
