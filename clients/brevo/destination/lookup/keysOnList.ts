import { isContactKey } from '../../../../core/contact/contact';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { BrevoClient } from '../../api/brevoClient';
import { CONTACTS_PER_PAGE } from '../../api/limits';
import { keyNotes } from '../../api/noteAttributes';
import { PageCircle, REPEATED_PAGES } from '../../api/repeatedPages';

/** A sweep of half a million contacts; larger lists are not compared. */
const MAX_PAGES = 500;

/**
 * The record ids of those contacts of a list that carry a key of this source (`system:account:object`). One call for 1,000
 * contacts of the list; undefined when it is too long.
 */
export async function heldIds(
	client: Pick<BrevoClient, 'getContacts'>,
	listId: number,
	source: string,
): Promise<Result<readonly string[] | undefined>> {
	const beginning = `${source}:`;
	const ids = new Set<string>();
	const circle = new PageCircle();
	for (let page = 0; page < MAX_PAGES; page++) {
		const read = await client.getContacts({
			listId,
			limit: CONTACTS_PER_PAGE,
			offset: page * CONTACTS_PER_PAGE,
		});
		if (read.kind !== 'ok') return read;
		const { contacts } = read.value;
		for (const contact of contacts) {
			for (const key of [contact.ext_id ?? contact.attributes.EXT_ID, ...keyNotes(contact)])
				if (typeof key === 'string' && isContactKey(key) && key.startsWith(beginning))
					ids.add(key.slice(beginning.length));
		}
		if (contacts.length < CONTACTS_PER_PAGE) return ok([...ids]);
		if (circle.closesWith(contacts)) return REPEATED_PAGES;
	}
	return ok(undefined);
}
