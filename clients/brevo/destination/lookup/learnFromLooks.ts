import type { ContactWrite, HeldContact } from '../../../../core/upsert/destination';
import type { AccountContacts } from './accountContacts';

type Seen = ReadonlyMap<string, HeldContact>;

/** What leavers tell about time stamps, see `AccountContacts`. */
export function noteListChanges(account: AccountContacts, writes: readonly ContactWrite[], seen: Seen): void {
	const left = writes.filter(
		({ key, kind, held, block, otherKeys, sourceKey }) =>
			kind === 'leave' && held?.onList && !block && !otherKeys && !sourceKey && seen.get(key)?.onList === false,
	);
	const moved = left.filter(({ key, held }) => seen.get(key)?.version !== held?.version).length;
	account.noteListChanges(moved, left.length - moved);
}

/** Contacts that unsubscribed while an import is under way that may put them on the list, see `LeftMeanwhile`. */
export function noteLeft(
	account: AccountContacts,
	listId: number | undefined,
	writes: readonly ContactWrite[],
	seen: Seen,
): void {
	for (const { key, joinList } of listId === undefined ? [] : writes) {
		const held = joinList ? seen.get(key) : undefined;
		if (listId !== undefined && held?.unsubscribedFromList === true)
			account.leftMeanwhile.note(listId, Number(held.id));
	}
}
