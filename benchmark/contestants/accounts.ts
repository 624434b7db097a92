import { BrevoClient } from '../../clients/brevo/api/brevoClient';
import { recentAttributes } from '../../clients/brevo/api/cachedDefinitions';
import { brevoLimiters } from '../../clients/brevo/api/limits';
import { toDestinationFields } from '../../clients/brevo/destination/toDestinationFields';
import { recentProperties } from '../../clients/hubspot/api/cachedDefinitions';
import type { CallSettings } from '../../clients/hubspot/api/hubSpotClient';
import { HubSpotClient } from '../../clients/hubspot/api/hubSpotClient';
import { sharedHubSpotLimits } from '../../clients/hubspot/api/limits';
import { toSourceFields } from '../../clients/hubspot/source/toSourceFields';
import type { HubSpotProperty } from '../../clients/hubspot/api/types';
import type { MappingPlan } from '../../core/mapping/mapping';
import { validateMapping } from '../../core/mapping/validateMapping';
import type { Result } from '../../core/result';
import type { CountingHttp } from '../countingHttp';
import { realClock } from '../../test/support/manualClock';
import { countingHttp } from '../countingHttp';
import type { Job } from '../job';
import { MAPPING } from '../mapping';

/** Names both accounts in what a process shares. */
export const ACCOUNT = 'benchmark';

/** The two accounts, for every contestant alike: the same connection, the same limits, the same mapping. */
export class Accounts {
	readonly hubspotHttp: CountingHttp;
	readonly brevoHttp: CountingHttp;
	readonly brevoLimits = brevoLimiters(ACCOUNT, realClock);
	readonly brevo: BrevoClient;

	constructor({ hubspot, brevo }: Pick<Job, 'hubspot' | 'brevo'>) {
		this.hubspotHttp = countingHttp(hubspot.url, { authorization: `Bearer ${hubspot.key}` });
		this.brevoHttp = countingHttp(brevo.url, { 'api-key': brevo.key });
		this.brevo = new BrevoClient(this.brevoHttp, realClock, this.brevoLimits);
	}

	hubspot(settings?: CallSettings): HubSpotClient {
		return new HubSpotClient(this.hubspotHttp, realClock, sharedHubSpotLimits(ACCOUNT, realClock), settings);
	}

	async properties(): Promise<Result<readonly HubSpotProperty[]>> {
		return await recentProperties(this.hubspot(), ACCOUNT, realClock);
	}

	/** Checked against the definitions of both sides, as each run of Map Contact Fields does it. */
	async mappingPlan(): Promise<MappingPlan> {
		const [properties, attributes] = await Promise.all([
			this.properties(),
			recentAttributes(this.brevo, ACCOUNT, realClock),
		]);
		return valueOf(
			validateMapping(
				Object.entries(MAPPING).map(([destination, name]) => ({ destination, from: { kind: 'field', name } })),
				{
					sourceFields: toSourceFields(valueOf(properties)),
					destinationFields: toDestinationFields(valueOf(attributes)),
					sourceSystem: 'HubSpot',
					destinationSystem: 'Brevo',
					fieldNoun: 'attribute',
				},
				{ emptyValues: 'leave', unusablePhone: 'excludeContact', choicesAs: 'label' },
			),
		);
	}
}

/** The value, or an error: nothing may fail in a benchmark. */
export function valueOf<T>(result: Result<T>): T {
	if (result.kind !== 'ok') throw new Error(`${result.code}: ${result.reason}`);
	return result.value;
}
