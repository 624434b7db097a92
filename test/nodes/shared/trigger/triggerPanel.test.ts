import { Workflow } from 'n8n-workflow';
import { HubSpotListTrigger } from '../../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { SalesforceContactTrigger } from '../../../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';

const triggers = {
	HubSpotListTrigger: new HubSpotListTrigger(),
	SalesforceContactTrigger: new SalesforceContactTrigger(),
};

/** The subtitle as the canvas shows it: n8n's own expressions on the stored parameters. */
function subtitleOf(name: keyof typeof triggers, parameters: object): unknown {
	const type = triggers[name];
	const node = { id: '1', name: 'Trigger', type: name, typeVersion: 1, position: [0, 0], parameters } as never;
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const { subtitle = '' } = type.description;
	return workflow.expression.getSimpleParameterValue(workflow.getNode('Trigger') as never, subtitle, 'internal', {});
}

describe('what the editor shows of a trigger', () => {
	it.each([
		[
			'HubSpotListTrigger',
			{ list: { __rl: true, mode: 'list', value: '101', cachedResultName: 'Newsletter' } },
			'List 101',
		],
		['HubSpotListTrigger', { list: { __rl: true, mode: 'list', value: '' } }, ''],
		['SalesforceContactTrigger', { object: 'Lead', scope: 'campaign' }, 'Leads in a Campaign'],
	] as const)('%s has a subtitle on the canvas (%#)', (name, parameters, expected) => {
		expect(subtitleOf(name, parameters)).toBe(expected);
	});

	it.each(Object.values(triggers))(
		'$description.displayName speaks of contacts where they are fetched',
		({ description }) => {
			const { triggerPanel } = description;
			const told = JSON.stringify(triggerPanel);
			expect(told).toContain('Fetch Test Event');
			expect(told).not.toContain('mock');
		},
	);
});
