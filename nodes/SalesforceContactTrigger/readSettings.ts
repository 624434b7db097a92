import type { IPollFunctions } from 'n8n-workflow';
import type { ContactSourceSettings } from '../../clients/salesforce/source/contactChangeSource';
import type { Condition, ConditionOperator } from '../../clients/salesforce/scope/compileConditions';
import type { Scope } from '../../clients/salesforce/scope/scope';
import { fullId } from '../../clients/salesforce/api/recordIds';
import { isFieldPath } from '../../clients/salesforce/soql/buildSoql';
import type { SalesforceObjectName } from '../../clients/salesforce/api/types';
import { isSalesforceId } from '../../clients/salesforce/api/types';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { FieldsToRead } from '../shared/trigger/fieldsToRead';
import { fieldsToRead } from '../shared/trigger/fieldsToRead';
import type { CommonSettings } from '../shared/trigger/settings';
import { chosenId, consentGiven, invalid, readCommonSettings } from '../shared/trigger/settings';
import { isRecord } from '../../core/json';

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

/** Late-visible rows: what n8n's own trigger and others look back. */
const LOOKBACK_MINUTES = 15;

/** What a person set, checked. */
export type TriggerSettings = Pick<ContactSourceSettings, 'object' | 'scope' | 'convertedLeads'> &
	CommonSettings &
	FieldsToRead & {
		/** When more than this share of the members, in per cent, is hidden at once, none of them is emitted as having left. */
		readonly largestDropPercent: number;
	};

/** Reads and checks the parameters; the message names the one to change. */
export function readSettings(context: IPollFunctions): Result<TriggerSettings> {
	const consent = consentGiven(context);
	if (consent.kind !== 'ok') return consent;
	const object = context.getNodeParameter('object', 'Contact') === 'Lead' ? 'Lead' : 'Contact';
	const scope = readScope(context);
	if (scope.kind !== 'ok') return scope;
	const common = readCommonSettings(context, { lookbackMinutes: LOOKBACK_MINUTES });
	if (common.kind !== 'ok') return common;
	const fields = fieldsToRead(context, {
		source: 'salesforce',
		object,
		selection: 'fieldSelection',
		picked: 'fields',
		pickedLabel: 'Field Names or IDs',
		common: COMMON_FIELDS[object],
		isName: isFieldPath,
	});
	if (fields.kind !== 'ok') return fields;
	const convertedLeads = context.getNodeParameter('options.convertedLeads', 'remove') === 'keep' ? 'keep' : 'remove';
	const largestDropPercent = Number(context.getNodeParameter('options.largestDisappearance', 10));
	if (!(largestDropPercent >= 1 && largestDropPercent <= 100))
		return invalid("'Largest Disappearance' must lie between 1 and 100 %");
	return ok({ object, scope: scope.value, convertedLeads, largestDropPercent, ...common.value, ...fields.value });
}

function readScope(context: IPollFunctions): Result<Scope> {
	switch (context.getNodeParameter('scope', 'all')) {
		case 'listView':
			return chosenRecord(context, 'listView', 'List View', 'list view');
		case 'campaign':
			return chosenRecord(context, 'campaign', 'Campaign', 'campaign');
		case 'conditions': {
			const rows: unknown = context.getNodeParameter('conditions.row', []);
			const conditions = (Array.isArray(rows) ? rows : []).map(toCondition);
			const combine = context.getNodeParameter('combine', 'all') === 'any' ? 'any' : 'all';
			return ok({ kind: 'conditions', combine, conditions });
		}
		default:
			return ok({ kind: 'object' });
	}
}

function chosenRecord(
	context: IPollFunctions,
	kind: 'listView' | 'campaign',
	label: string,
	noun: string,
): Result<Scope> {
	const id = chosenId(context, kind);
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
