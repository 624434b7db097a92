import type { DestinationField, SourceField } from '../fields';
import { TYPE_NAMES } from '../fields';
import type { Candidate, RankedFields } from './suggestFields';
import { suggestFields } from './suggestFields';

export interface TableOption {
	readonly name: string;
	readonly value: string;
	/** The field is gone or no longer fits; the name says which. */
	readonly drifted?: true;
}

/** One row of the mapping table: a destination field and the source fields to choose from. */
export interface TableRow {
	readonly field: DestinationField;
	readonly options: readonly TableOption[];
	/** Fields that fit the row but not the list; they can be mapped below the table. */
	readonly leftOut: number;
	readonly suggestion?: string;
}

/**
 * n8n stores the whole table, every row's options included, in the workflow and again in each of its executions. Most
 * bytes the stored JSON may have, less a margin (docs/decisions/mapping-table.md): 30 KB for up to 15 rows, growing to
 * 100 KB for 60 and more.
 */
export function tableLimit(rows: number): number {
	return Math.min(97_000, Math.max(29_000, 6_300 + 1_510 * rows));
}

/**
 * Lays out the table, a row for each ranked field. `budget` is how many bytes the JSON of all options together may have. `stored` is what each row
 * holds now: that field is always among the options, even when the source does not have it any more, because n8n drops or
 * refuses a value that is not. `unfitting` names the rows whose field no longer fits. Rows that are not decided yet get three
 * times the share of rows with a suggestion or a stored field, where the right field is already in place.
 */
export function layOutTable(
	sourceFields: readonly SourceField[],
	ranked: RankedFields,
	stored: Readonly<Record<string, string>>,
	budget: number,
	unfitting: ReadonlySet<string> = new Set(),
): readonly TableRow[] {
	const names = displayNames(sourceFields);
	const suggested = suggestFields(ranked);
	const placed = new Set([...suggested.values()].map((field) => field.name).concat(Object.values(stored)));
	const types = new Map(sourceFields.map(({ name, type }) => [name, type]));
	const optionOf = (name: string): TableOption => {
		const label = names.get(name);
		return label === undefined ? drifted(name, name, 'there') : { name: label, value: name };
	};
	const heldOption = (row: string, name: string): TableOption => {
		const type = types.get(name);
		return type && name === stored[row] && unfitting.has(row)
			? drifted(names.get(name) ?? name, name, `fits, is ${TYPE_NAMES[type]}`)
			: optionOf(name);
	};

	const drafts = [...ranked].map(([field, candidates]) => {
		const held = stored[field.name];
		const first = [held, suggested.get(field.name)?.name].filter(
			(name, index, all): name is string => !!name && all.indexOf(name) === index,
		);
		const rest = freeOnesFirst(
			candidates.filter((candidate) => !first.includes(candidate.field.name)),
			placed,
		);
		return { field, first: first.map((name) => heldOption(field.name, name)), rest, weight: first.length > 0 ? 1 : 3 };
	});
	const shares = shareOut(
		budget -
			drafts.reduce((sum, draft) => sum + draft.first.reduce((bytes, option) => bytes + optionBytes(option), 0), 0),
		drafts.map(({ rest, weight }) => ({ weight, costs: rest.map(({ field }) => optionBytes(optionOf(field.name))) })),
	);
	return drafts.map(({ field, first, rest }, index) => {
		const shown = rest.slice(0, shares[index]);
		return {
			field,
			options: inReadingOrder(first, shown).map((entry) => ('score' in entry ? optionOf(entry.field.name) : entry)),
			leftOut: rest.length - shown.length,
			suggestion: suggested.get(field.name)?.name,
		};
	});
}

const drifted = (label: string, value: string, how: string): TableOption => ({
	name: `${label} (no longer ${how})`,
	value,
	drifted: true,
});

/** From this score on a field is worth showing before the alphabet. */
const NEAR = 30;

/** Among fields that are not near by name, those no row has yet are the likelier choice. */
function freeOnesFirst(candidates: readonly Candidate[], placed: ReadonlySet<string>): readonly Candidate[] {
	const near = candidates.filter(({ score }) => score >= NEAR);
	const far = candidates.filter(({ score }) => score < NEAR);
	return [
		...near,
		...far.filter(({ field }) => !placed.has(field.name)),
		...far.filter(({ field }) => placed.has(field.name)),
	];
}

/** What the row holds or is suggested, then what is near by name, then the rest by label, as people look through a list. */
function inReadingOrder(
	first: readonly TableOption[],
	shown: readonly Candidate[],
): readonly (TableOption | Candidate)[] {
	const near = shown.filter(({ score }) => score >= NEAR).slice(0, 5);
	const others = shown
		.filter((candidate) => !near.includes(candidate))
		.sort((a, b) => a.field.label.localeCompare(b.field.label, 'en') || (a.field.name < b.field.name ? -1 : 1));
	return [...first, ...near, ...others];
}

/** The label, with the internal name when two fields have the same label. */
export function displayNames(fields: readonly SourceField[]): ReadonlyMap<string, string> {
	const count = new Map<string, number>();
	for (const { label } of fields) count.set(label, (count.get(label) ?? 0) + 1);
	return new Map(fields.map(({ name, label }) => [name, (count.get(label) ?? 0) > 1 ? `${label} (${name})` : label]));
}

const encoder = new TextEncoder();

/** Size in the stored JSON, with the comma. */
const optionBytes = (option: TableOption): number => encoder.encode(JSON.stringify(option)).length + 1;

/**
 * How many of its items each list may show within `budget` bytes: rounds of one item per unit of weight, until nothing
 * fits. What short lists do not use goes to the long ones.
 */
function shareOut(
	budget: number,
	lists: readonly { readonly weight: number; readonly costs: readonly number[] }[],
): readonly number[] {
	const shown = lists.map(() => 0);
	let left = budget;
	for (let moved = true; moved;) {
		moved = false;
		for (const [index, { weight, costs }] of lists.entries()) {
			for (let turn = 0; turn < weight; turn++) {
				const next = shown[index] ?? 0;
				const cost = costs[next];
				if (cost === undefined || cost > left) break;
				left -= cost;
				shown[index] = next + 1;
				moved = true;
			}
		}
	}
	return shown;
}
