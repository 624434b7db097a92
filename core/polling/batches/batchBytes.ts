/** JSON of one batch, so that what n8n keeps of an execution stays small: several nodes pass a copy on. */
const MOST_BYTES = 8_000_000;
/** So many contacts make a batch however large they are, so that a sync of large ones gets on. */
export const IN_ANY_BATCH = 1_000;
/** Contacts that are measured. */
const SAMPLE = 50;

/** How many contacts as large as these, on average, n8n can bear in one batch. */
export function bearableOf(contacts: readonly unknown[]): number {
	const step = Math.max(1, Math.floor(contacts.length / SAMPLE));
	const sample = contacts.filter((_, index) => index % step === 0);
	return Math.floor((MOST_BYTES * Math.max(1, sample.length)) / Math.max(1, JSON.stringify(sample).length));
}

/** Most contacts of a batch of at most `size` that begins with `contacts`, of which there are `IN_ANY_BATCH` or more. */
export const sizeWithin = (size: number, contacts: readonly unknown[]): number =>
	Math.min(size, Math.max(IN_ANY_BATCH, bearableOf(contacts)));
