import { dailyReserveReached } from '../../../../core/calls/dailyReserve';
import type { Clock } from '../../../../core/ports';
import type { Failure, Result } from '../../../../core/result';
import { DAILY_RECHECK_MS } from '../../api/classify';
import type { HubSpotClient } from '../../api/hubSpotClient';
import type { HubSpotContact, HubSpotProperty } from '../../api/types';
import type { ReadSettings } from '../toContactChange';
import { toContactChange } from '../toContactChange';

/** What reading on demand needs. */
export interface OnDemandContext {
	readonly client: HubSpotClient;
	readonly clock: Clock;
	readonly portalId: string;
	/** Names of the properties to emit. */
	readonly fields: readonly string[];
	/** HB-28: share of the day's calls left to others, in per cent. */
	readonly dailyReservePercent: number;
	definitions(): Promise<Result<readonly HubSpotProperty[]>>;
	/** See `ReaderSettings`. */
	readonly ignoresOptOuts?: boolean;
}

/** HB-28: the pause that leaves the reserve of the day's calls to others. */
export const reserveReached = ({ client, clock, dailyReservePercent }: OnDemandContext): Failure | undefined =>
	dailyReserveReached(
		client.limits.daily,
		{ vendor: 'HubSpot', percent: dailyReservePercent, recheckMs: DAILY_RECHECK_MS },
		clock.now(),
	);

/** A contact as read now. Which of its properties changed is not read. */
export const toReadContact = (contact: HubSpotContact, settings: ReadSettings, now: number) =>
	toContactChange(contact, { change: 'updated', at: contact.changedAt ?? now }, settings);
