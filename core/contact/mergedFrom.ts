/** Longest list of merged records that is read; HubSpot refuses merges beyond 250 identities. */
const MAX_MERGED = 250;

/** `mergedFrom` of an item as part of a contact; anything that is no list of keys is left out. */
export function mergedFromOf(value: unknown): { readonly mergedFrom?: readonly string[] } {
	if (!Array.isArray(value)) return {};
	const keys = value.filter((key): key is string => typeof key === 'string' && key.trim() !== '').slice(0, MAX_MERGED);
	return keys.length === 0 ? {} : { mergedFrom: [...new Set(keys)] };
}
