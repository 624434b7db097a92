import type { IConnections, IDataObject, INode } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { HubSpotListTrigger } from '../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { QuotaGuard } from '../../../nodes/QuotaGuard/QuotaGuard.node';
import type { CredentialValues, NodeTypeMap, RunOptions, RunResult } from '../../support/n8n/engine';
import { runNodes, runWorkflow, testNode } from '../../support/n8n/engine';
import type { FakeN8n } from '../../support/n8n/n8nTables';
import { startFakeN8n } from '../../support/n8n/n8nTables';

export const GUARD = 'n8n-nodes-contact-sync.quotaGuard';
export const TRIGGER = 'n8n-nodes-contact-sync.hubSpotListTrigger';
export const types: NodeTypeMap = { [GUARD]: new QuotaGuard(), [TRIGGER]: new HubSpotListTrigger() };

export const TABLE = 'Contact Sync Quota';
export const [WITHIN, OVER, ALERT] = [0, 1, 2];

const FOLLOWS_A_LIST = { list: { __rl: true, mode: 'id', value: '12' }, consentConfirmed: true };

/** In the middle of a month that no test has to know more of. */
export const NOW = '2027-03-10T12:00:00.000Z';

/** What is different in a run behind a trigger. */
export interface DeliveredChange {
	readonly node?: Partial<INode>;
	/** How the run came about; by its trigger where absent. */
	readonly mode?: RunOptions['mode'];
	/** The trigger's name. */
	readonly trigger?: string;
	readonly between?: readonly INode[];
	/** Further node types. */
	readonly types?: NodeTypeMap;
}

export interface RunningGuard {
	readonly n8n: FakeN8n;
	readonly credentials: CredentialValues;
	readonly node: (parameters?: IDataObject, change?: Partial<INode>) => INode;
	/** One run of the node with these items, in n8n's own engine. */
	readonly run: (
		input: readonly IDataObject[],
		parameters?: IDataObject,
		change?: Partial<INode>,
		options?: Partial<RunOptions>,
	) => Promise<RunResult>;
	/** The same behind one of our triggers, as the execution of this id. */
	readonly runDelivered: (
		execution: string,
		input: readonly IDataObject[],
		parameters?: IDataObject,
		change?: DeliveredChange,
	) => Promise<RunResult>;
	/** The rows of the ledger, each as quota, period and used. */
	readonly counted: () => unknown[];
	readonly close: () => Promise<void>;
}

export async function startGuard(): Promise<RunningGuard> {
	const n8n = await startFakeN8n();
	const credentials = { contactSyncN8nApi: { apiKey: 'key', baseUrl: n8n.url }, contactSyncHubSpotApi: {} };
	const node: RunningGuard['node'] = (parameters = {}, change = {}) => ({
		...testNode('Guard', GUARD, parameters as INode['parameters'], ['contactSyncN8nApi']),
		...change,
	});
	const run: RunningGuard['run'] = async (input, parameters, change, options) =>
		await runNodes([node(parameters, change)], { types, credentials, input, ...options });
	const runDelivered: RunningGuard['runDelivered'] = async (executionId, input, parameters, change = {}) => {
		const { node: guardChange, trigger = 'Trigger', between = [], mode = 'trigger' } = change;
		const known = { ...types, ...change.types };
		const nodes = [
			testNode(trigger, TRIGGER, FOLLOWS_A_LIST, ['contactSyncHubSpotApi']),
			...between,
			node(parameters, guardChange),
		];
		const connections: IConnections = {};
		for (const [index, { name }] of nodes.entries()) {
			const next = nodes[index + 1];
			if (next) connections[name] = { main: [[{ node: next.name, type: NodeConnectionTypes.Main, index: 0 }]] };
		}
		return await runWorkflow({ nodes, connections }, { types: known, credentials, input, mode, executionId });
	};
	return {
		n8n,
		credentials,
		node,
		run,
		runDelivered,
		counted: () => n8n.tables.flatMap(({ rows }) => rows.map(({ quota, period, used }) => [quota, period, used])),
		close: async () => await n8n.close(),
	};
}

/** From now on it is this instant, and time goes on from there. */
export function setTime(instant: string): void {
	jest.restoreAllMocks();
	const ahead = Date.parse(instant) - Date.now();
	const now = Date.now.bind(Date);
	jest.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
}

export const people = (count: number, first = 1): IDataObject[] =>
	Array.from({ length: count }, (_none, index) => ({ key: `hubspot:1:contact:${first + index}`, optedOut: false }));

/** Contacts as a trigger hands them on. */
export const batch = (sequence: number, count: number, source: IDataObject = {}): IDataObject[] =>
	people(count).map((person) => ({
		...person,
		source: { system: 'hubspot', account: '1', object: 'contact', list: '12', ...source },
		delivery: { phase: 'live', sequence },
	}));

/** The items that went in, by the number of each on an output. */
export const numbersOn = (result: RunResult, output: number): number[] =>
	result.items('Guard', output).map(({ pairedItem }) => (pairedItem as { item: number }).item);
