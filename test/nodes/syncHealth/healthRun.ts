import type { IDataObject, INode, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { SyncHealth } from '../../../nodes/SyncHealth/SyncHealth.node';
import type { NodeTypeMap, RunOptions, RunResult } from '../../support/n8n/engine';
import { runNodes, runWorkflow, testNode } from '../../support/n8n/engine';
import type { FakeN8n } from '../../support/n8n/n8nTables';
import { startFakeN8n } from '../../support/n8n/n8nTables';

export const HEALTH = 'n8n-nodes-contact-sync.syncHealth';
const SORTER = 'test.sorter';

export const TABLE = 'Contact Sync Health';
export const CONTACTS = 'Contact Sync Health Contacts';

/** By which input of Record a contact comes. */
export type Input = 0 | 1 | 2 | 3;
export const [SYNCED, NOT_SYNCED, LEFT_OUT, OVER_QUOTA] = [0, 1, 2, 3] as const;

/** Sends each item to the output that its field `input` names, as the nodes of a sync do. */
class Sorter implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sorter',
		name: 'sorter',
		group: ['transform'],
		description: 'Stands for the nodes of a sync',
		version: 1,
		defaults: { name: 'Sorter' },
		inputs: [NodeConnectionTypes.Main],
		outputs: Array.from({ length: 4 }, () => NodeConnectionTypes.Main),
		properties: [],
	};

	async execute(this: { getInputData(): INodeExecutionData[] }): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		return [0, 1, 2, 3].map((output) =>
			items.flatMap(({ json: { input, ...json } }, item) => (input === output ? [{ json, pairedItem: { item } }] : [])),
		);
	}
}

const types: NodeTypeMap = { [HEALTH]: new SyncHealth(), [SORTER]: new Sorter() };

export interface RunningHealth {
	readonly n8n: FakeN8n;
	/** One execution of a sync that ends in Record. */
	record(
		items: readonly IDataObject[],
		parameters?: IDataObject,
		key?: string,
		mode?: RunOptions['mode'],
	): Promise<RunResult>;
	/** One of the other operations. */
	run(operation: string, parameters?: IDataObject, input?: readonly IDataObject[]): Promise<RunResult>;
	/** The cells of the row of a sync. */
	head(sync?: string): IDataObject;
	/** The contacts that are not in sync, as people see them. */
	rows(): IDataObject[];
	close(): Promise<void>;
}

export async function startHealth(): Promise<RunningHealth> {
	const n8n = await startFakeN8n();
	// A key of its own: what a process remembers of tables hangs on it.
	const apiKey = `key ${Math.random()}`;
	const credentialsOf = (key: string) => ({ contactSyncN8nApi: { apiKey: key, baseUrl: n8n.url } });
	const node = (parameters: IDataObject): INode =>
		testNode('Health', HEALTH, parameters as INode['parameters'], ['contactSyncN8nApi']);
	return {
		n8n,
		record: async (items, parameters = {}, key = apiKey, mode = 'trigger') =>
			await runWorkflow(
				{
					nodes: [testNode('Sorter', SORTER, {}), node({ operation: 'record', sync: 'Newsletter', ...parameters })],
					connections: {
						Sorter: {
							main: [0, 1, 2, 3].map((index) => [{ node: 'Health', type: NodeConnectionTypes.Main, index }]),
						},
					},
				},
				{ types, credentials: credentialsOf(key), input: items, mode, executionOrder: 'v1' },
			),
		run: async (operation, parameters = {}, input = [{}]) =>
			await runNodes([node({ operation, ...parameters })], { types, credentials: credentialsOf(apiKey), input }),
		head: (sync = 'Newsletter') => {
			const row = n8n.table(TABLE).rows.find((one) => one.sync === sync && one.state !== '');
			if (!row) throw new Error(`nothing is recorded of ${sync}`);
			return row;
		},
		rows: () => n8n.table(CONTACTS).rows,
		close: async () => await n8n.close(),
	};
}

export const keyOf = (id: number): string => `hubspot:1:contact:${id}`;

const contactOf = (id: number): IDataObject => ({
	key: keyOf(id),
	change: 'updated',
	source: { system: 'hubspot', account: '1', object: 'contact', id: String(id), list: '12' },
	contact: { email: `person${id}@example.com`, attributes: { FIRSTNAME: `Name ${id}` } },
	delivery: { phase: 'live', sequence: 1, members: 10 },
});

/** Contacts as the nodes of a sync hand them to Record. */
export const synced = (id: number, status = 'updated'): IDataObject => ({
	...contactOf(id),
	input: SYNCED,
	outcome: { status },
});

export const failing = (id: number, retryable = false): IDataObject => ({
	...contactOf(id),
	input: NOT_SYNCED,
	outcome: {
		status: 'failed',
		code: 'DESTINATION_REFUSED',
		message: `Brevo refused person${id}@example.com`,
		retryable,
	},
});

export const excluded = (id: number): IDataObject => ({
	...contactOf(id),
	contact: undefined,
	fields: { firstname: `Name ${id}` },
	input: LEFT_OUT,
	outcome: { status: 'excluded', code: 'NO_IDENTIFIER' },
});

export const held = (id: number): IDataObject => ({
	...contactOf(id),
	input: OVER_QUOTA,
	quota: { code: 'QUOTA_USED_UP', message: 'The quota is used up', renewsAt: '2027-01-01T00:00:00.000Z' },
});
