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
	/** The fields the prints are of, in their order. */
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

/** Most records of one group. */
const mostOf = (fields: readonly string[]): number =>
	Math.max(1, Math.floor(MAX_CHARACTERS / 2 / (fields.length * LENGTH + ID_LENGTH)));

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
	if (!known) return undefined;
	const size = fields.length * LENGTH;
	for (const { ids, prints } of [...printsOfFields(known, fields).groups].reverse()) {
		if (!hasId(ids, record.id)) continue;
		const start = (indexBehind(idsOf(ids), record.id) - 1) * size;
		const now = printsOf(record, fields);
		const isSame = (at: number): boolean =>
			prints.slice(start + at, start + at + LENGTH) === now.slice(at, at + LENGTH);
		return fields.filter((_name, index) => !isSame(index * LENGTH));
	}
	return undefined;
}

/** Stands for the print of a field that is followed since: it is none of a value, so the field counts as changed. */
const UNSEEN = '.'.repeat(LENGTH);

/** The prints where other fields are followed than before: those that are followed still keep theirs. */
export function printsOfFields(known: EmittedPrints, fields: readonly string[]): EmittedPrints {
	if (known.fields === nameOf(fields)) return known;
	const before = known.fields.split(',');
	const places = fields.map((name) => before.indexOf(name));
	const size = before.length * LENGTH;
	const moved = (print: string): string =>
		places.map((at) => (at === -1 ? UNSEEN : print.slice(at * LENGTH, (at + 1) * LENGTH))).join('');
	const groups = known.groups.map((group) => {
		const kept = [...unpacked(group, size)].slice(-mostOf(fields));
		return packed(new Map(kept.map(([id, print]) => [id, moved(print)])));
	});
	return { fields: nameOf(fields), groups };
}

/** The memory once these records are emitted. */
export function withEmitted(
	known: EmittedPrints | undefined,
	records: readonly EmittedValues[],
	fields: readonly string[],
): EmittedPrints {
	const { groups } = known ? printsOfFields(known, fields) : { groups: [] };
	if (records.length === 0 && known?.fields === nameOf(fields)) return known;
	const size = fields.length * LENGTH;
	const most = mostOf(fields);
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
	return { fields: nameOf(fields), groups: [...(kept ? [kept] : []), packed(newer)] };
}

function unpacked(group: EmittedPrints['groups'][number] | undefined, size: number): Map<string, string> {
	const { ids, prints } = group ?? { ids: NO_IDS, prints: '' };
	return new Map(idsOf(ids).map((id, index) => [id, prints.slice(index * size, (index + 1) * size)]));
}

function packed(prints: ReadonlyMap<string, string>): EmittedPrints['groups'][number] {
	const ids = [...prints.keys()].sort(compareIds);
	return { ids: packIds(ids), prints: ids.map((id) => prints.get(id) ?? '').join('') };
}
