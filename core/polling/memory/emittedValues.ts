import { z } from 'zod';
import type { FieldValue } from '../../contact/contact';
import { ownValue } from '../../contact/ownValues';
import { digitsOf } from '../../digits';
import { compareIds, hasId, idsOf, indexBehind, NO_IDS, packedIds, packIds } from './packedIds';

/**
 * Which values of a record were emitted last, where the source does not tell which of them changed: four characters for each field, 24
 * bits of a hash over the record, the field and the value. Two values are taken for the same in one of 16 million cases.
 *
 * Bounded by `MAX_CHARACTERS`: records are kept in two groups, the newer and the older, and when the newer one is full the older one is
 * dropped. With ten fields that is 20,000 to 25,000 records, those that were emitted last. A record that is not kept counts as changed
 * in all of its fields.
 */
export const emittedPrints = z.object({
	/** The fields the prints are of, in their order: with others all begins anew. */
	fields: z.string(),
	/** The older first; `prints` has those of each id, one after the other. */
	groups: z.array(z.object({ ids: packedIds, prints: z.string() })).max(2),
});

export type EmittedPrints = z.output<typeof emittedPrints>;

const LENGTH = 4;
/** Of what is stored in all: the state of a trigger is written as a whole. */
const MAX_CHARACTERS = 1_000_000;
/** An id takes about so many characters more. */
const ID_LENGTH = 5;

/** The values of one record that were emitted, or are now, by the names of `fields`. */
export interface EmittedValues {
	/** As `packedIds` takes it. */
	readonly id: string;
	readonly values: Readonly<Record<string, FieldValue>>;
}

const nameOf = (fields: readonly string[]): string => fields.join(',');

/** The prints of a record, those of all fields one after the other. */
function printsOf({ id, values }: EmittedValues, fields: readonly string[]): string {
	return fields
		.map((name) => digitsOf(`${id} ${name} ${JSON.stringify(ownValue(values, name) ?? null)}`, LENGTH))
		.join('');
}

/** The fields of a record whose value is another one than was emitted last; undefined where that is not known. */
export function changedFieldsOf(
	known: EmittedPrints | undefined,
	record: EmittedValues,
	fields: readonly string[],
): readonly string[] | undefined {
	if (known?.fields !== nameOf(fields)) return undefined;
	const size = fields.length * LENGTH;
	for (const { ids, prints } of [...known.groups].reverse()) {
		if (!hasId(ids, record.id)) continue;
		const start = (indexBehind(idsOf(ids), record.id) - 1) * size;
		const now = printsOf(record, fields);
		const isSame = (at: number): boolean =>
			prints.slice(start + at, start + at + LENGTH) === now.slice(at, at + LENGTH);
		return fields.filter((_name, index) => !isSame(index * LENGTH));
	}
	return undefined;
}

/** The memory once these records are emitted. */
export function withEmitted(
	known: EmittedPrints | undefined,
	records: readonly EmittedValues[],
	fields: readonly string[],
): EmittedPrints {
	const name = nameOf(fields);
	const groups = known?.fields === name ? known.groups : [];
	if (records.length === 0 && known?.fields === name) return known;
	const size = fields.length * LENGTH;
	const most = Math.max(1, Math.floor(MAX_CHARACTERS / 2 / (size + ID_LENGTH)));
	const older = groups.length > 1 ? groups[0] : undefined;
	let newer = unpacked(groups.at(-1), size);
	let kept = older;
	for (const record of records) {
		if (newer.size >= most && !newer.has(record.id)) {
			kept = packed(newer);
			newer = new Map();
		}
		newer.set(record.id, printsOf(record, fields));
	}
	return { fields: name, groups: [...(kept ? [kept] : []), packed(newer)] };
}

function unpacked(group: EmittedPrints['groups'][number] | undefined, size: number): Map<string, string> {
	const { ids, prints } = group ?? { ids: NO_IDS, prints: '' };
	return new Map(idsOf(ids).map((id, index) => [id, prints.slice(index * size, (index + 1) * size)]));
}

function packed(prints: ReadonlyMap<string, string>): EmittedPrints['groups'][number] {
	const ids = [...prints.keys()].sort(compareIds);
	return { ids: packIds(ids), prints: ids.map((id) => prints.get(id) ?? '').join('') };
}
