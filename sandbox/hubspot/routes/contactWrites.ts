import { z } from 'zod';
import { bodyAs, type Account, type Answer, type Api, type Call } from '../api';
import { contactToJson, iso } from '../contacts/contactValues';
import type { Source } from '../contacts/contactStore';
import type { Contact } from '../entities';
import { conflict, HubSpotError, notFound, validationError } from '../errors';
import { checkValues } from '../contacts/propertyValues';
import { checkBatchSize } from './contactReads';
import { at, CONTACTS } from './paths';

const WRITE = { scopes: [['crm.objects.contacts.write']] };
const BY_API: Source = { sourceType: 'INTEGRATION', sourceId: 'sandbox-app' };

const values = z.record(z.union([z.string(), z.number(), z.boolean(), z.null()]));
const traceId = z.string().nullish();
const contactBody = z.object({ properties: values });
const createBatch = z.object({ inputs: z.array(z.object({ properties: values, objectWriteTraceId: traceId })) });
const keyedBatch = z.object({
	inputs: z.array(
		z.object({ id: z.string(), idProperty: z.string().nullish(), properties: values, objectWriteTraceId: traceId }),
	),
});
const idBatch = z.object({ inputs: z.array(z.object({ id: z.string() })) });
const mergeBody = z.object({ primaryObjectId: z.string(), objectIdToMerge: z.string() });

/** Create, update, upsert, archive and merge, one by one and in batches of 100. */
export function mountContactWrites(api: Api, account: Account): void {
	api.on('post', at(CONTACTS, ''), WRITE, ({ body }) => {
		const contact = create(account, bodyAs(contactBody, body).properties);
		return [201, toJson(account, contact)];
	});
	api.on('post', at(CONTACTS, '/batch/create'), WRITE, ({ body }) =>
		batch(account, bodyAs(createBatch, body).inputs, 201, ({ properties }) =>
			toJson(account, create(account, properties)),
		),
	);
	api.on('post', at(CONTACTS, '/batch/update'), WRITE, (call) => batchUpdate(account, call));
	api.on('post', at(CONTACTS, '/batch/upsert'), WRITE, (call) => batchUpsert(account, call));
	api.on('post', at(CONTACTS, '/batch/archive'), WRITE, ({ body }) => {
		const { inputs } = bodyAs(idBatch, body);
		checkBatchSize(inputs.length);
		for (const { id } of inputs) archive(account, id);
		return [204];
	});
	api.on('post', at(CONTACTS, '/merge'), WRITE, ({ body }) => {
		const { primaryObjectId, objectIdToMerge } = bodyAs(mergeBody, body);
		const [primary, loser] = [primaryObjectId, objectIdToMerge].map((id) => account.store.contacts.find(undefined, id));
		if (primary === undefined || loser === undefined || primary === loser) {
			throw validationError('Unable to merge: both ids must be different contacts that exist');
		}
		const id = account.store.merge(primary.id, loser.id);
		return [200, toJson(account, account.store.contact(id))];
	});
	api.on('patch', at(CONTACTS, '/:contactId'), WRITE, ({ params, query, body }) => {
		const { properties } = bodyAs(contactBody, body);
		const contact = account.store.contacts.find(query.get('idProperty') ?? undefined, params['contactId'] ?? '');
		if (contact === undefined) throw notFound();
		return [200, toJson(account, update(account, contact, properties), Object.keys(properties))];
	});
	api.on('delete', at(CONTACTS, '/:contactId'), WRITE, ({ params }) => {
		archive(account, params['contactId'] ?? '');
		return [204];
	});
}

type Values = Record<string, string | number | boolean | null>;

function checked({ store, settings }: Account, properties: Values): Record<string, string> {
	const result = checkValues(store.definitions, properties, settings.portalId);
	if (result instanceof HubSpotError) throw result;
	return result;
}

function create(account: Account, properties: Values): Contact {
	const stored = checked(account, properties);
	const { contacts } = account.store;
	const holder =
		stored['email'] === undefined || stored['email'] === '' ? undefined : contacts.holderOf(stored['email']);
	if (holder !== undefined) throw conflict(holder);
	checkUnique(account, stored, undefined);
	return contacts.create(stored, BY_API);
}

function update(account: Account, contact: Contact, properties: Values): Contact {
	if (Object.keys(properties).length === 0) {
		throw validationError('No properties found to update, please provide at least one.');
	}
	const stored = checked(account, properties);
	const { contacts } = account.store;
	const holder =
		stored['email'] === undefined || stored['email'] === '' ? undefined : contacts.holderOf(stored['email']);
	if (holder !== undefined && holder !== contact.id) throw conflict(holder);
	checkUnique(account, stored, contact.id);
	return contacts.change(contact.id, stored, BY_API);
}

function checkUnique({ store }: Account, stored: Record<string, string>, own: number | undefined): void {
	for (const [name, value] of Object.entries(stored)) {
		if (name === 'email' || value === '' || store.definitions.get(name)?.hasUniqueValue !== true) continue;
		const holder = store.contacts.find(name, value);
		if (holder !== undefined && holder.id !== own) {
			throw validationError(
				`Cannot set PropertyValueCoordinates{propertyName=${name}}: ${holder.id} already has that value.`,
			);
		}
	}
}

function archive({ store }: Account, id: string): void {
	const contact = store.contacts.find(undefined, id);
	if (contact !== undefined) store.archive(contact.id);
}

function toJson({ store }: Account, contact: Contact, asked: readonly string[] = []): Record<string, unknown> {
	const names = asked.length === 0 ? Object.keys(contact.properties) : asked;
	return contactToJson(store.definitions, contact, names);
}

function batchUpdate(account: Account, { body }: Call): Answer {
	const { inputs } = bodyAs(keyedBatch, body);
	refuseDuplicates(inputs.map(({ id }) => id));
	if (inputs.some(({ idProperty }) => idProperty === 'email')) {
		throw validationError('Property email is not a unique property; batch updates by it are not supported');
	}
	return batch(account, inputs, 200, ({ id, idProperty, properties }) => {
		const contact = account.store.contacts.find(idProperty ?? undefined, id);
		if (contact === undefined) {
			throw new HubSpotError(404, {
				message: 'Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.',
				category: 'OBJECT_NOT_FOUND',
				context: { ids: [id] },
			});
		}
		return toJson(account, update(account, contact, properties), Object.keys(properties));
	});
}

function batchUpsert(account: Account, { body }: Call): Answer {
	const { inputs } = bodyAs(keyedBatch, body);
	for (const { idProperty } of inputs) {
		const definition = account.store.definitions.get(idProperty ?? '');
		if (definition?.hasUniqueValue !== true) {
			throw validationError(`idProperty must be email or a property with unique values, was: ${idProperty ?? 'none'}`);
		}
	}
	refuseDuplicates(inputs.map(({ id, idProperty }) => (idProperty === 'email' ? id.trim().toLowerCase() : id)));
	return batch(
		account,
		inputs,
		200,
		({ id, idProperty, properties }) => {
			const key = idProperty as string;
			const found = account.store.contacts.find(key, id);
			const contact =
				found === undefined
					? create(account, { ...properties, ...(properties[key] === undefined && { [key]: id }) })
					: Object.keys(properties).length === 0
						? found
						: update(account, found, properties);
			return { ...toJson(account, contact, [...Object.keys(properties), key]), new: found === undefined };
		},
		true,
	);
}

/** The same id twice refuses the whole batch, trace ids or not (seen by a project on a live account). */
function refuseDuplicates(ids: readonly string[]): void {
	const seen = new Set<string>();
	const twice = ids.filter((id) => seen.size === seen.add(id).size);
	if (twice.length === 0) return;
	throw new HubSpotError(400, {
		message: `Duplicate IDs found in batch input: [${[...new Set(twice)].join(', ')}]. IDs must be unique`,
		category: 'VALIDATION_ERROR',
		context: { ids: [...new Set(twice)] },
	});
}

interface BatchInput {
	readonly objectWriteTraceId?: string | null;
}

/**
 * Runs a batch. When every input carries a trace id of its own, bad inputs are listed in `errors[]` of a 207 and the
 * others are written; otherwise the first bad one refuses all and nothing is written.
 */
function batch<T extends BatchInput>(
	account: Account,
	inputs: readonly T[],
	status: number,
	work: (input: T) => Record<string, unknown>,
	isShuffled = false,
): Answer {
	checkBatchSize(inputs.length);
	const startedAt = iso(account.now());
	const traces = inputs.map(({ objectWriteTraceId }) => objectWriteTraceId ?? '');
	const isTraced = traces.every((trace) => trace !== '') && new Set(traces).size === traces.length;
	const results: Array<Record<string, unknown>> = [];
	const errors: Array<Record<string, unknown>> = [];
	const runAll = () => {
		for (const input of inputs) {
			const trace = input.objectWriteTraceId;
			try {
				results.push({ ...work(input), ...(trace && { objectWriteTraceId: trace }) });
			} catch (error) {
				if (!isTraced || !(error instanceof HubSpotError)) throw error;
				errors.push(batchError(error, trace ?? ''));
			}
		}
	};
	if (isTraced) runAll();
	else account.store.contacts.atomically(runAll);
	// Upsert results do not come in the order of the inputs.
	if (isShuffled) results.reverse();
	const answer = { status: 'COMPLETE', results, startedAt, completedAt: iso(account.now()) };
	return errors.length === 0 ? [status, answer] : [207, { ...answer, numErrors: errors.length, errors }];
}

function batchError({ body }: HubSpotError, trace: string): Record<string, unknown> {
	const { context, errors, links, ...rest } = body;
	return {
		status: 'error',
		...rest,
		context: { ...context, objectWriteTraceId: [trace] },
		errors: errors ?? [],
		links: links ?? {},
	};
}
