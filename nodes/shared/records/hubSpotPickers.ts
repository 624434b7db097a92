import type { ILoadOptionsFunctions, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import { recentProperties } from '../../../clients/hubspot/api/cachedDefinitions';
import { CONTACT_TYPE } from '../../../clients/hubspot/api/hubSpotClient';
import { toSourceFields } from '../../../clients/hubspot/source/toSourceFields';
import type { HubSpotList } from '../../../clients/hubspot/api/types';
import { hubSpotCredentialType } from '../credentials/hubSpotAuthentication';
import { n8nClock } from '../n8n/n8nClock';
import type { OpenHubSpot } from '../vendors/openHubSpot';
import { openHubSpot } from '../vendors/openHubSpot';
import { toNodeError } from '../n8n/toNodeError';
import { listLabel } from './listLabels';

/** Lists shown at a time; the editor asks for more while the person scrolls. */
const LISTS_A_PAGE = 100;
/** Pages without any contact list, such as company lists only, that are passed over. */
const MAX_EMPTY_PAGES = 5;

const TYPE_NAMES: Readonly<Record<string, string>> = { DYNAMIC: 'active', MANUAL: 'static', SNAPSHOT: 'static' };

/** HB-06, IS-04: the contact lists of the account with type and size. */
export async function searchLists(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { client } = await open(this);
	const activeListsOnly = this.getCurrentNodeParameter('options.activeListsOnly') === true;
	let offset = Number(paginationToken ?? 0);
	for (let page = 0; ; page++) {
		const found = await client.searchLists({
			name: filter?.trim(),
			processingTypes: activeListsOnly ? ['DYNAMIC'] : undefined,
			offset: Number.isSafeInteger(offset) ? offset : 0,
			count: LISTS_A_PAGE,
		});
		if (found.kind !== 'ok') throw toNodeError(this.getNode(), found);
		const { items } = found.value;
		// Offsets grow: the editor would ask for ever where one does not.
		const next = Number(found.value.next) > offset ? found.value.next : undefined;
		const lists = items.filter(isContactList);
		if (lists.length > 0 || next === undefined || page >= MAX_EMPTY_PAGES) {
			return { results: lists.map((list) => ({ name: labelOf(list), value: list.id })), paginationToken: next };
		}
		offset = Number(next);
	}
}

/** The properties worth reading, by label. */
export async function getContactProperties(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { client, account } = await open(this);
	const read = await recentProperties(client, account, n8nClock(), 'newest');
	if (read.kind !== 'ok') throw toNodeError(this.getNode(), read);
	return toSourceFields(read.value)
		.filter((field) => !field.hidden && !field.readOnly)
		.map(({ name, label }) => ({ name: label, value: name, description: name }))
		.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** HubSpot tells no members of a list made for one use only. */
const isContactList = ({ objectTypeId, processingType }: HubSpotList): boolean =>
	(objectTypeId === undefined || objectTypeId === CONTACT_TYPE) && processingType !== 'ADHOC';

function labelOf({ name, processingType, size }: HubSpotList): string {
	const contacts =
		size === undefined ? undefined : `${size.toLocaleString('en-US')} ${size === 1 ? 'contact' : 'contacts'}`;
	return listLabel(name, TYPE_NAMES[processingType] ?? processingType.toLowerCase(), contacts);
}

async function open(context: ILoadOptionsFunctions): Promise<OpenHubSpot> {
	const opened = await openHubSpot(context, hubSpotCredentialType(context.getCurrentNodeParameter('authentication')));
	if (opened.kind !== 'ok') throw toNodeError(context.getNode(), opened);
	return opened.value;
}
