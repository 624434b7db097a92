import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INodeProperties, INodeType, NodeParameterValueType } from 'n8n-workflow';
import { ContactListUpsert } from '../../nodes/ContactListUpsert/ContactListUpsert.node';
import { HubSpotListTrigger } from '../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { MapContactFields } from '../../nodes/MapContactFields/MapContactFields.node';
import { SalesforceContactTrigger } from '../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';

const FOLDER = resolve(__dirname, '../../workflows');
const PREFIX = 'n8n-nodes-contact-sync.';
const OURS: Readonly<Record<string, INodeType>> = {
	hubSpotListTrigger: new HubSpotListTrigger(),
	salesforceContactTrigger: new SalesforceContactTrigger(),
	mapContactFields: new MapContactFields(),
	contactListUpsert: new ContactListUpsert(),
};
/** n8n puts this parameter in front of those of a polling node. */
const ADDED_BY_N8N = 'pollTimes';

interface TemplateNode {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly parameters: Readonly<Record<string, NodeParameterValueType>>;
	readonly credentials?: unknown;
}

interface Template {
	readonly name: string;
	readonly active?: boolean;
	readonly nodes: readonly TemplateNode[];
	readonly connections: Readonly<Record<string, { main: { node: string; type: string; index: number }[][] }>>;
}

const templates = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => ({ file, template: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Template }));

const ourNodes = ({ nodes }: Template): TemplateNode[] => nodes.filter(({ type }) => type.startsWith(PREFIX));
const notes = ({ nodes }: Template): TemplateNode[] => nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');

it('there is a template for a HubSpot list, for Salesforce contacts and for Salesforce leads', () => {
	const sources = templates.map(({ template }) => {
		const [trigger, map] = ['Trigger', 'mapContactFields'].map((end) => ourNodes(template).find(({ type }) => type.endsWith(end))?.parameters); // prettier-ignore
		// Trigger and mapping must speak of the same object.
		return [trigger?.object ?? 'list', map?.salesforceObject ?? map?.source];
	});
	expect(sources.sort()).toEqual([
		['Contact', 'Contact'],
		['Lead', 'Lead'],
		['list', 'hubSpot'],
	]);
});

describe.each(templates)('the template $file', ({ template }) => {
	it('HB-03, SB-04, SB-12: has a name, and is a draft until somebody publishes it', () => {
		expect(template.name).toMatch(/\w/);
		expect(template.active ?? false).toBe(false);
	});

	it('uses nodes of this package with parameters they have, in a version they have', () => {
		for (const node of ourNodes(template)) {
			const { description } = OURS[node.type.slice(PREFIX.length)] ?? {};
			expect({ node: node.name, known: description !== undefined }).toEqual({ node: node.name, known: true });
			expect([description?.version].flat()).toContain(node.typeVersion);
			const known = new Set(description?.properties.map(({ name }: INodeProperties) => name));
			const unknown = Object.keys(node.parameters).filter((name) => name !== ADDED_BY_N8N && !known.has(name));
			expect({ node: node.name, unknown }).toEqual({ node: node.name, unknown: [] });
		}
	});

	it('carries no credential and picks no list, and leaves the consent to the person who imports it', () => {
		expect(template.nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
		for (const { parameters } of ourNodes(template)) {
			for (const locator of [parameters.list, parameters.destinationList]) {
				if (locator !== undefined) expect(locator).toMatchObject({ __rl: true, value: '' });
			}
			expect(parameters.consentConfirmed ?? false).toBe(false);
		}
	});

	it('HB-05, SB-06: explains the five steps in their order, each naming its node', () => {
		const texts = notes(template).map(({ parameters }) => parameters.content as string);
		expect(texts.map((text) => /^## (\d)/.exec(text)?.[1])).toEqual(['1', '2', '3', '4', '5']);
		const [accounts, list, fields, target, activate] = texts;
		const trigger = template.nodes.find(({ type }) => type.endsWith('Trigger'))?.name ?? '';
		const [vendor = ''] = trigger.split(' ');
		expect(accounts).toMatch(new RegExp(`${vendor}[\\s\\S]*Brevo`));
		expect(list).toMatch(new RegExp(`${trigger}[\\s\\S]*Confirm Consent`));
		expect(fields).toContain(vendor);
		expect(fields).toMatch(/Map Contact Fields/);
		expect(target).toMatch(/Contact List Upsert/);
		expect(activate).toMatch(/Publish[\s\S]*draft/);
	});

	it('connects its nodes into one line, and every connection leads to a node that exists', () => {
		const names = new Set(template.nodes.map(({ name }) => name));
		const links = Object.entries(template.connections).flatMap(([from, { main }]) =>
			main.flat().map(({ node }) => [from, node]),
		);
		for (const name of links.flat()) expect(names.has(name ?? '')).toBe(true);
		expect(links).toHaveLength(ourNodes(template).length - 1);
		expect(new Set(template.nodes.map(({ id }) => id)).size).toBe(template.nodes.length);
	});
});
