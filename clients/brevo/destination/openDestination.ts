import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { accountContacts } from './lookup/accountContacts';
import type { BrevoClient } from '../api/brevoClient';
import { BrevoDestination } from './brevoDestination';
import { recentAttributes, recentList } from '../api/cachedDefinitions';
import type { ListByName } from './listByName';
import { listByName } from './listByName';
import { OwnNotes } from './notes/contactNotes';
import type { BrevoAttribute } from '../api/types';

/** The list to fill: one that exists, or one found by its name and created if need be. */
export type ListChoice = { readonly id: number } | ListByName;

/** Categories that hold a value per contact; calculated and global ones are formulas (https://developers.brevo.com/reference/get-attributes). */
const WRITABLE = new Set(['normal', 'category', 'transactional']);
/** Kept beside the attributes and always there. */
const BUILT_IN = new Set(['EMAIL', 'SMS', 'EXT_ID']);

/**
 * Checks the settings before anything is written: the list exists, and so does every attribute in use. `account` names the
 * credential (see `accountKey`). Use it only within `exclusively(account)`.
 */
export async function openBrevoDestination(
	client: BrevoClient,
	account: string,
	clock: Clock,
	{
		list,
		attributeNames,
		importFrom,
		pictureBytes,
	}: {
		readonly list: ListChoice;
		readonly attributeNames: readonly string[];
		readonly importFrom?: number;
		/** See `BrevoDestinationOptions`. */
		readonly pictureBytes?: number;
	},
): Promise<Result<BrevoDestination>> {
	const attributes = await attributesInUse(client, account, clock, attributeNames);
	if (attributes.kind !== 'ok') return attributes;
	const listId = await listIdOf(client, account, clock, list);
	if (listId.kind !== 'ok') return listId;
	return ok(
		new BrevoDestination(client, accountContacts(account, clock), clock, {
			listId: listId.value,
			attributes: attributes.value.inUse,
			accountName: account,
			importFrom,
			pictureBytes,
			notes: new OwnNotes(client, account, clock, attributes.value.all),
			...(listId.value === undefined ? { callsLeftOut: callsToCreate(list) } : {}),
		}),
	);
}

/** The list is created and looked for once more, in the chosen folder or the first one. */
const callsToCreate = (list: ListChoice): number => ('folderId' in list && list.folderId !== undefined ? 2 : 3);

interface Attributes {
	readonly inUse: ReadonlyMap<string, BrevoAttribute>;
	/** Names of all there are; absent where they were not read. */
	readonly all?: ReadonlySet<string>;
}

async function attributesInUse(
	client: BrevoClient,
	account: string,
	clock: Clock,
	names: readonly string[],
): Promise<Result<Attributes>> {
	if (names.length === 0) return ok({ inUse: new Map() });
	const all = await recentAttributes(client, account, clock, names);
	if (all.kind !== 'ok') return all;
	const known = new Map(all.value.map((attribute) => [attribute.name, attribute]));
	const missing = names.filter((name) => BUILT_IN.has(name) || !WRITABLE.has(known.get(name)?.category ?? ''));
	if (missing.length > 0) {
		const what = missing.map((name) => `'${name}'`).join(', ');
		return {
			kind: 'stop',
			code: 'DESTINATION_FIELD_MISSING',
			reason: `Brevo has no contact attribute ${what} that can be written`,
		};
	}
	return ok({
		inUse: new Map(names.map((name) => [name, known.get(name) as BrevoAttribute])),
		all: new Set(known.keys()),
	});
}

async function listIdOf(
	client: BrevoClient,
	account: string,
	clock: Clock,
	choice: ListChoice,
): Promise<Result<number | undefined>> {
	if (!('id' in choice)) return await listByName(client, account, choice, clock);
	const list = await recentList(client, account, choice.id, clock);
	if (list.kind === 'ok') return ok(choice.id);
	if (list.kind !== 'refused') return list;
	return { kind: 'stop', code: 'LIST_NOT_FOUND', reason: `There is no Brevo list with ID ${choice.id}` };
}
