import type { IExecuteFunctions, ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { isTimeZone } from '../../core/mapping/timeZone';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { SourceSystem } from '../shared/fieldDefinitions';

export const timeZoneField: INodeProperties = {
	displayName: 'Time Zone',
	name: 'timeZone',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'Where instants become days and local times. Left empty, it is the time zone of the source account.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Of the source account',
			typeOptions: { searchListMethod: 'searchTimeZones', searchable: true },
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. Europe/Berlin',
		},
	],
};

/** The zones this machine knows, by what was typed: `new york` finds America/New_York. */
export async function searchTimeZones(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const fold = (text: string): string => text.toLowerCase().replace(/[\s_]+/g, ' ');
	const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
	const found = zones.filter((zone) => fold(zone).includes(fold(filter.trim())));
	return await Promise.resolve({ results: found.map((zone) => ({ name: zone, value: zone })) });
}

export interface ChosenTimeZone {
	readonly timeZone: string;
	/** Said under the node's output. */
	readonly warning?: string;
}

/**
 * The zone of the option, else that of the source account. A zone of the account that this machine does not know, or none,
 * makes it UTC, with a warning; a typed one stops the run.
 */
export async function chooseTimeZone(
	context: IExecuteFunctions,
	source: SourceSystem,
): Promise<Result<ChosenTimeZone>> {
	const chosen: unknown = context.getNodeParameter('options.timeZone', 0, '', { extractValue: true });
	if (typeof chosen === 'string' && chosen.trim() !== '') {
		return isTimeZone(chosen.trim())
			? ok({ timeZone: chosen.trim() })
			: { kind: 'stop', code: 'SETTING_INVALID', reason: `'Time Zone' is not a known time zone: ${chosen}` };
	}
	const account = await source.timeZone();
	if (account.kind !== 'ok') return account;
	const timeZone = account.value ?? '';
	if (isTimeZone(timeZone)) return ok({ timeZone });
	const what =
		timeZone === ''
			? `${source.label} names no time zone`
			: `The time zone of the ${source.label} account, '${timeZone}', is not known here`;
	return ok({ timeZone: 'UTC', warning: `${what}: days are those of UTC. Pick one under 'Time Zone' in the options.` });
}
