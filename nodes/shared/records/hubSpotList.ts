import type { IExecuteFunctions, INodeProperties, IPollFunctions } from 'n8n-workflow';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ParameterReader } from '../n8n/parameters';
import { chosenId } from '../n8n/parameters';
import type { FieldsToRead } from '../trigger/fieldsToRead';
import { fieldsToRead } from '../trigger/fieldsToRead';
import { invalid } from '../trigger/settings';
import { fromListMode, numberMode } from '../n8n/locatorModes';

/** Read when nothing else is known: what most destinations take. */
export const COMMON_PROPERTIES: readonly string[] = [
	'email',
	'firstname',
	'lastname',
	'phone',
	'mobilephone',
	'company',
	'jobtitle',
	'address',
	'zip',
	'city',
	'state',
	'country',
	'website',
	'lifecyclestage',
];

/** Picks a list of contacts; `searchLists` of `hubSpotPickers` offers them. */
export const listField = (description: string, show?: Record<string, string[]>): INodeProperties => ({
	displayName: 'List',
	name: 'list',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	...(show ? { displayOptions: { show } } : {}),
	description,
	modes: [fromListMode('Select a list...', 'searchLists'), numberMode('248', 'list')],
});

/** The id of the list that is picked. */
export function readListId(read: ParameterReader): Result<string> {
	const listId = chosenId(read, 'list');
	if (listId === '') return { kind: 'stop', code: 'NO_LIST_SELECTED', reason: "No list is selected in 'List'" };
	return /^\d+$/.test(listId) ? ok(listId) : invalid("'List' must be the ID of a list, a whole number");
}

/** The properties to read, by the parameters `propertySelection` and `properties`. */
export const hubSpotFieldsToRead = (
	context: IExecuteFunctions | IPollFunctions,
	read: ParameterReader,
): Result<FieldsToRead> =>
	fieldsToRead(context, read, {
		source: 'hubSpot',
		selection: 'propertySelection',
		picked: 'properties',
		pickedLabel: 'Property Names or IDs',
		common: COMMON_PROPERTIES,
		isName: (text) => /^\w+$/.test(text),
	});
