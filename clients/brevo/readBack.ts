import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import type { ContactWrite, SeenContact } from '../../core/upsert/destination';
import { inParallel } from '../../core/upsert/inParallel';
import type { AccountContacts } from './accountContacts';
import { sweepContacts } from './accountContacts';
import type { BrevoClient } from './brevoClient';
import { ContactMirror } from './contactMirror';
import type { KeptContact } from './toHeldContact';
import { toHeldContact } from './toHeldContact';
import type { BrevoContact } from './types';

export interface ReadBackContext {
	readonly client: BrevoClient;
	readonly account: AccountContacts;
	/** The mirror the run was planned with, if any. */
	readonly mirror: ContactMirror | undefined;
	readonly attributeNames: readonly string[];
	readonly listId: number | undefined;
	/** Server time before the first write of the run, in ms since 1970. */
	readonly writtenSince: number;
}

/** Up to this many writes are read back one by one when there is no mirror to refresh. */
const SINGLE_READS = 3;
const PARALLEL = 3;
/** Before the first write: Brevo's clock is told in whole seconds. */
const MARGIN_MS = 2_000;

/**
 * The contacts of these writes as Brevo holds them now. A sweep of what changed since the last look costs a call per 1,000
 * contacts and refreshes the mirror on the way; a few contacts are read by themselves.
 */
export async function readBackContacts(
	writes: readonly ContactWrite[],
	context: ReadBackContext,
): Promise<Result<ReadonlyMap<string, SeenContact>>> {
	const { client, account, mirror, attributeNames, writtenSince } = context;
	if (mirror) {
		const refreshed = await account.refresh(client, mirror);
		return refreshed.kind === 'ok' ? ok(seenIn(mirror, writes, context)) : refreshed;
	}
	const fetched = new ContactMirror(attributeNames);
	if (writes.length > SINGLE_READS) {
		const swept = await sweepContacts(client, Math.max(0, writtenSince - MARGIN_MS), (contact) => fetched.put(contact));
		if (swept.kind !== 'ok') return swept;
	}
	// What the sweep does not show was not changed by it, or is gone.
	const missing = writes.filter((write) => !findWritten(fetched, write));
	if (missing.length <= Math.max(SINGLE_READS, writes.length / 10)) {
		const failure = await fetchOneByOne(client, missing, fetched);
		if (failure) return failure;
	}
	const seen = new Map(seenIn(fetched, writes, context));
	for (const { key, held } of missing) if (held && !seen.has(key) && missing.length > SINGLE_READS) seen.set(key, { held, touched: false });
	return ok(seen);
}

function seenIn(mirror: ContactMirror, writes: readonly ContactWrite[], { listId, writtenSince }: ReadBackContext): ReadonlyMap<string, SeenContact> {
	const seen = new Map<string, SeenContact>();
	for (const write of writes) {
		const kept = findWritten(mirror, write);
		// Whole seconds: a change in the second of the first write counts as its effect.
		if (kept) seen.set(write.key, { held: toHeldContact(kept, mirror.attributeNames, listId), touched: kept.modifiedAt >= writtenSince - 1_000 });
	}
	return seen;
}

function findWritten(mirror: ContactMirror, { held, email, phone, sourceKey }: ContactWrite): KeptContact | undefined {
	if (held) return mirror.byId(Number(held.id));
	return (
		(sourceKey === undefined ? undefined : mirror.byKey(sourceKey)) ??
		(email === undefined ? undefined : mirror.byEmail(email)) ??
		(phone === undefined ? undefined : mirror.byPhone(phone))
	);
}

async function fetchOneByOne(client: BrevoClient, writes: readonly ContactWrite[], into: ContactMirror): Promise<Failure | undefined> {
	let failure: Failure | undefined;
	await inParallel(writes, PARALLEL, async (write) => {
		if (failure) return;
		const answer = await fetchWritten(client, write);
		if (answer.kind !== 'ok') failure ??= answer;
		else if (answer.value) into.put(answer.value);
	});
	return failure;
}

async function fetchWritten(client: BrevoClient, { held, email, phone, sourceKey }: ContactWrite): Promise<Result<BrevoContact | undefined>> {
	if (held) return await client.getContact(held.id, 'contact_id');
	if (email !== undefined) return await client.getContact(email, 'email_id');
	if (phone !== undefined) return await client.getContact(phone, 'phone_id');
	return sourceKey === undefined ? ok(undefined) : await client.getContact(sourceKey, 'ext_id');
}
