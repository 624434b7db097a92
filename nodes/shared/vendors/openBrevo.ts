import { BrevoClient } from '../../../clients/brevo/api/brevoClient';
import { BREVO_BASE_URL, brevoLimiters } from '../../../clients/brevo/api/limits';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { chosenAccount } from './accountKey';
import { n8nClock } from '../n8n/n8nClock';
import type { NodeContext } from '../n8n/n8nHttp';
import { n8nHttp } from '../n8n/n8nHttp';

export const BREVO_CREDENTIAL = 'contactSyncBrevoApi';

export interface OpenBrevo {
	readonly client: BrevoClient;
	/** See `accountKey`. */
	readonly account: string;
	/** Stops waiting when the execution is cancelled. */
	readonly clock: Clock;
}

/** A client with the credential of the running node, which calls no more once `signal` (of an execution) is aborted. */
export async function openBrevo(context: NodeContext, signal?: AbortSignal): Promise<Result<OpenBrevo>> {
	const chosen = await chosenAccount(context, BREVO_CREDENTIAL, 'Brevo');
	if (chosen.kind !== 'ok') return chosen;
	const account = chosen.value;
	const clock = n8nClock(signal);
	// The limiters are shared with other runs, so they sleep on whether or not this one is cancelled.
	const limiters = brevoLimiters(account, n8nClock());
	const http = n8nHttp(context, BREVO_CREDENTIAL, BREVO_BASE_URL);
	return ok({ client: new BrevoClient(http, clock, limiters, () => signal?.aborted === true), account, clock });
}
