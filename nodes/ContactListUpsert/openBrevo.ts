import type { IExecuteFunctions } from 'n8n-workflow';
import { BrevoClient } from '../../clients/brevo/brevoClient';
import { BREVO_BASE_URL, brevoLimiters } from '../../clients/brevo/limits';
import type { Clock } from '../../core/ports';
import { accountKey } from '../shared/account';
import { n8nClock } from '../shared/n8nClock';
import { n8nHttp } from '../shared/n8nHttp';

export const BREVO_CREDENTIAL = 'contactSyncBrevoApi';

export interface OpenBrevo {
	readonly client: BrevoClient;
	/** See `accountKey`. */
	readonly account: string;
	/** Stops waiting when the execution is cancelled. */
	readonly clock: Clock;
}

/** A client with the credential of the running node, which calls no more once the execution is cancelled. */
export async function openBrevo(context: IExecuteFunctions): Promise<OpenBrevo> {
	const account = await accountKey(context, BREVO_CREDENTIAL);
	const signal = context.getExecutionCancelSignal();
	const clock = n8nClock(signal);
	// The limiters are shared with other runs, so they sleep on whether or not this one is cancelled.
	const limiters = brevoLimiters(account, n8nClock());
	const http = n8nHttp(context, BREVO_CREDENTIAL, BREVO_BASE_URL);
	const client = new BrevoClient(http, clock, limiters, () => signal?.aborted === true);
	return { client, account, clock };
}
