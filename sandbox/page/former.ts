import type { RunningBrevo } from '../brevo';
import type { ContactList, RunningHubSpot } from '../hubspot';

export type HowLeft = 'left' | 'deleted' | 'merged';

/** Somebody who is no longer a member of the HubSpot list, and what Brevo holds of them. */
export interface FormerRow {
	readonly id: string;
	readonly name: string;
	readonly email: string | null;
	readonly how: HowLeft;
	readonly optedOut: boolean;
	/** Absent: Brevo holds no contact of this person (any more). */
	readonly brevo?: { readonly onList: boolean; readonly blocked: boolean };
	/** Whether that is as it should be. */
	readonly isFine: boolean;
}

type HubSpotContact = ReturnType<RunningHubSpot['store']['contact']>;

/** How a contact that is not in a list came to be none of its members. */
export function howLeft({ mergedInto, archivedAt }: HubSpotContact): HowLeft {
	if (mergedInto !== undefined) return 'merged';
	return archivedAt === undefined ? 'left' : 'deleted';
}

/** Who left last, the latest first. A record that was merged is shown by the contact that Brevo has under its own key. */
export function formerMembers(
	hubspot: RunningHubSpot,
	brevo: RunningBrevo,
	source: ContactList,
	target: { readonly id: number } | undefined,
	limit: number,
): FormerRow[] {
	const latest = [...source.members.former()].slice(-limit).reverse();
	return latest.flatMap(([id]) => {
		const contact = hubspot.store.contacts.contacts.get(id);
		if (contact === undefined) return [];
		const { firstname, lastname, email, hs_email_optout: optOut } = contact.properties;
		const twin = brevo.store.owner('ext_id', `hubspot:${hubspot.settings.portalId}:contact:${id}`);
		const how = howLeft(contact);
		const optedOut = optOut === 'true';
		const onList = target !== undefined && twin?.listIds.has(target.id) === true;
		const blocked = twin?.emailBlocked === true;
		return [
			{
				id: String(id),
				name: [firstname, lastname].filter(Boolean).join(' '),
				email: email ?? null,
				how,
				optedOut,
				...(twin !== undefined && { brevo: { onList, blocked } }),
				isFine: !onList && (twin === undefined || blocked || !optedOut || how !== 'left'),
			},
		];
	});
}
