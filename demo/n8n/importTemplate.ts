import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DemoError } from '../demoError';
import type { N8nApi, StoredWorkflow, WorkflowJson, WorkflowNode } from './n8nApi';
import { PACKAGE_NAME, PROJECT_ROOT } from './packageBuild';
import { mappingWith } from './templateMapping';

export const NODE_TYPES = {
	trigger: `${PACKAGE_NAME}.hubSpotListTrigger`,
	salesforceTrigger: `${PACKAGE_NAME}.salesforceContactTrigger`,
	brevoTrigger: `${PACKAGE_NAME}.brevoContactTrigger`,
	map: `${PACKAGE_NAME}.mapContactFields`,
	upsert: `${PACKAGE_NAME}.contactListUpsert`,
	readContacts: `${PACKAGE_NAME}.readContacts`,
	quotaGuard: `${PACKAGE_NAME}.quotaGuard`,
	syncHealth: `${PACKAGE_NAME}.syncHealth`,
	/** n8n's own. */
	sendEmail: 'n8n-nodes-base.emailSend',
	httpRequest: 'n8n-nodes-base.httpRequest',
} as const;

const DATA_TABLE = 'n8n-nodes-base.dataTable';

/** What a workflow syncs: a HubSpot list, or the records of a Salesforce object. */
export type SourceName = 'hubspot' | 'Contact' | 'Lead';

const SOURCE_CREDENTIAL: Readonly<Record<SourceName, string>> = {
	hubspot: 'contactSyncHubSpotApi',
	Contact: 'contactSyncSalesforceJwtApi',
	Lead: 'contactSyncSalesforceJwtApi',
};
/** By the name of a system in the parameters of a node. */
const CREDENTIALS: Readonly<Record<string, string>> = {
	hubSpot: 'contactSyncHubSpotApi',
	salesforce: 'contactSyncSalesforceJwtApi',
	brevo: 'contactSyncBrevoApi',
};
const N8N_CREDENTIAL = 'contactSyncN8nApi';
const MAIL_CREDENTIAL = 'smtp';

/** Who writes to whom, in every template that sends mails. */
export const MAIL_ADDRESSES = {
	fromEmail: 'Contact Sync <contact-sync@example.com>',
	toEmail: 'marketing@example.com',
} as const;

/** The templates by what they sync, and those with a quota. */
const SYNCS: Readonly<Record<SourceName, string>> = {
	hubspot: 'hubspot-list-to-brevo',
	Contact: 'salesforce-to-brevo',
	Lead: 'salesforce-leads-to-brevo',
};
const SYNCS_WITH_QUOTA = { hubspot: `${SYNCS.hubspot}-with-quota`, Contact: `${SYNCS.Contact}-with-quota` } as const;

const TEMPLATE_FOLDER = join(PROJECT_ROOT, 'workflows');

/** The value of an n8n resource locator ("from list" or "by id"). */
export interface ResourceLocator {
	readonly __rl: true;
	readonly mode: string;
	readonly value: string;
	readonly cachedResultName?: string;
}

/** What a person would choose in the editor after importing a template. */
export interface TemplateChoices {
	/** Stored credentials by type. */
	readonly credentials: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
	/** HubSpot's list; of Salesforce everybody is synced. */
	readonly sourceList?: { readonly id: string; readonly name: string };
	/** Chosen from the list of existing ones, by id. Of no use where nothing is synced. */
	readonly destinationList?: { readonly id: string; readonly name: string };
	/** Further rows of the mapping: Brevo attribute to source field. */
	readonly mapping?: Readonly<Record<string, string>>;
	/** n8n's Data Table is switched off: before n8n 2 it makes no tables. The syncs do without what the templates keep in one. */
	readonly withoutTables?: boolean;
	/** Set by node type, on top of what the template says. */
	readonly parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Template {
	/** File name without `.json`. */
	readonly name: string;
	readonly workflow: WorkflowJson;
}

/** Every template of the folder `workflows`. */
export function readTemplates(): Template[] {
	const files = readdirSync(TEMPLATE_FOLDER)
		.filter((file) => file.endsWith('.json'))
		.sort();
	if (files.length === 0) throw new DemoError(`There is no workflow template in ${TEMPLATE_FOLDER}`);
	return files.map((file) => ({
		name: basename(file, '.json'),
		workflow: JSON.parse(readFileSync(join(TEMPLATE_FOLDER, file), 'utf8')) as WorkflowJson,
	}));
}

/** The template of the folder `workflows` with this file name, without `.json`. */
export function readTemplate(name: string): Template {
	const template = readTemplates().find((candidate) => candidate.name === name);
	if (!template) throw new DemoError(`There is no workflow template '${name}'`);
	return template;
}

/** The template that syncs a source and does nothing besides. */
export const syncTemplate = (source: SourceName): Template => readTemplate(SYNCS[source]);

/** The template that syncs a source within a quota. */
export const quotaTemplate = (source: keyof typeof SYNCS_WITH_QUOTA): Template =>
	readTemplate(SYNCS_WITH_QUOTA[source]);

/** The template with everything filled in that a person has to choose; the template itself stays as it is. */
export function fillTemplate(template: Template, choices: TemplateChoices): WorkflowJson {
	const workflow = structuredClone(template.workflow);
	const source = syncedBy(workflow);
	for (const node of workflow.nodes) {
		if (node.type === DATA_TABLE && choices.withoutTables) node.disabled = true;
		const types = credentialTypes(node, source);
		if (types.length > 0) node.credentials = credentialsOf(node, types, choices);
		if (isTrigger(node)) {
			if (choices.sourceList) node.parameters.list = locator(choices.sourceList);
			node.parameters.consentConfirmed = true;
			node.parameters.pollTimes = { item: [{ mode: 'everyMinute' }] };
		}
		if ('salesforceAuthentication' in node.parameters) node.parameters.salesforceAuthentication = 'jwt';
		const intoBrevo = (node.parameters.destination ?? 'brevo') === 'brevo';
		if (node.type === NODE_TYPES.map && node.parameters.source !== 'export')
			node.parameters.mapping = mappingWith(node.parameters, intoBrevo ? choices.mapping : undefined);
		if (node.type === NODE_TYPES.upsert && choices.destinationList && intoBrevo)
			node.parameters.destinationList = locator(choices.destinationList);
		if (node.type === NODE_TYPES.sendEmail) Object.assign(node.parameters, MAIL_ADDRESSES);
		Object.assign(node.parameters, structuredClone(choices.parameters?.[node.type] ?? {}));
	}
	return workflow;
}

export async function importTemplate(
	api: N8nApi,
	template: Template,
	choices: TemplateChoices,
): Promise<StoredWorkflow> {
	return await api.createWorkflow(fillTemplate(template, choices));
}

/** The node of one of our types. Throws when the workflow has none or several. */
export function nodeOfType(workflow: WorkflowJson, type: string): WorkflowNode {
	const [node, another] = workflow.nodes.filter((candidate) => candidate.type === type);
	if (!node || another)
		throw new DemoError(`The workflow '${workflow.name}' should have exactly one node of the type ${type}`);
	return node;
}

/** The node that begins a sync. Throws when the workflow has none or several. */
export function triggerOf(workflow: WorkflowJson): WorkflowNode {
	const [node, another] = workflow.nodes.filter(isTrigger);
	if (!node || another) throw new DemoError(`The workflow '${workflow.name}' should have exactly one of our triggers`);
	return node;
}

/** What a workflow syncs from HubSpot or Salesforce; undefined where none of their triggers begins it. */
export const syncedBy = (workflow: WorkflowJson): SourceName | undefined =>
	workflow.nodes.some((node) => isTrigger(node) && node.type !== NODE_TYPES.brevoTrigger)
		? sourceOf(workflow)
		: undefined;

/** Whether a workflow has nodes that need a key for n8n's own API: it counts on a quota, or keeps the health of a sync. */
export const usesN8nApi = ({ nodes }: WorkflowJson): boolean =>
	nodes.some(({ type }) => type === NODE_TYPES.quotaGuard || type === NODE_TYPES.syncHealth);

/** Whether a workflow sends mails. */
export const sendsMail = ({ nodes }: WorkflowJson): boolean => nodes.some(({ type }) => type === NODE_TYPES.sendEmail);

/** What a workflow syncs. Throws when that is not one of our triggers. */
export function sourceOf(workflow: WorkflowJson): SourceName {
	const { type, parameters } = triggerOf(workflow);
	if (type === NODE_TYPES.trigger) return 'hubspot';
	return parameters.object === 'Lead' ? 'Lead' : 'Contact';
}

const isTrigger = ({ type }: WorkflowNode): boolean =>
	[NODE_TYPES.trigger, NODE_TYPES.salesforceTrigger, NODE_TYPES.brevoTrigger].some((trigger) => trigger === type);

/** Which credentials a node takes that is ours, sends mails or calls a vendor; none for any other node. */
function credentialTypes(node: WorkflowNode, source: SourceName | undefined): readonly string[] {
	const isBrevo = node.type === NODE_TYPES.brevoTrigger;
	const ofSource = isBrevo ? [CREDENTIALS.brevo ?? ''] : source === undefined ? [] : [SOURCE_CREDENTIAL[source]];
	if (isTrigger(node)) {
		const { pauseWhileOverQuota: pause = 'off' } = node.parameters;
		return pause === 'off' ? ofSource : [...ofSource, N8N_CREDENTIAL];
	}
	switch (node.type) {
		case NODE_TYPES.map:
			// Files have no credential.
			return [credentialOf(node, 'source', 'hubSpot'), credentialOf(node, 'destination', 'brevo')].filter(
				(type) => type !== '',
			);
		case NODE_TYPES.upsert:
			return [credentialOf(node, 'destination', 'brevo')];
		case NODE_TYPES.readContacts:
			return [credentialOf(node, 'source', 'hubSpot')];
		case NODE_TYPES.quotaGuard:
		case NODE_TYPES.syncHealth:
			return [N8N_CREDENTIAL];
		case NODE_TYPES.sendEmail:
			return [MAIL_CREDENTIAL];
		case NODE_TYPES.httpRequest:
			return [node.parameters.nodeCredentialType as string];
		default:
			return [];
	}
}

/** The credential of the system that a parameter names. */
const credentialOf = ({ parameters }: WorkflowNode, parameter: string, preset: string): string =>
	CREDENTIALS[(parameters[parameter] as string | undefined) ?? preset] ?? '';

function credentialsOf(
	node: WorkflowNode,
	types: readonly string[],
	{ credentials }: TemplateChoices,
): Record<string, { id: string; name: string }> {
	return Object.fromEntries(
		types.map((type) => {
			const credential = credentials[type];
			if (!credential) throw new DemoError(`The node '${node.name}' needs a credential of the type ${type}`);
			return [type, { id: credential.id, name: credential.name }];
		}),
	);
}

const locator = ({ id, name }: { id: string; name: string }): ResourceLocator => ({
	__rl: true,
	mode: 'list',
	value: id,
	cachedResultName: name,
});
