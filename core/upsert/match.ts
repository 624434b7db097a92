import type { Intent } from './collapse';
import type { HeldContact, Holdings } from './destination';

/**
 * Which held contact an intent is about. `waits`: its address is still on a contact that another intent of the batch moves
 * to a new address; `taken`: its address belongs to another contact for good; `superseded`: somebody left, and the contact
 * belongs to the intent with the key `by` now.
 */
export type Match =
	| { readonly kind: 'found'; readonly held: HeldContact }
	| { readonly kind: 'none' }
	| { readonly kind: 'waits' }
	| { readonly kind: 'taken' }
	| { readonly kind: 'superseded'; readonly by: string };

/**
 * Identity: the source key first, then the address, then a former address, then the phone; each held contact belongs to
 * one intent. So a changed address becomes an update and not a second contact (HB-24). Only the address may find a contact
 * that another record of the same source made: there it is unique, so that record has lost it. `spokenFor`: see `planContacts`.
 */
export function matchContacts(
	intents: readonly Intent[],
	holdings: Holdings,
	spokenFor: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, Match> {
	const matches = new Map<string, Match>();
	const owners = new Map<string, Intent>();
	const staying = intents.filter(({ leaving }) => !leaving);
	const claim = (intent: Intent, held: HeldContact | undefined): void => {
		if (!held || matches.has(intent.key)) return;
		if (owners.has(held.id) || spokenFor.has(held.id)) return;
		owners.set(held.id, intent);
		matches.set(intent.key, { kind: 'found', held });
	};

	for (const intent of staying) claim(intent, holdings.byKey(intent.key));
	for (const intent of staying) {
		const held = intent.contact.email === undefined ? undefined : holdings.byEmail(intent.contact.email);
		const owner = held && owners.get(held.id);
		if (held && spokenFor.has(held.id)) matches.set(intent.key, { kind: 'taken' });
		else if (owner && owner !== intent) matches.set(intent.key, { kind: isMoving(owner, held) ? 'waits' : 'taken' });
		else claim(intent, held);
	}
	for (const intent of staying) {
		for (const former of intent.previousEmails) claim(intent, ownOrFree(intent, holdings.byEmail(former)));
	}
	for (const intent of staying) claim(intent, byPhone(intent, holdings));
	for (const intent of staying) checkAddress(intent, holdings, owners, matches);

	for (const intent of intents) {
		if (intent.leaving) matches.set(intent.key, matchLeaver(intent, holdings, owners));
		else if (!matches.has(intent.key)) matches.set(intent.key, { kind: 'none' });
	}
	return matches;
}

/** Whether two keys come from the same object of the same account. */
export function sameSource(key: string, other: string): boolean {
	const sourceOf = (full: string): string => full.split(':').slice(0, 3).join(':');
	return sourceOf(key) === sourceOf(other);
}

/** A contact found by its key whose new address sits on another contact. */
function checkAddress(
	intent: Intent,
	holdings: Holdings,
	owners: ReadonlyMap<string, Intent>,
	matches: Map<string, Match>,
): void {
	const match = matches.get(intent.key);
	const { email } = intent.contact;
	if (match?.kind !== 'found' || email === undefined || match.held.email === email) return;
	const holder = holdings.byEmail(email);
	if (!holder || holder.id === match.held.id) return;
	const owner = owners.get(holder.id);
	matches.set(intent.key, { kind: owner && isMoving(owner, holder) ? 'waits' : 'taken' });
}

/** A phone alone names a person only where no address speaks against it: offices share numbers. */
function byPhone(intent: Intent, holdings: Holdings): HeldContact | undefined {
	const { email, phone } = intent.contact;
	const held = phone === undefined ? undefined : ownOrFree(intent, holdings.byPhone(phone));
	return held && (email === undefined || held.email === undefined) ? held : undefined;
}

/** Not a contact that another record of the same source made: that record is another person. */
function ownOrFree(intent: Intent, held: HeldContact | undefined): HeldContact | undefined {
	const foreignRecord =
		held?.sourceKey !== undefined && held.sourceKey !== intent.key && sameSource(held.sourceKey, intent.key);
	return foreignRecord ? undefined : held;
}

/** Somebody who leaves must not take off the list whoever has their address by now. */
function matchLeaver(intent: Intent, holdings: Holdings, owners: ReadonlyMap<string, Intent>): Match {
	const { email } = intent.contact;
	const candidates = [
		holdings.byKey(intent.key),
		ownOrFree(intent, email === undefined ? undefined : holdings.byEmail(email)),
	];
	const held = candidates.find((candidate) => candidate && !owners.has(candidate.id));
	if (held) return { kind: 'found', held };
	const by = candidates.flatMap((candidate) => (candidate ? [owners.get(candidate.id)] : []))[0];
	return by ? { kind: 'superseded', by: by.key } : { kind: 'none' };
}

const isMoving = (owner: Intent, held: HeldContact): boolean =>
	owner.contact.email !== undefined && owner.contact.email !== held.email;
