import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { HubSpotClient } from '../../api/hubSpotClient';
import { CONTACT_TYPE, listNotFound } from '../../api/hubSpotClient';
import type { HubSpotList } from '../../api/types';

/** The list in 'List', if its members can be read. One call: its name, size and last addition; its headers hold the day's remaining calls. */
export async function readContactList(client: HubSpotClient, listId: string): Promise<Result<HubSpotList>> {
	const found = await client.searchLists({ ids: [listId], count: 1 });
	if (found.kind !== 'ok') return found;
	const list = found.value.items.find(({ id }) => id === listId);
	if (!list) return listNotFound(listId);
	if (list.objectTypeId !== undefined && list.objectTypeId !== CONTACT_TYPE) {
		return {
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: `The list in 'List' (${listId}) holds no contacts but objects of type ${list.objectTypeId}`,
		};
	}
	if (list.processingType === 'ADHOC') {
		return {
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: `HubSpot tells no members of the list in 'List' (${listId}), because it was made for one use only (type ADHOC): choose an active or a static list`,
		};
	}
	return ok(list);
}
