import { z } from 'zod';
import { compareIds, DigitReader, DigitWriter, readIds, writeIds } from './packedIds';

/**
 * Instants of many contacts in little text: which states of which contacts were handled, so that the overlap of two
 * searches costs nothing. Grouped by instant, because bulk edits give one to thousands; 100,000 contacts of one instant
 * take about half a megabyte.
 */
export const packedInstants = z.object({
	count: z.number().int().nonnegative(),
	digits: z.string().regex(/^[A-Za-z0-9_-]*$/),
});

export type PackedInstants = z.output<typeof packedInstants>;

export const NO_INSTANTS: PackedInstants = { count: 0, digits: '' };

/** Bounds the stored state. A state that is forgotten is read once more, which changes nothing. */
const MAX_HANDLED = 100_000;

const unpacked = new WeakMap<PackedInstants, ReadonlyMap<string, number>>();

/** Instants in ms since 1970 by record id. */
export function instantsOf(packed: PackedInstants): ReadonlyMap<string, number> {
	const known = unpacked.get(packed);
	if (known) return known;
	const instants = new Map<string, number>();
	const reader = new DigitReader(packed.digits);
	let at = 0;
	while (!reader.atEnd) {
		at += Number(reader.read());
		for (const id of readIds(reader, Number(reader.read()))) instants.set(id, at);
	}
	unpacked.set(packed, instants);
	return instants;
}

export function packInstants(instants: ReadonlyMap<string, number>): PackedInstants {
	if (instants.size === 0) return NO_INSTANTS;
	const groups = new Map<number, string[]>();
	for (const [id, at] of instants) {
		const group = groups.get(at);
		if (group) group.push(id);
		else groups.set(at, [id]);
	}
	const writer = new DigitWriter();
	let before = 0;
	for (const [at, ids] of [...groups].sort(([a], [b]) => a - b)) {
		writer.write(at - before);
		writer.write(ids.length);
		writeIds(writer, ids.sort(compareIds));
		before = at;
	}
	const packed = { count: instants.size, digits: writer.toString() };
	unpacked.set(packed, instants);
	return packed;
}

/** Whether this state of a contact, or a newer one, was handled. */
export function isHandled(handled: PackedInstants, id: string, at: number): boolean {
	return (instantsOf(handled).get(id) ?? -1) >= at;
}

/** Adds the states that were handled and forgets those older than `since`. */
export function remember(
	handled: PackedInstants,
	added: Iterable<readonly [id: string, at: number]>,
	since: number,
): PackedInstants {
	const known = instantsOf(handled);
	const all = new Map<string, number>();
	for (const [id, at] of known) if (at >= since) all.set(id, at);
	let changed = all.size !== known.size;
	for (const [id, at] of added) {
		if (at < since || at <= (all.get(id) ?? -1)) continue;
		all.set(id, at);
		changed = true;
	}
	if (!changed) return handled;
	return packInstants(all.size > MAX_HANDLED ? newest(all, MAX_HANDLED) : all);
}

function newest(instants: ReadonlyMap<string, number>, count: number): ReadonlyMap<string, number> {
	return new Map([...instants].sort(([, a], [, b]) => b - a).slice(0, count));
}
