import type { DestinationField, SourceField } from '../fields';
import { offeredFields } from '../fields';
import { nameField, rankCandidates, suggestFields } from './suggestFields';

/** A longer table is no longer read by people, and grows beyond what n8n should store with each execution. */
const MOST_ROWS = 60;

/**
 * The destination fields that get a row of the table; the others can be mapped below it. HubSpot and Salesforce have hundreds: what a
 * contact needs comes first, then what is mapped, then what a source field is suggested for, then the rest in the vendor's order.
 */
export function rowsToShow(
	sourceFields: readonly SourceField[],
	destinationFields: readonly DestinationField[],
	stored: Readonly<Record<string, string>>,
): readonly DestinationField[] {
	if (destinationFields.length <= MOST_ROWS) return destinationFields;
	const named = offeredFields(sourceFields).map((field) => nameField(field));
	const ranked = new Map(destinationFields.map((field) => [field, rankCandidates(field, named)]));
	const suggested = suggestFields(ranked);
	const rankOf = ({ name, identifier, required }: DestinationField): number => {
		if (identifier || required) return 0;
		if (Object.hasOwn(stored, name)) return 1;
		return suggested.has(name) ? 2 : 3;
	};
	const byRank = [0, 1, 2, 3].flatMap((rank) => destinationFields.filter((field) => rankOf(field) === rank));
	const mapped = byRank.filter((field) => rankOf(field) < 2).length;
	const shown = new Set(byRank.slice(0, Math.max(MOST_ROWS, mapped)));
	return destinationFields.filter((field) => shown.has(field));
}
