import type { E2e } from '../support/startE2e';
import { type ApiProxy, startApiProxy } from './apiProxy';
import { type FixedSettings, type GuardCredential, GuardedFlow } from './guardedFlow';
import { LedgerTable } from './ledgerTable';

/** What an API key needs to keep a ledger. */
export const LEDGER_SCOPES = [
	'dataTable:list',
	'dataTable:create',
	'dataTableRow:read',
	'dataTableRow:create',
	'dataTableRow:update',
];

/** A key that a user made for a ledger, and the credential that holds it. */
export interface LedgerKey {
	/** n8n's id of the key. */
	readonly id: string;
	readonly credential: GuardCredential;
}

/** An n8n whose API the Quota Guards reach through a proxy. */
export interface OpenLedger {
	readonly e2e: E2e;
	readonly proxy: ApiProxy;
	readonly table: LedgerTable;
	/** Makes a key, with the scopes of a ledger unless others are given. */
	readonly newKey: (scopes?: readonly string[]) => Promise<LedgerKey>;
	/** A workflow whose key can do all that a ledger needs; its Quota Guard finishes the batch that crosses the limit. */
	readonly flow: GuardedFlow;
	/** Publishes a further one; with the same key unless another is given. */
	readonly newFlow: (fixed: FixedSettings, key?: LedgerKey) => Promise<GuardedFlow>;
	/** Stops the proxy; the n8n belongs to whoever started it. */
	close(): Promise<void>;
}

export async function openLedger(e2e: E2e): Promise<OpenLedger> {
	const proxy = await startApiProxy(e2e.n8n.url);
	const newKey = async (scopes: readonly string[] = LEDGER_SCOPES): Promise<LedgerKey> => {
		const { id, key } = await e2e.api.createApiKey(scopes);
		const data = { apiKey: key, baseUrl: proxy.baseUrl };
		return { id, credential: await e2e.api.createCredential(`n8n ${id}`, 'contactSyncN8nApi', data) };
	};
	const shared = await newKey();
	const newFlow = async (fixed: FixedSettings, { credential }: LedgerKey = shared): Promise<GuardedFlow> =>
		await GuardedFlow.publish(e2e.api, credential, fixed);
	return {
		...{ e2e, proxy, table: new LedgerTable(e2e.api), newKey, newFlow },
		flow: await newFlow({}),
		close: async () => await proxy.close(),
	};
}
