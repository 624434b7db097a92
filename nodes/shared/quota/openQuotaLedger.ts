import { N8N_API_BASE_URL, N8nClient } from '../../../clients/n8n/n8nClient';
import { TableLedger } from '../../../clients/n8n/tableLedger';
import type { LedgerTools } from '../../../core/quota/ledger';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { chosenAccount } from '../vendors/accountKey';
import { n8nClock } from '../n8n/n8nClock';
import type { NodeContext } from '../n8n/n8nHttp';
import { n8nHttp } from '../n8n/n8nHttp';

export const N8N_CREDENTIAL = 'contactSyncN8nApi';

export interface OpenQuotaLedger {
	readonly ledger: TableLedger;
	/** What reading and reserving need; waits end when the execution is cancelled. */
	readonly tools: LedgerTools;
	/** See `accountKey`. */
	readonly account: string;
}

/** The ledger of quotas in the data table `tableName`, with the credential of the running node. */
export async function openQuotaLedger(
	context: NodeContext,
	tableName: string,
	signal?: AbortSignal,
): Promise<Result<OpenQuotaLedger>> {
	const chosen = await chosenAccount(context, N8N_CREDENTIAL, 'n8n API');
	if (chosen.kind !== 'ok') return chosen;
	const account = chosen.value;
	const client = new N8nClient(n8nHttp(context, N8N_CREDENTIAL, N8N_API_BASE_URL));
	const ledger = new TableLedger(client, account, tableName);
	return ok({ ledger, tools: { clock: n8nClock(signal), nonce: ledger.nonce }, account });
}
