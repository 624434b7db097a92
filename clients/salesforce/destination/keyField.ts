import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { WriteMode } from '../../../core/upsert/plan/heldBack';
import { creates } from '../../../core/upsert/plan/heldBack';
import { isKeyField } from '../api/fields/recordFields';
import type { SalesforceField, SalesforceObject } from '../api/types';

/** Keys have up to 60 characters: a system, two ids and the name of an object. */
export const KEY_LENGTH = 80;

/**
 * The field that carries the key of the source record: the one that is named, which has to be fit, else one of ours that is fit.
 * Undefined where there is none: records are then found by their address alone.
 */
export function keyFieldOf(
	object: SalesforceObject,
	named: string | undefined,
	mode: WriteMode = 'upsert',
): Result<SalesforceField | undefined> {
	if (!named) return ok(object.fields.find((field) => isKeyField(field) && faultInKeyField(field, mode) === undefined));
	const field = object.fields.find(({ name }) => name.toLowerCase() === named.trim().toLowerCase());
	if (!field) {
		return {
			kind: 'stop',
			code: 'DESTINATION_FIELD_MISSING',
			reason: `Salesforce shows no field '${named}' of ${object.label}, which 'External ID Field' names: it does not exist, or field-level security hides it from the user of the credential`,
		};
	}
	const fault = faultInKeyField(field, mode);
	if (fault === undefined) return ok(field);
	return {
		kind: 'stop',
		code: 'SETTING_INVALID',
		reason: `The field '${field.name}' of ${object.label} cannot be the 'External ID Field': it ${fault}`,
	};
}

/** Why a field cannot carry keys (S6), or undefined. */
export function faultInKeyField(
	{ type, externalId, length, createable, updateable }: SalesforceField,
	mode: WriteMode = 'upsert',
): string | undefined {
	if (type !== 'string') return 'is no text field';
	if (!externalId) return "is not marked as 'External ID'";
	if (length < KEY_LENGTH) return `takes ${length} characters only; ${KEY_LENGTH} are needed`;
	return updateable && (createable || !creates(mode)) ? undefined : 'cannot be written by the user of the credential';
}
