import type { Parking } from './addressSwaps';
import type { Batch } from './batch';
import type { Intent } from './collapse';
import type { HeldContact } from '../destination';

/**
 * Why a contact cannot have its address or number in this round.
 *
 * | held by | obstacle | so the contact |
 * | --- | --- | --- |
 * | a contact of the batch that leaves the list or goes to another address | `waits` | comes in a later round; in a ring, one moves aside |
 * | a contact of the batch that gets another number | `waitsForNumber` | comes later, or goes without the number |
 * | a contact that no intent needs, see `mayGiveWay` | `inTheWay` | comes in the next round, once that one moved aside |
 * | any other contact | `taken` | is given up |
 */
export type Obstacle =
	| { readonly kind: 'taken'; readonly holder: HeldContact }
	| { readonly kind: 'waits'; readonly owner: Intent }
	| { readonly kind: 'waitsForNumber' }
	| { readonly kind: 'inTheWay'; readonly holder: HeldContact };

/** What stands between the contacts of a batch and the addresses and numbers they want. */
export class Obstacles {
	constructor(
		private readonly batch: Batch,
		private readonly parking: Parking,
	) {}

	/** `patient`: an intent that wants a number another one of the batch is about to give up waits for it. */
	of(intent: Intent, patient: boolean): Obstacle | undefined {
		const { batch } = this;
		// Nothing gets an address or a number.
		if (batch.writesBlocksOnly) return undefined;
		const own = batch.currentOf(intent);
		const { email, phone } = intent.contact;
		const holder = email === undefined || email === own?.email ? undefined : batch.state.byEmail(email);
		if (holder && holder.id !== own?.id) {
			const owner = batch.openOwnerOf(holder);
			if (!owner) return { kind: this.parking.mayGiveWay(holder, intent) ? 'inTheWay' : 'taken', holder };
			const leaves = owner.contact.email !== undefined && owner.contact.email !== holder.email;
			if (batch.destination.sharesEmails && (owner.leaving || leaves)) return undefined;
			return owner.leaving || leaves ? { kind: 'waits', owner } : { kind: 'taken', holder };
		}
		const sharer = !patient || phone === undefined || phone === own?.phone ? undefined : batch.state.byPhone(phone);
		const owner = sharer && sharer.id !== own?.id ? batch.openOwnerOf(sharer) : undefined;
		const givesUp = owner && !owner.leaving && owner.contact.phone !== undefined && owner.contact.phone !== phone;
		return givesUp ? { kind: 'waitsForNumber' } : undefined;
	}

	/** Whether those a contact waits for can go on, as far as this can be told. */
	clearFor(intent: Intent, waiting: readonly Intent[] = []): boolean {
		const ring = waiting.slice(waiting.indexOf(intent));
		if (waiting.includes(intent)) return this.parking.canBreak(ring);
		const obstacle = this.of(intent, false);
		if (obstacle?.kind !== 'waits') return obstacle?.kind !== 'taken';
		return !obstacle.owner.leaving && this.clearFor(obstacle.owner, [...waiting, intent]);
	}
}

/** Which contact of the round gets a number that several want: its holder, else the first. */
export function claimPhones(ready: readonly Intent[], batch: Batch): ReadonlyMap<string, string> {
	const claims = new Map<string, string>();
	const staying = ready.filter(({ leaving }) => !leaving);
	for (const intent of staying) {
		const { phone } = intent.contact;
		if (phone !== undefined && batch.currentOf(intent)?.phone === phone) claims.set(phone, intent.key);
	}
	for (const { key, contact } of staying)
		if (contact.phone !== undefined && !claims.has(contact.phone)) claims.set(contact.phone, key);
	return claims;
}
