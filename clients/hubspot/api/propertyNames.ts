import type { HubSpotContact } from './types';

/** The contact properties that this package reads by name. */

/** `true`: the contact unsubscribed from all e-mail. */
export const OPT_OUT_PROPERTY = 'hs_email_optout';

/**
 * Whether contacts that were asked for it do not say whether they opted out. Definitions are kept for a minute, in which the property may
 * have been hidden from the credential; of one that was never set HubSpot answers null.
 */
export const hidesOptOuts = (contacts: Iterable<Pick<HubSpotContact, 'properties'>>): boolean =>
	[...contacts].some(({ properties }) => properties[OPT_OUT_PROPERTY] === undefined);
/** `true`: a marketing contact, which HubSpot bills whether it is opted out or not. */
export const MARKETING_PROPERTY = 'hs_marketable_status';
/** Whether mail to the address bounced, a count, a reason and a mark; each is empty where none did. */
export const BOUNCE_PROPERTIES = [
	'hs_email_bounce',
	'hs_email_hard_bounce_reason_enum',
	'hs_email_quarantined',
] as const;
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
	const ids = MERGE_PROPERTIES.flatMap((name) => mergesIn(properties[name]).map((merge) => merge.id));
	return [...new Set([...ids, ...chainIds])].filter((other) => other !== id);
}

/** A merge that HubSpot dates longer ago than this has shown in the stamp of its contact: how long one takes is not documented. */
const MERGE_TAKES_MS = 60 * 60_000;

/**
 * Those of them that were merged since an instant (ms since 1970), of a contact that was read with its history: not those that an earlier
 * value names, and not those that HubSpot dates well before. A calculated property may have no earlier value: it is dated anew by each read.
 */
export function mergedIdsSince(contact: HubSpotContact, since: number): string[] {
	const known = MERGE_PROPERTIES.flatMap((name) => [
		...mergesIn(contact.history[name]?.find((version) => version.at <= since)?.value),
		...mergesIn(contact.properties[name]).filter(({ at = Infinity }) => at <= since - MERGE_TAKES_MS),
	]);
	const knownIds = new Set(known.map(({ id }) => id));
	return mergedIdsOf(contact).filter((id) => !knownIds.has(id));
}

interface Merge {
	readonly id: string;
	/** ms since 1970. */
	readonly at?: number;
}

/** Of `id;id` or `id:instant;id:instant`. */
const mergesIn = (value: string | null | undefined): Merge[] =>
	(value?.split(';') ?? []).flatMap((entry) => {
		const [id = '', at = ''] = entry.split(':').map((part) => part.trim());
		if (!/^[1-9]\d*$/.test(id)) return [];
		return [/^\d+$/.test(at) ? { id, at: Number(at) } : { id }];
	});
