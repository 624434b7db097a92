import { didYouMean } from '../../../core/mapping/closeNames';
import type { Result } from '../../../core/result';
import { typeOfPath } from '../api/fields/relatedFields';
import type { SalesforceObject } from '../api/types';

/**
 * The object as described, unless a field that must be there is not: then all such are named. Salesforce shows only the
 * fields that the user may see; a hidden one looks like one that does not exist.
 */
export function withRequired(
	object: Result<SalesforceObject>,
	required: readonly string[],
	usedBy: string,
): Result<SalesforceObject> {
	if (object.kind !== 'ok') return object;
	const missing = [...new Set(required)].filter((name) => typeOfPath(object.value, name) === undefined);
	if (missing.length === 0) return object;
	const known = object.value.fields.map(({ name }) => name);
	const names = missing.map((name) => `'${name}'`).join(', ');
	const [noun, they] = missing.length === 1 ? ['field', 'it'] : ['fields', 'they'];
	return {
		kind: 'stop',
		code: 'SOURCE_FIELD_MISSING',
		reason: `Salesforce shows no ${object.value.label} ${noun} ${names} to the user of the credential, which ${usedBy} uses: ${they} may have been deleted or renamed, or field-level security hides ${they === 'it' ? 'it' : 'them'}${didYouMean(missing, known)}`,
	};
}
