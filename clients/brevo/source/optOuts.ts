import { blockNote } from '../api/noteAttributes';
import type { BrevoContact } from '../api/types';

/** Which lists are followed, and what unsubscribing from one of them is: `leave`, leaving it; `optOut`, an opt-out. */
export interface FollowedLists {
	/** Empty: all contacts are followed. */
	readonly listIds: readonly number[];
	readonly listUnsubscribes: 'leave' | 'optOut';
}

/** Blocked, or on the way to be blocked again: a change of address lifts a block for a moment. */
export const isBlocked = (contact: BrevoContact): boolean => contact.emailBlacklisted || blockNote(contact).email;

/** Whether a contact counts as opted out: it is blocked, or unsubscribed from a followed list where that counts as much. */
export const isOptedOut = (contact: BrevoContact, lists: FollowedLists): boolean =>
	isBlocked(contact) || leftByOptOut(contact, lists).length > 0;

/** Ids of the followed lists whose unsubscribe counts as an opt-out of this contact, whatever other lists it is on. */
export const leftByOptOut = (contact: BrevoContact, lists: FollowedLists): readonly string[] =>
	lists.listUnsubscribes === 'optOut' ? leftLists(contact, lists) : [];

/** Ids of the followed lists that the contact unsubscribed from; not of those that it is on again. */
export const leftLists = (
	{ listIds, listUnsubscribed }: BrevoContact,
	lists: Pick<FollowedLists, 'listIds'>,
): readonly string[] =>
	lists.listIds.filter((id) => listUnsubscribed?.includes(id) === true && !listIds.includes(id)).map(String);

export const isOnList = ({ listIds }: BrevoContact, lists: Pick<FollowedLists, 'listIds'>): boolean =>
	lists.listIds.some((id) => listIds.includes(id));
