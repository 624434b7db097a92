import { isContactKey } from '../contact/contact';
import type { Intent } from './plan/collapse';
import type { HeldContact } from './destination';

/** Every key a contact is known by, the one it was made with first. */
export const keysOf = ({
	sourceKey,
	otherKeys = [],
}: Pick<HeldContact, 'sourceKey' | 'otherKeys'>): readonly string[] =>
	sourceKey === undefined ? otherKeys : [sourceKey, ...otherKeys];

/** `system:account:object` of a key. */
export const sourceOf = (key: string): string => startOf(key, 3);

/** Whether two keys come from the same object of the same account. */
export const sameSource = (key: string, other: string): boolean => sourceOf(key) === sourceOf(other);

/** Whether two keys come from the same account, such as those of a lead and of a contact. */
export const sameAccount = (key: string, other: string): boolean => startOf(key, 2) === startOf(other, 2);

const startOf = (key: string, parts: number): string => key.split(':').slice(0, parts).join(':');

const FORMER = 'was ';

/** Says of a key that its record no longer has the contact, only its block: `was salesforce:00D…:Contact:003…`. */
export const formerNote = (key: string): string => `${FORMER}${key}`;

/**
 * Whether a record was the one of a blocked contact whose address another one has taken over. Its key stays, with a note: it may
 * come back at another address, and is blocked there. It keeps the contact on no list.
 */
export const wasOf = ({ otherKeys = [] }: Pick<HeldContact, 'otherKeys'>, key: string): boolean =>
	otherKeys.includes(formerNote(key));

/**
 * Other records of the account that a contact stands for as well: they have its address too. Not those that were merged into
 * this one, nor what it was converted to, nor those that only were its record once; `gone`: those that leave, or go to an address
 * of their own, in this run.
 */
export function sharersOf(held: HeldContact, intent: Intent, gone: ReadonlySet<string>): readonly string[] {
	const own = [intent.key, intent.convertedTo, ...intent.formerKeys, ...intent.sharedKeys];
	const isOther = (key: string): boolean => !own.includes(key) && !gone.has(key) && !wasOf(held, key);
	return keysOf(held).filter((key) => isContactKey(key) && sameAccount(key, intent.key) && isOther(key));
}

export interface KeyWrite {
	readonly sourceKey?: string;
	readonly otherKeys?: readonly string[];
}

/**
 * Our key, unless the contact came from somewhere else and carries that key. The key of a record of another object that
 * this one took the place of, such as a converted lead, is replaced on a list that both syncs fill. On a list of our own
 * it stays: the other sync finds the contact by it, takes it off its list, and then writes the key of what it was converted to.
 */
export function keyToWrite(intent: Intent, held: HeldContact | undefined): string | undefined {
	const { key, formerKeys, convertedTo: wanted = key } = intent;
	const { sourceKey, ownKey } = held ?? {};
	// The source carries the link, and the place stays free for a sync of another system.
	if (intent.keepsLinks && ownKey !== undefined && intent.linkedTo?.includes(ownKey)) return undefined;
	if (sourceKey === wanted) return undefined;
	// Of two records with one address each would put its own key first, time and again.
	if (wanted === key && held?.otherKeys?.includes(key) && isShared(held, intent)) return undefined;
	if (sourceKey === undefined || sameSource(sourceKey, key)) return wanted;
	return formerKeys.includes(sourceKey) && held?.onList === true ? wanted : undefined;
}

/**
 * What has to change so that the contact is found by every record it stands for: by this one, by those that share its address,
 * and no longer by those that are gone. `keepsOthers`: the destination can keep more than one key.
 */
export function keysToWrite(
	intent: Intent,
	held: HeldContact | undefined,
	gone: ReadonlySet<string>,
	keepsOthers: boolean,
): KeyWrite {
	const { key, convertedTo: wanted = key, formerKeys, sharedKeys } = intent;
	const isFirstGone = held?.sourceKey !== undefined && gone.has(held.sourceKey) && sameSource(held.sourceKey, key);
	const sourceKey = keyToWrite(intent, held) ?? (isFirstGone ? wanted : undefined);
	if (!keepsOthers) return { sourceKey };
	const first = sourceKey ?? held?.sourceKey;
	const own = [key, wanted, ...sharedKeys];
	const isShare = held !== undefined && isShared(held, intent);
	const givesWay = held !== undefined && !isShare && keepsBlock(held, intent);
	/** Of the same source, and kept for the block alone. */
	const isFormer = (other: string): boolean =>
		sameSource(other, key) && !own.includes(other) && (givesWay || (held !== undefined && wasOf(held, other)));
	const stays = (other: string): boolean => {
		if (gone.has(other) || (other === key && wanted !== key)) return false;
		if (formerKeys.includes(other)) return !sameSource(other, key) && held?.onList !== true;
		return !sameSource(other, key) || other === key || isShare || isFormer(other);
	};
	const known = held ? keysOf(held).filter((other) => !other.startsWith(FORMER)) : [];
	const others = new Set([...known.filter(stays), wanted, ...sharedKeys]);
	if (first !== undefined) others.delete(first);
	const former = [...others].filter(isFormer);
	return { sourceKey, otherKeys: changed([...others, ...former.map(formerNote)], held) };
}

/** What has to change so that the contact is no longer found by a record that left it; another one it stands for takes its place. */
export function keysWithout(held: HeldContact, gone: ReadonlySet<string>): KeyWrite {
	const { sourceKey, otherKeys = [] } = held;
	const lost = new Set([...gone].flatMap((key) => [key, formerNote(key)]));
	const left = otherKeys.filter((key) => !lost.has(key));
	if (sourceKey === undefined || !gone.has(sourceKey)) return { otherKeys: changed(left, held) };
	const heir = left.find((key) => isContactKey(key) && sameAccount(key, sourceKey) && !wasOf(held, key));
	return { sourceKey: heir, otherKeys: changed(heir === undefined ? left : left.filter((key) => key !== heir), held) };
}

/**
 * Whether the record that made the contact still has its address, beside this one. Not where addresses are unique at the source,
 * and not once the contact was taken off the list: then that record has left. A record that lost its address says nothing about the
 * others.
 */
const isShared = (held: HeldContact, { contact: { email = held.email }, uniqueEmails }: Intent): boolean =>
	!uniqueEmails && isMember(held) && held.email !== undefined && held.email === email;

/** Whether the contact is on the list, or would be had its person not unsubscribed from it: no record has left it yet. */
export const isMember = ({ onList, unsubscribedFromList }: HeldContact): boolean =>
	onList || unsubscribedFromList === true;

/**
 * Whether a record whose contact goes over to this one has its block with it. Not where addresses are unique at the source and the
 * contact is on the list, or unsubscribed from it: there the record is known to have lost its address, and is read with this one.
 */
const keepsBlock = (held: HeldContact, { contact: { email }, uniqueEmails }: Intent): boolean => {
	return held.optedOut && held.email !== undefined && held.email === email && !(uniqueEmails && isMember(held));
};

function changed(keys: readonly string[], held: HeldContact | undefined): readonly string[] | undefined {
	const before = held?.otherKeys ?? [];
	const same = keys.length === before.length && keys.every((key) => before.includes(key));
	return same ? undefined : keys;
}
