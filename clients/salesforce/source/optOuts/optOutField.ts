import type { Result } from '../../../../core/result';
import type { ContactCursor } from '../contactCursor';
import { OPT_OUT_FIELD } from '../../api/recordFields';
import type { SalesforceObject } from '../../api/types';

/** Whether the user of the credential may see opt-outs. Field-level security leaves a hidden field out of the description. */
export const showsOptOuts = ({ fields }: SalesforceObject): boolean =>
	fields.some(({ name }) => name === OPT_OUT_FIELD);

/**
 * The object as described, unless it does not show opt-outs: records would come as if nothing were known, and a contact
 * that opted out would stay mailable at the destination.
 */
export function withOptOuts(object: Result<SalesforceObject>): Result<SalesforceObject> {
	if (object.kind !== 'ok' || showsOptOuts(object.value)) return object;
	return {
		kind: 'stop',
		code: 'OPT_OUTS_HIDDEN',
		reason: `Salesforce does not show the user of the credential the field Email Opt Out ('${OPT_OUT_FIELD}') of ${object.value.label}, so opt-outs cannot be read`,
	};
}

/** Whether records were read without their opt-outs, also by a version that did not note it down. */
export const wasHidden = ({ optOutsHidden, select }: ContactCursor): boolean =>
	optOutsHidden === true || (select !== undefined && !select.fields.includes(OPT_OUT_FIELD));

/**
 * The cursor with a note of whether opt-outs are hidden. Once they show again all of them are walked through: hiding a field
 * and setting it while it is hidden moves no cursor.
 */
export function withVisibility(next: ContactCursor, before: ContactCursor, described: SalesforceObject): ContactCursor {
	if (!showsOptOuts(described)) return { ...next, optOutsHidden: true, optOutWalk: undefined };
	if (!wasHidden(before) && next.optOutsHidden !== true) return next;
	return { ...next, optOutsHidden: undefined, optOutWalk: {} };
}
