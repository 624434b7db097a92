import { didYouMean } from '../../../core/mapping/closeNames';
import type { Failure, Result } from '../../../core/result';
import { OPT_OUT_PROPERTY } from '../api/propertyNames';
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
		reason: `HubSpot has no contact ${noun} ${names} any more, which ${usedBy} uses${didYouMean(missing, [...known])}`,
	};
}

/**
 * The definitions as read, unless they do not show opt-outs: contacts would come as if nothing were known, and one that opted out
 * would stay mailable at the destination.
 */
export function withOptOuts(definitions: Result<readonly HubSpotProperty[]>): Result<readonly HubSpotProperty[]> {
	if (definitions.kind !== 'ok' || definitions.value.some(({ name }) => name === OPT_OUT_PROPERTY)) return definitions;
	return OPT_OUTS_HIDDEN;
}

/** Opt-outs cannot be read. */
export const OPT_OUTS_HIDDEN: Failure = {
	kind: 'stop',
	code: 'OPT_OUTS_HIDDEN',
	reason: `HubSpot does not show the credential the property '${OPT_OUT_PROPERTY}' (Unsubscribed from all email), so opt-outs cannot be read`,
};
