import { recentProperties } from '../../../clients/hubspot/api/cachedDefinitions';
import { hubSpotWriting } from '../../../clients/hubspot/api/firstSyncCost';
import type { LegalBasis } from '../../../clients/hubspot/api/hubSpotWriter';
import { KEY_PROPERTY } from '../../../clients/hubspot/api/propertyNames';
import type { HubSpotList } from '../../../clients/hubspot/api/types';
import { checkHubSpotSetUp } from '../../../clients/hubspot/destination/checkSetUp';
import { keysOnList } from '../../../clients/hubspot/destination/keysOnList';
import type { ListChoice } from '../../../clients/hubspot/destination/lists';
import { readContactLists } from '../../../clients/hubspot/destination/lists';
import type { HubSpotSettings } from '../../../clients/hubspot/destination/openDestination';
import { openHubSpotDestination } from '../../../clients/hubspot/destination/openDestination';
import { toDestinationFields } from '../../../clients/hubspot/destination/toDestinationFields';
import { isRecord, textOf } from '../../../core/json';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { problem } from '../../../core/setUpFinding';
import { hubSpotCredentials, hubSpotCredentialType } from '../credentials/hubSpotAuthentication';
import type { NodeContext } from '../n8n/n8nHttp';
import { locatorId } from '../n8n/locator';
import type { DestinationKind, DestinationSystem, ListEntry, PickedList } from './destinationSystem';
import type { OpenHubSpot } from './openHubSpot';
import { openHubSpot } from './openHubSpot';
import { listLabel } from '../records/listLabels';

export const HUBSPOT: DestinationKind = {
	label: 'HubSpot',
	fieldNoun: 'property',
	listNoun: 'static list',
	needsList: false,
	bothWays: true,
	identifiers: [{ field: 'email', label: 'Email' }],
	credentials: hubSpotCredentials,
};

/** HubSpot with the credential of the running node. */
export function hubSpotDestination(context: NodeContext, parameter: (name: string) => unknown): DestinationSystem {
	const credentialType = hubSpotCredentialType(parameter('authentication'));
	const open = async (signal?: AbortSignal) => await openHubSpot(context, credentialType, { signal });
	return {
		...HUBSPOT,
		credentialType,
		checkPickedList: (list) => {
			const choice = toListChoice(list);
			return choice.kind === 'ok' ? ok(list) : choice;
		},
		async fields(wanted) {
			const hubSpot = await open();
			if (hubSpot.kind !== 'ok') return hubSpot;
			const { client, account, clock } = hubSpot.value;
			const properties = await recentProperties(client, account, clock, wanted);
			return properties.kind === 'ok' ? ok(toDestinationFields(properties.value, KEY_PROPERTY)) : properties;
		},
		lists: async () => await listEntries(await open(), 'static'),
		segments: async () => await listEntries(await open(), 'active'),
		folders: async () => await Promise.resolve(ok([])),
		async connect(signal) {
			const hubSpot = await open(signal);
			if (hubSpot.kind !== 'ok') return hubSpot;
			const { client, writer, account, clock, limits } = hubSpot.value;
			const settings = readSettings(parameter);
			if (settings.kind !== 'ok') return settings;
			return ok({
				account,
				clock,
				open: async (picked, fieldNames) => {
					const list = picked ? toListChoice(picked) : ok(undefined);
					if (list.kind !== 'ok') return list;
					const { callsPerSecond } = limits;
					const all = { ...settings.value, callsPerSecond, fieldNames, ...(list.value ? { list: list.value } : {}) };
					return await openHubSpotDestination(client, writer, account, clock, all);
				},
				recordsOnList: async (listId, source) =>
					await keysOnList(client, account, clock, { listId, source, chosen: settings.value.keyProperty }),
			});
		},
		firstSyncCost: (_filled, withList) => hubSpotWriting(withList, parameter('marketingContacts') === 'set'),
		async checkSetUp({ list, mappings, carriesOptOuts }, signal) {
			const hubSpot = await open(signal);
			if (hubSpot.kind !== 'ok') return [problem('HubSpot Credential', hubSpot)];
			const settings = readSettings(parameter);
			if (settings.kind !== 'ok') return [problem('Settings', settings)];
			const choice = list.kind === 'ok' && list.value ? toListChoice(list.value) : list;
			const { client, writer } = hubSpot.value;
			const setUp = { ...settings.value, list: choice as Result<ListChoice | undefined>, mappings, carriesOptOuts };
			return await checkHubSpotSetUp(client, writer, setUp);
		},
	};
}

type Chosen = Pick<
	HubSpotSettings,
	'keyProperty' | 'segment' | 'legalBasis' | 'optOuts' | 'optOutsImported' | 'setsMarketing'
>;

/** The settings that only this destination has. */
function readSettings(parameter: (name: string) => unknown): Result<Chosen> {
	const given = parameter('options');
	const options = isRecord(given) ? given : {};
	const keyProperty = textOf(options.keyProperty).trim();
	const segment = locatorId(parameter('inclusionSegment'));
	if (segment !== '' && !isId(segment)) return notAnId('Inclusion Segment', segment);
	const legalBasis = readLegalBasis(options);
	if (legalBasis.kind !== 'ok') return legalBasis;
	const newContacts = parameter('newOutsideSegment') === 'hold' ? 'hold' : 'emailOnly';
	return ok({
		...(keyProperty === '' ? {} : { keyProperty }),
		...(segment === '' ? {} : { segment: { id: segment, newContacts } }),
		optOuts: parameter('optOuts') === 'ignore' ? 'ignore' : 'block',
		...(legalBasis.value ? { legalBasis: legalBasis.value } : {}),
		// They are billed: what is no clear yes sets none.
		...(parameter('marketingContacts') === 'set' ? { setsMarketing: true } : {}),
		...(options.addressOptOuts === 'imported' ? { optOutsImported: true } : {}),
	});
}

function readLegalBasis(options: Readonly<Record<string, unknown>>): Result<LegalBasis | undefined> {
	const basis = textOf(options.legalBasis);
	const explanation = textOf(options.legalBasisExplanation).trim();
	if (basis === '' && explanation === '') return ok(undefined);
	if (basis !== '' && explanation !== '') return ok({ basis, explanation });
	const lacks = basis === '' ? 'Legal Basis' : 'Legal Basis Explanation';
	return { kind: 'stop', code: 'SETTING_INVALID', reason: `'${lacks}' is empty; HubSpot wants both or neither` };
}

/** The lists of contacts that are static, or active, by name with their size. */
async function listEntries(
	opened: Result<OpenHubSpot>,
	kind: 'static' | 'active',
): Promise<Result<readonly ListEntry[]>> {
	if (opened.kind !== 'ok') return opened;
	const lists = await readContactLists(opened.value.client, kind);
	return lists.kind === 'ok' ? ok(lists.value.map(toEntry)) : lists;
}

const toEntry = ({ id, name, size }: HubSpotList): ListEntry => ({
	name: listLabel(name, size?.toLocaleString('en-US')),
	value: id,
});

/** Ids of lists are numbers. */
function toListChoice(picked: PickedList): Result<ListChoice> {
	if ('id' in picked) return isId(picked.id) ? ok({ id: picked.id }) : notAnId('List', picked.id);
	return ok({ name: picked.name, create: picked.create });
}

const isId = (text: string): boolean => /^\d{1,15}$/.test(text);

const notAnId = (field: string, value: string): Result<never> => ({
	kind: 'stop',
	code: 'SETTING_INVALID',
	reason: `'${field}' must be the ID of a HubSpot list, a number, and not '${value.slice(0, 50)}'`,
});
