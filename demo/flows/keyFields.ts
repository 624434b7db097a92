import type { Sandbox } from '../../sandbox/startSandbox';
import { operate, post } from './sandboxOperations';

/** What docs/hubspot-salesforce.md tells people to create in HubSpot: a property that carries the other side's key. */
export const KEY_PROPERTY = {
	name: 'contact_sync_key',
	label: 'Contact sync key',
	groupName: 'contactinformation',
	type: 'string',
	fieldType: 'text',
	hasUniqueValue: true,
} as const;

/** And in Salesforce: a field. */
export const KEY_FIELD = {
	object: 'Contact',
	name: 'Contact_Sync_Key__c',
	type: 'string',
	length: 255,
	externalId: true,
	unique: true,
} as const;

export async function addKeyFields({ hubspot, salesforce }: Pick<Sandbox, 'hubspot' | 'salesforce'>): Promise<void> {
	await post(`${hubspot.url}/crm/properties/2026-09/contacts`, hubspot.token, KEY_PROPERTY);
	await operate(salesforce.url, 'setField', KEY_FIELD);
}
