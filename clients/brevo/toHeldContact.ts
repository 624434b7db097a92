import type { FieldValue } from '../../core/contact/contact';
import { addressForm } from '../../core/contact/email';
import { ownValue, setOwnValue } from '../../core/contact/ownValues';
import type { HeldContact } from '../../core/upsert/destination';
import type { BrevoContact } from './types';

/** A contact in compact form, as many of them are kept in memory. Instants in ms since 1970. */
export interface KeptContact {
	readonly id: number;
	readonly email?: string;
	/** The address as Brevo has it, where that is not its normal form. */
	readonly spelledEmail?: string;
	readonly phone?: string;
	readonly sourceKey?: string;
	readonly emailBlocked: boolean;
	readonly smsBlocked: boolean;
	readonly listIds: readonly number[];
	/** Lists the person unsubscribed from; absent for none. */
	readonly listsLeft?: readonly number[];
	/** In the order of the attribute names they were read with. */
	readonly values: readonly FieldValue[];
	readonly modifiedAt: number;
}

/** Domain of the address that Brevo makes up for a contact without one. */
const STAND_IN_DOMAIN = '@mailin-sms.com';

/** Names Brevo gives what is kept beside the attributes. */
export const EMAIL = 'EMAIL';
export const PHONE = 'SMS';
export const EXTERNAL_ID = 'EXT_ID';

export function toKeptContact(contact: BrevoContact, attributeNames: readonly string[]): KeptContact {
	const { id, attributes, emailBlacklisted, smsBlacklisted, listIds, listUnsubscribed } = contact;
	const spelled = contact.email?.trim().toLowerCase();
	const email =
		spelled === undefined || spelled.endsWith(STAND_IN_DOMAIN) ? undefined : addressForm(spelled) || undefined;
	const key = contact.ext_id ?? attributes[EXTERNAL_ID];
	const modifiedAt = Date.parse(contact.modifiedAt);
	return {
		id,
		email,
		...(email === undefined || email === spelled ? {} : { spelledEmail: spelled }),
		phone: phoneOf(contact),
		sourceKey: typeof key === 'string' && key !== '' ? key : undefined,
		emailBlocked: emailBlacklisted,
		smsBlocked: smsBlacklisted,
		listIds,
		...(listUnsubscribed && listUnsubscribed.length > 0 ? { listsLeft: listUnsubscribed } : {}),
		values: attributeNames.map((name) => ownValue(attributes, name) ?? null),
		modifiedAt: Number.isNaN(modifiedAt) ? 0 : modifiedAt,
	};
}

/** The number for text messages in international form; Brevo tells its digits. */
export function phoneOf({ attributes }: BrevoContact): string | undefined {
	const digits = String(attributes[PHONE] ?? '').replace(/\D/g, '');
	return digits === '' ? undefined : `+${digits}`;
}

/** `optedOut` is about e-mail: the block of text messages is a switch of its own and is never touched. */
export function toHeldContact(
	kept: KeptContact,
	attributeNames: readonly string[],
	listId: number | undefined,
): HeldContact {
	const attributes: Record<string, FieldValue> = {};
	for (const [index, name] of attributeNames.entries()) {
		const value = kept.values[index];
		if (value !== undefined && value !== null) setOwnValue(attributes, name, value);
	}
	return {
		id: String(kept.id),
		email: kept.email,
		...(kept.spelledEmail === undefined ? {} : { spelledEmail: kept.spelledEmail }),
		phone: kept.phone,
		sourceKey: kept.sourceKey,
		optedOut: kept.emailBlocked,
		guarded: kept.smsBlocked,
		version: String(kept.modifiedAt),
		onList: listId !== undefined && kept.listIds.includes(listId),
		leftList: listId !== undefined && kept.listsLeft?.includes(listId) === true,
		attributes,
	};
}
