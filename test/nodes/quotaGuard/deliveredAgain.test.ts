import type { INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { runWorkflow, testNode } from '../../support/n8n/engine';
import type { RunningGuard } from './guardRun';
import { ALERT, batch, NOW, numbersOn, OVER, people, setTime, startGuard, types, WITHIN } from './guardRun';

let guard: RunningGuard;
beforeEach(async () => {
	guard = await startGuard();
	setTime(NOW);
});
afterEach(async () => {
	jest.restoreAllMocks();
	await guard.close();
});

const used = (): unknown => guard.n8n.tables[0]?.rows[0]?.used;

/** Keeps nothing of an item, as a Code node may, and makes all of the first one. */
class ForgetfulNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Forgetful',
		name: 'forgetful',
		group: ['transform'],
		description: 'Keeps nothing of an item',
		version: 1,
		defaults: { name: 'Forgetful' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	async execute(this: { getInputData(): INodeExecutionData[] }): Promise<INodeExecutionData[][]> {
		return [this.getInputData().map(() => ({ json: {}, pairedItem: { item: 0 } }))];
	}
}
const FORGETFUL = 'test.forgetful';

describe('a batch that a trigger delivers again', () => {
	it('HB-19: is not counted again, so that a destination that fails does not use up the quota', async () => {
		const settings = { taskLimit: 10 };
		const { hints } = await guard.runDelivered('1', batch(1, 6), settings);
		expect(hints).toEqual([expect.stringMatching(/^6 within the quota\. /), expect.stringMatching(/was made in n8n/)]);
		for (const execution of ['2', '3', '4']) {
			const again = await guard.runDelivered(execution, batch(1, 6), settings);
			expect(numbersOn(again, WITHIN)).toHaveLength(6);
			expect(again.hints[0]).toMatch(/^6 within the quota, 6 counted when they were delivered before\. .* 6 of 10 /);
		}
		expect(used()).toBe(6);
		await guard.runDelivered('5', batch(2, 3), settings);
		expect(used()).toBe(9);
	});

	it("is not counted by n8n's Retry of an older execution: its trigger delivered the batch again long since", async () => {
		await guard.runDelivered('1', batch(1, 6));
		await guard.runDelivered('2', batch(2, 3));
		const { error } = await guard.runDelivered('3', batch(1, 6), {}, { mode: 'retry' });
		expect(error?.message).toContain('the trigger delivers these contacts by itself');
		expect(used()).toBe(9);
		// And the newer batch is still known.
		await guard.runDelivered('4', batch(2, 3));
		expect(used()).toBe(9);
	});

	it('passes although the quota is used up by now, for as many as were counted', async () => {
		const settings = { taskLimit: 6, whenExceeded: 'strict' };
		await guard.runDelivered('1', batch(1, 6), settings);
		const again = await guard.runDelivered('2', batch(1, 8), settings);
		expect(numbersOn(again, WITHIN)).toEqual([0, 1, 2, 3, 4, 5]);
		expect(numbersOn(again, OVER)).toEqual([6, 7]);
		expect(used()).toBe(6);
	});

	it('tells nothing twice', async () => {
		const settings = { taskLimit: 10 };
		const first = await guard.runDelivered('1', batch(1, 8), settings);
		expect(first.json('Guard', ALERT)).toHaveLength(1);
		expect((await guard.runDelivered('2', batch(1, 8), settings)).json('Guard', ALERT)).toEqual([]);
	});

	it('is known by its trigger, whatever the nodes in between make of its items', async () => {
		const between = [testNode('Forgetful', FORGETFUL, {})];
		const run = async (execution: string) =>
			await guard.runDelivered(execution, batch(1, 6), {}, { between, types: { [FORGETFUL]: new ForgetfulNode() } });
		await run('1');
		const again = await run('2');
		expect(again.error).toBeUndefined();
		expect(again.json('Guard', WITHIN)).toEqual([{}, {}, {}, {}, {}, {}]);
		expect(numbersOn(again, WITHIN)).toEqual([0, 1, 2, 3, 4, 5]);
		expect(used()).toBe(6);
	});

	it.each<[string, Parameters<RunningGuard['runDelivered']>[3], Record<string, string>]>([
		['of another Quota Guard', { node: { id: 'another' } }, {}],
		['of another trigger', { trigger: 'Other Trigger' }, {}],
		['of another list', {}, { list: '13' }],
		['of another account', {}, { account: '2' }],
	])('is another one when it is that %s', async (_name, change, source) => {
		await guard.runDelivered('1', batch(1, 6));
		await guard.runDelivered('2', batch(1, 6, source), {}, change);
		expect(used()).toBe(12);
	});

	it('is counted again by each part of an execution that goes round in a loop', async () => {
		await guard.runDelivered('1', batch(1, 6));
		await guard.runDelivered('1', batch(1, 6));
		expect(used()).toBe(12);
		// The second execution goes round twice too.
		await guard.runDelivered('2', batch(1, 6));
		await guard.runDelivered('2', batch(1, 6));
		expect(used()).toBe(12);
	});
});

describe('everything is counted', () => {
	it('where no trigger of ours began the execution, as in a sub-workflow that is called for each part of a batch', async () => {
		for (const executionId of ['1', '2']) await guard.run(batch(1, 6), {}, {}, { executionId, mode: 'trigger' });
		expect(used()).toBe(12);
	});

	it('where a trigger of ours is in the workflow and another one began it', async () => {
		const to = (node: string) => ({ main: [[{ node, type: NodeConnectionTypes.Main, index: 0 }]] });
		for (const executionId of ['1', '2']) {
			const start = testNode('Start', 'test.start', {});
			const trigger = testNode('Trigger', 'n8n-nodes-contact-sync.hubSpotListTrigger', {});
			await runWorkflow(
				{ nodes: [start, trigger, guard.node()], connections: { Start: to('Guard'), Trigger: to('Guard') } },
				{ types, credentials: guard.credentials, input: batch(1, 6), mode: 'trigger', executionId },
			);
		}
		expect(used()).toBe(12);
	});

	it('of the few contacts that a trigger brings in a test, which carry no batch', async () => {
		for (const execution of ['1', '2']) await guard.runDelivered(execution, people(6));
		expect(used()).toBe(12);
	});
});
