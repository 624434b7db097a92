import type { DestinationField } from '../fields';
import type { RankedFields } from './suggestFields';
import { suggestFields } from './suggestFields';

/** A longer table is no longer read by people, and grows beyond what n8n should store with each execution. */
const MOST_ROWS = 60;

/**
 * The destination fields that get a row of the table; the others can be mapped below it. HubSpot and Salesforce have hundreds: what a
 * contact needs comes first, then what is mapped, then what a source field is suggested for, then the rest in the vendor's order.
 */
export function rowsToShow(ranked: RankedFields, stored: Readonly<Record<string, string>>): RankedFields {
	if (ranked.size <= MOST_ROWS) return ranked;
	const suggested = suggestFields(ranked);
	const rankOf = ({ name, identifier, required }: DestinationField): number => {
		if (identifier || required) return 0;
		if (Object.hasOwn(stored, name)) return 1;
		return suggested.has(name) ? 2 : 3;
	};
	const fields = [...ranked.keys()];
	const byRank = [0, 1, 2, 3].flatMap((rank) => fields.filter((field) => rankOf(field) === rank));
	const mapped = byRank.filter((field) => rankOf(field) < 2).length;
	const shown = new Set(byRank.slice(0, Math.max(MOST_ROWS, mapped)));
	return new Map([...ranked].filter(([field]) => shown.has(field)));
}
