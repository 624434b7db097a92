import type { ContactChange } from '../../../../core/contact/contact';
import type { RangeRead, ReadRange } from '../../../../core/contact/readOnDemand';
import { readPages } from '../../../../core/calls/pages/readPages';
import { compareIds } from '../../../../core/polling/memory/packedIds';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { readContactList } from '../readers/contactList';
import { ContactReader } from '../readers/contactReader';
import { withChains } from '../readers/mergedRecords';
import type { OnDemandContext } from './onDemandContext';
import { reserveReached, toReadContact } from './onDemandContext';

/** 25 million members: more than any list has, so that a loop ends. */
const MOST_PAGES = 100_000;

/**
 * The members of a list in the order of their record ids: a call for each 250 members and one for each 100 contacts. Members before
 * `after` cost the former only, and records that were merged into members one for each 100. A member that joined since `since` counts as changed.
 */
export async function readListMembers(
	context: OnDemandContext,
	listId: string,
	{ limit, since, after }: ReadRange,
): Promise<Result<RangeRead>> {
	const { client, clock, portalId, fields } = context;
	const list = await readContactList(client, listId);
	if (list.kind !== 'ok') return list;
	const reader = new ContactReader(client, {
		portalId,
		listId,
		fields,
		definitions: async () => await context.definitions(),
		ignoresOptOuts: context.ignoresOptOuts === true,
	});
	const contacts: ContactChange[] = [];
	for await (const page of readPages(async (cursor) => await client.membersById(listId, cursor), {
		maxPages: MOST_PAGES,
	})) {
		if (page.kind !== 'ok') return page;
		const resting = reserveReached(context);
		if (resting) return resting;
		const members = page.value.items.filter(({ id }) => after === undefined || compareIds(id, after) > 0);
		const wanted = since === undefined ? members.slice(0, limit - contacts.length) : members;
		const read = await reader.read(
			wanted.map(({ id }) => id),
			'plain',
		);
		if (read.kind !== 'ok') return read;
		const chained = await withChains(reader, [...read.value.found.values()]);
		if (chained.kind !== 'ok') return chained;
		for (const { id, at } of wanted) {
			const contact = chained.value.get(id);
			// Deleted since the page was read: no member any more.
			if (!contact) continue;
			if (since !== undefined && Math.max(contact.changedAt ?? 0, at) < since) continue;
			if (contacts.length >= limit) return ok({ contacts, more: true });
			contacts.push(toReadContact(contact, read.value.settings, clock.now()));
		}
		const isCut = wanted.length < members.length || page.value.next !== undefined;
		if (contacts.length >= limit && isCut) return ok({ contacts, more: true });
	}
	return ok({ contacts, more: false });
}
