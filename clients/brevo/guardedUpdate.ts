import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { BrevoClient } from './brevoClient';
import type { BrevoContact, ContactBody } from './types';

export interface GuardedUpdate {
	/** Brevo had lifted a block and it was set again. */
	readonly blockRestored: boolean;
}

/**
 * Changes an address or a number. Brevo takes the block off a blocklisted contact when its address changes and so makes it
 * mailable (https://developers.brevo.com/reference/update-contact): the contact is read first, a block goes along with the
 * change, and the result is read and blocked again if need be. A block that cannot be restored stops the run.
 */
export async function updateKeepingBlock(
	client: BrevoClient,
	contactId: string,
	body: ContactBody,
): Promise<Result<GuardedUpdate>> {
	const before = await client.getContact(contactId, 'contact_id');
	if (before.kind !== 'ok') return before;
	if (!before.value)
		return { kind: 'retry', code: 'UNAVAILABLE', reason: `Brevo contact ${contactId} was deleted meanwhile` };
	const blocks = blocksOf(before.value, body);
	const changed = await client.updateContact(contactId, { ...body, ...blocks });
	if (changed.kind !== 'ok' || Object.keys(blocks).length === 0)
		return changed.kind === 'ok' ? ok({ blockRestored: false }) : changed;

	const after = await client.getContact(contactId, 'contact_id');
	if (after.kind !== 'ok') return after;
	if (!after.value || keeps(after.value, blocks)) return ok({ blockRestored: false });
	const restored = await client.updateContact(contactId, blocks);
	if (restored.kind !== 'ok') return restored;
	const last = await client.getContact(contactId, 'contact_id');
	if (last.kind !== 'ok') return last;
	if (!last.value || keeps(last.value, blocks)) return ok({ blockRestored: true });
	return {
		kind: 'stop',
		code: 'UNEXPECTED_ANSWER',
		reason: `Brevo lifted the block of contact ${contactId} with a change of address and does not take it back`,
	};
}

type Blocks = Pick<ContactBody, 'emailBlacklisted' | 'smsBlacklisted'>;

function blocksOf(contact: BrevoContact, body: ContactBody): Blocks {
	return {
		...(contact.emailBlacklisted || body.emailBlacklisted ? { emailBlacklisted: true as const } : {}),
		...(contact.smsBlacklisted ? { smsBlacklisted: true as const } : {}),
	};
}

const keeps = (contact: BrevoContact, { emailBlacklisted, smsBlacklisted }: Blocks): boolean =>
	(!emailBlacklisted || contact.emailBlacklisted) && (!smsBlacklisted || contact.smsBlacklisted);
