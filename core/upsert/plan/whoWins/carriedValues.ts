import { BoundedMap } from '../../../boundedMap';

/** Contacts that are remembered, about 200 bytes each with ten fields; those not written for the longest time are forgotten first. */
const MOST_CONTACTS = 20_000;

/** A batch of a trigger into a contact. */
export interface CarriedBatch {
	readonly contactId: string;
	/** Of the source. */
	readonly recordId: string;
	/** See `Delivery.sequence`: a batch that is emitted again keeps its number. */
	readonly sequence: number;
}

/**
 * Which values a batch has carried into each contact, as fingerprints of what the source holds. A run that fails after it has written is
 * repeated with its values, and whatever replaced them in between is newer.
 */
export class CarriedValues {
	/** By contact and record: the number of the newest batch, then a line for each value, with its name and fingerprint. */
	private readonly batches = new BoundedMap<string>(MOST_CONTACTS);

	/** The contact holds these values of the record: it got them with the batch, or had them. */
	note(of: CarriedBatch, values: Iterable<readonly [name: string, print: string]>): void {
		const carried = new Map([...this.of(of), ...values]);
		if (carried.size === 0) return;
		const lines = [...carried].map((value) => value.join('\t'));
		this.batches.set(nameOf(of), [of.sequence, ...lines].join('\n'));
	}

	/** Fingerprints of what the batch has carried, by the names of the values. */
	of(of: CarriedBatch): ReadonlyMap<string, string> {
		const [sequence, ...lines] = this.batches.get(nameOf(of))?.split('\n') ?? [];
		if (sequence !== String(of.sequence)) return new Map();
		return new Map(lines.map((line) => line.split('\t') as [string, string]));
	}
}

const nameOf = ({ contactId, recordId }: CarriedBatch): string => `${contactId}\t${recordId}`;
