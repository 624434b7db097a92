import type { Destination, Holdings } from '../../destination';
import type { Intent } from '../collapse';
import { heldByKey } from '../match/matchContacts';
import { whenToReplace } from './whoWins';
import type { WrittenValues } from './writtenValues';

/**
 * Intents whose address or number must not replace the one that the destination holds for their record (`whenToReplace`), with that one
 * instead. Only of a contact that carries the key of the record or is linked to it: another one is found by the address itself. A batch
 * then plans as if the source said the same. An opted-out record whose address is another contact's by now asks for it all the same, so
 * that its opt-out reaches that contact.
 */
export function keepIdentifiers(
	intents: readonly Intent[],
	holdings: Holdings,
	{ names }: Pick<Destination, 'names'>,
	written: WrittenValues | undefined,
): readonly Intent[] {
	return intents.map((intent) => {
		const { key, contact, leaving } = intent;
		const held = leaving || !contact.origins ? undefined : heldByKey(intent, holdings);
		if (!held) return intent;
		const holder = contact.email === undefined ? undefined : holdings.byEmail(contact.email);
		if (intent.optedOut === true && holder && holder.id !== held.id) return intent;
		const kept = (['email', 'phone'] as const).filter((identifier) => {
			const [wanted, value] = [contact[identifier], held[identifier]];
			if (wanted === undefined || value === undefined || value === wanted) return false;
			const when = whenToReplace({ key, contact, held, name: names[identifier], value }, written);
			// For the address rules of their own mean nothing: it follows.
			return when === 'ifEmpty' || when === 'never';
		});
		const identifiers = Object.fromEntries(kept.map((identifier) => [identifier, held[identifier]]));
		return kept.length === 0 ? intent : { ...intent, contact: { ...contact, ...identifiers }, keptIdentifiers: kept };
	});
}
