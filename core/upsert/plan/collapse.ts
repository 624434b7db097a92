import { sortBy } from 'lodash';
import { addressForm } from '../../contact/email';
import { instantOf } from '../../instant';
import type { MappedContact, MappedFields, Warning } from '../../contact/contact';
import type { ReasonCode } from '../../outcome';
import type { ContactResult } from '../contactResult';
import { result } from '../contactResult';

/** What one person of the batch should become: their newest change, with what older ones of the batch still tell. */
export interface Intent {
	readonly key: string;
	/** Index in the batch of the change that counts. */
	readonly position: number;
	/** Left the source list, was deleted there, or was never on it: found by its key and address, and never created. */
	readonly leaving: boolean;
	/** Nothing but its opt-out is written (`ContactChange.optOutOnly`). */
	readonly optOutOnly?: true;
	/** Deleted at the source. */
	readonly deleted: boolean;
	readonly contact: MappedFields;
	/** Warnings of the mapping: why values are not there. */
	readonly unusable: readonly Warning[];
	/** When its source had read it, ms since 1970; absent where it does not say. */
	readonly readAt?: number;
	/** Its batch, where a trigger counts them; `again`: an earlier run of it failed. See `Delivery`. */
	readonly batch?: { readonly sequence: number; readonly again: boolean };
	/**
	 * Which of its identifiers are those of the destination (`keepIdentifiers`): `edited` may have been edited there, `newer` is newer than
	 * the source's, which is an echo.
	 */
	readonly keptIdentifiers?: ReadonlyMap<'email' | 'phone', 'edited' | 'newer'>;
	/** Former addresses, newest first. */
	readonly previousEmails: readonly string[];
	/** Further addresses the source has for it; see `ContactChange`. */
	readonly otherEmails: readonly string[];
	/** Keys of records that were merged into this one. */
	readonly formerKeys: readonly string[];
	/** Keys of other records of the batch with the same address: they are held as the same contact. */
	readonly sharedKeys: readonly string[];
	/** What those records should become, the newest first: one of them is planned in its place where it keeps another contact. */
	readonly doubles: readonly Intent[];
	/** See `ContactSource`. */
	readonly uniqueEmails: boolean;
	/** See `ContactSource`. */
	readonly keepsLinks?: boolean;
	/** Has just joined the source list. */
	readonly joins: boolean;
	/** Comes from a first sync. */
	readonly firstSync: boolean;
	/** Key of the record that a converted one lives on as. */
	readonly convertedTo?: string;
	/** See `ContactChange`. */
	readonly linkedTo?: readonly string[];
	/** See `ContactChange`. */
	readonly emailsTaken?: readonly string[];
	/** Of a leaver: the source's other lists it is still in. */
	readonly stillIn: readonly string[];
	readonly optedOut: boolean | null;
}

/** A change that is not written but opted out: the contact that is held for it has to be blocked all the same. */
export interface UnwrittenOptOut {
	readonly intent: Intent;
	/** What becomes of the change otherwise. */
	readonly result: ContactResult;
}

/** `settled` are results of changes that need no write, by index in the batch. */
export interface Collapsed {
	readonly intents: readonly Intent[];
	readonly optOuts: readonly UnwrittenOptOut[];
	readonly settled: ReadonlyMap<number, ContactResult>;
}

interface Draft {
	position: number;
	at: number;
	change: MappedContact;
	previousEmails: string[];
	formerKeys: string[];
	sharedKeys: string[];
	doubles: Draft[];
	optedOut: boolean | null;
}

/**
 * Leaves one change per contact and one contact per address: within a batch nothing older follows something newer, and no
 * two writes fight over one address. An opt-out is never lost on the way: it goes over to the change that counts. `isOlder` tells
 * changes that come after a newer one was written (`NewestChanges`): of those only the opt-out counts.
 */
export function collapse(
	contacts: ReadonlyArray<MappedContact | undefined>,
	isOlder: (change: MappedContact) => boolean = () => false,
): Collapsed {
	const settled = new Map<number, ContactResult>();
	const excluded: Array<{ draft: Draft; result: ContactResult }> = [];
	const exclude: Exclude = (draft, code) => void excluded.push({ draft, result: result('excluded', code) });
	const drafts = new Map<string, Draft>();
	const outdatedOptOuts: UnwrittenOptOut[] = [];
	for (const [position, given] of contacts.entries()) {
		if (!given) {
			settled.set(position, result('excluded', 'NOT_A_CONTACT'));
			continue;
		}
		const change = inNormalForm(given);
		if (isOlder(change)) {
			const outdated = result('excluded', 'OLDER_CHANGE');
			if (change.optedOut) outdatedOptOuts.push({ intent: toIntent(draftOf(change, position)), result: outdated });
			else settled.set(position, outdated);
			continue;
		}
		const older = drafts.get(change.key);
		const at = instantOfChange(change.changedAt);
		if (older && older.at > at) {
			keepHistory(older, change);
			settled.set(position, result('unchanged', 'SUPERSEDED'));
			continue;
		}
		const draft = draftOf(older ? withoutUnchanged(change) : change, position);
		if (older) {
			keepHistory(draft, older.change, older);
			settled.set(older.position, result('unchanged', 'SUPERSEDED'));
		}
		drafts.set(change.key, draft);
	}
	const staying = dropUnreachable([...drafts.values()], exclude);
	const addressed = newestPerAddress(staying, (draft) => draft.change.contact.email, exclude);
	const reachable = newestPerAddress(
		addressed,
		(draft) => (draft.change.contact.email ? undefined : draft.change.contact.phone),
		exclude,
	);
	inheritOptOuts(reachable);
	const optOuts: UnwrittenOptOut[] = [...outdatedOptOuts];
	for (const { draft, result: told } of excluded) {
		if (draft.optedOut) optOuts.push({ intent: toIntent(draft), result: told });
		else settled.set(draft.position, told);
	}
	return { intents: reachable.sort((a, b) => a.position - b.position).map(toIntent), optOuts, settled };
}

/** Of two changes of one contact the newer one does not tell what the older one changed. */
function withoutUnchanged(change: MappedContact): MappedContact {
	const { unchanged: _unchanged, ...contact } = change.contact;
	return { ...change, contact };
}

const draftOf = (change: MappedContact, position: number): Draft => ({
	position,
	at: instantOfChange(change.changedAt),
	change,
	previousEmails: formerOf(change),
	formerKeys: [...(change.mergedFrom ?? [])],
	sharedKeys: [],
	doubles: [],
	optedOut: change.optedOut,
});

type Exclude = (draft: Draft, code: ReasonCode) => void;

/** Without an address and a number there is nothing to write to; a leaver is found by its key. */
function dropUnreachable(drafts: readonly Draft[], exclude: Exclude): Draft[] {
	return drafts.filter((draft) => {
		const { email, phone } = draft.change.contact;
		if (isLeaving(draft.change) || email || phone) return true;
		exclude(draft, 'NO_IDENTIFIER');
		return false;
	});
}

function newestPerAddress(
	drafts: readonly Draft[],
	addressOf: (draft: Draft) => string | undefined,
	exclude: Exclude,
): Draft[] {
	const winners = new Map<string, Draft>();
	const others: Draft[] = [];
	for (const draft of drafts) {
		const address = isLeaving(draft.change) ? undefined : addressOf(draft);
		if (address === undefined) {
			others.push(draft);
			continue;
		}
		const known = winners.get(address);
		const [winner, loser] = !known || known.at <= draft.at ? [draft, known] : [known, draft];
		winners.set(address, winner);
		if (!loser) continue;
		exclude(loser, 'SAME_ADDRESS_TWICE');
		winner.sharedKeys.push(loser.change.key, ...loser.sharedKeys);
		winner.doubles.push(loser, ...loser.doubles.splice(0));
		// What was merged into a record that is not written has to be dealt with all the same.
		if (winner.change.source.uniqueEmails !== true) winner.formerKeys.push(...loser.formerKeys);
		if (loser.optedOut) winner.optedOut = true;
	}
	return [...others, ...winners.values()];
}

/** Where a leaver opted out and another change of the batch has its address, the opt-out goes with the address. */
function inheritOptOuts(drafts: readonly Draft[]): void {
	const optedOut = new Set(
		drafts.flatMap(({ change, optedOut: out }) =>
			isLeaving(change) && out && change.contact.email ? [change.contact.email] : [],
		),
	);
	for (const draft of drafts) {
		if (!isLeaving(draft.change) && draft.change.contact.email && optedOut.has(draft.change.contact.email))
			draft.optedOut = true;
	}
}

/** Takes over what an older change of the same contact still tells. */
function keepHistory(draft: Draft, older: MappedContact, olderDraft?: Draft): void {
	draft.previousEmails.push(
		...(older.contact.email ? [older.contact.email] : []),
		...(olderDraft?.previousEmails ?? formerOf(older)),
	);
	draft.formerKeys.push(...(olderDraft?.formerKeys ?? older.mergedFrom ?? []));
	const before = olderDraft ? olderDraft.optedOut : older.optedOut;
	draft.optedOut = before === true ? true : (draft.optedOut ?? before);
}

function deliveryOf({ delivery }: MappedContact): Pick<Intent, 'readAt' | 'batch'> {
	const { at, sequence = 0, again = false } = delivery ?? {};
	const readAt = instantOf(at);
	return { ...(readAt === undefined ? {} : { readAt }), ...(sequence > 0 ? { batch: { sequence, again } } : {}) };
}

function toIntent(draft: Draft): Intent {
	const { position, change, previousEmails, formerKeys, sharedKeys, doubles, optedOut } = draft;
	const { email } = change.contact;
	const { convertedTo, linkedTo, emailsTaken, optOutOnly, stillIn = [], otherEmails = [] } = change;
	return {
		key: change.key,
		position,
		leaving: isLeaving(change),
		deleted: change.change === 'deleted',
		contact: change.contact,
		unusable: change.warnings,
		...deliveryOf(change),
		previousEmails: [...new Set(previousEmails)].filter((former) => former !== email),
		otherEmails: [...new Set(otherEmails.map(addressForm))].filter((other) => other !== email),
		formerKeys: [...new Set(formerKeys)].filter((former) => former !== change.key),
		sharedKeys: change.source.uniqueEmails === true ? [] : sharedKeys,
		// Where addresses are unique at the source, those records have lost it.
		doubles: change.source.uniqueEmails === true ? [] : sortBy(doubles, ({ at }) => -at).map(toIntent),
		uniqueEmails: change.source.uniqueEmails === true,
		...(change.source.keepsLinks === true ? { keepsLinks: true } : {}),
		joins: change.change === 'added' && change.delivery?.phase === 'live',
		firstSync: change.delivery?.phase === 'firstSync',
		...(convertedTo === undefined ? {} : { convertedTo }),
		...(linkedTo === undefined ? {} : { linkedTo }),
		...(emailsTaken === undefined ? {} : { emailsTaken: emailsTaken.map(addressForm) }),
		...(optOutOnly ? { optOutOnly } : {}),
		stillIn,
		optedOut,
	};
}

/** With the address in the form that everything from here on compares. */
function inNormalForm(change: MappedContact): MappedContact {
	const { email } = change.contact;
	const normal = email === undefined ? undefined : addressForm(email);
	return normal === email ? change : { ...change, contact: { ...change.contact, email: normal } };
}

const isLeaving = ({ change, optOutOnly }: MappedContact): boolean =>
	change === 'removed' || change === 'deleted' || optOutOnly === true;

const formerOf = ({ previousEmail }: MappedContact): string[] => (previousEmail ? [addressForm(previousEmail)] : []);

/** A change without a readable instant counts as the oldest. */
const instantOfChange = (changedAt: string): number => instantOf(changedAt) ?? 0;
