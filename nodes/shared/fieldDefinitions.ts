import type { BrevoAttribute } from '../../clients/brevo/types';
import { BrevoClient } from '../../clients/brevo/brevoClient';
import { recentAttributes } from '../../clients/brevo/definitions';
import { BREVO_BASE_URL, brevoLimiters } from '../../clients/brevo/limits';
import { toDestinationFields } from '../../clients/brevo/toDestinationFields';
import { recentAccount, recentProperties } from '../../clients/hubspot/definitions';
import { toSourceFields } from '../../clients/hubspot/toSourceFields';
import type { DestinationField, SourceField } from '../../core/mapping/fields';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { accountKey } from './account';
import { n8nClock } from './n8nClock';
import type { NodeContext } from './n8nHttp';
import { n8nHttp } from './n8nHttp';
import { openHubSpot } from './openHubSpot';

/** HubSpot's contact properties as source fields, at most 60 s old. */
export async function readHubSpotFields(
	context: NodeContext,
	credentialType: string,
): Promise<Result<readonly SourceField[]>> {
	const hubSpot = await openHubSpot(context, credentialType);
	if (hubSpot.kind !== 'ok') return hubSpot;
	const { client, account } = hubSpot.value;
	const answer = await recentProperties(client, account, n8nClock());
	return answer.kind === 'ok' ? ok(toSourceFields(answer.value)) : answer;
}

/** The name of the time zone HubSpot shows times in, as HubSpot gives it, at most 10 minutes old; undefined when it gives none. */
export async function readHubSpotTimeZone(
	context: NodeContext,
	credentialType: string,
): Promise<Result<string | undefined>> {
	const hubSpot = await openHubSpot(context, credentialType);
	if (hubSpot.kind !== 'ok') return hubSpot;
	const { client, account } = hubSpot.value;
	const answer = await recentAccount(client, account, n8nClock());
	return answer.kind === 'ok' ? ok(answer.value.timeZone) : answer;
}

/** Brevo's attributes as destination fields, at most 60 s old. */
export async function readBrevoFields(
	context: NodeContext,
	credentialType: string,
): Promise<Result<readonly DestinationField[]>> {
	const account = await accountOf(context, credentialType);
	if (account.kind !== 'ok') return account;
	const clock = n8nClock();
	const client = new BrevoClient(
		n8nHttp(context, credentialType, BREVO_BASE_URL),
		clock,
		brevoLimiters(account.value, clock),
	);
	const answer: Result<readonly BrevoAttribute[]> = await recentAttributes(client, account.value, clock);
	return answer.kind === 'ok' ? ok(toDestinationFields(answer.value)) : answer;
}

/** A credential that was never chosen is named as such, before anything is asked of the vendor. */
async function accountOf(context: NodeContext, credentialType: string): Promise<Result<string>> {
	if (!context.getNode().credentials?.[credentialType]) {
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'No Brevo credential is selected in this node' };
	}
	try {
		return ok(await accountKey(context, credentialType));
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: `The Brevo credential cannot be read: ${reason}` };
	}
}
