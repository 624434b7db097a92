import { fullId } from './recordIds';
import type { SalesforceRecord } from '../types';

/** The fields that this package reads by name, and their values in a record. */

/** True: the contact wants no e-mail. Absent where field-level security hides it. */
export const OPT_OUT_FIELD = 'HasOptedOutOfEmail';
/** When the record was changed last, by a user or by Salesforce itself. */
export const STAMP_FIELD = 'SystemModstamp';

/**
 * Salesforce changes these without moving the record's stamp, as it does with formulas: a synced copy would go stale unseen.
 * LastActivityDate is none of them (https://help.salesforce.com/s/articleView?id=000387261).
 */
export const NEVER_STAMPED: ReadonlySet<string> = new Set([
	'LastViewedDate',
	'LastReferencedDate',
	'LastCURequestDate',
	'LastCUUpdateDate',
]);

/** The id of 18 characters; empty where the record was read without one. */
export const idOf = ({ Id: id }: SalesforceRecord): string => (typeof id === 'string' ? fullId(id) : '');

/** Null where the user may not see the field. */
export function optedOutOf({ [OPT_OUT_FIELD]: value }: SalesforceRecord): boolean | null {
	return typeof value === 'boolean' ? value : null;
}

/** `Contact_Sync_Key__c`, with a namespace or without. */
const KEY_FIELD = /^(?:[a-z][a-z0-9]*__)?contact_?sync_?(?:key|id)__c$/i;

/** Whether a field is the one of ours that carries the key of the record of another system. */
export const isKeyField = ({ name }: { readonly name: string }): boolean => KEY_FIELD.test(name);
