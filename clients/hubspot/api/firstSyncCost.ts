import type { SideCost } from '../../../core/firstSyncCost';
import { HUBSPOT_LIMITS, USUAL_CALLS_PER_SECOND } from './limits';

const label = 'HubSpot';
const callsPerSecond = USUAL_CALLS_PER_SECOND;
const { membersPage, batchRead, batchWrite, membershipsWrite } = HUBSPOT_LIMITS;
/** The account, the list and the properties. */
const AT_START = 3;

/** Members by pages, and their properties by batch reads. */
export const hubSpotReading: SideCost = {
	label,
	callsPerSecond,
	calls: (contacts) => AT_START + Math.ceil(contacts / membersPage) + Math.ceil(contacts / batchRead),
};

/** A look for each hundred contacts, a write for as many, and the members of the list, if there is one. */
export const hubSpotWriting = (withList: boolean): SideCost => ({
	label,
	callsPerSecond,
	calls: (contacts) =>
		AT_START +
		Math.ceil(contacts / batchRead) +
		Math.ceil(contacts / batchWrite) +
		(withList ? Math.ceil(contacts / membershipsWrite) : 0),
});
