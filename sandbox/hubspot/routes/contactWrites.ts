import { z } from 'zod';
import { bodyAs, type Account, type Answer, type Api, type Call } from '../api';
import { contactToJson } from '../contacts/contactValues';
import { ContactWriter } from '../contacts/contactWriter';
import type { SentValues } from '../contacts/propertyValues';
import type { Contact } from '../entities';
import { HubSpotError, notFound, validationError } from '../errors';
import { checkBatchSize } from './contactReads';
import { at, CONTACTS, NEW_CONTACTS } from './paths';
import { refuseDuplicates, repeated, writeBatch } from './writeBatch';

const WRITE = { scopes: [['crm.objects.contacts.write']] };

const traceId = z.string().nullish();
const idBatch = z.object({ inputs: z.array(z.object({ id: z.string() })) });
const mergeBody = z.object({ primaryObjectId: z.string(), objectIdToMerge: z.string() });
const gdprBody = z.object({ objectId: z.string(), idProperty: z.string().nullish() });

/** Bodies of writes, with property values of this form. */
function bodiesWith<T extends z.ZodType<string | number | boolean | null>>(value: T) {
	const properties = z.record(value);
	return {
		one: z.object({ properties }),
		createBatch: z.object({ inputs: z.array(z.object({ properties, objectWriteTraceId: traceId })) }),
		keyedBatch: z.object({
			inputs: z.array(
				z.object({ id: z.string(), idProperty: z.string().nullish(), properties, objectWriteTraceId: traceId }),
			),
		}),
	};
}

const BODIES = {
	refused: bodiesWith(z.string().nullable()),
	taken: bodiesWith(z.union([z.string(), z.number(), z.boolean(), z.null()])),
};

/** Create, update, upsert, archive and merge, one by one and in batches of 100. */
export function mountContactWrites(api: Api, account: Account): void {
	const bodies = () => BODIES[account.settings.scalarValues];
	api.on('post', at(CONTACTS, ''), WRITE, (call) => {
		const contact = writerFor(account, call).create(bodyAs(bodies().one, call.body).properties);
		return [201, toJson(account, contact)];
	});
	api.on('post', at(CONTACTS, '/batch/create'), WRITE, (call) =>
		batchCreate(account, call, bodyAs(bodies().createBatch, call.body).inputs),
	);
	api.on('post', at(CONTACTS, '/batch/update'), WRITE, (call) =>
		batchUpdate(account, call, bodyAs(bodies().keyedBatch, call.body).inputs),
	);
	api.on('post', at(CONTACTS, '/batch/upsert'), WRITE, (call) =>
		batchUpsert(account, call, bodyAs(bodies().keyedBatch, call.body).inputs),
	);
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
	api.on('post', at(CONTACTS, '/gdpr-delete'), WRITE, ({ body }) => {
		const { objectId, idProperty } = bodyAs(gdprBody, body);
		const { contacts } = account.store;
		const contact = contacts.find(idProperty ?? undefined, objectId);
		if (contact !== undefined) account.store.gdprDelete(contact.id);
		else if (idProperty === 'email') contacts.blocked.add(objectId.trim().toLowerCase());
		else throw notFound();
		return [204];
	});
	api.on('patch', at(CONTACTS, '/:contactId'), WRITE, (call) => {
		const { params, query, body } = call;
		const { properties } = bodyAs(bodies().one, body);
		const contact = account.store.contacts.find(query.get('idProperty') ?? undefined, params['contactId'] ?? '');
		if (contact === undefined) throw notFound();
		const updated = writerFor(account, call).update(contact, properties);
		return [200, toJson(account, updated, Object.keys(properties))];
	});
	api.on('delete', at(CONTACTS, '/:contactId'), WRITE, ({ params }) => {
		archive(account, params['contactId'] ?? '');
		return [204];
	});
}

/** Validation rules of the account hold on paths of 2026-09, not on older ones. */
function writerFor(account: Account, { path }: Call): ContactWriter {
	const isNew = NEW_CONTACTS.some((area) => path.startsWith(area));
	return new ContactWriter(account, isNew ? account.settings.validationRules : []);
}

function archive({ store }: Account, id: string): void {
	const contact = store.contacts.find(undefined, id);
	if (contact !== undefined) store.archive(contact.id);
}

function toJson({ store }: Account, contact: Contact, asked: readonly string[] = []): Record<string, unknown> {
	const names = asked.length === 0 ? Object.keys(contact.properties) : asked;
	return contactToJson(store.definitions, contact, names);
}

interface CreateInput {
	readonly properties: SentValues;
	readonly objectWriteTraceId?: string | null | undefined;
}

interface KeyedInput extends CreateInput {
	readonly id: string;
	readonly idProperty?: string | null | undefined;
}

function batchCreate(account: Account, call: Call, inputs: readonly CreateInput[]): Answer {
	const addresses = inputs.map(({ properties }) => keyOf('email', String(properties['email'] ?? '')));
	const twice = repeated(addresses.filter((address) => address !== ''));
	const { duplicatesInCreate } = account.settings;
	if (duplicatesInCreate === 'validation') refuseDuplicates(addresses.filter((address) => address !== ''));
	const writer = writerFor(account, call);
	return writeBatch(
		account,
		inputs,
		201,
		({ properties }) => toJson(account, writer.create(properties)),
		duplicatesInCreate === 'conflict' && twice.length > 0,
	);
}

/** Takes record ids: an e-mail as `idProperty` is refused, and as id it changes nothing without a word (H5). */
function batchUpdate(account: Account, call: Call, inputs: readonly KeyedInput[]): Answer {
	refuseDuplicates(inputs.map(({ id }) => id));
	for (const { idProperty } of inputs) {
		if (idProperty === 'email' || (idProperty && !isUnique(account, idProperty))) throw notUnique(account, idProperty);
	}
	const writer = writerFor(account, call);
	return writeBatch(account, inputs, 200, ({ id, idProperty, properties }) => {
		if (!idProperty && !/^\d+$/.test(id)) return undefined;
		const contact = account.store.contacts.find(idProperty ?? undefined, id);
		if (contact === undefined) {
			throw new HubSpotError(404, {
				message: 'Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.',
				category: 'OBJECT_NOT_FOUND',
				context: { ids: [id] },
			});
		}
		return toJson(account, writer.update(contact, properties), Object.keys(properties));
	});
}

function batchUpsert(account: Account, call: Call, inputs: readonly KeyedInput[]): Answer {
	for (const { idProperty } of inputs) {
		if (!isUnique(account, idProperty ?? '')) throw notUnique(account, idProperty ?? 'none');
	}
	refuseDuplicates(inputs.map(({ id, idProperty }) => keyOf(idProperty ?? '', id)));
	const writer = writerFor(account, call);
	const update = (found: Contact, key: string, properties: SentValues): Contact => {
		if (Object.keys(properties).length === 0) return found;
		const clears = key === 'email' && account.settings.partialEmailUpsert === 'clears';
		return writer.update(found, clears ? writer.clearingOthers(found, properties) : properties);
	};
	return writeBatch(account, inputs, 200, ({ id, idProperty, properties }) => {
		const key = idProperty as string;
		const found = account.store.contacts.find(key, id);
		const contact =
			found === undefined
				? writer.create({ ...properties, ...(properties[key] === undefined && { [key]: id }) })
				: update(found, key, properties);
		return { ...toJson(account, contact, [...Object.keys(properties), key]), new: found === undefined };
	});
}

/** A key in the form in which two of them are the same. */
function keyOf(idProperty: string, id: string): string {
	return idProperty === 'email' ? id.trim().toLowerCase() : id;
}

/** A record id is no property with unique values for batches (H19). */
function isUnique({ store }: Account, name: string): boolean {
	return name !== 'hs_object_id' && store.definitions.get(name)?.hasUniqueValue === true;
}

function notUnique({ settings }: Account, name: string): HubSpotError {
	return validationError(
		`Unable to perform update/upsert by non-unique 0-1 property ${name} in portal ID ${settings.portalId}`,
	);
}
