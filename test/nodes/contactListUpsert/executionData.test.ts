import type { IDataObject, IExecuteFunctions, INode, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { packKeys } from '../../../nodes/ContactListUpsert/executionData';
import type { RunResult } from '../../support/n8n/engine';
import { runNodes, testNode } from '../../support/n8n/engine';
import { mapped, mappedCrowd } from '../../support/mappedContacts';
import type { EmptyBrevo } from './upsertRun';
import { startEmptyBrevo, types } from './upsertRun';

/** What n8n would store with the execution. */
const stored = ({ run }: RunResult): Record<string, string> => run.data.resultData.metadata ?? {};

describe('the keys of contacts with an execution', () => {
	let account: EmptyBrevo;
	beforeEach(async () => void (account = await startEmptyBrevo()));
	afterEach(async () => await account.brevo.close());

	it('lie there with the totals, those that were not synced first, then changed ones, then unchanged ones', async () => {
		const { brevo, list, run } = account;
		brevo.store.createContact(
			{ identifiers: { email: 'same@x.example', ext_id: 'hubspot:1:contact:1' }, addTo: [list] },
			'seed',
		);
		const result = await run([
			mapped(1, { email: 'same@x.example' }),
			mapped(2, { email: 'new@x.example' }),
			mapped(3, { email: 'bad address' }),
			{ hello: 'world' },
		]);
		expect(stored(result)).toEqual({
			contactSync: '4 contacts: 1 created, 1 unchanged, 1 excluded (NOT_A_CONTACT 1), 1 failed (DESTINATION_REFUSED 1)',
			contactSyncKeys: ',hubspot:1:contact:3,hubspot:1:contact:2,hubspot:1:contact:1,',
		});
	});

	it('lie there when the run fails, too: these are the executions somebody looks for', async () => {
		account.brevo.settings.apiKey = 'xkeysib-other';
		const result = await account.run(mappedCrowd(1));
		expect(result.error?.message).toContain('does not accept the API key');
		expect(stored(result)).toMatchObject({
			contactSync: '1 contact: 1 failed (CREDENTIAL_INVALID 1)',
			contactSyncKeys: ',hubspot:1:contact:1,',
		});
	});

	it('are left out when switched off; the hint does not speak of them', async () => {
		const off = await account.run(mappedCrowd(2), { options: { saveKeys: false, dryRun: true } });
		expect(stored(off)).toEqual({});
		const many = await account.run(mappedCrowd(400), { options: { dryRun: true } });
		expect(Object.keys(stored(many))).toHaveLength(6);
		expect(many.hints[0]).not.toContain('keys');
		expect(stored(many).contactSync).toBe('Dry run: 400 contacts: 400 created');
	});

	it('leave what other nodes stored alone, and leave them room', async () => {
		const mine = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`own${n}`, `value ${n}`]));
		const result = await runNodes(
			[testNode('Own', 'test.storesOwn', { pairs: mine }), account.node({ options: { dryRun: true } })],
			{
				types: { ...types, 'test.storesOwn': new StoresOwn() },
				credentials: account.credentials,
				input: mappedCrowd(100) as unknown as IDataObject[],
			},
		);
		expect(result.error).toBeUndefined();
		expect(stored(result)).toMatchObject(mine);
		expect(Object.keys(stored(result))).toHaveLength(8);
	});

	it('are carried on by a node that runs several times in one execution', async () => {
		const twice: INode[] = ['Upsert', 'Upsert again'].map((name) => account.node({}, { id: name, name }));
		const result = await runNodes(twice, {
			types,
			credentials: account.credentials,
			input: mappedCrowd(1) as unknown as IDataObject[],
		});
		expect(stored(result)).toEqual({
			contactSync: '1 contact: 1 created | 1 contact: 1 unchanged',
			contactSyncKeys: ',hubspot:1:contact:1,hubspot:1:contact:1,',
		});
	});
});

describe('packing keys', () => {
	const keysOf = (count: number): string[] =>
		Array.from({ length: count }, (_one, n) => `hubspot:24813579:contact:${100_000_000 + n}`);

	it('whole while all fit, else only their ends; either way a search for the end with its comma finds one record', () => {
		const few = packKeys(keysOf(30), 'told', {});
		expect(few.saved).toBe(30);
		expect(Object.values(few.pairs).join('')).toContain('hubspot:24813579:contact:100000029,');
		const more = packKeys(keysOf(100), 'told', {});
		expect(more.saved).toBe(100);
		for (const { pairs } of [few, more]) {
			const hits = Object.values(pairs).filter((value) => value.includes(':100000012,'));
			expect(hits).toHaveLength(1);
			expect(Object.values(pairs).every((value) => value.length <= 255)).toBe(true);
		}
		const many = packKeys(keysOf(1_000), 'told', {});
		expect(many.saved).toBe(115);
		expect(Object.keys(many.pairs)).toEqual([
			'contactSync',
			'contactSyncKeys',
			'contactSyncKeys2',
			'contactSyncKeys3',
			'contactSyncKeys4',
			'contactSyncKeys5',
		]);
	});

	it('takes only pairs that are free, names n8n accepts, and never an address', () => {
		const existing = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`own${n}`, 'x']));
		expect(packKeys(keysOf(5), 'told', existing)).toEqual({ pairs: { contactSync: 'told' }, saved: 0 });
		expect(packKeys(keysOf(5), 'told', { ...existing, own8: 'x' })).toEqual({ pairs: {}, saved: 0 });
		const { pairs, saved } = packKeys(['csv:1:person:ada@x.example', 'csv:1:person:7'], 'told', {});
		expect({ pairs, saved }).toEqual({ pairs: { contactSync: 'told', contactSyncKeys: ',csv:1:person:7,' }, saved: 1 });
	});
});

/** Stands for a node of the person's own that stores data with the execution. */
class StoresOwn implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Stores Own',
		name: 'storesOwn',
		group: ['transform'],
		description: 'Stores data with the execution',
		version: 1,
		defaults: { name: 'Stores Own' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [{ displayName: 'Pairs', name: 'pairs', type: 'json', default: {} }],
	};

	async execute(this: IExecuteFunctions) {
		this.customData.setAll(this.getNodeParameter('pairs', 0) as Record<string, string>);
		return [this.getInputData()];
	}
}
