import { addressForm, otherSpellings } from '../../../../../core/contact/email';
import type { Failure, Result } from '../../../../../core/result';
import { ok } from '../../../../../core/result';
import type { Identifiers } from '../../../../../core/upsert/destination';
import { inParallel } from '../../../../../core/calls/inParallel';
import type { BrevoClient } from '../../../api/brevoClient';
import type { OwedBlocks } from '../../updateKeepingBlock';
import { oweAsNoted, restoreOwedBlocks } from '../../updateKeepingBlock';
import type { OwnNotes } from '../../notes/contactNotes';
import { keyNotes } from '../../../api/noteAttributes';
import { EXTERNAL_ID, phoneOf } from '../../../api/contactValues';
import type { BrevoContact } from '../../../api/types';

/** Reads under way at once. */
const PARALLEL = 6;

/** Calls it takes, on average, to find one contact by itself: by key, else by address, and the contact that has a new number. */
export const CALLS_PER_CONTACT = 2;

/** Statuses of a refusal that is about what was asked for (malformed, too long) and not about the account. */
const ABOUT_THE_IDENTIFIER: ReadonlySet<number> = new Set([400, 414, 422]);

/** Whether only this one contact cannot be looked up. */
export const isAboutIdentifier = (failure: Failure): boolean =>
	failure.kind === 'refused' && ABOUT_THE_IDENTIFIER.has(failure.status ?? 0);

export interface SingleReads {
	readonly found: readonly BrevoContact[];
	/** Contacts that Brevo refuses to look up, by key. */
	readonly refused: ReadonlyMap<string, Failure>;
}

/**
 * Looks contacts up one by one: by key, by address, by the keys of merged records, by former and further addresses. Where the address
 * changes, its present holder is read too. So is the holder of a number that is new to the contact: two contacts cannot
 * share one, and a dry run is to know that as well as the real one. Where the account has notes of ours, each kind costs a call for
 * a contact that is found neither by its key nor by its address. `showKeys`: a contact that is found by its key shows it, also
 * where Brevo does not.
 */
export async function readOneByOne(
	client: BrevoClient,
	wanted: readonly Identifiers[],
	notes?: OwnNotes,
	showKeys = false,
): Promise<Result<SingleReads>> {
	const found: BrevoContact[] = [];
	const refused = new Map<string, Failure>();
	let failure: Failure | undefined;
	await inParallel(wanted, PARALLEL, async ({ key, otherKeys, emails, otherEmails, phone }) => {
		const [email, ...former] = emails;
		const look = async (
			identifier: string,
			type: 'email_id' | 'ext_id' | 'phone_id',
		): Promise<BrevoContact | undefined> => {
			if (failure) return undefined;
			const answer = await client.getContact(identifier, type);
			if (answer.kind === 'ok') {
				const isByKey = showKeys && type === 'ext_id';
				const contact = answer.value && (isByKey ? withKey(answer.value, identifier) : answer.value);
				if (contact) found.push(contact);
				return contact;
			}
			if (!isAboutIdentifier(answer)) failure ??= answer;
			// What else a contact may be found by is worth a try, and a bad number is named when it is written.
			else if (identifier === key || identifier === email) refused.set(key, answer);
			return undefined;
		};
		const lookInNotes = async (kind: 'keys' | 'left', text: string): Promise<BrevoContact | undefined> => {
			const noted = failure ? undefined : await notes?.find(kind, text);
			if (noted?.kind !== 'ok') failure ??= noted;
			else if (noted.value) found.push(noted.value);
			return noted?.kind === 'ok' ? noted.value : undefined;
		};
		const lookByEmail = async (address: string): Promise<BrevoContact | undefined> => {
			for (const spelling of [address, ...otherSpellings(address)]) {
				const found = await look(spelling, 'email_id');
				if (found) return found;
			}
			return undefined;
		};
		const hasEmail = (contact: BrevoContact | undefined): boolean => email === addressForm(contact?.email ?? '');
		const seen: Array<BrevoContact | undefined> = [];
		let byKey = await look(key, 'ext_id');
		let holder: BrevoContact | undefined;
		if (email !== undefined && !hasEmail(byKey)) holder = await lookByEmail(email);
		if (!byKey && !(holder && keyNotes(holder).includes(key))) byKey = await lookInNotes('keys', key);
		if (email !== undefined && !hasEmail(byKey) && !holder) await lookInNotes('left', email);
		seen.push(byKey, holder);
		for (const otherKey of otherKeys)
			seen.push((await look(otherKey, 'ext_id')) ?? (await lookInNotes('keys', otherKey)));
		if (!byKey) for (const address of former) seen.push(await lookByEmail(address));
		for (const address of otherEmails) await lookByEmail(address);
		if (phone !== undefined && !seen.some((contact) => contact && phoneOf(contact) === phone))
			await look(phone, 'phone_id');
	});
	return failure ?? ok({ found, refused });
}

const withKey = (contact: BrevoContact, key: string): BrevoContact =>
	contact.ext_id || contact.attributes[EXTERNAL_ID] ? contact : { ...contact, ext_id: key };

/** The same, after blocks were restored that a note on one of them says are owed; then they are read again. */
export async function readWithoutOwing(
	client: BrevoClient,
	wanted: readonly Identifiers[],
	notes: OwnNotes | undefined,
	owed: OwedBlocks,
	showKeys = false,
): Promise<Result<SingleReads>> {
	const read = await readOneByOne(client, wanted, notes, showKeys);
	if (read.kind !== 'ok') return read;
	if (read.value.found.filter((contact) => oweAsNoted(contact, owed)).length === 0) return read;
	const restored = await restoreOwedBlocks(client, owed);
	return restored.kind === 'ok' ? await readOneByOne(client, wanted, notes, showKeys) : restored;
}
