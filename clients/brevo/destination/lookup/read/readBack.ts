import { otherSpellings } from '../../../../../core/contact/email';
import type { Failure, Result } from '../../../../../core/result';
import { ok } from '../../../../../core/result';
import type { ContactWrite, HeldContact } from '../../../../../core/upsert/destination';
import { inParallel } from '../../../../../core/calls/inParallel';
import type { AccountContacts } from '../accountContacts';
import { sweepContacts } from './sweepContacts';
import type { BrevoClient } from '../../../api/brevoClient';
import { ContactMirror } from '../contactMirror';
import { CONTACTS_PER_PAGE } from '../../../api/limits';
import { isAboutIdentifier } from './readOneByOne';
import type { KeptContact } from '../toHeldContact';
import { toHeldContact } from '../toHeldContact';
import type { BrevoContact } from '../../../api/types';

export interface ReadBackContext {
	readonly client: BrevoClient;
	readonly account: AccountContacts;
	/** The mirror the run was planned with, if any. */
	readonly mirror: ContactMirror | undefined;
	readonly attributeNames: readonly string[];
	readonly listId: number | undefined;
	/** Server time before the first write of the run, in ms since 1970. */
	readonly writtenSince: number;
	/** The writes have been carried out. */
	readonly thorough: boolean;
}

/** Up to this many writes are read back one by one when there is no mirror to refresh. */
export const SINGLE_READS = 3;
/** Up to this many that look unchanged are looked at singly, and not with all members of the list. */
export const LOOKED_AT_SINGLY = SINGLE_READS * 10;
const PARALLEL = 6;
/** Before the first write: Brevo's clock is told in whole seconds. */
const MARGIN_MS = 2_000;

/**
 * The contacts of these writes as Brevo holds them now. A sweep of what changed since the last look costs a call per 1,000
 * contacts and refreshes the mirror on the way; a few contacts are read by themselves. Whether joining or leaving a list
 * moves the time stamp of a contact is undocumented, so in the end those that look unchanged are looked at once more.
 */
export async function readBackContacts(
	writes: readonly ContactWrite[],
	context: ReadBackContext,
): Promise<Result<ReadonlyMap<string, HeldContact>>> {
	const { client, account, mirror, attributeNames, listId, writtenSince, thorough } = context;
	const known = mirror ?? new ContactMirror(attributeNames);
	if (mirror) {
		const refreshed = await account.refresh(client, mirror);
		if (refreshed.kind !== 'ok') return refreshed;
	}
	let byThemselves = !mirror && writes.length <= SINGLE_READS;
	if (!mirror && !byThemselves) {
		const tooMany = (count = 0): boolean => Math.ceil(count / CONTACTS_PER_PAGE) > writes.length;
		const since = Math.max(0, writtenSince - MARGIN_MS);
		const swept = await sweepContacts(client, (contact) => known.put(contact), {
			modifiedSince: since,
			giveUp: tooMany,
		});
		if (swept.kind !== 'ok') return swept;
		byThemselves = !swept.value.complete;
	}
	if (thorough || byThemselves) {
		const unchanged = writes.filter((write) => looksUnchanged(known, write));
		const failure = await lookAgain(client, unchanged, known, listId);
		if (failure) return failure;
	}
	const seen = new Map<string, HeldContact>();
	for (const write of writes) {
		const kept = findWritten(known, write);
		if (kept) seen.set(write.key, toHeldContact(kept, known.attributeNames, listId));
		// Without a mirror, what a sweep does not show has not changed.
		else if (write.held && !mirror && !thorough && !byThemselves) seen.set(write.key, write.held);
	}
	return ok(seen);
}

function looksUnchanged(mirror: ContactMirror, write: ContactWrite): boolean {
	const kept = findWritten(mirror, write);
	return !kept || String(kept.modifiedAt) === write.held?.version;
}

function findWritten(mirror: ContactMirror, { held, email, phone, sourceKey }: ContactWrite): KeptContact | undefined {
	if (held) return mirror.byId(Number(held.id));
	return (
		(sourceKey === undefined ? undefined : mirror.byKey(sourceKey)) ??
		(email === undefined ? undefined : mirror.byEmail(email)) ??
		(phone === undefined ? undefined : mirror.byPhone(phone))
	);
}

/** Reads contacts one by one, or all members of the list where that is cheaper. */
async function lookAgain(
	client: BrevoClient,
	writes: readonly ContactWrite[],
	into: ContactMirror,
	listId: number | undefined,
): Promise<Failure | undefined> {
	if (writes.length === 0) return undefined;
	if (listId !== undefined && writes.length > LOOKED_AT_SINGLY) {
		const list = await client.getList(listId);
		const pages =
			list.kind === 'ok' ? Math.ceil((list.value.uniqueSubscribers ?? Infinity) / CONTACTS_PER_PAGE) : Infinity;
		if (pages < writes.length) return await readMembers(client, writes, into, listId);
	}
	let failure: Failure | undefined;
	await inParallel(writes, PARALLEL, async (write) => {
		if (failure) return;
		const answer = await fetchWritten(client, write);
		if (answer.kind !== 'ok') failure ??= isAboutIdentifier(answer) ? undefined : answer;
		else if (answer.value) into.put(answer.value);
		else if (write.held) into.remove(Number(write.held.id));
	});
	return failure;
}

async function readMembers(
	client: BrevoClient,
	writes: readonly ContactWrite[],
	into: ContactMirror,
	listId: number,
): Promise<Failure | undefined> {
	const members = new Set<number>();
	const swept = await sweepContacts(
		client,
		(contact) => {
			members.add(contact.id);
			into.put(contact);
		},
		{ listId },
	);
	if (swept.kind !== 'ok') return swept;
	for (const { held } of writes) if (held && !members.has(Number(held.id))) into.takeOffList(Number(held.id), listId);
	return undefined;
}

async function fetchWritten(
	client: BrevoClient,
	{ held, email, phone, sourceKey }: ContactWrite,
): Promise<Result<BrevoContact | undefined>> {
	if (held) return await client.getContact(held.id, 'contact_id');
	if (email !== undefined) {
		let found = await client.getContact(email, 'email_id');
		for (const other of otherSpellings(email)) {
			if (found.kind !== 'ok' || found.value) break;
			found = await client.getContact(other, 'email_id');
		}
		return found;
	}
	if (phone !== undefined) return await client.getContact(phone, 'phone_id');
	return sourceKey === undefined ? ok(undefined) : await client.getContact(sourceKey, 'ext_id');
}
