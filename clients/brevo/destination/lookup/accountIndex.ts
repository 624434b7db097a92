import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { Identifiers } from '../../../../core/upsert/destination';
import type { BrevoClient } from '../../api/brevoClient';
import type { BrevoContact } from '../../api/types';
import type { IdentifierKind } from './compact/identifierIndex';
import { IdentifierIndex, LARGEST_PLACE } from './compact/identifierIndex';
import { ContactMirror } from './contactMirror';
import { readByIds } from './read/readByIds';
import { toKeptContact } from './toHeldContact';

/** Identifiers of a contact, as a rule: its address, its key, and of every second one a number. */
const IDENTIFIERS_EACH = 2.5;
/** Bytes that a contact takes in an index. */
export const BYTES_IN_INDEX = 20;

/**
 * Which contacts of an account may have which identifier, and nothing else of them: about 20 bytes a contact, for accounts that are too
 * large for a mirror. The contacts of a batch are read by their ids, 20 a call. What a contact left, or was deleted with, stays in
 * it and does no harm: the contact that is read says what it has.
 */
export class AccountIndex {
	private readonly index: IdentifierIndex;
	/** Contacts that are owed a block or lists, see `KeptContact`. */
	private readonly owing = new Set<number>();
	/** False: an id is too large to be kept, so that some contacts are missing. */
	isComplete = true;

	constructor(expected: number) {
		this.index = new IdentifierIndex(expected * IDENTIFIERS_EACH);
	}

	get bytes(): number {
		return this.index.bytes;
	}

	put(contact: BrevoContact): void {
		const { id, sourceKey, email, phone, otherKeys = [], leftEmails = [], isOwed } = toKeptContact(contact, []);
		if (id > LARGEST_PLACE) this.isComplete = false;
		const add = (kind: IdentifierKind, text: string | undefined): void => {
			if (text !== undefined) this.index.add(kind, text, id);
		};
		add('sourceKey', sourceKey);
		add('email', email);
		add('phone', phone);
		for (const key of otherKeys) add('otherKeys', key);
		for (const left of leftEmails) add('leftEmails', left);
		if (isOwed) this.owing.add(id);
		else this.owing.delete(id);
	}

	/** The contacts that a batch may be about, read now. */
	async mirrorOf(
		client: BrevoClient,
		wanted: readonly Identifiers[],
		attributeNames: readonly string[],
	): Promise<Result<ContactMirror>> {
		const ids = new Set(this.owing);
		for (const one of wanted) for (const id of this.idsFor(one)) ids.add(id);
		const mirror = new ContactMirror(attributeNames, {}, false);
		const read = await readByIds(client, ids, (id, contact) => {
			if (contact) mirror.put(contact);
			else this.owing.delete(id);
		});
		return read.kind === 'ok' ? ok(mirror) : read;
	}

	private idsFor({ key, otherKeys, emails, otherEmails, phone, linkedTo }: Identifiers): number[] {
		const keys = [key, ...otherKeys, ...[linkedTo ?? []].flat()];
		const at = (kind: IdentifierKind, texts: readonly string[]): number[] =>
			texts.flatMap((text) => this.index.candidates(kind, text));
		return [
			...at('sourceKey', keys),
			...at('otherKeys', keys),
			...at('email', [...emails, ...otherEmails]),
			...at('leftEmails', emails.slice(0, 1)),
			...at('phone', phone === undefined ? [] : [phone]),
		];
	}
}
