import type { Destination, Holdings } from '../../destination';
import type { Intent } from '../collapse';
import { heldByKey } from '../match/matchContacts';
import { whoWins } from './whoWins';
import type { WrittenValues } from './writtenValues';

/**
 * Intents whose address or number must not replace the one that the destination holds for their record (`whoWins`), with that one
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
		const { contact, leaving } = intent;
		const held = leaving || !(contact.origins || contact.unchanged) ? undefined : heldByKey(intent, holdings);
		if (!held) return intent;
		const holder = contact.email === undefined ? undefined : holdings.byEmail(contact.email);
		if (intent.optedOut === true && holder && holder.id !== held.id) return intent;
		// A rule of its own means nothing for an address: it follows whenever it changes.
		const when = whoWins({ ...intent, contact: { ...contact, overwrite: {} } }, held, written);
		const keptIdentifiers = new Map<'email' | 'phone', 'edited' | 'newer'>();
		for (const identifier of ['email', 'phone'] as const) {
			const [wanted, value] = [contact[identifier], held[identifier]];
			if (wanted === undefined || value === undefined || value === wanted) continue;
			const rule = when(names[identifier], value);
			if (rule !== 'always') keptIdentifiers.set(identifier, rule === 'never' ? 'newer' : 'edited');
		}
		const identifiers = Object.fromEntries([...keptIdentifiers.keys()].map((name) => [name, held[name]]));
		return { ...intent, contact: { ...contact, ...identifiers }, keptIdentifiers };
	});
}
