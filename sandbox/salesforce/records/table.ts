import type { Field, Row, Value } from '../schema/fields';
import type { SObject } from '../schema/objects';

/** When a row went to the recycle bin, ms since 1970; kept with the row, but no field of it. */
export const DELETED_AT = '$deletedAt';

/** Undoes one change of a table. */
export type Undo = () => void;

/** The rows of one object, with indexes on what they are looked up by. */
export class Table {
	readonly rows = new Map<string, Row>();
	/** What a new record holds where nothing is given. */
	readonly blank: Row;
	private readonly order: string[] = [];
	private readonly indexes = new Map<string, Map<Value, Set<string>>>();
	private lastNumber = 0;

	constructor(readonly object: SObject) {
		const stored = [...object.fields.values()].filter(
			(field) => field.compute === undefined && field.type !== 'address',
		);
		this.blank = Object.fromEntries(stored.map((field) => [field.name, field.initial]));
		for (const field of object.fields.values()) if (isIndexed(field)) this.indexes.set(field.name, new Map());
	}

	/** Puts a row in, or another in its place. Returns what takes it back. */
	put(row: Row): Undo {
		const id = row['Id'] as string;
		const before = this.rows.get(id);
		this.rows.set(id, row);
		if (before === undefined) this.order.push(id);
		this.index(before, row);
		return () => {
			if (before === undefined) this.drop(id);
			else {
				this.rows.set(id, before);
				this.index(row, before);
			}
		};
	}

	/** Takes a row out for good. */
	drop(id: string): void {
		this.index(this.rows.get(id), undefined);
		this.rows.delete(id);
		this.order.splice(this.order.indexOf(id), 1);
	}

	nextNumber(): number {
		this.lastNumber += 1;
		return this.lastNumber;
	}

	/** Rows whose indexed field has this value, deleted ones too; texts without regard to case. */
	having(fieldName: string, value: Value): Row[] {
		let index = this.indexes.get(fieldName);
		if (index === undefined) {
			// A field that was made later.
			index = new Map();
			this.indexes.set(fieldName, index);
			for (const [id, row] of this.rows) addTo(index, indexKey(row[fieldName] ?? null), id);
		}
		return [...(index.get(indexKey(value)) ?? [])].map((id) => this.rows.get(id) as Row);
	}

	/**
	 * All rows in an order that follows from their number but is neither that of ids nor of time: a query without ORDER BY
	 * promises none.
	 */
	*all(): Generator<Row> {
		const count = this.order.length;
		const step = STEPS.find((one) => count % one !== 0) ?? 1;
		for (let n = 0, at = 0; n < count; n += 1, at = (at + step) % count) {
			yield this.rows.get(this.order[at] as string) as Row;
		}
	}

	private index(before: Row | undefined, after: Row | undefined): void {
		for (const [name, index] of this.indexes) {
			const old = indexKey(before?.[name] ?? null);
			const fresh = indexKey(after?.[name] ?? null);
			const id = (after ?? before)?.['Id'] as string;
			if (old !== null && old !== fresh) {
				const ids = index.get(old);
				ids?.delete(id);
				if (ids?.size === 0) index.delete(old);
			}
			addTo(index, fresh, id);
		}
	}
}

function addTo(index: Map<Value, Set<string>>, key: Value, id: string): void {
	if (key === null) return;
	const ids = index.get(key);
	if (ids === undefined) index.set(key, new Set([id]));
	else ids.add(id);
}

/** Primes, so that one of them steps through every row before it comes round. */
const STEPS = [7_919, 6_007, 5_003];

const isIndexed = (field: Field): boolean =>
	field.compute === undefined &&
	field.type !== 'id' &&
	(field.idLookup || field.externalId || ['ContactId', 'LeadId', 'AccountId', 'CampaignId'].includes(field.name));

const indexKey = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);
