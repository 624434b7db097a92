import type { IDataObject, INodeOutputConfiguration } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { QuotaGuard } from '../../../nodes/QuotaGuard/QuotaGuard.node';
import { callMethod, testNode } from '../../support/n8n/engine';
import { shownHintsOf } from '../../support/n8n/shownHints';
import { GUARD, types } from './guardRun';

const type = new QuotaGuard();
const guardNode = (parameters: IDataObject) =>
	testNode('Guard', GUARD, { operation: 'reserve', quota: 'Contact Sync', taskLimit: 10, ...parameters });

/** What the editor works out from an expression in the description. */
function workedOut(text: unknown, parameters: IDataObject): unknown {
	const node = guardNode(parameters);
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const { expression } = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return expression.getSimpleParameterValue(node, text as string, 'internal', {});
}

const outputs = (parameters: IDataObject): unknown[] =>
	(workedOut(type.description.outputs, parameters) as INodeOutputConfiguration[]).map(({ displayName }) => displayName);

describe('Quota Guard in the editor', () => {
	it('names its outputs by the operation, and says under its name what it does to which quota', () => {
		expect(outputs({})).toEqual(['Within Quota', 'Over Quota', 'Alert']);
		expect(outputs({ operation: 'getUsage' })).toEqual(['Usage']);
		expect(workedOut(type.description.subtitle, {})).toBe('Reserve: Contact Sync');
		expect(workedOut(type.description.subtitle, { operation: 'getUsage' })).toBe('Get Usage: Contact Sync');
	});

	it('says what belongs to Over Quota, whether or not it is connected, and that a limit of 0 stops everything', () => {
		const [where = '', ...others] = shownHintsOf(type, guardNode({}));
		expect(others).toEqual([]);
		expect(where).toContain('Stop and Error');
		// The editor does not tell a hint what is connected, so it must be true either way.
		expect(where).toMatch(/with one connected.*without one/i);
		expect(where).not.toMatch(/\bConnect\b/);
		expect(shownHintsOf(type, guardNode({ taskLimit: 0 }))[1]).toMatch(/The limit is 0/);
		expect(shownHintsOf(type, guardNode({ operation: 'getUsage', taskLimit: 0 }))).toEqual([]);
	});

	it('offers the time zones', async () => {
		const found = await callMethod(guardNode({}), 'listSearch', 'searchTimeZones', { types, args: ['berlin'] });
		expect(found).toEqual({ results: [{ name: 'Europe/Berlin', value: 'Europe/Berlin' }] });
	});
});
