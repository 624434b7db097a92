import { z } from 'zod';
import { cursorCircle } from '../../../../core/calls/pages/cursorCircle';
import { mayBeTooMuch } from '../../../../core/calls/pages/smallerPages';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { BrevoClient } from '../../api/brevoClient';
import { emailOf } from '../../api/contactValues';
import { CONTACTS_PER_PAGE } from '../../api/limits';
import { followPage, REPEATED_PAGES } from '../../api/repeatedPages';
import type { BrevoContact, ContactQuery } from '../../api/types';

/** Where a reading goes on: behind so many contacts, the last of which had these ids. */
export const pagePosition = z.object({
	offset: z.number(),
	tail: z.array(z.number()),
	/** Of the pages so far. */
	circle: cursorCircle.optional(),
});

export type PagePosition = z.output<typeof pagePosition>;

export const FIRST_PAGE: PagePosition = { offset: 0, tail: [] };

export interface ContactsRead {
	/** Oldest first; some of the page before come once more. */
	readonly contacts: readonly BrevoContact[];
	/** Absent: there are no more. */
	readonly next?: PagePosition;
}

/** Contacts of the page before that the next one begins with; fewer than the smallest page has. */
const OVERLAP = 25;
/** How far a page steps back at a time that does not begin with any of them, and how often. */
const STEP_BACK = 500;
const STEPS_BACK = 20;

/**
 * Reads contacts page by page in the order of their creation, the only one Brevo has. Pages are counted by offset, so a contact that
 * is deleted or leaves moves all behind it forward, and one would be passed over: each page therefore begins with the last
 * contacts of the one before, and steps back where it does not. A contact that moves back instead comes twice.
 */
export async function readContactPage(
	client: BrevoClient,
	query: Pick<ContactQuery, 'modifiedSince' | 'listIds'>,
	at: PagePosition,
): Promise<Result<ContactsRead>> {
	const known = new Set(at.tail);
	let offset = Math.max(0, at.offset - known.size);
	for (let step = 0; ; step++) {
		const from = offset;
		const read = await client.contactPages.read(
			async (limit) => await client.getContacts({ ...query, offset: from, limit }),
		);
		if (read.kind !== 'ok') return read;
		const { size } = read.value;
		const { contacts } = read.value.answer;
		const continues = offset === 0 || contacts.some(({ id }) => known.has(id));
		if (!continues && step < STEPS_BACK) {
			offset = Math.max(0, offset - STEP_BACK);
			continue;
		}
		if (contacts.length < size) return ok({ contacts });
		const circle = followPage(at.circle, contacts);
		if (circle === 'circle') return REPEATED_PAGES;
		const tail = contacts.slice(-OVERLAP).map(({ id }) => id);
		return ok({ contacts, next: { offset: offset + contacts.length, tail, circle } });
	}
}

/** Ids of one call (https://developers.brevo.com/reference/getcontacts-1). */
const IDS_PER_CALL = 20;

/** These contacts as they are now, by id; one that was deleted is absent. */
export async function readContactsById(
	client: BrevoClient,
	ids: readonly string[],
): Promise<Result<ReadonlyMap<string, BrevoContact>>> {
	const found = new Map<string, BrevoContact>();
	for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
		const some = ids.slice(start, start + IDS_PER_CALL);
		const read = await client.getContacts({ ids: some, offset: 0, limit: CONTACTS_PER_PAGE });
		if (read.kind === 'ok') for (const contact of read.value.contacts) found.set(String(contact.id), contact);
		else if (read.kind !== 'refused' && !mayBeTooMuch(read)) return read;
		// That one is not named among many may be for another reason; read by itself, Brevo says that it is not there.
		for (const id of some) {
			if (found.has(id)) continue;
			const single = await client.getContact(id, 'contact_id');
			if (single.kind !== 'ok') return single;
			if (single.value) found.set(id, single.value);
		}
	}
	return ok(found);
}

/** The addresses of these contacts, by the name they are asked under: a call for 20, and none where there are none. */
export async function readAddressesOf(
	client: BrevoClient,
	wanted: ReadonlyMap<string, readonly string[]>,
): Promise<Result<ReadonlyMap<string, readonly string[]>>> {
	const read = await readContactsById(client, [...new Set([...wanted.values()].flat())]);
	if (read.kind !== 'ok') return read;
	const addressOf = (id: string): readonly string[] => {
		const contact = read.value.get(id);
		const email = contact && emailOf(contact);
		return email === undefined ? [] : [email];
	};
	return ok(new Map([...wanted].map(([name, ids]) => [name, ids.flatMap(addressOf)])));
}
