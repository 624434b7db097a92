import { instantOf } from '../../instant';
import { BoundedMap } from '../../boundedMap';
import type { MappedContact } from '../../contact/contact';

/** Changes remembered at most, about 10 MB; the ones that were not met for the longest time are forgotten first. */
const MOST_REMEMBERED = 50_000;

/** How new a change is: by the delivery of its trigger, or else by the instant it names. */
interface Age {
	readonly at: number;
	/** Number of the batch; absent for items that come from no trigger of ours. */
	readonly sequence?: number;
}

/**
 * The newest change of each contact that this process wrote to an account, so that an older one never overwrites it: n8n's button
 * *Retry* runs a batch of then once more, which its trigger delivered again long since.
 *
 * | both carry a delivery | older is what |
 * | --- | --- |
 * | yes | was emitted earlier, and in no later batch: a clock that was put back does not make a change older |
 * | no | names an earlier `changedAt` |
 * | one of them | cannot be told; it is written |
 *
 * A contact that was read on demand (`resync`) has no place among the batches of a trigger: it is older when any later delivery of
 * it was written, whichever list that was of.
 */
export class NewestChanges {
	private readonly ages = new BoundedMap<Age>(MOST_REMEMBERED);
	/** When the newest delivery of a contact was emitted, of whatever list. */
	private readonly delivered = new BoundedMap<number>(MOST_REMEMBERED);

	/** Whether a newer change of the contact was written to the list. */
	isOlder(listId: string | undefined, contact: MappedContact): boolean {
		const age = ageOf(contact);
		if (contact.delivery?.phase === 'resync')
			return age !== undefined && age.at < (this.delivered.get(nameOfAny(listId, contact)) ?? age.at);
		const newest = this.ages.get(nameOf(listId, contact));
		if (!newest || !age || (newest.sequence === undefined) !== (age.sequence === undefined)) return false;
		return age.at < newest.at && (age.sequence ?? 0) <= (newest.sequence ?? 0);
	}

	/** The change arrived. */
	note(listId: string | undefined, contact: MappedContact): void {
		const age = ageOf(contact);
		if (!age || this.isOlder(listId, contact)) return;
		const { delivery } = contact;
		if (delivery?.phase !== 'resync') this.ages.set(nameOf(listId, contact), age);
		if (!delivery) return;
		const any = nameOfAny(listId, contact);
		this.delivered.set(any, Math.max(age.at, this.delivered.get(any) ?? age.at));
	}
}

/** Two lists of a source are two syncs, which do not deliver in one order. */
const nameOf = (listId = '', { key, source }: MappedContact): string => `${listId}|${source.list ?? ''}|${key}`;

const nameOfAny = (listId = '', { key }: MappedContact): string => `${listId}|${key}`;

function ageOf({ delivery, changedAt }: MappedContact): Age | undefined {
	const at = instantOf(delivery ? delivery.at : changedAt);
	return at === undefined ? undefined : { at, ...(delivery ? { sequence: delivery.sequence } : {}) };
}
