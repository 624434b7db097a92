import { instantOf } from '../../../../core/instant';
import type { FieldValue } from '../../../../core/contact/contact';
import { ownValue, setOwnValue } from '../../../../core/contact/ownValues';
import type { HeldContact } from '../../../../core/upsert/destination';
import { emailOf, EXTERNAL_ID, phoneOf } from '../../api/contactValues';
import { blockNote, keyNotes, leftNotes } from '../../api/noteAttributes';
import { listsOwed } from '../notes/contactNotes';
import type { BrevoContact } from '../../api/types';

/** A contact in compact form, as many of them are kept in memory. Instants in ms since 1970. */
export interface KeptContact {
	readonly id: number;
	readonly email?: string;
	/** The address as Brevo has it, where that is not its normal form. */
	readonly spelledEmail?: string;
	readonly phone?: string;
	readonly sourceKey?: string;
	/** Keys kept in attributes of our own; absent for none. */
	readonly otherKeys?: readonly string[];
	/** Keys of ours that another tool overwrote while the mirror knew the contact; absent for none. */
	readonly lostKeys?: readonly string[];
	/** Addresses the contact left while it was blocked; absent for none. */
	readonly leftEmails?: readonly string[];
	/** A change of address may have lifted a block that was not set again, or the contact is still off its lists because of it. */
	readonly isOwed?: true;
	readonly emailBlocked: boolean;
	readonly smsBlocked: boolean;
	readonly listIds: readonly number[];
	/** Lists the person unsubscribed from; absent for none. */
	readonly listsLeft?: readonly number[];
	/** In the order of the attribute names they were read with; undefined: not kept, see `ContactMirror`. */
	readonly values: readonly FieldValue[] | undefined;
	readonly modifiedAt: number;
}

export function toKeptContact(contact: BrevoContact, attributeNames: readonly string[]): KeptContact {
	const { id, attributes, emailBlacklisted, smsBlacklisted, listIds, listUnsubscribed } = contact;
	const spelled = contact.email?.trim().toLowerCase();
	const email = emailOf(contact);
	const key = contact.ext_id ?? attributes[EXTERNAL_ID];
	const modifiedAt = instantOf(contact.modifiedAt) ?? NaN;
	const [otherKeys, leftEmails, owed] = [keyNotes(contact), leftNotes(contact), blockNote(contact)];
	const isOwed =
		(owed.email && !emailBlacklisted) || (owed.sms && !smsBlacklisted) || listsOwed(owed, contact).length > 0;
	return {
		id,
		email,
		...(email === undefined || email === spelled ? {} : { spelledEmail: spelled }),
		phone: phoneOf(contact),
		sourceKey: typeof key === 'string' && key !== '' ? key : undefined,
		...(otherKeys.length > 0 ? { otherKeys } : {}),
		...(leftEmails.length > 0 ? { leftEmails } : {}),
		...(isOwed ? { isOwed: true as const } : {}),
		emailBlocked: emailBlacklisted,
		smsBlocked: smsBlacklisted,
		listIds,
		...(listUnsubscribed && listUnsubscribed.length > 0 ? { listsLeft: listUnsubscribed } : {}),
		values: attributeNames.map((name) => ownValue(attributes, name) ?? null),
		modifiedAt: Math.max(0, modifiedAt || 0),
	};
}

/** `optedOut` is about e-mail: the block of text messages is a switch of its own and is never touched. */
export function toHeldContact(
	kept: KeptContact,
	attributeNames: readonly string[],
	listId: number | undefined,
	membershipUncertain = false,
): HeldContact {
	const attributes: Record<string, FieldValue> = {};
	for (const [index, name] of attributeNames.entries()) {
		const value = kept.values?.[index];
		if (value !== undefined && value !== null) setOwnValue(attributes, name, value);
	}
	return {
		id: String(kept.id),
		email: kept.email,
		...(kept.spelledEmail === undefined ? {} : { spelledEmail: kept.spelledEmail }),
		phone: kept.phone,
		sourceKey: kept.sourceKey,
		...(kept.otherKeys ? { otherKeys: kept.otherKeys } : {}),
		...(kept.leftEmails ? { leftEmails: kept.leftEmails } : {}),
		...(membershipUncertain ? { membershipUncertain: true as const } : {}),
		optedOut: kept.emailBlocked,
		bulkWriteLosesBlock: kept.smsBlocked,
		version: String(kept.modifiedAt),
		onList: listId !== undefined && kept.listIds.includes(listId),
		unsubscribedFromList: listId !== undefined && kept.listsLeft?.includes(listId) === true,
		attributes,
	};
}
