import type { CallSettings } from '../../../clients/hubspot/api/hubSpotClient';
import { HUBSPOT_BASE_URL, HubSpotClient } from '../../../clients/hubspot/api/hubSpotClient';
import { sharedHubSpotLimits } from '../../../clients/hubspot/api/limits';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { chosenAccount } from './accountKey';
import { n8nClock } from '../n8n/n8nClock';
import type { NodeContext } from '../n8n/n8nHttp';
import { n8nHttp } from '../n8n/n8nHttp';

export interface OpenHubSpot {
	readonly client: HubSpotClient;
	/** Names key and base URL, for what is shared in this process; no secret. */
	readonly account: string;
}

/** A client with the chosen credential; calls of all nodes that use it share one count. A credential never chosen is named as such. */
export async function openHubSpot(
	context: NodeContext,
	credentialType: string,
	settings?: CallSettings,
): Promise<Result<OpenHubSpot>> {
	const account = await chosenAccount(context, credentialType, 'HubSpot');
	if (account.kind !== 'ok') return account;
	const clock = n8nClock();
	const http = n8nHttp(context, credentialType, HUBSPOT_BASE_URL);
	const client = new HubSpotClient(http, clock, sharedHubSpotLimits(account.value, clock), settings);
	return ok({ client, account: account.value });
}
