import type { SideCost } from '../../../core/firstSyncCost';
import { SALESFORCE_LIMITS } from './limits';

const label = 'Salesforce';
const { queryPage, recordsPerWrite } = SALESFORCE_LIMITS;
/** Salesforce has no limit per second. A page of 2,000 records, or a write of 200, is taken for a second. */
const callsPerSecond = 1;
/** The sign-in, the organisation, the fields, and the leads behind contacts or the campaign. */
const AT_START = 4;
/** Contacts that one call looks for by key and by address. */
const LOOKED_FOR = 1_000;

/** A page of a query for each 2,000 records. */
export const salesforceReading: SideCost = {
	label,
	callsPerSecond,
	calls: (contacts) => AT_START + Math.ceil(contacts / queryPage),
};

/** Looks for records that are there, a write for each 200, and campaign members, if there is a campaign, in as many. */
export const salesforceWriting = (withCampaign: boolean): SideCost => ({
	label,
	callsPerSecond,
	calls: (contacts) =>
		AT_START + Math.ceil(contacts / LOOKED_FOR) + Math.ceil(contacts / recordsPerWrite) * (withCampaign ? 2 : 1),
});
