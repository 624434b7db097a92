import type { PropertyDefinition } from '../entities';
import { HubSpotError, validationError } from '../errors';
import { instantOf } from './propertyValues';
import { valueOf } from './contactValues';
import type { ContactStore } from './contactStore';
import type { SeenContact } from './searchIndex';

export interface Filter {
	readonly propertyName: string;
	readonly operator: Operator;
	readonly value?: string;
	readonly highValue?: string;
	readonly values?: readonly string[];
}

export const OPERATORS = [
	'EQ',
	'NEQ',
	'LT',
	'LTE',
	'GT',
	'GTE',
	'BETWEEN',
	'IN',
	'NOT_IN',
	'HAS_PROPERTY',
	'NOT_HAS_PROPERTY',
	'CONTAINS_TOKEN',
	'NOT_CONTAINS_TOKEN',
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Sort {
	readonly propertyName: string;
	readonly direction: 'ASCENDING' | 'DESCENDING';
}

export interface Query {
	readonly groups: ReadonlyArray<readonly Filter[]>;
	readonly sort?: Sort;
	readonly text?: string;
}

type Test = (contact: SeenContact) => boolean;

/**
 * All contacts that match, in order, as search sees them (indexing delay included). Archived ones never appear. Without a
 * sort, and among equal sort values, the order is stable but not by id: HubSpot promises none.
 */
export function searchContacts(store: ContactStore, query: Query): SeenContact[] {
	const groups = query.groups.map((filters) => filters.map((filter) => testOf(store.definitions, filter)));
	const text = query.text?.trim().toLowerCase() ?? '';
	store.index.catchUp();
	const hits: SeenContact[] = [];
	for (const contact of store.contacts.values()) {
		const seen = store.index.seen(contact);
		if (seen === undefined) continue;
		if (text !== '' && !holdsText(seen, text)) continue;
		if (groups.length === 0 || groups.some((tests) => tests.every((test) => test(seen)))) hits.push(seen);
	}
	return inOrder(store.definitions, hits, query.sort);
}

function inOrder(
	definitions: ReadonlyMap<string, PropertyDefinition>,
	hits: SeenContact[],
	sort: Sort | undefined,
): SeenContact[] {
	const definition = sort === undefined ? undefined : mustExist(definitions, sort.propertyName);
	const keyOfHit = definition && keyReader(definition);
	const sign = sort?.direction === 'DESCENDING' ? -1 : 1;
	return hits.sort((a, b) => {
		const left = keyOfHit?.(a);
		const right = keyOfHit?.(b);
		if (left === right) return scatter(a.id) - scatter(b.id);
		// Without a value: last, whichever the direction.
		if (left === undefined) return 1;
		if (right === undefined) return -1;
		return (left < right ? -1 : 1) * sign;
	});
}

/** A number that follows from the id but not in its order. */
function scatter(id: number): number {
	return Math.imul((id ^ (id / 4_294_967_296)) >>> 0, 2_654_435_761) >>> 0;
}

function testOf(definitions: ReadonlyMap<string, PropertyDefinition>, filter: Filter): Test {
	const { propertyName: name, operator } = filter;
	const definition = mustExist(definitions, name);
	const keyOfContact = keyReader(definition);
	const key = (text: string): string | number => {
		const value = keyOf(definition, text);
		if (value === undefined) throw validationError(`Invalid value for property ${name}: ${text}`);
		if (definition.type === 'datetime' && typeof value === 'number' && value <= 0) {
			// A window that starts at the epoch itself answers 500 (seen by estuary/connectors, search_objects.py).
			throw new HubSpotError(500, { message: 'internal error' });
		}
		return value;
	};
	const one = (): string | number => {
		if (filter.value === undefined) throw validationError(`A value is required for operator ${operator}`);
		return key(filter.value);
	};
	const compare = (holds: (a: string | number, b: string | number) => boolean): Test => {
		const wanted = one();
		return (contact) => {
			const value = keyOfContact(contact);
			return value !== undefined && holds(value, wanted);
		};
	};
	switch (operator) {
		case 'EQ':
			return compare((a, b) => a === b);
		case 'NEQ': {
			const equal = compare((a, b) => a === b);
			return (contact) => !equal(contact);
		}
		case 'LT':
			return compare((a, b) => a < b);
		case 'LTE':
			return compare((a, b) => a <= b);
		case 'GT':
			return compare((a, b) => a > b);
		case 'GTE':
			return compare((a, b) => a >= b);
		case 'BETWEEN': {
			if (filter.highValue === undefined) throw validationError('highValue is required for operator BETWEEN');
			const low = one();
			const high = key(filter.highValue);
			return (contact) => {
				const value = keyOfContact(contact);
				return value !== undefined && value >= low && value <= high;
			};
		}
		case 'IN':
		case 'NOT_IN': {
			if (filter.values === undefined || filter.values.length === 0)
				throw validationError(`values are required for operator ${operator}`);
			// Texts are indexed in lower case, and IN compares them as they are: an upper-case value matches nothing.
			const wanted = new Set<string | number>(definition.type === 'string' ? filter.values : filter.values.map(key));
			const isIn: Test = (contact) => {
				const value = valueOf(contact, name);
				if (value === undefined) return false;
				const parts = definition.fieldType === 'checkbox' ? value.split(';') : [value];
				return parts.some((part) => wanted.has(keyOf(definition, part) ?? ''));
			};
			return operator === 'IN' ? isIn : (contact) => !isIn(contact);
		}
		case 'HAS_PROPERTY':
			return (contact) => valueOf(contact, name) !== undefined;
		case 'NOT_HAS_PROPERTY':
			return (contact) => valueOf(contact, name) === undefined;
		case 'CONTAINS_TOKEN':
		case 'NOT_CONTAINS_TOKEN': {
			if (filter.value === undefined || filter.value === '')
				throw validationError(`A value is required for operator ${operator}`);
			const holds = tokenTest(filter.value.toLowerCase());
			const contains: Test = (contact) => holds((valueOf(contact, name) ?? '').toLowerCase());
			return operator === 'CONTAINS_TOKEN' ? contains : (contact) => !contains(contact);
		}
	}
}

function mustExist(definitions: ReadonlyMap<string, PropertyDefinition>, name: string): PropertyDefinition {
	const definition = definitions.get(name);
	if (definition === undefined || definition.archivedAt !== undefined) {
		throw validationError(`There was a problem with the request. Property '${name}' does not exist`);
	}
	return definition;
}

/** What is held as a number anyway; writing it out only to read it again would take most of a search's time. */
const HELD_AS_NUMBER: Readonly<Record<string, (contact: SeenContact) => number>> = {
	hs_object_id: ({ id }) => id,
	createdate: ({ createdAt }) => createdAt,
	lastmodifieddate: ({ updatedAt }) => updatedAt,
};

/** How to read a property of contacts in the form in which it is compared. */
function keyReader(definition: PropertyDefinition): (contact: SeenContact) => string | number | undefined {
	const held = Object.hasOwn(HELD_AS_NUMBER, definition.name) ? HELD_AS_NUMBER[definition.name] : undefined;
	return held ?? ((contact) => keyOf(definition, valueOf(contact, definition.name)));
}

/** A value in the form in which it is compared: numbers and instants as numbers, texts in lower case. */
function keyOf(definition: PropertyDefinition, text: string | undefined): string | number | undefined {
	if (text === undefined) return undefined;
	if (definition.type === 'number')
		return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
	if (definition.type === 'date' || definition.type === 'datetime') return instantOf(text);
	return definition.type === 'enumeration' ? text : text.toLowerCase();
}

const TOKEN_BREAKS = /[\s@.,;:+\-_/'"<>()]+/u;

function tokenTest(wanted: string): (value: string) => boolean {
	if (wanted.includes('*')) {
		const pattern = new RegExp(`^${wanted.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'su');
		return (value) => pattern.test(value) || value.split(TOKEN_BREAKS).some((token) => pattern.test(token));
	}
	const words = wanted.split(TOKEN_BREAKS).filter((word) => word !== '');
	return (value) => {
		const tokens = new Set(value.split(TOKEN_BREAKS));
		return words.every((word) => tokens.has(word));
	};
}

function holdsText({ properties }: SeenContact, text: string): boolean {
	return ['firstname', 'lastname', 'email', 'phone', 'company', 'hs_additional_emails'].some((name) =>
		properties[name]?.toLowerCase().includes(text),
	);
}
