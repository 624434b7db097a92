import type { SideCost } from '../../../core/firstSyncCost';
import { CALLS_PER_SECOND, CONTACTS_PER_PAGE } from './limits';

const label = 'Brevo';
const callsPerSecond = CALLS_PER_SECOND;

/** A page for each 1,000 contacts. */
export const brevoReading: SideCost = {
	label,
	callsPerSecond,
	calls: (contacts) => 1 + Math.ceil(contacts / CONTACTS_PER_PAGE),
};

/** Contacts of one batch, and the calls of it: a refresh, an import, looks at it, the list, and a look at what was stored. */
const BATCH = 1_000;
const CALLS_PER_BATCH = 6;

/** `singly`: the mapping fills yes/no attributes, which imports drop, so that each contact takes a call of its own. */
export const brevoWriting = (singly: boolean): SideCost => ({
	label,
	callsPerSecond,
	calls: (contacts) => 1 + CALLS_PER_BATCH * Math.ceil(contacts / BATCH) + (singly ? contacts : 0),
	besides: `a Brevo call for each ${CONTACTS_PER_PAGE.toLocaleString('en-US')} contacts that the account has already, and the time Brevo takes for its imports`,
});
