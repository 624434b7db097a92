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

/** Contacts of one batch. */
const BATCH = 1_000;
/** What marketing contacts take for a batch: an import, and the usual looks at it. */
export const USUAL_LOOKS = 3;
const CALLS_PER_IMPORT = 1 + USUAL_LOOKS;

/**
 * A look for each hundred contacts, a write for as many, and the members of the list, if there is one. `setsMarketing`: an import for each batch, and
 * looks at its contacts before and after it.
 */
export const hubSpotWriting = (withList: boolean, setsMarketing = false): SideCost => ({
	label,
	callsPerSecond,
	calls: (contacts) =>
		AT_START +
		Math.ceil(contacts / batchRead) +
		Math.ceil(contacts / batchWrite) +
		(withList ? Math.ceil(contacts / membershipsWrite) : 0) +
		(setsMarketing ? CALLS_PER_IMPORT * Math.ceil(contacts / BATCH) + 2 * Math.ceil(contacts / batchRead) : 0),
	...(setsMarketing ? { besides: 'the time HubSpot takes for the imports that set marketing contacts' } : {}),
});
