import type { MemberMemory } from '../../../../core/polling/memory/memberMemory';
import { changedIds, idsOf, indexBehind } from '../../../../core/polling/memory/packedIds';
import type { ContactsRead } from './contactPages';

/**
 * Ids of remembered members behind `compared` that a page of a walk should have shown, and did not. Pages are sorted by id, so
 * all up to the highest id of the page should be in it, and on the last page all that are left.
 */
export function missingInPage(
	{ members, pending }: MemberMemory,
	compared: string,
	{ contacts, next }: ContactsRead,
): readonly string[] {
	const all = idsOf(pending.count === 0 ? members : changedIds(members, idsOf(pending), new Set()));
	const shown = new Set(contacts.map(({ id }) => String(id)));
	const last = String(highestId(contacts));
	const from = indexBehind(all, compared);
	return all.slice(from, next ? indexBehind(all, last) : all.length).filter((id) => !shown.has(id));
}

/** 0 where there is none. */
export const highestId = (contacts: ContactsRead['contacts']): number =>
	contacts.reduce((highest, { id }) => Math.max(highest, id), 0);
