import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { isTimeZone } from '../../../core/mapping/timeZone';
import { shortened } from '../../../core/calls/vendorMessage';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { fromListMode } from './locatorModes';

/** Picks a time zone from the list or by name. Nodes with it offer `searchTimeZones`. */
export const timeZoneOption = (texts: {
	readonly description: string;
	/** What counts while nothing is picked: "Of the source account". */
	readonly placeholder: string;
}): INodeProperties => ({
	displayName: 'Time Zone',
	name: 'timeZone',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: texts.description,
	modes: [
		fromListMode(texts.placeholder, 'searchTimeZones'),
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. Europe/Berlin',
		},
	],
});

/** The zones this machine knows, by what was typed: `new york` finds America/New_York. */
export async function searchTimeZones(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const fold = (text: string): string => text.toLowerCase().replace(/[\s_]+/g, ' ');
	const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
	const found = zones.filter((zone) => fold(zone).includes(fold(filter.trim())));
	return await Promise.resolve({ results: found.map((zone) => ({ name: zone, value: zone })) });
}

/** The zone picked in the option, undefined where none is; a typed one that is none stops the run. */
export function pickedTimeZone(chosen: unknown): Result<string | undefined> {
	const isNothing = chosen === undefined || chosen === null || typeof chosen === 'symbol';
	const zone = isNothing ? '' : typeof chosen === 'string' ? chosen.trim() : `(${typeof chosen})`;
	if (zone === '') return ok(undefined);
	return isTimeZone(zone)
		? ok(zone)
		: { kind: 'stop', code: 'SETTING_INVALID', reason: `'Time Zone' is not a known time zone: ${shortened(zone)}` };
}
