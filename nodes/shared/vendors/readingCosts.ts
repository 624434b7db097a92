import { brevoReading } from '../../../clients/brevo/api/firstSyncCost';
import { hubSpotReading } from '../../../clients/hubspot/api/firstSyncCost';
import { salesforceReading } from '../../../clients/salesforce/api/firstSyncCost';
import type { SideCost } from '../../../core/firstSyncCost';
import type { FollowedName } from './mappingSource';

/** What reading all contacts costs at each source. */
export const readingCosts: Readonly<Record<FollowedName, SideCost>> = {
	hubSpot: hubSpotReading,
	salesforce: salesforceReading,
	brevo: brevoReading,
};
