import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import type { BrevoClient } from './brevoClient';
import type { BrevoContact, ContactBody } from './types';

export interface GuardedUpdate {
	/** Brevo had lifted a block and it was set again. */
	readonly blockRestored: boolean;
}

type Blocks = Pick<ContactBody, 'emailBlacklisted' | 'smsBlacklisted'>;

/**
 * Blocks that a change of address may have lifted and that nobody has checked yet, by contact id. Outlives the run: when
 * Brevo goes away in the middle, the next run begins by restoring them.
 */
export type OwedBlocks = Map<string, Blocks>;

/**
 * Changes an address or a number. Brevo takes the block off a blocklisted contact when its address changes and so makes it
 * mailable (https://developers.brevo.com/reference/update-contact): the contact is read first, a block goes along with the
 * change, and the result is read and blocked again if need be. A block that cannot be restored stops the run.
 */
export async function updateKeepingBlock(
	client: BrevoClient,
	contactId: string,
	body: ContactBody,
	owed: OwedBlocks,
): Promise<Result<GuardedUpdate>> {
	const before = await client.getContact(contactId, 'contact_id');
	if (before.kind !== 'ok') return before;
	if (!before.value) return gone(contactId);
	const blocks = blocksOf(before.value, body);
	if (Object.keys(blocks).length > 0) owed.set(contactId, blocks);
	const changed = await client.updateContact(contactId, { ...body, ...blocks });
	if (changed.kind === 'refused') owed.delete(contactId);
	if (changed.kind !== 'ok') return changed;
	return await restoreBlock(client, contactId, owed);
}

/** As Brevo itself refuses a write to a contact that does not exist. */
const gone = (contactId: string): Failure => ({
	kind: 'refused',
	code: 'NOT_STORED',
	reason: `There is no Brevo contact ${contactId}`,
	status: 404,
});

/** Restores every block that is still owed. */
export async function restoreOwedBlocks(client: BrevoClient, owed: OwedBlocks): Promise<Result<unknown>> {
	for (const contactId of [...owed.keys()]) {
		const restored = await restoreBlock(client, contactId, owed);
		if (restored.kind !== 'ok') return restored;
	}
	return ok(undefined);
}

async function restoreBlock(client: BrevoClient, contactId: string, owed: OwedBlocks): Promise<Result<GuardedUpdate>> {
	const blocks = owed.get(contactId);
	if (!blocks) return ok({ blockRestored: false });
	for (const blockRestored of [false, true]) {
		const now = await client.getContact(contactId, 'contact_id');
		if (now.kind !== 'ok') return now;
		if (!now.value || keeps(now.value, blocks)) {
			owed.delete(contactId);
			return ok({ blockRestored });
		}
		const set = blockRestored ? ok(undefined) : await client.updateContact(contactId, blocks);
		if (set.kind !== 'ok') return set;
	}
	return {
		kind: 'stop',
		code: 'UNEXPECTED_ANSWER',
		reason: `Brevo lifted the block of contact ${contactId} with a change of address and does not take it back`,
	};
}

function blocksOf(contact: BrevoContact, body: ContactBody): Blocks {
	return {
		...(contact.emailBlacklisted || body.emailBlacklisted ? { emailBlacklisted: true as const } : {}),
		...(contact.smsBlacklisted ? { smsBlacklisted: true as const } : {}),
	};
}

const keeps = (contact: BrevoContact, { emailBlacklisted, smsBlacklisted }: Blocks): boolean =>
	(!emailBlacklisted || contact.emailBlacklisted) && (!smsBlacklisted || contact.smsBlacklisted);
