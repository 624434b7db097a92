import { uniqBy } from 'lodash';

/** The batch of a trigger that tasks belong to, and the execution that asks for them. */
export interface Delivery {
	/** Names the trigger. */
	readonly key: string;
	/** Of the batch; the same when it is delivered again. */
	readonly sequence: number;
	/** n8n's id of the execution. */
	readonly execution: string;
}

/**
 * What was counted for the latest batch of a trigger. A run that fails after its tasks were counted comes back with the
 * same contacts: they are not counted a second time.
 */
export interface CountedDelivery extends Delivery {
	/** Tasks counted for earlier executions that `execution` has not asked for again yet. */
	readonly before: number;
	/** Tasks that `execution` was granted. */
	readonly done: number;
}

/** Triggers that a row remembers, the latest first. One that drops out is counted again, never too little. */
export const REMEMBERED_DELIVERIES = 30;

/** One delivery in the cell; blanks part them: `key/sequence/execution/before/done`. */
const ENTRY = /^([\w-]{1,64})\/(\d{1,15})\/([\w-]{1,64})\/(\d{1,15})\/(\d{1,15})$/;

/** The deliveries of a cell, and whether something in it means nothing. */
export function readDeliveries(cell: unknown): { deliveries: readonly CountedDelivery[]; strange: boolean } {
	const text = typeof cell === 'string' ? cell : '';
	const parts = text.split(/\s+/).filter((part) => part !== '');
	const deliveries = parts.flatMap((part) => {
		const [, key, sequence, execution, before, done] = ENTRY.exec(part) ?? [];
		return key === undefined || execution === undefined
			? []
			: [{ key, sequence: Number(sequence), execution, before: Number(before), done: Number(done) }];
	});
	const isText = typeof cell === 'string' || cell === null || cell === undefined;
	return { deliveries: uniqBy(deliveries, 'key'), strange: !isText || deliveries.length < parts.length };
}

/** The cell of the latest deliveries. One that could not be read again, as without an execution, is not remembered. */
export const deliveriesText = (deliveries: readonly CountedDelivery[]): string =>
	deliveries
		.map(({ key, sequence, execution, before, done }) => [key, sequence, execution, before, done].join('/'))
		.filter((entry) => ENTRY.test(entry))
		.slice(0, REMEMBERED_DELIVERIES)
		.join(' ');

/** As the cell holds it: other signs than those of a word would part it. */
const word = (text: string): string => text.replace(/[^\w-]/g, '_').slice(-64);

/** The state of a batch as an execution meets it. Of another batch or another trigger nothing is known yet. */
function metBy({ key, sequence, execution }: Delivery, known: readonly CountedDelivery[]): CountedDelivery {
	const mine = { key: word(key), sequence, execution: word(execution) };
	const found = known.find((one) => one.key === mine.key && one.sequence === sequence);
	if (!found) return { ...mine, before: 0, done: 0 };
	return found.execution === mine.execution ? found : { ...mine, before: found.before + found.done, done: 0 };
}

/** How many of `tasks` were counted when the batch was delivered before. */
export const alreadyCounted = (delivery: Delivery, known: readonly CountedDelivery[], tasks: number): number =>
	Math.min(metBy(delivery, known).before, tasks);

/** What is known once an execution was granted tasks, `already` of which had been counted before. */
export function afterGrant(
	delivery: Delivery,
	known: readonly CountedDelivery[],
	{ already, granted }: { readonly already: number; readonly granted: number },
): readonly CountedDelivery[] {
	const met = metBy(delivery, known);
	return firstKnown([{ ...met, before: met.before - already, done: met.done + granted }], known);
}

/** Deliveries of which each is known to `first` or to `others` only: of a trigger that both know, `first` is right. */
export const firstKnown = (
	first: readonly CountedDelivery[],
	others: readonly CountedDelivery[],
): readonly CountedDelivery[] => uniqBy([...first, ...others], 'key');

/**
 * What two rows counted beside one another: tasks of one batch add up, of two batches of a trigger the later one stays.
 */
export function unitedDeliveries(
	a: readonly CountedDelivery[],
	b: readonly CountedDelivery[],
): readonly CountedDelivery[] {
	const united = a.map((one) => {
		const other = b.find(({ key }) => key === one.key);
		if (!other || other.sequence < one.sequence) return one;
		if (other.sequence > one.sequence) return other;
		const met = metBy(one, [other]);
		return { ...one, before: one.before + met.before, done: one.done + met.done };
	});
	return firstKnown(united, b);
}
