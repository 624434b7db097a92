import { MAPPING } from '../../../benchmark/mapping';
import type { Accounts } from '../../../benchmark/onN8n/benchStage';
import { fillUsualWorkflow, readUsualWorkflow } from '../../../benchmark/onN8n/usualWorkflows';
import type { WorkflowJson } from '../../../demo/n8n/n8nApi';

const NAMES = ['hubspot-list-to-brevo', 'hubspot-list-to-brevo-imports', 'hubspot-list-changes-to-brevo'] as const;
const CREDENTIALS = {
	hubspotAppToken: { id: 'h', name: 'HubSpot' },
	sendInBlueApi: { id: 'b', name: 'Brevo' },
};

const choices = {
	credentials: CREDENTIALS,
	accounts: { destinationList: { id: '17', name: 'From HubSpot' } } as Accounts,
	source: { id: '101', name: 'Newsletter' },
	since: new Date('2026-11-30T10:00:00.000Z'),
};

interface Assignment {
	readonly name: string;
	readonly value: unknown;
}
const settingsOf = ({ nodes }: WorkflowJson): Readonly<Record<string, unknown>> => {
	const settings = nodes.find(({ name }) => name === 'Settings')?.parameters.assignments;
	const { assignments } = settings as { assignments: Assignment[] };
	return Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
};

describe.each(NAMES)('the workflow %s', (name) => {
	const workflow = readUsualWorkflow(name);

	it('is one of n8n’s own nodes only, and calls the vendors at their own addresses', () => {
		expect(workflow.nodes.filter(({ type }) => !type.startsWith('n8n-nodes-base.'))).toEqual([]);
		const urls = workflow.nodes.flatMap(({ parameters }) => (parameters.url === undefined ? [] : [parameters.url]));
		expect(urls.length).toBeGreaterThan(2);
		for (const url of urls) expect(url).toMatch(/^=?https:\/\/api\.(hubapi|brevo)\.com\//);
	});

	it('holds no credential, and connects nodes that are there', () => {
		const names = workflow.nodes.map((node) => node.name);
		expect(workflow.nodes.filter((node) => node.credentials !== undefined)).toEqual([]);
		const connected = JSON.stringify(workflow.connections).matchAll(/"node":"([^"]+)"/g);
		for (const [, to = ''] of connected) expect(names).toContain(to);
		for (const from of Object.keys(workflow.connections)) expect(names).toContain(from);
	});

	it('maps the same fields as the other ways', () => {
		const { properties } = settingsOf(workflow);
		expect(JSON.parse(String(properties))).toEqual([...Object.values(MAPPING), 'hs_email_optout'].sort(inOrderOf(String(properties)))); // prettier-ignore
		const bodies = workflow.nodes.map(({ parameters }) =>
			typeof parameters.jsonBody === 'string' ? parameters.jsonBody : '',
		);
		const writes = bodies.filter((body) => body.includes('attributes:'));
		expect(writes.length).toBeGreaterThan(0);
		for (const body of writes)
			for (const attribute of Object.keys(MAPPING).filter((one) => one !== 'EMAIL'))
				expect(body).toContain(`${attribute}:`);
	});

	it('is filled in as a person does it, and begins when it is called', () => {
		const { workflow: filled, path } = fillUsualWorkflow(name, { ...choices, condition: 'vendors' });
		const [trigger] = filled.nodes.filter(({ type }) => type === 'n8n-nodes-base.webhook');
		expect(trigger?.parameters.path).toBe(path);
		expect(settingsOf(filled)).toMatchObject({ hubspotListId: '101', brevoListId: 17 });
		if ('since' in settingsOf(workflow)) expect(settingsOf(filled).since).toBe('2026-11-30T10:00:00.000Z');
		for (const { type, credentials } of filled.nodes)
			expect(credentials === undefined).toBe(type !== 'n8n-nodes-base.httpRequest');
	});

	it('pauses for limits only where there are any', () => {
		const pauses = (condition: 'vendors' | 'bare'): number =>
			JSON.stringify(fillUsualWorkflow(name, { ...choices, condition }).workflow).match(
				/"batchInterval"|"requestInterval":[1-9]/g,
			)?.length ?? 0;
		expect(pauses('vendors')).toBeGreaterThan(2);
		expect(pauses('bare')).toBe(0);
	});
});

/** The workflows name the properties in an order of their own. */
const inOrderOf =
	(text: string) =>
	(a: string, b: string): number =>
		text.indexOf(`"${a}"`) - text.indexOf(`"${b}"`);
