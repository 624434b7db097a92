import { randomBytes } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { N8N_API_BASE_URL, N8nClient } from '../../clients/n8n/n8nClient';
import { TableHealthBook } from '../../clients/n8n/tableHealthBook';
import { addressMark } from '../../core/health/addressMark';
import type { KnownSync } from '../../core/health/lookUp';
import { ProcessMemory } from '../../core/health/processMemory';
import type { RecordTools } from '../../core/health/recordBatch';
import { readStateText } from '../../core/health/stateCell';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { n8nHttp } from '../shared/n8n/n8nHttp';
import { readKeyEnd } from '../shared/quota/n8nKey';
import { N8N_CREDENTIAL } from '../shared/quota/openQuotaLedger';
import { chosenAccount } from '../shared/vendors/openAccount';
import type { CommonSettings } from './settings';

/** What this process remembers of its syncs. */
export const processMemory = new ProcessMemory();

export interface OpenHealth {
	readonly book: TableHealthBook;
	readonly tools: RecordTools & { readonly markOf: (address: string) => string };
}

/** The health of syncs in the data tables of the running node's credential. Its notes warn of a key that ends soon. */
export async function openHealth(context: IExecuteFunctions, { table }: CommonSettings): Promise<Result<OpenHealth>> {
	const signal = context.getExecutionCancelSignal();
	const chosen = await chosenAccount(context, N8N_CREDENTIAL, 'n8n API', { signal });
	if (chosen.kind !== 'ok') return chosen;
	const { account, clock } = chosen.value;
	const key = await readKeyEnd(context, N8N_CREDENTIAL, clock.now(), 'the health of syncs is not recorded');
	if (key.kind !== 'ok') return key;
	const client = new N8nClient(n8nHttp(context, N8N_CREDENTIAL, N8N_API_BASE_URL));
	const book = new TableHealthBook(client, account, table);
	if (key.value.note !== undefined) book.notes.push(key.value.note);
	// Known to this n8n alone, and the same for as long as its encryption key is.
	const secret = context.getInstanceId();
	const tools = {
		clock,
		nonce: () => randomBytes(9).toString('base64url'),
		markOf: (address: string) => addressMark(address, secret),
	};
	return ok({ book, tools });
}

/** The syncs that have recorded, by name; `only`: that one. Of a sync whose state cannot be read there is a note. */
export async function readSyncs(book: TableHealthBook, only?: string): Promise<Result<readonly KnownSync[]>> {
	const heads = await book.heads(only);
	if (heads.kind !== 'ok') return heads;
	const syncs = new Map<string, KnownSync>();
	const unread = new Set<string>();
	for (const { sync, state } of heads.value) {
		const read = readStateText(state);
		if (read === undefined) unread.add(sync);
		else if (!syncs.has(sync)) syncs.set(sync, { sync, state: read.state });
	}
	book.notes.push(...[...unread].filter((sync) => !syncs.has(sync)).map(unreadState));
	if (only !== undefined && syncs.size + unread.size === 0) book.notes.push(nothingRecorded(only));
	return ok([...syncs.values()].sort((a, b) => a.sync.localeCompare(b.sync)));
}

/** What is known of a sync whose state was changed by hand. */
export const unreadState = (sync: string): string =>
	`The cell 'state' of the sync '${sync}' was changed by hand, so nothing can be told of it until its contacts are delivered again.`;

/** Undefined: no sync at all. */
export const nothingRecorded = (sync: string | undefined): string =>
	sync === undefined
		? 'No sync has recorded anything yet: put Sync Health with the operation Record behind a sync.'
		: `No sync of the name '${sync}' has recorded anything: look at 'Sync' of its Sync Health node.`;
