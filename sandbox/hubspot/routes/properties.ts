import { z } from 'zod';
import { bodyAs, manyOf, type Account, type Api } from '../api';
import type { PropertyDefinition } from '../entities';
import { HubSpotError, notFound, validationError } from '../errors';
import { definitionToJson } from '../contacts/propertyDefinitions';
import { at, PROPERTIES } from './paths';

const READ = { scopes: [['crm.objects.contacts.read'], ['crm.schemas.contacts.read']] };
const WRITE = { scopes: [['crm.schemas.contacts.write']] };

const createBody = z.object({
	name: z.string().regex(/^[a-z][a-z0-9_]{0,99}$/),
	label: z.string().min(1),
	groupName: z.string().min(1),
	type: z.enum(['string', 'number', 'date', 'datetime', 'enumeration', 'bool', 'phone_number']),
	fieldType: z.string().min(1),
	description: z.string().default(''),
	hasUniqueValue: z.boolean().default(false),
	hidden: z.boolean().default(false),
	formField: z.boolean().default(false),
	calculationFormula: z.string().optional(),
	options: z
		.array(
			z.object({
				label: z.string(),
				value: z.string(),
				hidden: z.boolean().default(false),
				displayOrder: z.number().int().default(-1),
			}),
		)
		.default([]),
});

/** Custom properties with unique values an object type may have; `customer_number` of the seed is one. */
const MAX_UNIQUE = 10;

/** Property definitions: all in one answer, one, make one, archive one. */
export function mountProperties(api: Api, account: Account): void {
	api.on('get', PROPERTIES, READ, ({ query }) => {
		const isArchived = query.get('archived') === 'true';
		const names = manyOf(query, 'properties');
		const results = [...account.store.definitions.values()]
			.filter(
				({ name, archivedAt }) =>
					(archivedAt !== undefined) === isArchived && (names.length === 0 || names.includes(name)),
			)
			.map(definitionToJson);
		return [200, { results }];
	});
	api.on('get', at(PROPERTIES, '/:name'), READ, ({ params }) => [
		200,
		definitionToJson(mustFind(account, params['name'])),
	]);
	api.on('post', PROPERTIES, WRITE, ({ body }) => {
		const { definitions, contacts } = account.store;
		const asked = bodyAs(createBody, body);
		if (definitions.has(asked.name)) {
			throw new HubSpotError(409, {
				message: `A property named '${asked.name}' already exists.`,
				category: 'CONFLICT',
			});
		}
		if (asked.hasUniqueValue) {
			const unique = [...definitions.values()].filter(
				({ hasUniqueValue, hubspotDefined, archivedAt }) =>
					hasUniqueValue && !hubspotDefined && archivedAt === undefined,
			);
			if (unique.length >= MAX_UNIQUE) throw validationError(`At most ${MAX_UNIQUE} unique properties are allowed`);
			contacts.extraUnique.push(asked.name);
		}
		const definition: PropertyDefinition = {
			...asked,
			type: asked.type,
			displayOrder: -1,
			hubspotDefined: false,
			calculated: false,
			externalOptions: false,
			readOnlyValue: asked.calculationFormula !== undefined,
			createdAt: account.now(),
		};
		definitions.set(asked.name, definition);
		return [201, definitionToJson(definition)];
	});
	api.on('delete', at(PROPERTIES, '/:name'), WRITE, ({ params }) => {
		const definition = mustFind(account, params['name']);
		if (definition.hubspotDefined) throw validationError(`Property ${definition.name} cannot be archived.`);
		account.store.archiveProperty(definition.name);
		return [204];
	});
}

function mustFind({ store }: Account, name: string | undefined): PropertyDefinition {
	const definition = store.definitions.get(name ?? '');
	if (definition === undefined || definition.archivedAt !== undefined)
		throw notFound(`Property ${name} does not exist`);
	return definition;
}
