import { RecordError } from '../errors';
import { isLive } from '../records/lifecycle';
import type { SalesforceStore } from '../records/store';
import type { Value } from '../schema/fields';

/** A campaign member that is to be made: one contact or lead, once per campaign (S28), with a status of the campaign. */
export function checkMember(store: SalesforceStore, values: Record<string, Value>): void {
	const people = ['ContactId', 'LeadId'].filter((name) => (values[name] ?? null) !== null);
	const [key] = people;
	if (key === undefined || people.length > 1) {
		const message = key === undefined ? 'Required fields are missing: [ContactId or LeadId]' : 'Only one of ContactId and LeadId can be given'; // prettier-ignore
		throw new RecordError('REQUIRED_FIELD_MISSING', message, ['ContactId', 'LeadId']);
	}
	const twin = store
		.table('CampaignMember')
		.having(key, values[key] as Value)
		.some((row) => row['CampaignId'] === values['CampaignId'] && isLive(row));
	if (twin) throw new RecordError('DUPLICATE_VALUE', 'Already a campaign member.', []);
	const lead = store.lookup('Lead', values['LeadId']);
	if (lead?.['IsConverted'] === true && store.settings.editConvertedLeads === 'refused') throw convertedLead();
	settleStatus(store, values);
}

export const convertedLead = (): RecordError =>
	new RecordError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');

function settleStatus(store: SalesforceStore, values: Record<string, Value>): void {
	const statuses = [...store.table('CampaignMemberStatus').all()].filter((row) => row['CampaignId'] === values['CampaignId']); // prettier-ignore
	const fallback = statuses.find((row) => row['IsDefault'] === true)?.['Label'] ?? 'Sent';
	const isKnown = statuses.some((row) => row['Label'] === values['Status']);
	const { unknownMemberStatus } = store.settings;
	if ((values['Status'] ?? null) === null) values['Status'] = fallback;
	else if (!isKnown && unknownMemberStatus === 'default') values['Status'] = fallback;
	else if (!isKnown && unknownMemberStatus === 'refuse') {
		throw new RecordError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `Status: bad value for restricted picklist field: ${String(values['Status'])}`, ['Status']); // prettier-ignore
	}
}
