import { HUBSPOT_BASE_URL, HubSpotClient } from '../../../clients/hubspot/api/hubSpotClient';
import { HubSpotWriter } from '../../../clients/hubspot/api/hubSpotWriter';
import type { HubSpotLimits } from '../../../clients/hubspot/api/limits';
import { sharedHubSpotLimits } from '../../../clients/hubspot/api/limits';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { n8nClock } from '../n8n/n8nClock';
import type { NodeContext } from '../n8n/n8nHttp';
import { n8nHttp } from '../n8n/n8nHttp';
import type { CallsUntil } from './openAccount';
import { chosenAccount } from './openAccount';

export interface OpenHubSpot {
	readonly client: HubSpotClient;
	readonly writer: HubSpotWriter;
	/** See `accountKey`. */
	readonly account: string;
	readonly clock: Clock;
	readonly limits: HubSpotLimits;
}

/** Clients with the chosen credential; calls of all nodes that use it share one count. A credential never chosen is named as such. */
export async function openHubSpot(
	context: NodeContext,
	credentialType: string,
	until: CallsUntil = {},
): Promise<Result<OpenHubSpot>> {
	const opened = await chosenAccount(context, credentialType, 'HubSpot', until);
	if (opened.kind !== 'ok') return opened;
	const { account, clock, settings } = opened.value;
	const limits = sharedHubSpotLimits(account, n8nClock());
	const http = n8nHttp(context, credentialType, HUBSPOT_BASE_URL);
	const client = new HubSpotClient(http, clock, limits, settings);
	return ok({ client, writer: new HubSpotWriter(http, clock, limits, settings), account, clock, limits });
}
