import type { CallSettings } from '../../clients/hubspot/hubSpotClient';
import { HUBSPOT_BASE_URL, HubSpotClient } from '../../clients/hubspot/hubSpotClient';
import { sharedHubSpotLimits } from '../../clients/hubspot/limits';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { accountKey } from './account';
import { n8nClock } from './n8nClock';
import type { NodeContext } from './n8nHttp';
import { n8nHttp } from './n8nHttp';

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
	const credential = context.getNode().credentials?.[credentialType];
	if (!credential)
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'No HubSpot credential is selected in this node' };
	let account: string;
	try {
		account = await accountKey(context, credentialType);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: `The HubSpot credential cannot be read: ${reason}` };
	}
	const clock = n8nClock();
	const http = n8nHttp(context, credentialType, HUBSPOT_BASE_URL);
	const client = new HubSpotClient(http, clock, sharedHubSpotLimits(account, clock), settings);
	return ok({ client, account });
}
