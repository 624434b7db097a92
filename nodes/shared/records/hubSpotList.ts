import type { IExecuteFunctions, INodeProperties, IPollFunctions } from 'n8n-workflow';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ParameterReader } from '../n8n/parameters';
import { chosenId } from '../n8n/parameters';
import type { FieldsToRead } from '../trigger/fieldsToRead';
import { fieldsToRead } from '../trigger/fieldsToRead';
import { invalid } from '../trigger/settings';

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
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a list...',
			typeOptions: { searchListMethod: 'searchLists', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 248',
			validation: [
				{ type: 'regex', properties: { regex: '^\\s*[0-9]+\\s*$', errorMessage: 'A list ID is a whole number' } },
			],
		},
	],
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
