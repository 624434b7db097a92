import { BoundedMap } from '../../../boundedMap';

/** Entries that are remembered, about 200 bytes each with ten fields; those not noted for the longest time are forgotten first. */
const MOST_ENTRIES = 20_000;

/** A batch of a trigger, and what something is known of in it: a record, or a contact that gets its values. */
export interface InBatch {
	readonly name: string;
	/** See `Delivery.sequence`: a batch that is emitted again keeps its number. */
	readonly sequence: number;
}

/** Fingerprints of values that a batch, however often it is emitted, says something of; of an earlier batch nothing is left. */
export class BatchValues {
	/** By name: the number of the newest batch, then a line for each value, with its name and fingerprint. */
	private readonly batches = new BoundedMap<string>(MOST_ENTRIES);

	note(of: InBatch, values: Iterable<readonly [name: string, print: string]>): void {
		const all = new Map([...this.of(of), ...values]);
		if (all.size === 0) return;
		const lines = [...all].map((value) => value.join('\t'));
		this.batches.set(of.name, [of.sequence, ...lines].join('\n'));
	}

	/** Fingerprints by the names of the values. */
	of({ name, sequence }: InBatch): ReadonlyMap<string, string> {
		const [noted, ...lines] = this.batches.get(name)?.split('\n') ?? [];
		if (noted !== String(sequence)) return new Map();
		return new Map(lines.map((line) => line.split('\t') as [string, string]));
	}
}
