import { N8N_API_BASE_URL, N8nClient } from '../../../clients/n8n/n8nClient';
import { TableLedger } from '../../../clients/n8n/tableLedger';
import type { LedgerTools } from '../../../core/quota/ledger';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { chosenAccount } from '../vendors/openAccount';
import type { NodeContext } from '../n8n/n8nHttp';
import { n8nHttp } from '../n8n/n8nHttp';
import { readKeyEnd } from './n8nKey';

export const N8N_CREDENTIAL = 'contactSyncN8nApi';

export interface OpenQuotaLedger {
	readonly ledger: TableLedger;
	/** What reading and reserving need; waits end when the execution is cancelled. */
	readonly tools: LedgerTools;
	/** See `accountKey`. */
	readonly account: string;
	/** When the key of n8n's API ends, in ms since 1970; absent: never, or it does not say so. */
	readonly keyEnd?: number;
}

/** The ledger of quotas in the data table `tableName`, with the credential of the running node. Its notes warn of a key that ends soon. */
export async function openQuotaLedger(
	context: NodeContext,
	tableName: string,
	signal?: AbortSignal,
): Promise<Result<OpenQuotaLedger>> {
	const opened = await chosenAccount(context, N8N_CREDENTIAL, 'n8n API', { signal });
	if (opened.kind !== 'ok') return opened;
	const { account, clock } = opened.value;
	const key = await readKeyEnd(context, N8N_CREDENTIAL, clock.now());
	if (key.kind !== 'ok') return key;
	const { end, note } = key.value;
	const client = new N8nClient(n8nHttp(context, N8N_CREDENTIAL, N8N_API_BASE_URL));
	const ledger = new TableLedger(client, account, tableName);
	if (note !== undefined) ledger.notes.push(note);
	return ok({ ledger, tools: { clock, nonce: ledger.nonce }, account, ...(end === undefined ? {} : { keyEnd: end }) });
}
