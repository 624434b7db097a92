import type { RunningHubSpot } from '../../hubspot';
import type { HowLeft, Source, SourceRecord } from './source';

export type HubSpotContact = ReturnType<RunningHubSpot['store']['contact']>;

/** How a contact that is not in a list came to be none of its members. */
export function howLeft({ mergedInto, archivedAt }: HubSpotContact): Exclude<HowLeft, 'converted'> {
	if (mergedInto !== undefined) return 'merged';
	return archivedAt === undefined ? 'left' : 'deleted';
}

/** The property that carries the key of a record of another system. */
const LINK = 'contact_sync_key';

/** A HubSpot list; the first one where `wanted` is none. */
export function hubspotSource({ store, settings, requests }: RunningHubSpot, wanted: string | undefined): Source {
	const all = store.lists.all();
	const list = all.find(({ id }) => String(id) === wanted) ?? all[0];
	const shown = all.map(({ id, name, members }) => ({ id: String(id), name, size: members.size }));
	const records = (ids: Iterable<number>): SourceRecord[] =>
		[...ids].flatMap((id) => {
			const contact = store.contacts.contacts.get(id);
			return contact === undefined ? [] : [recordOf(contact, list?.members.has(id) === true)];
		});
	return {
		system: 'HubSpot',
		requests,
		lists: shown,
		list: shown.find(({ id }) => id === String(list?.id)),
		newest: (limit) => records((list?.members.page('join', undefined, limit, true).members ?? []).map(({ id }) => id)),
		former: (limit) => records([...(list?.members.former() ?? [])].slice(-limit).reverse().map(([id]) => id)), // prettier-ignore
		keyOf: (id) => `hubspot:${settings.portalId}:contact:${id}`,
		linkedTo: (key) => {
			const holder = [...store.contacts.contacts.values()].find(({ properties }) => properties[LINK] === key);
			return holder === undefined ? undefined : records([holder.id])[0];
		},
		linkOf: (id) => store.contacts.contacts.get(Number(id))?.properties[LINK] || undefined,
		find: (key, email) => {
			const own = key?.match(/^hubspot:\d+:contact:(\d+)$/)?.[1];
			const id = own === undefined ? store.contacts.holderOf(email ?? '') : Number(own);
			return id === undefined ? undefined : records([id])[0];
		},
	};
}

function recordOf(contact: HubSpotContact, isMember: boolean): SourceRecord {
	const { email, phone, firstname, lastname, hs_email_optout: optOut } = contact.properties;
	return {
		id: String(contact.id),
		person: {
			email: email ?? null,
			phone: phone ?? null,
			firstname: firstname ?? null,
			lastname: lastname ?? null,
			blocked: optOut === 'true',
		},
		...(!isMember && { how: howLeft(contact) }),
	};
}
