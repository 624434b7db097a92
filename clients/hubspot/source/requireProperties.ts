import type { Result } from '../../../core/result';
import type { HubSpotProperty } from '../api/types';

/**
 * The definitions as read, unless a property that must exist does not: then all such are named. HubSpot itself says nothing
 * when a call asks for a property that was deleted; it is just absent from the answer.
 */
export function withRequired(
	definitions: Result<readonly HubSpotProperty[]>,
	required: readonly string[],
	usedBy: string,
): Result<readonly HubSpotProperty[]> {
	if (definitions.kind !== 'ok') return definitions;
	const known = new Set(definitions.value.map(({ name }) => name));
	const missing = required.filter((name) => !known.has(name));
	if (missing.length === 0) return definitions;
	const names = missing.map((name) => `'${name}'`).join(', ');
	const noun = missing.length === 1 ? 'property' : 'properties';
	return {
		kind: 'stop',
		code: 'SOURCE_FIELD_MISSING',
		reason: `HubSpot has no contact ${noun} ${names} any more, which ${usedBy} uses`,
	};
}
