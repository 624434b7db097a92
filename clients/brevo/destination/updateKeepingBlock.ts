import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { BrevoClient } from '../api/brevoClient';
import type { OwnNotes } from './notes/contactNotes';
import { leftWith, listsOwed, writeBlock, writeLeft } from './notes/contactNotes';
import { blockNote, leftNotes } from '../api/noteAttributes';
import { emailOf, isStandIn } from '../api/contactValues';
import type { BrevoContact, ContactBody } from '../api/types';

export interface GuardedUpdate {
	/** Brevo had lifted a block and it was set again. */
	readonly blockRestored: boolean;
	/** The address the contact left cannot be kept blocked for the next one that comes at it. */
	readonly leftUnnoted: boolean;
}

/** What has to happen to a contact before it is forgotten that it is owed something. */
export interface OwedBlock {
	readonly blocks: Pick<ContactBody, 'emailBlacklisted' | 'smsBlacklisted'>;
	/** Lists it was taken off for as long as the block is not seen. */
	readonly listIds?: readonly number[];
	/** A note of the block is on the contact. */
	readonly noted: boolean;
}

/**
 * Blocks that a change of address may have lifted and that were not checked yet, by contact id. The same is noted on the
 * contact, for other processes and those to come; this outlives a run where no note can be left.
 */
export type OwedBlocks = Map<string, OwedBlock>;

export interface Guard {
	readonly client: BrevoClient;
	readonly owed: OwedBlocks;
	/** Absent: nothing can be noted on a contact. */
	readonly notes: OwnNotes | undefined;
}

/**
 * Changes an address or a number. Brevo takes the block off a blocklisted contact when its address changes and so makes it
 * mailable (https://developers.brevo.com/reference/update-contact): the contact is read first, the block goes along with the
 * change, and the result is read and blocked again if need be. In the same call the contact leaves its lists, so that it cannot be
 * mailed on them meanwhile, and gets a note of the block and of the lists that are owed, so that any process that reads the
 * contact restores them, and one of the address that is left. It comes back on its lists when the block was seen. A change of
 * number lifts no block of e-mail: the contact leaves its lists only where the account takes no note. Costs a blocked contact two
 * calls more than another one: the second look, and striking out the note. A block that cannot be restored stops the run.
 */
export async function updateKeepingBlock(
	guard: Guard,
	contactId: string,
	body: ContactBody,
): Promise<Result<GuardedUpdate>> {
	const { client, owed } = guard;
	const before = await client.getContact(contactId, 'contact_id');
	if (before.kind !== 'ok') return before;
	if (!before.value) return gone(contactId);
	const blocks = blocksOf(before.value, body);
	if (Object.keys(blocks).length === 0) {
		const changed = await client.updateContact(contactId, body);
		return changed.kind === 'ok' ? ok({ blockRestored: false, leftUnnoted: false }) : changed;
	}
	const { listIds = [], ...withoutLists } = body;
	const back = [...new Set([...before.value.listIds, ...listIds])].filter(
		(id) => body.unlinkListIds?.includes(id) !== true && before.value?.listUnsubscribed?.includes(id) !== true,
	);
	const mayLift = blocks.emailBlacklisted === true && body.attributes?.EMAIL !== undefined;
	const noted = await notesFor(guard, before.value, body, blocks, mayLift ? back : []);
	if (noted.kind !== 'ok') return noted;
	const { attributes, isOwedNoted, leftUnnoted } = noted.value;
	const leavesLists = mayLift || !isOwedNoted;
	owed.set(contactId, { blocks, noted: isOwedNoted, ...(leavesLists && back.length > 0 ? { listIds: back } : {}) });
	const unlinkListIds = [...new Set([...(body.unlinkListIds ?? []), ...(leavesLists ? before.value.listIds : [])])];
	const changed = await client.updateContact(contactId, {
		...(leavesLists ? withoutLists : body),
		...blocks,
		...(unlinkListIds.length > 0 ? { unlinkListIds } : {}),
		attributes: { ...body.attributes, ...attributes },
	});
	if (changed.kind === 'refused') owed.delete(contactId);
	if (changed.kind !== 'ok') return changed;
	const restored = await restoreBlock(client, contactId, owed);
	return restored.kind === 'ok' ? ok({ blockRestored: restored.value, leftUnnoted }) : restored;
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

/** Owes what the note on a contact says, where it is not blocked or not on its lists as it should be. True when it owes something. */
export function oweAsNoted(contact: BrevoContact, owed: OwedBlocks): boolean {
	const note = blockNote(contact);
	const { email, sms } = note;
	const listIds = listsOwed(note, contact);
	const isOwed = (email && !contact.emailBlacklisted) || (sms && !contact.smsBlacklisted) || listIds.length > 0;
	if (!isOwed) return false;
	const blocks = {
		...(email ? { emailBlacklisted: true as const } : {}),
		...(sms ? { smsBlacklisted: true as const } : {}),
	};
	owed.set(String(contact.id), { listIds, ...owed.get(String(contact.id)), blocks, noted: true });
	return true;
}

/** True when the block had to be set again. */
async function restoreBlock(client: BrevoClient, contactId: string, owed: OwedBlocks): Promise<Result<boolean>> {
	const owes = owed.get(contactId);
	if (!owes) return ok(false);
	for (const blockRestored of [false, true]) {
		const now = await client.getContact(contactId, 'contact_id');
		if (now.kind !== 'ok') return now;
		if (!now.value) {
			owed.delete(contactId);
			return ok(blockRestored);
		}
		if (keeps(now.value, owes.blocks)) {
			const ended = await endOwing(client, now.value, owes);
			if (ended.kind !== 'ok') return ended;
			owed.delete(contactId);
			return ok(blockRestored);
		}
		const set = blockRestored ? ok(undefined) : await client.updateContact(contactId, owes.blocks);
		if (set.kind !== 'ok') return set;
	}
	return {
		kind: 'stop',
		code: 'UNEXPECTED_ANSWER',
		reason: `Brevo lifted the block of contact ${contactId} with a change of address and does not take it back`,
	};
}

/** The block was seen: the note is struck out, and the contact comes back on its lists, unless the person left one meanwhile. */
async function endOwing(
	client: BrevoClient,
	now: BrevoContact,
	{ listIds = [], noted }: OwedBlock,
): Promise<Result<unknown>> {
	const back = listIds.filter((id) => !now.listUnsubscribed?.includes(id));
	if (!noted && back.length === 0) return ok(undefined);
	const contactId = String(now.id);
	const struckOut = noted ? { attributes: writeBlock(undefined) } : {};
	const ended = await client.updateContact(contactId, { ...struckOut, ...(back.length > 0 ? { listIds: back } : {}) });
	if (ended.kind !== 'refused' || back.length === 0) return ended;
	// One of the lists was deleted meanwhile.
	for (const listId of back) {
		const one = await client.updateContact(contactId, { listIds: [listId] });
		if (one.kind !== 'ok' && one.kind !== 'refused') return one;
	}
	return noted ? await client.updateContact(contactId, struckOut) : ok(undefined);
}

interface Notes {
	readonly attributes: Readonly<Record<string, string>>;
	readonly isOwedNoted: boolean;
	readonly leftUnnoted: boolean;
}

/** What is noted on a blocked contact whose address or number changes. A number alone leaves no address. */
async function notesFor(
	{ notes }: Guard,
	before: BrevoContact,
	{ attributes = {} }: ContactBody,
	blocks: OwedBlock['blocks'],
	listIds: readonly number[],
): Promise<Result<Notes>> {
	const left = emailOf(before);
	const leaves = blocks.emailBlacklisted && attributes.EMAIL !== undefined && left !== undefined && !isStandIn(left);
	if (!notes) return ok({ attributes: {}, isOwedNoted: false, leftUnnoted: leaves === true });
	const forBlock = await notes.ensure('block');
	if (forBlock.kind !== 'ok') return forBlock;
	const lefts = leaves ? leftWith(leftNotes(before), left) : [];
	const forLeft = leaves ? await notes.ensure('left', lefts.length) : ok([]);
	if (forLeft.kind !== 'ok') return forLeft;
	const isOwedNoted = forBlock.value.length > 0;
	return ok({
		attributes: {
			...(isOwedNoted
				? writeBlock({
						email: blocks.emailBlacklisted === true,
						sms: blocks.smsBlacklisted === true,
						listIds,
					})
				: {}),
			...(leaves ? writeLeft(lefts, forLeft.value) : {}),
		},
		isOwedNoted,
		leftUnnoted: leaves === true && forLeft.value.length === 0,
	});
}

function blocksOf(contact: BrevoContact, body: ContactBody): OwedBlock['blocks'] {
	return {
		...(contact.emailBlacklisted || body.emailBlacklisted ? { emailBlacklisted: true as const } : {}),
		...(contact.smsBlacklisted ? { smsBlacklisted: true as const } : {}),
	};
}

const keeps = (contact: BrevoContact, { emailBlacklisted, smsBlacklisted }: OwedBlock['blocks']): boolean =>
	(!emailBlacklisted || contact.emailBlacklisted) && (!smsBlacklisted || contact.smsBlacklisted);
