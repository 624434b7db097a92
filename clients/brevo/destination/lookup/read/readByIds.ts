import { chunk } from 'lodash';
import { inParallel } from '../../../../../core/calls/inParallel';
import { mayBeTooMuch } from '../../../../../core/calls/pages/smallerPages';
import type { Failure, Result } from '../../../../../core/result';
import { ok } from '../../../../../core/result';
import type { BrevoClient } from '../../../api/brevoClient';
import { CONTACTS_BY_ID } from '../../../api/limits';
import type { BrevoContact } from '../../../api/types';

/** Reads under way at once. */
const PARALLEL = 6;

/** Calls it takes to read so many contacts. */
export const callsToReadByIds = (count: number): number => Math.ceil(count / CONTACTS_BY_ID);

/**
 * Reads contacts by their ids, 20 a call; `take` gets undefined for an id that is gone. Those that an answer leaves out are read
 * singly, so that no contact counts as gone because the account does not filter by ids.
 */
export async function readByIds(
	client: BrevoClient,
	ids: Iterable<number>,
	take: (id: number, contact: BrevoContact | undefined) => void,
): Promise<Result<unknown>> {
	const missing: number[] = [];
	let failure: Failure | undefined;
	await inParallel(chunk([...ids], CONTACTS_BY_ID), PARALLEL, async (some) => {
		if (failure) return;
		const [only] = some;
		const read =
			some.length === 1 && only !== undefined
				? ok({ contacts: [] as BrevoContact[] })
				: await client.getContacts({ limit: CONTACTS_BY_ID, offset: 0, ids: some.map(String) });
		if (read.kind === 'refused' || (read.kind !== 'ok' && mayBeTooMuch(read))) missing.push(...some);
		else if (read.kind !== 'ok') failure ??= read;
		else {
			const found = new Map(read.value.contacts.map((contact) => [contact.id, contact]));
			for (const id of some) {
				const contact = found.get(id);
				if (contact) take(id, contact);
				else missing.push(id);
			}
		}
	});
	await inParallel(missing, PARALLEL, async (id) => {
		if (failure) return;
		const now = await client.getContact(String(id), 'contact_id');
		if (now.kind === 'ok') take(id, now.value);
		else failure ??= now;
	});
	return failure ?? ok(undefined);
}
