import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INodeProperties, INodeType, NodeParameterValueType } from 'n8n-workflow';
import { BrevoContactTrigger } from '../../nodes/BrevoContactTrigger/BrevoContactTrigger.node';
import { ContactListUpsert } from '../../nodes/ContactListUpsert/ContactListUpsert.node';
import { HubSpotListTrigger } from '../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { MapContactFields } from '../../nodes/MapContactFields/MapContactFields.node';
import { QuotaGuard } from '../../nodes/QuotaGuard/QuotaGuard.node';
import { MigrationReport } from '../../nodes/MigrationReport/MigrationReport.node';
import { ReadContactExport } from '../../nodes/ReadContactExport/ReadContactExport.node';
import { ReadContacts } from '../../nodes/ReadContacts/ReadContacts.node';
import { SalesforceContactTrigger } from '../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';
import { SyncHealth } from '../../nodes/SyncHealth/SyncHealth.node';

const FOLDER = resolve(__dirname, '../../workflows');
const PREFIX = 'n8n-nodes-contact-sync.';
const OURS: Readonly<Record<string, INodeType>> = {
	brevoContactTrigger: new BrevoContactTrigger(),
	hubSpotListTrigger: new HubSpotListTrigger(),
	salesforceContactTrigger: new SalesforceContactTrigger(),
	mapContactFields: new MapContactFields(),
	contactListUpsert: new ContactListUpsert(),
	quotaGuard: new QuotaGuard(),
	readContacts: new ReadContacts(),
	syncHealth: new SyncHealth(),
	readContactExport: new ReadContactExport(),
	migrationReport: new MigrationReport(),
};
/** n8n puts this parameter in front of those of a polling node. */
const ADDED_BY_N8N = 'pollTimes';

interface TemplateNode {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly position: readonly [number, number];
	readonly parameters: Readonly<Record<string, NodeParameterValueType>>;
	readonly credentials?: unknown;
	readonly onError?: string;
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
const isMigration = (template: Template): boolean =>
	ourNodes(template).some(({ type }) => type.endsWith('migrationReport'));
const notes = ({ nodes }: Template): TemplateNode[] => nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');

const named = (file: string): Template => {
	const found = templates.find((one) => one.file === `${file}.json`);
	if (!found) throw new Error(`There is no ${file}`);
	return found.template;
};
const nodeNamed = ({ nodes }: Template, wanted: string): TemplateNode => {
	const found = nodes.find(({ name }) => name === wanted);
	if (!found) throw new Error(`There is no node ${wanted}`);
	return found;
};

it('there is a template for each flow: into Brevo, with a quota or without, between HubSpot and Salesforce, out of exports, and a report', () => {
	const sources = templates.map(({ file, template }) => {
		const [trigger, map] = ['Trigger', 'mapContactFields'].map((end) => ourNodes(template).find(({ type }) => type.endsWith(end))?.parameters); // prettier-ignore
		// Trigger and mapping must speak of the same object.
		return [file, trigger?.object ?? (trigger && 'list'), map?.salesforceObject ?? map?.source];
	});
	expect(sources.sort()).toEqual([
		['brevo-edits-to-hubspot.json', 'list', 'brevo'],
		['brevo-edits-to-salesforce.json', 'list', 'brevo'],
		['brevo-unsubscribes-to-hubspot.json', 'list', 'brevo'],
		['brevo-unsubscribes-to-salesforce.json', 'list', 'brevo'],
		['constant-contact-to-hubspot.json', undefined, 'export'],
		['hubspot-list-to-brevo-with-health.json', 'list', 'hubSpot'],
		['hubspot-list-to-brevo-with-quota.json', 'list', 'hubSpot'],
		['hubspot-list-to-brevo.json', 'list', 'hubSpot'],
		['hubspot-to-salesforce.json', 'list', 'hubSpot'],
		['joined-segment-later.json', 'list', 'Contact'],
		['mailchimp-to-hubspot.json', undefined, 'export'],
		['quota-usage-report.json', undefined, undefined],
		['resend-failed-contacts.json', undefined, 'hubSpot'],
		['resync-now.json', undefined, 'Contact'],
		['salesforce-leads-to-brevo.json', 'Lead', 'Lead'],
		['salesforce-to-brevo-with-quota.json', 'Contact', 'Contact'],
		['salesforce-to-brevo.json', 'Contact', 'Contact'],
		['salesforce-to-hubspot.json', 'Contact', 'Contact'],
		['sync-health-report.json', undefined, undefined],
		['undo-migration.json', undefined, undefined],
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
			for (const locator of [parameters.list, parameters.destinationList, parameters.inclusionSegment]) {
				// A migration asks for the list and for the consent in its form.
				const value = isMigration(template) ? "={{ $('Upload').first().json['HubSpot List'] }}" : '';
				if (locator !== undefined) expect(locator).toMatchObject({ __rl: true, value });
			}
			const asked = isMigration(template) && parameters.operation === 'preview';
			const consent = asked ? "={{ $('Upload').first().json.Consent.length > 0 }}" : false;
			expect(parameters.consentConfirmed ?? false).toBe(consent);
		}
	});

	it('connects its nodes so that data of the trigger reaches all of them: it begins with the trigger, and every connection leads to a node that exists', () => {
		const working = template.nodes.filter((node) => !notes(template).includes(node)).map(({ name }) => name);
		const targets = Object.values(template.connections).flatMap(({ main }) => main.flat().map(({ node }) => node));
		const [trigger] = working;
		expect([trigger, ...new Set(targets)].sort()).toEqual([...working].sort());
		for (const from of Object.keys(template.connections)) expect(working).toContain(from);
		expect(new Set(template.nodes.map(({ id }) => id)).size).toBe(template.nodes.length);
	});

	it('HB-09: carries no mapping, so that the editor fills its suggestions in when Map Contact Fields is opened', () => {
		for (const { type, parameters } of ourNodes(template)) {
			// Those from Brevo map what Brevo's own attributes are.
			if (!type.endsWith('.mapContactFields') || ['export', 'brevo'].includes(parameters.source as string)) continue;
			expect(parameters.mapping).toEqual({ mappingMode: 'defineBelow', value: null });
		}
	});

	it('keeps what was left out in a data table until it goes through: keys and reasons, no addresses; a table that fails stops nothing', () => {
		if (!template.nodes.some(({ name }) => name === 'Keep')) return;
		const tables = template.nodes.filter(({ type }) => type === 'n8n-nodes-base.dataTable');
		expect(tables.map(({ parameters }) => parameters.operation)).toEqual(['get', 'deleteRows', 'create', 'upsert']);
		for (const { name, onError } of [...tables, nodeNamed(template, 'Synced Now')])
			expect({ name, onError }).toEqual({ name, onError: 'continueRegularOutput' });
		const { columns } = nodeNamed(template, 'Keep').parameters as { columns: { value: object } };
		const created = nodeNamed(template, 'Table').parameters as { columns: { column: Array<{ name: string }> } };
		expect(Object.keys(columns.value)).toEqual(created.columns.column.map(({ name }) => name));
		expect(JSON.stringify(columns.value)).not.toMatch(/email|phone|fields/);
		// The table is made before a row is kept: n8n runs the branches of a node by their height on the canvas.
		const [table, keep] = [nodeNamed(template, 'Table'), nodeNamed(template, 'Keep')];
		expect(table.position[1]).toBeLessThan(keep.position[1]);
		expect(template.connections['Left Out']?.main[0]?.map(({ node }) => node)).toEqual(['Table', 'Keep']);
		expect(template.connections['Contact List Upsert']?.main[0]?.map(({ node }) => node)).toEqual(['Kept Before']);
	});

	it('leads what is excluded or not synced to a place that people can open', () => {
		for (const { name, type } of ourNodes(template)) {
			// A migration has them in its report.
			if (isMigration(template) || !/(mapContactFields|contactListUpsert)$/.test(type)) continue;
			const places = template.connections[name]?.main[1]?.map(({ node }) => node);
			expect(['Left Out', 'Record Health'].map((place) => [place])).toContainEqual(places);
		}
	});

	it('explains its steps by number, from 1 on, and names in bold only nodes, buttons and fields that there are', () => {
		const texts = notes(template).map(({ parameters }) => parameters.content as string);
		const numbers = texts.map((text) => Number(/^## (\d) · /.exec(text)?.[1]));
		expect(numbers.sort()).toEqual(texts.map((_text, index) => index + 1));
		const elsewhere = [
			'HubSpot',
			'Salesforce',
			'Brevo',
			'Confirm Consent',
			'Publish',
			'task',
			'Contact Sync n8n API',
			'SMTP',
		];
		const known = new Set([...template.nodes.map(({ name }) => name), ...elsewhere]);
		const bold = texts.flatMap((text) => [...text.matchAll(/\*\*(.+?)\*\*/g)].map(([, words = '']) => words));
		expect(bold.filter((words) => !known.has(words))).toEqual([]);
	});
});

describe.each(templates.filter(({ template }) => ourNodes(template).some(({ type }) => type.endsWith('Trigger'))))(
	'the sync $file',
	({ template }) => {
		it('HB-05, SB-06: explains accounts, list, fields, target and activation in their order, each naming its node', () => {
			const steps = notes(template)
				.map(({ parameters }) => parameters.content as string)
				.filter((text) => !/· (?:Quota|Health)\n/.test(text));
			const [accounts, list, fields, target, activate] = steps;
			const trigger = template.nodes.find(({ type }) => type.endsWith('Trigger'))?.name ?? '';
			const [vendor = ''] = trigger.split(' ');
			expect(steps).toHaveLength(5);
			const destination = ourNodes(template).find(({ type }) => type.endsWith('contactListUpsert'))?.parameters;
			const names: Readonly<Record<string, string>> = { hubSpot: 'HubSpot', salesforce: 'Salesforce' };
			const system = names[destination?.destination as string] ?? 'Brevo';
			expect(accounts).toContain(vendor);
			expect(accounts).toContain(system);
			expect(list).toMatch(new RegExp(`${trigger}[\\s\\S]*Confirm Consent`));
			expect(fields).toContain(vendor);
			expect(fields).toMatch(/Map Contact Fields/);
			expect(target).toMatch(/Contact List Upsert/);
			expect(activate).toMatch(/Publish[\s\S]*draft/);
		});
	},
);

describe.each([
	['hubspot-list-to-brevo', 'HubSpot List Trigger'],
	['salesforce-to-brevo', 'Salesforce Contact Trigger'],
])('%s with a quota', (plainFile, trigger) => {
	const plain = named(plainFile);
	const quota = named(`${plainFile}-with-quota`);

	it('HB-17, SB-13: is the plain template with a Quota Guard, and nothing else is different', () => {
		const content = ({ parameters }: TemplateNode): string => (parameters.content as string).replace(/^## \d/, '');
		for (const node of plain.nodes) {
			const twin = quota.nodes.find(({ name }) => name.replace(/^Step \d/, '') === node.name.replace(/^Step \d/, ''));
			expect([twin?.type, twin?.typeVersion]).toEqual([node.type, node.typeVersion]);
			if (twin && node.name === 'Step 1: Accounts') {
				// The quota needs two credentials more.
				for (const line of content(node).match(/^- .*$/gm) ?? []) expect(content(twin)).toContain(line);
				expect(content(twin).match(/^- /gm)).toHaveLength(4);
			} else if (twin && notes(plain).includes(node)) expect(content(twin)).toBe(content(node));
			else {
				const pause = node.name === trigger ? { pauseWhileOverQuota: 'fromQuotaGuard' } : {};
				expect(twin?.parameters).toEqual({ ...node.parameters, ...pause });
			}
		}
		const more = quota.nodes.slice().filter(({ type }) => !plain.nodes.some((node) => node.type === type));
		expect(more.map(({ name }) => name).sort()).toEqual(['Quota Guard', 'Send Email', 'Stop and Error']);
		expect(notes(quota)).toHaveLength(notes(plain).length + 1);
		expect(plain.connections[trigger]).toEqual(quota.connections[trigger]);
	});

	it('HB-17 to HB-19, SB-13 to SB-15: sends the alert first, then syncs, then fails the run; a mail that fails stops nothing', () => {
		const [within, over, alert] = (quota.connections['Quota Guard']?.main ?? []).map(([link]) => link?.node ?? '');
		expect([within, over, alert]).toEqual(['Contact List Upsert', 'Stop and Error', 'Send Email']);
		// n8n runs the branches of a node by their height on the canvas.
		const heights = [alert, within, over].map((name) => nodeNamed(quota, name ?? '').position[1]);
		expect(heights).toEqual([...heights].sort((a, b) => a - b));
		expect(new Set(heights).size).toBe(3);
		expect(nodeNamed(quota, 'Send Email')).toMatchObject({
			parameters: {
				subject: '={{ $json.subject }}',
				emailFormat: 'both',
				text: '={{ $json.text }}',
				html: '={{ $json.html }}',
				options: { appendAttribution: false },
			},
			...{ retryOnFail: true, maxTries: 5, waitBetweenTries: 5_000, onError: 'continueRegularOutput' },
		});
		expect(nodeNamed(quota, 'Quota Guard').parameters).toMatchObject({ taskLimit: 100_000, thresholds: '80, 100' });
		expect(nodeNamed(quota, 'Stop and Error').onError).toBeUndefined();
	});
});

it('HB-18, SB-14: the report asks for the usage every morning and sends it as HTML; a mail that fails is seen', () => {
	const report = named('quota-usage-report');
	expect(report.nodes.filter((node) => !notes(report).includes(node)).map(({ name }) => name)).toEqual(['Every Morning', 'Quota Guard', 'Send Email']); // prettier-ignore
	expect(nodeNamed(report, 'Every Morning').parameters).toMatchObject({ rule: { interval: [{ field: 'days', triggerAtHour: 8 }] } }); // prettier-ignore
	const guard = nodeNamed(named('hubspot-list-to-brevo-with-quota'), 'Quota Guard').parameters;
	const { quota, taskLimit, period } = nodeNamed(report, 'Quota Guard').parameters;
	expect({ quota, taskLimit, period }).toEqual({
		quota: guard.quota,
		taskLimit: guard.taskLimit,
		period: guard.period,
	});
	expect(nodeNamed(report, 'Quota Guard').parameters.operation).toBe('getUsage');
	expect(nodeNamed(report, 'Send Email')).toMatchObject({
		parameters: { html: '={{ $json.html }}' },
		retryOnFail: true,
	});
	expect(nodeNamed(report, 'Send Email').onError).toBeUndefined();
});

it.each(['hubspot-to-salesforce', 'salesforce-to-hubspot', 'joined-segment-later', 'resync-now'])(
	'IS-10 to IS-14: %s says in its notes which list to pick and where, and the segment counts once the workflow is saved',
	(file) => {
		const template = named(file);
		const texts = notes(template).map(({ parameters }) => parameters.content as string);
		expect(texts.join('\n')).toMatch(/active list|Inclusion Segment/);
		const picks = ourNodes(template).flatMap(({ parameters }) => [parameters.list, parameters.inclusionSegment]);
		expect(picks.filter((pick) => pick !== undefined)).not.toEqual([]);
	},
);

it('IS-12, IS-13: the first template says that the segment is made in HubSpot beforehand', () => {
	const texts = notes(named('hubspot-to-salesforce')).map(({ parameters }) => parameters.content as string);
	expect(texts.join('\n')).toMatch(/make it in HubSpot under \*Lists\* first/);
});
