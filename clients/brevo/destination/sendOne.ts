import type { Warning } from '../../../core/contact/contact';
import type { Clock } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { warning } from '../../../core/upsert/contactResult';
import type { ContactWrite, DestinationNames, SentCall } from '../../../core/upsert/destination';
import type { BrevoClient } from '../api/brevoClient';
import { EMAIL } from '../api/contactValues';
import { contactBody } from './arrangeWrites';
import type { RunImports } from './imports/importsOfRun';
import type { AccountContacts } from './lookup/accountContacts';
import type { OwnNotes } from './notes/contactNotes';
import { updateKeepingBlock } from './updateKeepingBlock';

/** What every call of a run is sent with. */
export interface SendContext {
	readonly client: BrevoClient;
	readonly account: AccountContacts;
	readonly clock: Clock;
	readonly imports: RunImports;
	readonly names: DestinationNames;
	/** Absent in a dry run whose list does not exist yet. */
	readonly listId?: number;
	/** Name of the account, see `accountKey`. */
	readonly accountName: string;
	readonly notes?: OwnNotes;
}

/** Writes one contact by a call of its own: creates it, or updates it by its id. */
export async function sendOne(
	write: ContactWrite,
	{ client, account, listId, notes }: SendContext,
): Promise<Result<SentCall>> {
	const body = contactBody(write, listId);
	if (!write.held) {
		const email = write.email === undefined ? {} : { email: write.email };
		const created = await client.createContact({ ...body, ...email });
		return created.kind === 'ok' ? ok({ pending: false }) : created;
	}
	if (write.email === undefined && write.phone === undefined) {
		const updated = await client.updateContact(write.held.id, body);
		return updated.kind === 'ok' ? ok({ pending: false }) : orContactGone(write.held.id, updated, account);
	}
	const attributes = { ...body.attributes, ...(write.email === undefined ? {} : { [EMAIL]: write.email }) };
	const guarded = await updateKeepingBlock({ client, owed: account.owedBlocks, notes }, write.held.id, {
		...body,
		attributes,
	});
	if (guarded.kind !== 'ok') return orContactGone(write.held.id, guarded, account);
	const warnings = new Map<string, Warning[]>();
	const { blockRestored, leftUnnoted } = guarded.value;
	const told = [
		...(blockRestored ? [warning('emailBlacklisted', 'BLOCK_RESTORED')] : []),
		...(leftUnnoted ? [warning(EMAIL, 'NOTE_NOT_KEPT')] : []),
	];
	if (told.length > 0) warnings.set(write.key, told);
	return ok({ pending: false, warnings });
}

/** A contact that was deleted since it was read: the next delivery reads the account anew and makes it again. */
function orContactGone(contactId: string, failure: Failure, account: AccountContacts): Failure {
	if (failure.kind !== 'refused' || failure.status !== 404) return failure;
	account.forget();
	return { kind: 'retry', code: 'UNAVAILABLE', reason: `Brevo contact ${contactId} was deleted meanwhile` };
}
