import type { FieldValue } from '../../../../core/contact/contact';
import type { ContactWrite } from '../../../../core/upsert/destination';
import type { BrevoAttribute } from '../../api/types';

/** Longest text, largest number, first and last date that Brevo stores (help page 10582214160274). */
const MAX_TEXT_LENGTH = 10_000;
const MAX_NUMBER = 1e15;
const FIRST_DATE = '1900-01-01';
const LAST_DATE = '2050-12-31';
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Which attributes the imports of an account drop although single writes store them, as was reported of yes/no values
 * (sendinblue/APIv3-python-library #95). Learnt from what imports do, so that an account where they are stored pays nothing.
 */
export class BulkMemory {
	private readonly droppedInBulk = new Set<string>();
	private readonly droppedSingly = new Set<string>();
	/** Attributes that an import carried of which it was not seen what became: the run gave up waiting. */
	private readonly unconfirmed = new Set<string>();

	/** An import with these rows is under way. */
	sent(writes: readonly ContactWrite[]): void {
		for (const { attributes } of writes)
			for (const [name, value] of Object.entries(attributes)) if (value !== null) this.unconfirmed.add(name);
	}

	/** It was seen what became of every import. */
	confirmed(): void {
		this.unconfirmed.clear();
	}

	/** A single write stored values that an earlier import, of which it was not seen what became, may have left out. */
	storedAfterImport({ attributes }: ContactWrite): void {
		for (const name of Object.keys(attributes)) if (this.unconfirmed.has(name)) this.droppedInBulk.add(name);
	}

	/** Whether an import would leave out a value of the write, so that one single write is the shorter way. */
	losesAnyOf({ attributes }: ContactWrite): boolean {
		return Object.entries(attributes).some(([name, value]) => value !== null && this.droppedInBulk.has(name));
	}

	/** Whether a single write may store a value that an import dropped. */
	isWorthSingly(attribute: BrevoAttribute | undefined, value: FieldValue | undefined): boolean {
		if (!attribute || (this.droppedSingly.has(attribute.name) && !this.droppedInBulk.has(attribute.name))) return false;
		return isStorable(attribute, value);
	}

	learn(stored: readonly string[], dropped: readonly string[]): void {
		for (const name of stored) this.droppedInBulk.add(name);
		for (const name of dropped) this.droppedSingly.add(name);
	}
}

/** Attributes whose values an import may drop; what is text or a number, it stores. */
const DROPPABLE: ReadonlySet<string> = new Set(['boolean', 'date', 'multiple-choice']);

/**
 * Whether a contact lacks no values but those that imports may drop. After an import that was not seen to end, another one would
 * drop them again, and be waited for in vain, in every delivery.
 */
export function lacksDroppableOnly(
	{ held, attributes }: ContactWrite,
	known: ReadonlyMap<string, BrevoAttribute>,
): boolean {
	const names = Object.keys(attributes);
	if (!held || names.length === 0) return false;
	return names.every((name) => attributes[name] !== null && DROPPABLE.has(known.get(name)?.type ?? ''));
}

/** Whether the value has a form that Brevo stores for the attribute: one of a wrong type is dropped on every path. */
function isStorable(
	{ category, type, enumeration, multiCategoryOptions = [] }: BrevoAttribute,
	value: unknown,
): boolean {
	if (value === null || value === undefined || value === '') return false;
	if (category === 'category') return isOption(enumeration, value);
	switch (type) {
		case 'boolean':
			return typeof value === 'boolean';
		case 'float':
		case 'id':
			return typeof value === 'number' && Math.abs(value) < MAX_NUMBER;
		case 'date':
			return typeof value === 'string' && DATE.test(value) && value >= FIRST_DATE && value <= LAST_DATE;
		case 'multiple-choice':
			return Array.isArray(value) && value.some((option) => multiCategoryOptions.includes(String(option)));
		default:
			return typeof value === 'string' && [...value].length <= MAX_TEXT_LENGTH;
	}
}

function isOption(enumeration: BrevoAttribute['enumeration'] = [], value: unknown): boolean {
	const text = String(value).trim().toLowerCase();
	return enumeration.some(
		({ value: number, valueStr, label }) =>
			(valueStr ?? String(number)).toLowerCase() === text || label.toLowerCase() === text,
	);
}
