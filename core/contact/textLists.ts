/** Longest list of merged records that is read; HubSpot refuses merges beyond 250 identities. */
const MAX_MERGED = 250;
/** Longest list of lists that is read. */
const MAX_LISTS = 1_000;

export interface TextLists {
	readonly mergedFrom?: readonly string[];
	readonly stillIn?: readonly string[];
}

/** `mergedFrom` and `stillIn` of an item as parts of a contact; anything that is no list of ids is left out. */
export function textListsOf({ mergedFrom, stillIn }: Readonly<Record<string, unknown>>): TextLists {
	const merged = textsIn(mergedFrom, MAX_MERGED);
	const lists = textsIn(stillIn, MAX_LISTS);
	return {
		...(merged.length > 0 ? { mergedFrom: merged } : {}),
		...(lists.length > 0 ? { stillIn: lists } : {}),
	};
}

function textsIn(value: unknown, most: number): string[] {
	if (!Array.isArray(value)) return [];
	const texts = value.filter((text): text is string => typeof text === 'string' && text.trim() !== '');
	return [...new Set(texts.slice(0, most))];
}
