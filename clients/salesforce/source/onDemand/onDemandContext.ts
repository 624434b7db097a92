import type { ContactChange } from '../../../../core/contact/contact';
import { dailyReserveReached } from '../../../../core/calls/dailyReserve';
import type { Failure, Result } from '../../../../core/result';
import { DAILY_RECHECK_MS } from '../../api/classify';
import type { SalesforceObject } from '../../api/types';
import type { LeadContext } from '../records/convertedLeads';
import { isConverted, isDeleted } from '../records/readRecords';
import type { ChangeDetails, ReadSettings } from '../records/toContactChange';
import { toContactChange } from '../records/toContactChange';
import type { Row } from '../readers/rowReader';

/** What reading on demand needs. */
export interface OnDemandContext extends LeadContext {
	/** Names and paths of the fields to emit. */
	readonly fields: readonly string[];
	/** HB-28: share of the day's calls left to others, in per cent. */
	readonly dailyReservePercent: number;
	definitions(): Promise<Result<SalesforceObject>>;
}

/** HB-28: the pause that leaves the reserve of the day's calls to others. */
export const reserveReached = ({ client, clock, dailyReservePercent }: OnDemandContext): Failure | undefined =>
	dailyReserveReached(
		client.limits.daily,
		{ vendor: 'Salesforce', percent: dailyReservePercent, recheckMs: DAILY_RECHECK_MS },
		clock.now(),
	);

/** What is known of a record besides its fields. */
export interface RecordFacts {
	readonly settings: ReadSettings;
	readonly convertedLeads: OnDemandContext['convertedLeads'];
	/** Ids of the leads that it was, or that records merged into it were. */
	readonly leads: readonly string[];
	/** Ids of records that were merged into this one. */
	readonly mergedFrom?: readonly string[];
	/** Addresses of those. */
	readonly otherEmails?: readonly string[];
	/** True: a record that this one stands for, or is now, opted out. No merge and no conversion lifts that. */
	readonly optedOut?: boolean;
}

/** A record as it is now: live, converted, or in the recycle bin. */
export function toReadContact(
	row: Row,
	{ settings, convertedLeads, leads, mergedFrom = [], otherEmails = [], optedOut = false }: RecordFacts,
): ContactChange {
	const details: ChangeDetails = { ...stateOf(row, convertedLeads), at: row.at, mergedFrom, otherEmails, leads };
	const change = toContactChange(row.record, details, settings);
	return optedOut ? { ...change, optedOut } : change;
}

function stateOf(row: Row, convertedLeads: 'remove' | 'keep'): Pick<ChangeDetails, 'change' | 'convertedTo'> {
	if (isConverted(row)) {
		const { ConvertedContactId: contactId } = row.record;
		const change = convertedLeads === 'remove' ? 'removed' : 'updated';
		return { change, convertedTo: typeof contactId === 'string' ? contactId : undefined };
	}
	return { change: isDeleted(row) ? 'deleted' : 'updated' };
}
