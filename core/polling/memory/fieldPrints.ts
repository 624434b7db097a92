import { z } from 'zod';
import type { FieldValue } from '../../contact/contact';
import type { PackedIds } from './packedIds';
import { digitsOf } from '../../digits';
import { compareIds, idsOf, indexBehind, NO_IDS, packedIds, packIds } from './packedIds';

/**
 * Fingerprints of the fields of many contacts in little text, for a source that does not tell which fields changed: for each contact
 * one of the whole and one of each field. 100,000 contacts with ten fields take about 3.5 MB.
 */
export const fieldPrints = z.object({
	/** Which fields, in the order of the fingerprints of a contact. */
	fields: z.array(z.string()),
	ids: packedIds,
	/** The fingerprints in the order of the ids. */
	digits: z.string().regex(/^[A-Za-z0-9_.-]*$/),
});

export type FieldPrints = z.output<typeof fieldPrints>;

/** Digits, each worth six bits, of the whole: of 16 million changes one would go unnoticed by 24 bits, of a billion by 30. */
const WHOLE = 5;
/** Digits of one field: one field in 262,144 that changes beside others looks unchanged. */
const FIELD = 3;
/** Bounds the stored state. Of contacts beyond it, those with the lowest ids, it is not known which fields change. */
const MOST_DIGITS = 4_000_000;

const widthOf = (fields: readonly string[]): number => WHOLE + FIELD * fields.length;

/** Stands for a digit of what was not read: the fingerprint of the whole, or of a field that is followed since. */
const UNSEEN = '.';

/** The fingerprints where these fields are followed: those that were followed before keep theirs. */
export function printsFor(known: FieldPrints | undefined, fields: readonly string[]): FieldPrints {
	const isWhole = known?.digits.length === (known?.ids.count ?? 0) * widthOf(known?.fields ?? []);
	if (!known || !isWhole) return { fields: [...fields], ids: NO_IDS, digits: '' };
	if (known.fields.length === fields.length && known.fields.every((name, index) => name === fields[index]))
		return known;
	const places = fields.map((name) => known.fields.indexOf(name));
	const width = widthOf(known.fields);
	const ids = idsOf(known.ids);
	const digits = ids.map((_id, index) => {
		const before = known.digits.slice(index * width, (index + 1) * width);
		const ofField = (place: number): string =>
			place === -1 ? UNSEEN.repeat(FIELD) : before.slice(WHOLE + FIELD * place, WHOLE + FIELD * (place + 1));
		return UNSEEN.repeat(WHOLE) + places.map(ofField).join('');
	});
	return bounded([...fields], ids, digits.join(''));
}

/** The fingerprints of one contact. A field without a value counts as empty. */
export function printOf(
	{ fields }: Pick<FieldPrints, 'fields'>,
	values: Readonly<Record<string, FieldValue | undefined>>,
): string {
	const texts = fields.map((name) => JSON.stringify(Object.hasOwn(values, name) ? (values[name] ?? null) : null));
	return digitsOf(texts.join('\n'), WHOLE) + texts.map((text) => digitsOf(text, FIELD)).join('');
}

/**
 * What a contact with this print differs in from the one that was remembered: the names of the fields, where they can be told, none
 * when it does not differ; `unknown`: it was not remembered. Of a field that was not read before it is not known whether it changed.
 */
export function changedFieldsOf(
	prints: FieldPrints,
	id: string,
	print: string,
): readonly string[] | 'some' | 'unknown' {
	const ids = idsOf(prints.ids);
	const index = indexBehind(ids, id) - 1;
	if (ids[index] !== id) return 'unknown';
	const width = widthOf(prints.fields);
	const before = prints.digits.slice(index * width, (index + 1) * width);
	if (before === print) return [];
	const changed = prints.fields.filter((_name, field) => {
		const start = WHOLE + FIELD * field;
		return before[start] !== UNSEEN && before.slice(start, start + FIELD) !== print.slice(start, start + FIELD);
	});
	return changed.length > 0 || before.startsWith(UNSEEN) ? changed : 'some';
}

/** The fields of a contact that is remembered which were not followed when it was read last. */
export function unseenFieldsOf(prints: FieldPrints, id: string): readonly string[] {
	const ids = idsOf(prints.ids);
	const index = indexBehind(ids, id) - 1;
	const start = index * widthOf(prints.fields);
	// The print of the whole is unseen where that of a field is.
	if (ids[index] !== id || prints.digits[start] !== UNSEEN) return [];
	return prints.fields.filter((_name, field) => prints.digits[start + WHOLE + FIELD * field] === UNSEEN);
}

/** The part of the fingerprint of a contact that is about one field; undefined: it is not remembered. */
export function printOfField(prints: FieldPrints, id: string, name: string): string | undefined {
	const ids = idsOf(prints.ids);
	const index = indexBehind(ids, id) - 1;
	if (ids[index] !== id) return undefined;
	const width = widthOf(prints.fields);
	return fieldIn(prints, prints.digits.slice(index * width, (index + 1) * width), name);
}

/** The part of a whole fingerprint that is about one field. */
export function fieldIn({ fields }: Pick<FieldPrints, 'fields'>, print: string, name: string): string | undefined {
	const at = fields.indexOf(name);
	return at === -1 ? undefined : print.slice(WHOLE + FIELD * at, WHOLE + FIELD * (at + 1));
}

/** Contacts whose fingerprint of a field is one of these; of others one in 262,144 looks alike. */
export function idsWithField(
	prints: FieldPrints,
	name: string,
	wanted: ReadonlySet<string>,
): ReadonlyArray<readonly [id: string, field: string]> {
	const at = prints.fields.indexOf(name);
	if (at === -1 || wanted.size === 0) return [];
	const [width, start] = [widthOf(prints.fields), WHOLE + FIELD * at];
	return idsOf(prints.ids).flatMap((id, index) => {
		const field = prints.digits.slice(index * width + start, index * width + start + FIELD);
		return wanted.has(field) ? [[id, field] as const] : [];
	});
}

/** The fingerprints with those of `set`, by id, and without those of `removed`. */
export function withPrints(
	prints: FieldPrints,
	set: ReadonlyMap<string, string>,
	removed: Iterable<string> = [],
): FieldPrints {
	const gone = new Set([...removed].filter((id) => !set.has(id)));
	if (set.size === 0 && gone.size === 0) return prints;
	const width = widthOf(prints.fields);
	const known = idsOf(prints.ids);
	const coming = [...set].sort(([a], [b]) => compareIds(a, b));
	const ids: string[] = [];
	const digits: string[] = [];
	let from = 0;
	const copyUpTo = (end: number): void => {
		if (gone.size === 0) {
			digits.push(prints.digits.slice(from * width, end * width));
			for (let index = from; index < end; index++) ids.push(known[index] ?? '');
		} else
			for (let index = from; index < end; index++) {
				const id = known[index] ?? '';
				if (gone.has(id)) continue;
				ids.push(id);
				digits.push(prints.digits.slice(index * width, (index + 1) * width));
			}
		from = end;
	};
	for (const [id, print] of coming) {
		const behind = indexBehind(known, id);
		const isKnown = known[behind - 1] === id;
		copyUpTo(Math.max(from, isKnown ? behind - 1 : behind));
		if (isKnown) from = behind;
		ids.push(id);
		digits.push(print);
	}
	copyUpTo(known.length);
	return bounded(prints.fields, ids, digits.join(''));
}

function bounded(fields: string[], ids: readonly string[], digits: string): FieldPrints {
	const width = widthOf(fields);
	const over = Math.max(0, ids.length - Math.floor(MOST_DIGITS / width));
	const kept: PackedIds = packIds(over === 0 ? ids : ids.slice(over));
	return { fields, ids: kept, digits: over === 0 ? digits : digits.slice(over * width) };
}
