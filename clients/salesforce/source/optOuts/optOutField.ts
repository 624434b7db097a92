import type { Failure, Result } from '../../../../core/result';
import type { ContactCursor } from '../contactCursor';
import { OPT_OUT_FIELD } from '../../api/fields/recordFields';
import type { SalesforceObject, SalesforceObjectName } from '../../api/types';

/** Whether the user of the credential may see opt-outs. Field-level security leaves a hidden field out of the description. */
export const showsOptOuts = ({ fields }: SalesforceObject): boolean =>
	fields.some(({ name }) => name === OPT_OUT_FIELD);

/** What decides whose opt-outs are read. */
export interface OptOutReading {
	readonly object: SalesforceObjectName;
	/** `keep`: a converted lead stays on the list, so that the opt-out of the contact it became counts. */
	readonly convertedLeads: 'remove' | 'keep';
	/** True: the destination makes nothing of opt-outs. */
	readonly ignoresOptOuts: boolean;
}

/** Whether the opt-outs of contacts have to be known although the records are leads. */
export const needsContactOptOuts = ({ object, convertedLeads, ignoresOptOuts }: OptOutReading): boolean =>
	object === 'Lead' && convertedLeads === 'keep' && !ignoresOptOuts;

const hidden = (label: string, why = ''): Failure => ({
	kind: 'stop',
	code: 'OPT_OUTS_HIDDEN',
	reason: `Salesforce does not show the user of the credential the field Email Opt Out ('${OPT_OUT_FIELD}') of ${label}, so opt-outs cannot be read${why}`,
});

/** Of a sync whose converted leads stay on the list. */
export const CONTACT_OPT_OUTS_HIDDEN = hidden(
	'Contact',
	": leads that were converted stay on the list ('Converted Leads'), with the opt-out of the contact they became",
);

/**
 * The object as described, unless it does not show opt-outs: records would come as if nothing were known, and a contact
 * that opted out would stay mailable at the destination. The same of Contact, where its opt-outs are read beside those of leads.
 */
export async function objectWithOptOuts(
	reading: OptOutReading,
	describe: (object: SalesforceObjectName, wanted: readonly string[]) => Promise<Result<SalesforceObject>>,
	wanted: readonly string[],
): Promise<Result<SalesforceObject>> {
	const { object, ignoresOptOuts } = reading;
	if (ignoresOptOuts) return await describe(object, wanted);
	const described = await describe(object, [...wanted, OPT_OUT_FIELD]);
	if (described.kind !== 'ok') return described;
	if (!showsOptOuts(described.value)) return hidden(described.value.label);
	if (!needsContactOptOuts(reading)) return described;
	const contact = await describe('Contact', [OPT_OUT_FIELD]);
	if (contact.kind === 'ok') return showsOptOuts(contact.value) ? described : CONTACT_OPT_OUTS_HIDDEN;
	return contact.kind === 'stop' && contact.code === 'PERMISSION_MISSING' ? CONTACT_OPT_OUTS_HIDDEN : contact;
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
