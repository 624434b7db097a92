import { isContactKey } from '../../../../core/contact/contact';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { BrevoClient } from '../../api/brevoClient';
import { keyNotes } from '../../api/noteAttributes';
import type { BrevoContact } from '../../api/types';
import { sweepContacts } from './read/sweepContacts';

/** Larger lists are not compared. */
const MOST_CONTACTS = 500_000;

/**
 * The record ids of those contacts of a list that carry a key of this source (`system:account:object`). One call for 1,000
 * contacts of the list; undefined when it is too long.
 */
export async function heldIds(
	client: BrevoClient,
	listId: number,
	source: string,
): Promise<Result<readonly string[] | undefined>> {
	const beginning = `${source}:`;
	const ids = new Set<string>();
	let contacts = 0;
	const take = (contact: BrevoContact): void => {
		contacts += 1;
		for (const key of [contact.ext_id ?? contact.attributes.EXT_ID, ...keyNotes(contact)])
			if (typeof key === 'string' && isContactKey(key) && key.startsWith(beginning))
				ids.add(key.slice(beginning.length));
	};
	const swept = await sweepContacts(client, take, { listId, giveUp: () => contacts > MOST_CONTACTS });
	if (swept.kind !== 'ok') return swept;
	return ok(swept.value.complete ? [...ids] : undefined);
}
