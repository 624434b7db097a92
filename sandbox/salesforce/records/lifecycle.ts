import type { Row, Value } from '../schema/fields';
import { fullName } from '../schema/people';
import type { SalesforceStore, Values } from './store';

/** Losers of one merge. */
const MAX_LOSERS = 2;

/** Merges up to two records into a master: losers go to the recycle bin and point to it. `values` are set on the master. */
export function merge(
	store: SalesforceStore,
	object: 'Contact' | 'Lead',
	masterId: string,
	loserIds: readonly string[],
	values: Values = {},
): void {
	const master = live(store, object, masterId);
	if (loserIds.length === 0 || loserIds.length > MAX_LOSERS) throw new Error('A merge takes one or two other records');
	const losers = loserIds.map((id) => live(store, object, id));
	if (new Set([master, ...losers]).size !== losers.length + 1) throw new Error('The records of a merge must differ');
	const members = store.table('CampaignMember');
	const key = `${object}Id`;
	const campaigns = new Set(
		members
			.having(key, master['Id'] as Value)
			.filter(isLive)
			.map((row) => row['CampaignId']),
	);
	for (const loser of losers) {
		for (const member of members.having(key, loser['Id'] as Value).filter(isLive)) {
			if (campaigns.has(member['CampaignId'])) continue;
			campaigns.add(member['CampaignId']);
			store.change('CampaignMember', member['Id'] as string, { [key]: master['Id'] as Value }, { automated: true });
		}
		if (object === 'Contact') {
			for (const one of store.table('Case').having('ContactId', loser['Id'] as Value)) {
				store.change('Case', one['Id'] as string, { ContactId: master['Id'] as Value }, { automated: true });
			}
		}
		store.remove(object, loser['Id'] as string, { MasterRecordId: master['Id'] as Value });
	}
	store.change(object, master['Id'] as string, values);
}

/** Converts a lead: to a contact that is named, or a new one. The lead is read-only from then on. */
export function convertLead(
	store: SalesforceStore,
	id: string,
	to: { contactId?: string | undefined; accountId?: string | undefined } = {},
): { contactId: string; accountId: string } {
	const lead = live(store, 'Lead', id);
	if (lead['IsConverted'] === true) throw new Error(`Lead ${id} is converted already`);
	const known = to.contactId === undefined ? undefined : live(store, 'Contact', to.contactId);
	const accountId =
		to.accountId ??
		(known?.['AccountId'] as string | null) ??
		(store.insert('Account', { Name: lead['Company'] ?? null })['Id'] as string);
	const contact = known ?? store.insert('Contact', { ...takenOver(lead), AccountId: accountId });
	const contactId = contact['Id'] as string;
	store.change('Lead', lead['Id'] as string, {
		IsConverted: true,
		Status: 'Closed - Converted',
		ConvertedDate: new Date(store.now()).toISOString().slice(0, 10),
		ConvertedAccountId: accountId,
		ConvertedContactId: contactId,
	});
	for (const member of store
		.table('CampaignMember')
		.having('LeadId', lead['Id'] as Value)
		.filter(isLive)) {
		store.change('CampaignMember', member['Id'] as string, { ContactId: contactId }, { automated: true });
	}
	return { contactId, accountId };
}

/** Fields of a lead that its contact gets; custom ones without an external id are mapped by name. */
function takenOver(lead: Row): Values {
	const names = ['FirstName', 'LastName', 'Salutation', 'Email', 'Phone', 'MobilePhone', 'Fax', 'Title', 'LeadSource', 'Description', 'HasOptedOutOfEmail', 'DoNotCall', 'Interests__c', 'Newsletter__c', 'OwnerId']; // prettier-ignore
	const parts = ['Street', 'City', 'State', 'PostalCode', 'Country'];
	const pairs = [...names.map((name) => [name, name]), ...parts.map((part) => [`Mailing${part}`, part])] as const;
	return Object.fromEntries(pairs.map(([to, from]): [string, Value] => [to as string, lead[from as string] ?? null]));
}

/** Why a contact cannot be deleted: cases hang on it. */
export function deletionBlockedBy(store: SalesforceStore, contact: Row): string | undefined {
	const cases = store
		.table('Case')
		.having('ContactId', contact['Id'] as Value)
		.filter(isLive);
	if (cases.length === 0) return undefined;
	const numbers = cases.map((one) => String(one['CaseNumber'])).join(', ');
	return `Your attempt to delete ${fullName(contact)} could not be completed because it is associated with the following cases.: ${numbers}\n`;
}

export const isLive = (row: Row): boolean => row['IsDeleted'] !== true;

function live(store: SalesforceStore, object: string, id: string): Row {
	const row = store.must(object, id);
	if (!isLive(row)) throw new Error(`${object} ${id} is deleted`);
	return row;
}
