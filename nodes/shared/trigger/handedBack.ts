import type { ContactChange } from '../../../core/contact/contact';

/**
 * Record ids that Contact List Upsert found at its destination when a trigger began without a memory, until that trigger takes
 * them. They reach it only where both run in one process: in queue mode n8n tells the trigger nothing of what a worker's run
 * came to but its status (measured on 2.41).
 */
const held = new Map<string, Set<string>>();
const MOST_RUNS = 50;

/** Names the batch by what its items say; the sequence keeps one begun before from being taken for this one. */
const nameOf = (workflow: string | undefined, { source, delivery }: Marked): string =>
	[workflow, source.system, source.account, source.object, delivery?.sequence].join(':');

type Marked = Pick<ContactChange, 'source' | 'delivery'>;

/** Several nodes may hand back for one batch, each for its own list. */
export function handBack(workflow: string | undefined, batch: Marked, ids: Iterable<string>): void {
	const name = nameOf(workflow, batch);
	const all = held.get(name) ?? new Set();
	for (const id of ids) all.add(id);
	held.delete(name);
	held.set(name, all);
	const [oldest] = held.size > MOST_RUNS ? held.keys() : [];
	if (oldest !== undefined) held.delete(oldest);
}

/** Takes what was handed back for a batch; undefined where nothing was. */
export function takeHeld(workflow: string | undefined, batch: Marked): readonly string[] | undefined {
	const name = nameOf(workflow, batch);
	const found = held.get(name);
	held.delete(name);
	return found && [...found];
}
