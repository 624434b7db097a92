import type { IExecuteFunctions, IPollFunctions } from 'n8n-workflow';
import { fullId } from '../../../clients/salesforce/api/fields/recordIds';
import type { SalesforceObjectName } from '../../../clients/salesforce/api/types';
import { isSalesforceId } from '../../../clients/salesforce/api/types';
import type { Condition, ConditionOperator } from '../../../clients/salesforce/scope/compileConditions';
import type { Scope } from '../../../clients/salesforce/scope/scope';
import { isFieldPath } from '../../../clients/salesforce/soql/buildSoql';
import { isRecord } from '../../../core/json';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ParameterReader } from '../n8n/parameters';
import { chosenId } from '../n8n/parameters';
import type { FieldsToRead } from '../trigger/fieldsToRead';
import { fieldsToRead } from '../trigger/fieldsToRead';
import { invalid } from '../trigger/settings';

const PERSON = ['Email', 'FirstName', 'LastName', 'Phone', 'MobilePhone', 'Title', 'LeadSource'];

/** Read when nothing else is known: what most destinations take. */
export const COMMON_FIELDS: Readonly<Record<SalesforceObjectName, readonly string[]>> = {
	Contact: [
		...PERSON,
		'Account.Name',
		'MailingStreet',
		'MailingPostalCode',
		'MailingCity',
		'MailingState',
		'MailingCountry',
		'Birthdate',
	],
	Lead: [...PERSON, 'Company', 'Street', 'PostalCode', 'City', 'State', 'Country', 'Website', 'Status'],
};

export const readObject = (read: ParameterReader): SalesforceObjectName =>
	read('object', 'Contact') === 'Lead' ? 'Lead' : 'Contact';

export const readConvertedLeads = (read: ParameterReader): 'remove' | 'keep' =>
	read('options.convertedLeads', 'remove') === 'keep' ? 'keep' : 'remove';

/** The fields to read, by the parameters `fieldSelection` and `fields`. */
export const salesforceFieldsToRead = (
	context: IExecuteFunctions | IPollFunctions,
	read: ParameterReader,
	object: SalesforceObjectName,
): Result<FieldsToRead> =>
	fieldsToRead(context, read, {
		source: 'salesforce',
		object,
		selection: 'fieldSelection',
		picked: 'fields',
		pickedLabel: 'Field Names or IDs',
		common: COMMON_FIELDS[object],
		isName: isFieldPath,
	});

/** The scope of this kind, with what its fields say. An unknown kind is all records. */
export function readScope(kind: unknown, read: ParameterReader): Result<Scope> {
	switch (kind) {
		case 'listView':
			return chosenRecord(read, 'listView', 'List View', 'list view');
		case 'campaign':
			return chosenRecord(read, 'campaign', 'Campaign', 'campaign');
		case 'conditions': {
			const rows = read('conditions.row', []);
			const conditions = (Array.isArray(rows) ? rows : []).map(toCondition);
			const combine = read('combine', 'all') === 'any' ? 'any' : 'all';
			return ok({ kind: 'conditions', combine, conditions });
		}
		default:
			return ok({ kind: 'object' });
	}
}

function chosenRecord(
	read: ParameterReader,
	kind: 'listView' | 'campaign',
	label: string,
	noun: string,
): Result<Scope> {
	const id = chosenId(read, kind);
	if (id === '') return invalid(`No ${noun} is selected in '${label}'`);
	if (!isSalesforceId(id)) return invalid(`'${label}' must be the ID of a ${noun}, 15 or 18 letters and digits`);
	// Of 15 or 18 characters, it is the same list: the sync does not begin anew.
	return ok({ kind, id: fullId(id) });
}

/** What is wrong with a condition, an unknown operator too, is told when the fields of the object are known. */
function toCondition(row: unknown): Condition {
	const { field, operator, value } = isRecord(row) ? row : {};
	return {
		field: textOf(field).trim(),
		operator: textOf(operator) as ConditionOperator,
		value: textOf(value),
	};
}

/** Expressions may give numbers and yes/no. */
const textOf = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
