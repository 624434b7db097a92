import { recentAttributes } from '../../../clients/brevo/api/cachedDefinitions';
import { brevoWriting } from '../../../clients/brevo/api/firstSyncCost';
import { checkBrevoSetUp } from '../../../clients/brevo/destination/checkSetUp';
import { readAllFolders, readAllLists } from '../../../clients/brevo/destination/listByName';
import { heldIds } from '../../../clients/brevo/destination/lookup/keysOnList';
import type { ListChoice } from '../../../clients/brevo/destination/openDestination';
import { openBrevoDestination } from '../../../clients/brevo/destination/openDestination';
import { toDestinationFields } from '../../../clients/brevo/destination/toDestinationFields';
import { isRecord } from '../../../core/json';
import { plainNumber } from '../../../core/plainNumber';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { problem } from '../../../core/setUpFinding';
import type { NodeContext } from '../n8n/n8nHttp';
import type { DestinationKind, DestinationSystem, PickedList } from './destinationSystem';
import { BREVO_CREDENTIAL, openBrevo } from './openBrevo';
import { listLabel } from '../records/listLabels';

/** With the least, the contacts of five million can be told apart. */
const LEAST_MEMORY_MB = 100;
const MOST_MEMORY_MB = 4_000;

export const BREVO: DestinationKind = {
	label: 'Brevo',
	fieldNoun: 'attribute',
	listNoun: 'list',
	needsList: true,
	bothWays: false,
	identifiers: [
		{ field: 'EMAIL', label: 'Email' },
		{ field: 'SMS', label: 'SMS' },
	],
	credentials: [{ name: BREVO_CREDENTIAL, required: true, displayOptions: { show: { destination: ['brevo'] } } }],
};

/** Brevo with the credential of the running node. */
export function brevoDestination(context: NodeContext, parameter: (name: string) => unknown): DestinationSystem {
	const open = async (signal?: AbortSignal) => await openBrevo(context, { signal });
	return {
		...BREVO,
		credentialType: BREVO_CREDENTIAL,
		checkPickedList: (list) => {
			const choice = toListChoice(list);
			return choice.kind === 'ok' ? ok(list) : choice;
		},
		async fields(wanted) {
			const brevo = await open();
			if (brevo.kind !== 'ok') return brevo;
			const { client, account, clock } = brevo.value;
			const attributes = await recentAttributes(client, account, clock, wanted);
			return attributes.kind === 'ok' ? ok(toDestinationFields(attributes.value)) : attributes;
		},
		async lists() {
			const brevo = await open();
			const lists = brevo.kind === 'ok' ? await readAllLists(brevo.value.client) : brevo;
			if (lists.kind !== 'ok') return lists;
			return ok(
				lists.value.map(({ id, name, uniqueSubscribers }) => ({
					name: listLabel(name, uniqueSubscribers?.toLocaleString('en-US')),
					value: String(id),
					url: `https://app.brevo.com/contact/list/id/${id}`,
				})),
			);
		},
		async folders() {
			const brevo = await open();
			const folders = brevo.kind === 'ok' ? await readAllFolders(brevo.value.client) : brevo;
			if (folders.kind !== 'ok') return folders;
			return ok(folders.value.map(({ id, name }) => ({ name, value: String(id) })));
		},
		async connect(signal) {
			const brevo = await open(signal);
			if (brevo.kind !== 'ok') return brevo;
			const { client, account, clock } = brevo.value;
			return ok({
				account,
				clock,
				open: async (picked, attributeNames) => {
					const list = picked ? toListChoice(picked) : NO_LIST;
					const pictureBytes = readAccountMemory(parameter);
					if (list.kind !== 'ok') return list;
					if (pictureBytes.kind !== 'ok') return pictureBytes;
					return await openBrevoDestination(client, account, clock, {
						list: list.value,
						attributeNames,
						pictureBytes: pictureBytes.value,
					});
				},
				recordsOnList: async (listId, source) => await heldIds(client, Number(listId), source),
			});
		},
		firstSyncCost: (filled) => brevoWriting(filled.some(({ type }) => type === 'boolean')),
		async checkSetUp({ list, mappings, now }, signal) {
			const brevo = await open(signal);
			if (brevo.kind !== 'ok') return [problem('Brevo API Key', brevo)];
			const choice = list.kind !== 'ok' ? list : list.value ? toListChoice(list.value) : NO_LIST;
			return await checkBrevoSetUp(brevo.value.client, { list: choice, mappings }, now);
		},
	};
}

/** The option 'Memory per Account', in bytes; undefined: as much as is usual. */
function readAccountMemory(parameter: (name: string) => unknown): Result<number | undefined> {
	const options = parameter('options');
	const given = isRecord(options) ? options.accountMemory : undefined;
	if (given === undefined) return ok(undefined);
	const megabytes = plainNumber(given) ?? NaN;
	if (megabytes >= LEAST_MEMORY_MB && megabytes <= MOST_MEMORY_MB) return ok(megabytes * 1_000_000);
	return {
		kind: 'stop',
		code: 'SETTING_INVALID',
		reason: `'Memory per Account' must be a number of MB from ${LEAST_MEMORY_MB} to ${MOST_MEMORY_MB}`,
	};
}

const NO_LIST: Failure = { kind: 'stop', code: 'NO_LIST_SELECTED', reason: "No list is picked in 'List'" };

/** Ids of lists and folders are numbers. */
function toListChoice(picked: PickedList): Result<ListChoice> {
	if ('id' in picked) return isId(picked.id) ? ok({ id: Number(picked.id) }) : notAnId('List', picked.id);
	const { name, create, folderId } = picked;
	if (folderId === undefined) return ok({ name, create });
	return isId(folderId) ? ok({ name, create, folderId: Number(folderId) }) : notAnId('Folder for a New List', folderId);
}

const isId = (text: string): boolean => /^\d{1,15}$/.test(text);

const notAnId = (field: string, value: string): Result<never> => ({
	kind: 'stop',
	code: 'SETTING_INVALID',
	reason: `'${field}' must be the ID of a Brevo list or folder, a number, and not '${value.slice(0, 50)}'`,
});
