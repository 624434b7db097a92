import type { HeldContact } from './destination';
import type { KeyWrite } from './keys';
import { keysOf, sameSource, sharersOf, sourceOf } from './keys';
import type { Intent } from './plan/collapse';

/**
 * A contact and a lead with one address are one contact, and their syncs may fill two lists: where one of them leaves, its list is
 * left, and the other one is not. So the sync that puts such a contact on its list second notes that among the further keys: it is
 * the only one that can tell, because it finds the contact off its list. `list 12 salesforce:00D…:Lead` says that the contact is on list 12
 * for leads alone, and that leads are a reason for no other list.
 */
interface ListNote {
	readonly list: string;
	/** `system:account:object` */
	readonly source: string;
}

const NOTE = /^list (\S+) ([^:]+:[^:]+:[^:]+)$/;

function noteIn(text: string): ListNote | undefined {
	const [, list, source] = NOTE.exec(text) ?? [];
	return list === undefined || source === undefined ? undefined : { list, source };
}

/**
 * Those of the sharers (`sharersOf`) for whom the contact is on this list, or may be: it is noted for them nowhere else. Of a converted
 * lead also what it was converted to, where that put the contact on this very list.
 */
export function sharersOnList(
	held: HeldContact,
	intent: Intent,
	gone: ReadonlySet<string>,
	listId: string | undefined,
): readonly string[] {
	const sharers = sharersOf(held, intent, gone).filter((key) => mayBeOnList(held, intent, key, listId));
	const { convertedTo = '' } = intent;
	const isNoted = notesOf(held).some(({ list, source }) => list === listId && source === sourceOf(convertedTo));
	return keysOf(held).includes(convertedTo) && isNoted ? [...sharers, convertedTo] : sharers;
}

/** Whether the contact may be on this list for a record that it stands for: neither is the list noted for others alone, nor another one for it. */
export function mayBeOnList(
	held: HeldContact,
	{ key: ownKey }: Pick<Intent, 'key'>,
	key: string,
	listId: string | undefined,
): boolean {
	if (sameSource(key, ownKey)) return true;
	return !notesOf(held).some(({ list, source }) =>
		list === listId ? source === sourceOf(ownKey) : source === sourceOf(key),
	);
}

const notesOf = (held: HeldContact): readonly ListNote[] => keysOf(held).flatMap((key) => noteIn(key) ?? []);

/**
 * The keys of a contact with its notes as they have to be once this record is on the list.
 *
 * | the contact | notes |
 * | --- | --- |
 * | is not on the list, and stands for records of other objects only | a new one: this list, for the object of this record |
 * | is not on the list, and stands for the lead that this record was | the same |
 * | stands for this record, on this list | none of this list for another object |
 * | is on the list already | none of another list for the object of this record |
 * | stands for no record of an object any more | none for that object |
 */
export function withListNotes(
	write: KeyWrite,
	intent: Intent,
	held: HeldContact,
	gone: ReadonlySet<string>,
	listId: string,
): KeyWrite {
	const { sourceKey = held.sourceKey, otherKeys: further = held.otherKeys ?? [] } = write;
	const own = sourceOf(intent.key);
	const records = [...(sourceKey === undefined ? [] : [sourceKey]), ...further].filter((key) => !noteIn(key));
	const known = further.filter((key) => {
		const note = noteIn(key);
		if (!note) return false;
		const isContradicted = note.source === own ? held.onList && note.list !== listId : note.list === listId;
		return !isContradicted && records.some((record) => sourceOf(record) === note.source);
	});
	const isSecond =
		!held.onList &&
		held.unsubscribedFromList !== true &&
		(sharersOf(held, intent, gone).length > 0 || isOfItsLead(held, intent)) &&
		!keysOf(held).some((key) => (noteIn(key)?.source ?? sourceOf(key)) === own);
	const notes = isSecond ? [...known, `list ${listId} ${own}`] : known;
	// Keys first: there may be no more room.
	const keys = [...further.filter((key) => !noteIn(key)), ...notes];
	return keys.join() === further.join() ? write : { ...write, otherKeys: keys };
}

/** Whether the contact stands for a record of another object that this one took the place of. */
const isOfItsLead = (held: HeldContact, { key, formerKeys }: Intent): boolean =>
	keysOf(held).some((known) => formerKeys.includes(known) && !sameSource(known, key));
