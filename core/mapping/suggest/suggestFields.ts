import { foldChoice } from '../convert/choices';
import type { DestinationField, SourceField } from '../fields';
import { offeredFields, typeDistance } from '../fields';
import { conceptsOf, foldName } from './synonyms';

/** A source field a row can take, with how well it seems to fit (0 to 100). */
export interface Candidate {
	readonly field: SourceField;
	readonly score: number;
}

/** Destination fields in the vendor's order, each with the source fields it can take. */
export type RankedFields = ReadonlyMap<DestinationField, readonly Candidate[]>;

/** Ranks the offered source fields for each destination field: the costly part, done once for a table. */
export function rankFields(
	sourceFields: readonly SourceField[],
	destinationFields: readonly DestinationField[],
): RankedFields {
	const named = offeredFields(sourceFields).map((field) => nameField(field));
	return new Map(destinationFields.map((field) => [field, rankCandidates(field, named)]));
}

/** From this score on a field is suggested without being asked. */
const SUGGESTED_FROM = 75;

/** Every source field whose values the destination can take, the best fit first, then by label. */
function rankCandidates(destination: DestinationField, fields: readonly NamedField[]): readonly Candidate[] {
	const target = nameField(destination);
	return fields
		.flatMap((source) => {
			const distance = typeDistance(source.field.type, destination.type);
			if (distance === undefined) return [];
			const score = nameScore(source, target) - distance;
			return [
				{
					field: source.field,
					score: shareOptions(source.field, destination) ? score : Math.min(score, SUGGESTED_FROM - 1),
				},
			];
		})
		.sort((a, b) => b.score - a.score || compareLabels(a.field, b.field));
}

/**
 * One source field per row at most, and no field twice: the rows of the identifiers choose first, then the best
 * pairs.
 */
export function suggestFields(ranked: RankedFields): ReadonlyMap<string, SourceField> {
	const pairs = [...ranked].flatMap(([{ name, identifier, unique }, candidates]) =>
		(unique ? [] : candidates)
			.filter(({ score }) => score >= SUGGESTED_FROM)
			.map(({ field, score }) => ({ destination: name, field, score: score + (identifier ? 100 : 0) })),
	);
	const suggested = new Map<string, SourceField>();
	const taken = new Set<string>();
	for (const { destination, field } of pairs.sort((a, b) => b.score - a.score)) {
		if (suggested.has(destination) || taken.has(field.name)) continue;
		suggested.set(destination, field);
		taken.add(field.name);
	}
	return suggested;
}

/** A field with its name and label taken apart once, for many comparisons. */
interface NamedField<T extends { name: string; label: string } = SourceField> {
	readonly field: T;
	readonly names: readonly string[];
	readonly words: ReadonlySet<string>;
}

function nameField<T extends { name: string; label: string }>(field: T): NamedField<T> {
	// Salesforce's mark of custom fields says nothing.
	const name = field.name.replace(/__p?c$/, '');
	const names = [...new Set([foldName(name), foldName(field.label)])].filter((one) => one !== '');
	return { field, names, words: new Set([...wordsOf(name), ...wordsOf(field.label)]) };
}

const compareLabels = (a: SourceField, b: SourceField): number =>
	a.label.localeCompare(b.label, 'en') || (a.name < b.name ? -1 : 1);

function nameScore(source: NamedField, target: NamedField<DestinationField>): number {
	const [sourceName = ''] = source.names;
	const [targetName = ''] = target.names;
	// The e-mail and phone rows are told by what they are, not only by their names.
	const targetNames = target.field.identifier === 'email' ? [...target.names, 'email'] : target.names;
	if (sourceName === targetName) return 100;
	if (source.names.some((name) => targetNames.includes(name))) return 95;
	return Math.max(conceptScore(source.names, targetNames), 60 * wordOverlap(source.words, target.words));
}

function conceptScore(sourceNames: readonly string[], targetNames: readonly string[]): number {
	let best = 0;
	for (const targetName of targetNames) {
		for (const concept of conceptsOf(targetName).keys()) {
			for (const sourceName of sourceNames) {
				const preference = conceptsOf(sourceName).get(concept);
				if (preference !== undefined) best = Math.max(best, 94 - Math.min(preference, 10));
			}
		}
	}
	return best;
}

/** Two lists of choices without a common one are not the same thing, whatever they are called. */
function shareOptions(source: SourceField, destination: DestinationField): boolean {
	if (!source.options?.length || !destination.options?.length || source.type === 'boolean') return true;
	const known = new Set(destination.options.map(({ label }) => foldChoice(label)));
	return source.options.some(({ label, value }) => known.has(foldChoice(label)) || known.has(foldChoice(value)));
}

/** Shared words, over all words of the shorter name: `company_size_band` and `Company size` share all of the shorter one. */
function wordOverlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
	let shared = 0;
	for (const word of a) if (b.has(word)) shared++;
	return shared === 0 ? 0 : shared / Math.min(a.size, b.size);
}

/** Words of a name such as `job_title`, `jobTitle` or `Job title`; single letters and prefixes of the vendor say nothing. */
function wordsOf(name: string): readonly string[] {
	return name
		.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
		.split(/[^\p{L}\p{N}]+/u)
		.map(foldName)
		.filter((word) => word.length > 1 && !['hs', 'of', 'de', 'the', 'der', 'du', 'la', 'le'].includes(word));
}
