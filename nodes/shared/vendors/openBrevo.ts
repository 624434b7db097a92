import { BrevoClient } from '../../../clients/brevo/api/brevoClient';
import { BREVO_BASE_URL, brevoLimiters } from '../../../clients/brevo/api/limits';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { n8nClock } from '../n8n/n8nClock';
import type { NodeContext } from '../n8n/n8nHttp';
import { n8nHttp } from '../n8n/n8nHttp';
import type { CallsUntil } from './openAccount';
import { chosenAccount } from './openAccount';

export const BREVO_CREDENTIAL = 'contactSyncBrevoApi';

export interface OpenBrevo {
	readonly client: BrevoClient;
	/** See `accountKey`. */
	readonly account: string;
	readonly clock: Clock;
}

/** A client with the chosen credential; calls of all nodes that use it share one count. A credential never chosen is named as such. */
export async function openBrevo(context: NodeContext, until: CallsUntil = {}): Promise<Result<OpenBrevo>> {
	const opened = await chosenAccount(context, BREVO_CREDENTIAL, 'Brevo', until);
	if (opened.kind !== 'ok') return opened;
	const { account, clock, settings } = opened.value;
	const limiters = brevoLimiters(account, n8nClock());
	const http = n8nHttp(context, BREVO_CREDENTIAL, BREVO_BASE_URL);
	return ok({ client: new BrevoClient(http, clock, limiters, settings), account, clock });
}
