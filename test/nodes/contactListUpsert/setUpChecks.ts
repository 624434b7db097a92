import type { IConnections, IDataObject, INode, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { HubSpotListTrigger } from '../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { QuotaGuard } from '../../../nodes/QuotaGuard/QuotaGuard.node';
import { SalesforceContactTrigger } from '../../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';
import type { RunResult } from '../../support/n8n/engine';
import { runWorkflow, START_TYPE, testNode } from '../../support/n8n/engine';

import type { EmptyBrevo } from './upsertRun';
import { startEmptyBrevo, types } from './upsertRun';

export const TRIGGER = 'n8n-nodes-contact-sync.hubSpotListTrigger';
export const SALESFORCE = 'n8n-nodes-contact-sync.salesforceContactTrigger';
export const MAP = 'n8n-nodes-contact-sync.mapContactFields';
export const GUARD = 'n8n-nodes-contact-sync.quotaGuard';
export const STOP = 'n8n-nodes-base.stopAndError';
export const WAIT = 'n8n-nodes-base.wait';
/** Stands for n8n's Stop and Error, which is only looked for here. */
class StopNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Stop and Error',
		name: 'stopAndError',
		group: ['input'],
		description: 'Makes the run fail',
		version: 1,
		defaults: { name: 'Stop and Error' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [],
		properties: [],
	};
}

export const allTypes = {
	...types,
	[TRIGGER]: new HubSpotListTrigger(),
	[SALESFORCE]: new SalesforceContactTrigger(),
	[MAP]: new MapContactFields(),
	[GUARD]: new QuotaGuard(),
	[STOP]: new StopNode(),
	// As a stand-in, it is only looked for.
	[WAIT]: new StopNode(),
};
export const CHECK = { operation: 'checkSetUp' };

/** Checks of a node on an account that is empty before each test. Whatever is wrong with a set-up, the check only reads. */
export interface SetUpChecks {
	readonly account: EmptyBrevo;
	/** The check of the node by itself. */
	readonly check: (parameters?: INode['parameters'], input?: unknown[]) => Promise<RunResult>;
	/** The check of a workflow in which the given nodes come before it, run from a node beside them. */
	readonly checkBehind: (before: INode[], parameters?: INode['parameters']) => Promise<RunResult>;
}

export function useSetUpChecks(): SetUpChecks {
	let account: EmptyBrevo;
	beforeEach(async () => void (account = await startEmptyBrevo()));
	afterEach(async () => {
		const { brevo } = account;
		expect(brevo.store.writes).toEqual([]);
		expect(brevo.requests.entries.filter(({ method }) => method !== 'GET')).toEqual([]);
		await brevo.close();
	});

	const check = async (parameters: INode['parameters'] = {}, input: unknown[] = [{}]): Promise<RunResult> => {
		const result = await account.run(input, { ...CHECK, ...parameters });
		expect(result.error).toBeUndefined();
		return result;
	};

	async function checkBehind(before: INode[], parameters: INode['parameters'] = {}): Promise<RunResult> {
		const nodes = [testNode('Start', START_TYPE, {}), ...before, account.node({ ...CHECK, ...parameters })];
		const to = (node: string) => ({ main: [[{ node, type: NodeConnectionTypes.Main, index: 0 }]] });
		const connections: IConnections = { Start: to('Upsert') };
		for (const [index, { name }] of before.entries()) connections[name] = to(before[index + 1]?.name ?? 'Upsert');
		const result = await runWorkflow(
			{ nodes, connections },
			{ types: allTypes, credentials: account.credentials, input: [{}] },
		);
		expect(result.error).toBeUndefined();
		return result;
	}

	return {
		get account() {
			return account;
		},
		check,
		checkBehind,
	};
}

/** Every check in the order it was made, as `status check`. */
export const verdicts = (result: RunResult): string[] =>
	[0, 1].flatMap((output) =>
		result.json('Upsert', output).map(({ status, check }) => `${status as string} ${check as string}`),
	);

export const problems = (result: RunResult): IDataObject[] => result.json('Upsert', 1);

export const map = (parameters: INode['parameters'], change: Partial<INode> = {}): INode => ({
	...testNode('Map', MAP, parameters),
	...change,
});
export const table = (value: Record<string, string>): INode['parameters'] => ({
	mapping: { mappingMode: 'defineBelow', value },
});
