import { z } from 'zod';
import { recordIdOf } from '../../contact/contact';
import { compareIds } from './packedIds';

/**
 * Keys of the records of another system that contacts are linked to, in little text, for a source that tells nothing of a contact that
 * was deleted: of ids of 18 characters, 50,000 take about 1.5 MB. A line for each contact, in the order of the ids: its id, then the ids
 * of the records, each behind the number of what its key begins with.
 */
export const packedLinks = z.object({
	/** What keys begin with: system, account and object. */
	origins: z.array(z.string()),
	lines: z.string(),
});

export type PackedLinks = z.output<typeof packedLinks>;

export const NO_LINKS: PackedLinks = { origins: [], lines: '' };

/** Ids of records as vendors make them. A key that was edited by hand into something else is no link. */
const RECORD_ID = /^[A-Za-z0-9]{1,64}$/;
/** Bounds the stored state. Of contacts beyond it, those with the lowest ids, no link is known. */
const MOST_LINKED = 50_000;

const unpacked = new WeakMap<PackedLinks, ReadonlyMap<string, readonly string[]>>();

/** The keys by contact id. */
export function linksIn(packed: PackedLinks): ReadonlyMap<string, readonly string[]> {
	const known = unpacked.get(packed);
	if (known) return known;
	const links = new Map<string, readonly string[]>();
	for (const line of packed.lines.split('\n')) {
		const [id = '', ...records] = line.split(' ');
		if (id === '') continue;
		links.set(
			id,
			records.map((record) => {
				const [origin = '', recordId = ''] = record.split('.', 2);
				return `${packed.origins[Number(origin)] ?? ''}${recordId}`;
			}),
		);
	}
	unpacked.set(packed, links);
	return links;
}

/** The links with those of `set`, by contact id (no keys: none), and without those of `gone`. */
export function withLinks(
	packed: PackedLinks,
	set: ReadonlyMap<string, readonly string[]>,
	gone: Iterable<string>,
): PackedLinks {
	const known = linksIn(packed);
	const leaving = [...gone].filter((id) => known.has(id));
	if (set.size === 0 && leaving.length === 0) return packed;
	const links = new Map(known);
	for (const id of leaving) links.delete(id);
	for (const [id, keys] of set) {
		const kept = keys.filter((key) => RECORD_ID.test(recordIdOf(key)));
		if (kept.length > 0) links.set(id, kept);
		else links.delete(id);
	}
	return packLinks(links);
}

function packLinks(links: ReadonlyMap<string, readonly string[]>): PackedLinks {
	const kept = [...links].sort(([a], [b]) => compareIds(a, b)).slice(-MOST_LINKED);
	const origins = new Map<string, number>();
	const lines = kept.map(([id, keys]) => {
		const records = keys.map((key) => {
			const recordId = recordIdOf(key);
			const origin = key.slice(0, key.length - recordId.length);
			if (!origins.has(origin)) origins.set(origin, origins.size);
			return `${origins.get(origin)}.${recordId}`;
		});
		return [id, ...records].join(' ');
	});
	const packed = { origins: [...origins.keys()], lines: lines.join('\n') };
	unpacked.set(packed, new Map(kept));
	return packed;
}
