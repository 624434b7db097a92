import type { HubSpotContact } from './types';

/** The contact properties that this package reads by name. */

/** `true`: the contact unsubscribed from all e-mail. */
export const OPT_OUT_PROPERTY = 'hs_email_optout';
/** `true`: a marketing contact, which HubSpot bills whether it is opted out or not. */
export const MARKETING_PROPERTY = 'hs_marketable_status';
export const EMAIL_PROPERTY = 'email';
/** Further addresses of a contact, `address;address`; a merge adds that of the record that is gone. */
export const OTHER_EMAILS_PROPERTY = 'hs_additional_emails';
/** Both name the records that were merged into a contact: `id;id` and `id:instant;id:instant`. */
export const MERGE_PROPERTIES = ['hs_merged_object_ids', 'hs_calculated_merged_vids'] as const;
/** Carries the key of the record of another system that a contact is synced with, where the account has such a property. */
export const KEY_PROPERTY = 'contact_sync_key';
/** HubSpot's last-modified stamp of a contact. */
export const STAMP_PROPERTY = 'lastmodifieddate';

/** Further addresses of a contact. */
export const otherEmailsOf = ({ properties }: Pick<HubSpotContact, 'properties'>): string[] =>
	(properties[OTHER_EMAILS_PROPERTY]?.split(';') ?? []).map((entry) => entry.trim()).filter((entry) => entry !== '');

/** Ids of the records that were merged into this one, without its own. */
export function mergedIdsOf({ id, properties, chainIds = [] }: Omit<HubSpotContact, 'history'>): string[] {
	const ids = [...MERGE_PROPERTIES.flatMap((name) => idsIn(properties[name])), ...chainIds];
	return [...new Set(ids)].filter((other) => other !== id);
}

/**
 * Those of them that were merged since an instant (ms since 1970), by the earlier values of a contact that was read with its history.
 */
export function mergedIdsSince(contact: HubSpotContact, since: number): string[] {
	const before = MERGE_PROPERTIES.flatMap((name) =>
		idsIn(contact.history[name]?.find((version) => version.at <= since)?.value),
	);
	const known = new Set(before);
	return mergedIdsOf(contact).filter((id) => !known.has(id));
}

/** Of `id;id` or `id:instant;id:instant`. */
const idsIn = (value: string | null | undefined): string[] =>
	(value?.split(';') ?? [])
		.map((entry) => entry.split(':')[0]?.trim() ?? '')
		.filter((entry) => /^[1-9]\d*$/.test(entry));
