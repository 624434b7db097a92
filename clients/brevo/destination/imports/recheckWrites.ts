import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ContactWrite, DestinationNames, HeldContact } from '../../../../core/upsert/destination';
import { asSeen } from '../../../../core/upsert/write/compareWithStored';
import type { ContactMirror } from '../lookup/contactMirror';
import type { FreshPicture } from '../lookup/refreshMirror';
import { IdentifierClaims } from './identifierClaims';
import { toHeldContact } from '../lookup/toHeldContact';

/**
 * What a write comes to on knowledge that is newer than its plan. `asPlanned`: nothing that matters has changed. `apart`: the
 * contact is another one by now, so no row of an import may be about it; `write` is what is left to do, by its id.
 */
type Rechecked =
	| { readonly kind: 'asPlanned' }
	| { readonly kind: 'apart'; readonly write: ContactWrite }
	| { readonly kind: 'failed'; readonly failure: Failure };

const AS_PLANNED: Rechecked = { kind: 'asPlanned' };

export interface SortedOut {
	/** Can be written as they were planned. */
	readonly rows: readonly ContactWrite[];
	/** Contacts that changed since, to be written by their ids. */
	readonly apart: readonly ContactWrite[];
	/** How many of the new contacts are there by now. */
	readonly found: number;
}

/**
 * Looks at the writes with knowledge of a few seconds ago, or of this moment with `anew`. `byImport`: a row may meet no other
 * contact either.
 */
export async function sortOut(
	writes: readonly ContactWrite[],
	listId: number | undefined,
	names: DestinationNames,
	fresh: FreshPicture,
	byImport: boolean,
	anew = false,
): Promise<Result<SortedOut>> {
	const picture = await fresh.get(anew);
	if (picture.kind !== 'ok') return picture;
	const claims = byImport ? new IdentifierClaims(writes, fresh.mirror) : undefined;
	const rows: ContactWrite[] = [];
	const apart: ContactWrite[] = [];
	let found = 0;
	for (const write of writes) {
		const checked = recheck(write, picture.value, listId, names);
		if (checked.kind === 'failed') return checked.failure;
		if (checked.kind === 'apart' && !write.held) found += 1;
		if (checked.kind === 'apart') apart.push(checked.write);
		else if (claims?.areFree(write) === false) apart.push(write);
		else rows.push(write);
	}
	return ok({ rows, apart, found });
}

/** `picture`: what Brevo holds now; contacts that are not in it count as unchanged. */
function recheck(
	write: ContactWrite,
	picture: ContactMirror,
	listId: number | undefined,
	names: DestinationNames,
): Rechecked {
	const now = whatIsHeld(write, picture, listId);
	if (!now) return AS_PLANNED;
	if (!write.held) return adopt(write, now, names);
	const seen = asSeen(write, now, { names });
	const address = now.email ?? '';
	const isFoundByAddress = address === (write.email ?? '') || address === (write.held.email ?? '');
	return seen === write && isFoundByAddress ? AS_PLANNED : { kind: 'apart', write: seen };
}

function whatIsHeld(write: ContactWrite, picture: ContactMirror, listId: number | undefined): HeldContact | undefined {
	const { held, email, phone, sourceKey } = write;
	const kept = held
		? picture.byId(Number(held.id))
		: ((sourceKey === undefined ? undefined : picture.byKey(sourceKey)) ??
			(email === undefined ? undefined : picture.byEmail(email)) ??
			(phone === undefined ? undefined : picture.byPhone(phone)));
	return kept && toHeldContact(kept, picture.attributeNames, listId);
}

/** A contact that was to be created is there by now: made by another run, or by hand in Brevo. */
function adopt(write: ContactWrite, now: HeldContact, names: DestinationNames): Rechecked {
	const { email, phone, sourceKey } = write;
	const isOther =
		(sourceKey !== undefined && now.sourceKey !== undefined && now.sourceKey !== sourceKey) ||
		(email !== undefined && now.email !== email);
	if (isOther) return { kind: 'failed', failure: MADE_MEANWHILE };
	const adopted: ContactWrite = {
		...write,
		held: now,
		email: undefined,
		phone: phone === now.phone ? undefined : phone,
		sourceKey: sourceKey === now.sourceKey ? undefined : sourceKey,
	};
	return { kind: 'apart', write: asSeen(adopted, now, { names }) };
}

const MADE_MEANWHILE: Failure = {
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: 'Another contact with the address or key of a new one was made in Brevo meanwhile',
};
