import { assertSucceeded, executionCounter, waitForFirstSync } from '../../demo/firstSync';
import { fillTemplate, NODE_TYPES } from '../../demo/n8n/importTemplate';
import type { Execution, ExecutionItem, N8nApi, WorkflowJson } from '../../demo/n8n/n8nApi';
import { silentProgress } from '../../demo/process/progress';
import { DemoError } from '../../demo/demoError';

const node = (name: string, type: string, parameters = {}): WorkflowJson['nodes'][number] => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters,
});

const workflow: WorkflowJson = {
	name: 'A sync',
	nodes: [
		node('Source', NODE_TYPES.trigger, { consentConfirmed: false }),
		node('Fields', NODE_TYPES.map, { mapping: { mappingMode: 'defineBelow', value: { EMAIL: 'email' } } }),
		node('Target', NODE_TYPES.upsert),
		node('Note', 'n8n-nodes-base.stickyNote'),
	],
	connections: {},
};

const execution = (runs: Record<string, Array<Array<Record<string, unknown>>>>): Execution => ({
	id: '1',
	workflowId: 'w',
	status: 'success',
	mode: 'trigger',
	startedAt: '',
	stoppedAt: '',
	data: {
		resultData: {
			runData: Object.fromEntries(
				Object.entries(runs).map(([name, outputs]) => {
					const main = outputs.map((items) => items.map((json): ExecutionItem => ({ json })));
					return [name, [{ executionTime: 1, startTime: 1, data: { main } }]];
				}),
			),
		},
	},
});

const outcome = (status: string, code?: string) => ({ outcome: { status, code } });

describe('executionCounter', () => {
	it('counts every contact once by what became of it, over all executions', () => {
		const count = executionCounter(workflow);
		count.add(
			execution({
				Source: [[{ key: 'a' }, { key: 'b' }, { key: 'c' }]],
				Fields: [[{ key: 'a' }, { key: 'b' }], [outcome('excluded', 'PHONE_INVALID')]],
				Target: [[outcome('created')], [outcome('failed', 'NOT_STORED')]],
			}),
		);
		count.add(
			execution({ Source: [[{ key: 'a' }, { key: 'd' }]], Target: [[outcome('unchanged'), outcome('updated')]] }),
		);
		expect(count.tally).toEqual({
			executions: 2,
			read: 4,
			created: 1,
			updated: 1,
			unchanged: 1,
			removed: 0,
			excluded: 1,
			failed: 1,
			planned: 0,
			reasons: { PHONE_INVALID: 1, NOT_STORED: 1 },
		});
	});

	it('refuses an item without an outcome instead of losing it', () => {
		expect(() => executionCounter(workflow).add(execution({ Target: [[{ key: 'a' }]] }))).toThrow(DemoError);
	});
});

describe('waitForFirstSync', () => {
	it('reads what is in the executions only when all batches are through, also if none is under way between two', async () => {
		const batches = [['a', 'b'], ['c', 'd'], ['e']].map((keys, index): Execution => {
			const Target = [keys.map(() => outcome('created'))];
			return { ...execution({ Source: [keys.map((key) => ({ key }))], Target }), id: String(index + 1) };
		});
		const asked: string[] = [];
		// Each batch is listed at one look and nothing new at the next.
		let looks = 0;
		const api = {
			listExecutions: async () => {
				asked.push('list');
				return await Promise.resolve(batches.slice(0, Math.ceil(++looks / 2)));
			},
			getExecution: async (id: string) => {
				asked.push('read');
				return await Promise.resolve(batches[Number(id) - 1]);
			},
		} as unknown as N8nApi;
		const nodes = workflow.nodes.map((one) =>
			one.name === 'Source' ? { ...one, parameters: { options: { batchSize: 2 } } } : one,
		);
		const onIdle = () => asked.push('idle');
		const sync = { api, workflow: { ...workflow, nodes, id: 'w' }, progress: silentProgress, onIdle };
		expect(await waitForFirstSync({ ...sync, members: 5 })).toMatchObject({ executions: 3, read: 5, created: 5 });
		expect(asked).toEqual([...Array<string>(6).fill('list'), 'idle', 'read', 'read', 'read']);
	});
});

describe('assertSucceeded', () => {
	it('names the node and the reason of a failed execution', () => {
		const failed: Execution = { ...execution({}), status: 'error' };
		failed.data = { resultData: { runData: {}, error: { message: 'No list', node: { name: 'Source' } } } };
		expect(() => assertSucceeded(failed)).toThrow("Execution 1 failed in the node 'Source': No list");
		expect(() => assertSucceeded({ ...execution({}), status: 'crashed', data: undefined })).toThrow('crashed');
	});
});

describe('fillTemplate', () => {
	const choices = {
		credentials: {
			contactSyncHubSpotApi: { id: 'h', name: 'H' },
			contactSyncBrevoApi: { id: 'b', name: 'B' },
		},
		mapping: { CITY: 'city' },
		sourceList: { id: '7', name: 'Customers' },
		destinationList: { id: '9', name: 'From HubSpot' },
	};

	it('fills in credentials, lists and the interval, and leaves the template as it was', () => {
		const original = structuredClone(workflow);
		const filled = fillTemplate({ name: 't', workflow }, choices);
		expect(workflow).toEqual(original);
		const [source, fields, target, note] = filled.nodes;
		expect(source?.credentials).toEqual({ contactSyncHubSpotApi: { id: 'h', name: 'H' } });
		expect(source?.parameters).toEqual({
			consentConfirmed: true,
			list: { __rl: true, mode: 'list', value: '7', cachedResultName: 'Customers' },
			pollTimes: { item: [{ mode: 'everyMinute' }] },
		});
		expect(Object.keys(fields?.credentials ?? {})).toEqual(['contactSyncHubSpotApi', 'contactSyncBrevoApi']);
		expect(fields?.parameters.mapping).toEqual({ mappingMode: 'defineBelow', value: { EMAIL: 'email', CITY: 'city' } });
		expect(target?.parameters.destinationList).toMatchObject({ value: '9' });
		expect(note).toEqual(original.nodes[3]);
	});

	it('lets a test set further parameters, and names a credential that is missing', () => {
		const parameters = { [NODE_TYPES.trigger]: { batchSize: 10 } };
		expect(fillTemplate({ name: 't', workflow }, { ...choices, parameters }).nodes[0]?.parameters.batchSize).toBe(10);
		expect(() => fillTemplate({ name: 't', workflow }, { ...choices, credentials: {} })).toThrow(
			'contactSyncHubSpotApi',
		);
	});
});
