import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { runNodes, testNode } from '../../support/n8n/engine';
import { mappedCrowd } from '../../support/mappedContacts';
import type { EmptyBrevo } from './upsertRun';
import { startEmptyBrevo, types } from './upsertRun';

/** Passes on what `keeps` says of an item. */
class SieveNode implements INodeType {
	description: INodeTypeDescription;

	constructor(
		name: string,
		private readonly keeps: (item: IDataObject) => boolean,
	) {
		this.description = {
			...{ displayName: name, name, group: ['input'], description: name, version: 1, defaults: { name } },
			...{ inputs: [NodeConnectionTypes.Main], outputs: [NodeConnectionTypes.Main], properties: [] },
		};
	}

	execute = sieve((item) => this.keeps(item));
}

function sieve(keeps: (item: IDataObject) => boolean) {
	return async function (this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await Promise.resolve([this.getInputData().filter(({ json }) => keeps(json))]);
	};
}

const TRIGGER = 'test.hubSpotListTrigger';
const FILTER = 'test.filter';
const READ = 'test.readContacts';
const all = {
	...types,
	[TRIGGER]: new SieveNode('hubSpotListTrigger', () => true),
	[FILTER]: new SieveNode('filter', ({ change, optedOut }) => change !== 'removed' && optedOut !== true),
	[READ]: new SieveNode('readContacts', () => true),
};

describe('opt-outs and leavers that a node before Contact List Upsert takes out (#12)', () => {
	let account: EmptyBrevo;
	beforeEach(async () => void (account = await startEmptyBrevo()));
	afterEach(async () => await account.brevo.close());

	const crowd = (): IDataObject[] =>
		(mappedCrowd(4) as unknown as IDataObject[]).map((contact, index) => {
			if (index === 1) return { ...contact, optedOut: true };
			return index === 2 ? { ...contact, change: 'removed' } : contact;
		});
	const hints = async (between: readonly string[]): Promise<readonly unknown[]> => {
		const before = [TRIGGER, ...between].map((type, index) => testNode(`Node ${index}`, type, {}));
		const { credentials } = account;
		const result = await runNodes([...before, account.node()], { types: all, credentials, input: crowd() });
		expect(result.error).toBeUndefined();
		return result.hints;
	};

	it('are told, with what to let pass', async () => {
		expect(await hints([FILTER])).toEqual([
			'2 contacts: 2 created.',
			expect.stringMatching(/^2 contacts that opted out or left did not get here: .*they stay on the list.*'removed'/),
		]);
	});

	it('are not where all of them get through, or a Read Contacts in between reads other contacts', async () => {
		expect(await hints([])).toHaveLength(1);
		expect(await hints([FILTER, READ])).toHaveLength(1);
	});
});
