import type { Fields } from '../contacts/fields';

/** Most records of one address whose values are put together; a contact may stand in hundreds of segments, which say the same. */
const MOST_JOINED = 50;

/** The fields of one contact, which are made from what is kept when they are asked for. */
export class HeldFields {
	constructor(
		private readonly make: (address: string, numbers: readonly number[]) => Fields,
		private readonly numbers: number | readonly number[],
	) {}

	read(address: string): Fields {
		const { numbers } = this;
		return this.make(address, typeof numbers === 'number' ? [numbers] : numbers.slice(0, MOST_JOINED));
	}
}

/** Where a contact keeps its fields, or what they are made from. A symbol is in no JSON and in no copy. */
const HELD = Symbol('fields');

interface WithFields {
	readonly email: string;
	[HELD]: Fields | HeldFields;
}

/** One description for all contacts, so that they have one shape. Code that reads, copies or writes it sees a value like any other. */
const FIELDS: PropertyDescriptor & ThisType<WithFields> = {
	enumerable: true,
	configurable: true,
	get() {
		const held = this[HELD];
		return held instanceof HeldFields ? (this[HELD] = held.read(this.email)) : held;
	},
	set(fields: Fields) {
		this[HELD] = fields;
	},
};

/**
 * A contact with fields that are made when they are first read: those of 400,000 contacts in 67 columns would take a gigabyte, and most columns
 * of most contacts are never asked for. `fields` stands between what comes before and behind; a value that were redefined would cost each contact
 * a table of its own.
 */
export function withHeldFields<Before extends { readonly email: string }, Behind extends object>(
	before: Before,
	held: HeldFields,
	behind: Behind,
): Before & { readonly fields: Fields } & Behind {
	Object.defineProperty(before, 'fields', FIELDS);
	Object.assign(before, behind);
	Object.defineProperty(before, HELD, { value: held, writable: true, enumerable: false });
	return before as Before & { readonly fields: Fields } & Behind;
}
