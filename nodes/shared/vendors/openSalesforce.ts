import { sharedSalesforceLimits } from '../../../clients/salesforce/api/limits';
import { SalesforceClient } from '../../../clients/salesforce/api/salesforceClient';
import type { Clock, HttpPort } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { n8nClock } from '../n8n/n8nClock';
import type { NodeContext } from '../n8n/n8nHttp';
import { httpOver } from '../n8n/n8nHttp';
import { instanceOf } from '../credentials/salesforceInstance';
import type { CallsUntil } from './openAccount';
import { chosenAccount } from './openAccount';

export interface OpenSalesforce {
	readonly client: SalesforceClient;
	/** See `accountKey`. */
	readonly account: string;
	readonly clock: Clock;
}

/** A client with the chosen credential; calls of all nodes that use it share one count. A credential never chosen is named as such. */
export async function openSalesforce(
	context: NodeContext,
	credentialType: string,
	until: CallsUntil = {},
): Promise<Result<OpenSalesforce>> {
	const opened = await chosenAccount(context, credentialType, 'Salesforce', until);
	if (opened.kind !== 'ok') return opened;
	const { account, clock, settings } = opened.value;
	const limits = sharedSalesforceLimits(account, n8nClock());
	const http = salesforceHttp(context, credentialType);
	return ok({ client: new SalesforceClient(http, clock, limits, settings), account, clock });
}

/**
 * Sends requests to the organisation of the credential, whose address Salesforce gives with each token. n8n signs in by
 * itself, and again after a 401, whichever way the credential connects.
 */
export const salesforceHttp = (context: NodeContext, credentialType: string): HttpPort =>
	httpOver(context, credentialType, {
		renewsTokens: true,
		hostField: 'My Domain URL',
		// The other two put the address before the path themselves, because a new sign-in may change it.
		place: async (credential) =>
			credentialType.endsWith('OAuth2Api') ? await instanceOf(context, credentialType, credential) : ok(''),
	});
