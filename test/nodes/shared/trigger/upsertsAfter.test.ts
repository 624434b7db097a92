import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { nodeStateStore } from '../../../../nodes/shared/trigger/n8nPoll';
import { dryRunsAfter, feedsBothWays, systemsThatDelete } from '../../../../nodes/shared/trigger/upsertsAfter';

const UPSERT = 'n8n-nodes-contact-sync.contactListUpsert';
const upsert = (parameters: object) => ({ name: 'Upsert', type: UPSERT, disabled: false, parameters });
const DRY = upsert({ options: { dryRun: true } });
const REAL = upsert({ options: {} });

const contextOf = (nodes: readonly object[], staticData: IDataObject = {}): IPollFunctions =>
	({
		getNode: () => ({ name: 'Trigger', id: '1' }),
		getChildNodes: () => nodes,
		getWorkflowStaticData: () => staticData,
	}) as unknown as IPollFunctions;

const state = (sequence: number) =>
	({ version: 1, identity: { account: 'a', scope: 's', credential: 'c' }, sequence }) as never;

it.each([
	['none', [REAL]],
	['some', [REAL, DRY]],
	['all', [DRY, upsert({ operation: 'checkSetUp' })]],
	['none', [upsert({ options: { dryRun: '={{ true }}' } })]],
	['none', []],
] as const)('%s of the nodes after a trigger are in a dry run (%#)', (expected, nodes) => {
	expect(dryRunsAfter(contextOf(nodes))).toBe(expected);
});

const mapping = (options: object) => ({
	name: 'Map',
	type: 'n8n-nodes-contact-sync.mapContactFields',
	disabled: false,
	parameters: { options },
});

it.each([
	['HubSpot', true, [upsert({ destination: 'hubSpot' })]],
	['Salesforce', true, [upsert({ destination: 'salesforce' })]],
	['Brevo', false, [mapping({}), upsert({ destination: 'brevo' })]],
	['Brevo, whose edits come back', true, [mapping({ editsComeBack: true }), upsert({ destination: 'brevo' })]],
	['Brevo, by an expression', false, [mapping({ editsComeBack: '={{ true }}' }), upsert({ destination: 'brevo' })]],
] as const)('into %s: it matters which fields changed: %s', (_destination, expected, nodes) => {
	expect(feedsBothWays(contextOf(nodes))).toBe(expected);
});

it('a dry run begins where the sync is, keeps a state of its own, and leaves that of the sync alone', () => {
	const staticData: IDataObject = {};
	nodeStateStore(contextOf([REAL], staticData)).write(state(3));
	const dry = nodeStateStore(contextOf([DRY], staticData));
	expect(dry.read()).toMatchObject({ sequence: 3 });
	dry.write(state(9));
	expect(dry.read()).toMatchObject({ sequence: 9 });
	const real = nodeStateStore(contextOf([REAL], staticData));
	expect(real.read()).toMatchObject({ sequence: 3 });
	real.write(state(4));
	expect(nodeStateStore(contextOf([DRY], staticData)).read()).toMatchObject({ sequence: 4 });
});

it('SB-27: names the destinations in which the record of a deleted contact is deleted', () => {
	const deletes = upsert({ destination: 'salesforce', leavers: 'delete' });
	expect(systemsThatDelete(contextOf([deletes, deletes]))).toEqual(['salesforce']);
	expect(systemsThatDelete(contextOf([upsert({ destination: 'salesforce', leavers: 'remove' })]))).toEqual([]);
	expect(systemsThatDelete(contextOf([{ ...deletes, disabled: true }]))).toEqual([]);
});
