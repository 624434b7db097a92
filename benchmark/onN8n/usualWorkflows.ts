import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowJson, WorkflowNode } from '../../demo/n8n/n8nApi';
import type { Accounts, Credentials, NamedList } from './benchStage';
import type { Condition } from './cases';

/** Workflows of n8n's own nodes, as files that anybody can import. */
export type UsualWorkflow = 'hubspot-list-to-brevo' | 'hubspot-list-to-brevo-imports' | 'hubspot-list-changes-to-brevo';

const FOLDER = join(__dirname, 'workflows');
const HTTP_REQUEST = 'n8n-nodes-base.httpRequest';

export interface UsualChoices {
	readonly credentials: Credentials;
	readonly accounts: Accounts;
	readonly source: NamedList;
	/** Of the workflow that looks for changes. */
	readonly since?: Date;
	readonly condition: Condition;
}

export interface StartedByCall {
	readonly workflow: WorkflowJson;
	/** Below `/webhook/`: a `POST` starts the workflow, as its schedule would. */
	readonly path: string;
}

export const readUsualWorkflow = (name: UsualWorkflow): WorkflowJson =>
	JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as WorkflowJson;

/**
 * A workflow with what a person fills in. Its schedule is replaced by a webhook, so that it starts at a known moment. Without limits its
 * pauses go as well, which only limits are the reason for.
 */
export function fillUsualWorkflow(name: UsualWorkflow, choices: UsualChoices): StartedByCall {
	const workflow = readUsualWorkflow(name);
	const path = randomUUID();
	const nodes = workflow.nodes.map((node): WorkflowNode => {
		if (node.type === 'n8n-nodes-base.scheduleTrigger') return asWebhook(node, path);
		if (node.name === 'Settings') return { ...node, parameters: withSettings(node.parameters, choices) };
		if (node.type !== HTTP_REQUEST) return node;
		const type = String(node.parameters.nodeCredentialType);
		const credential = choices.credentials[type];
		if (!credential) throw new Error(`There is no credential of the type ${type}`);
		const parameters = choices.condition === 'bare' ? withoutPauses(node.parameters) : node.parameters;
		return { ...node, parameters, credentials: { [type]: { ...credential } } };
	});
	return { workflow: { ...workflow, nodes }, path };
}

const asWebhook = (node: WorkflowNode, path: string): WorkflowNode => ({
	...node,
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: path,
	parameters: { path, httpMethod: 'POST', responseMode: 'onReceived', options: {} },
});

interface Assignments {
	readonly assignments: { readonly assignments: ReadonlyArray<{ readonly name: string; readonly value: unknown }> };
}

function withSettings(parameters: WorkflowNode['parameters'], { accounts, source, since }: UsualChoices) {
	const values: Readonly<Record<string, unknown>> = {
		hubspotListId: source.id,
		brevoListId: Number(accounts.destinationList.id),
		...(since && { since: since.toISOString() }),
	};
	const { assignments } = (parameters as unknown as Assignments).assignments;
	const filled = assignments.map((one) => ({ ...one, value: values[one.name] ?? one.value }));
	return { ...parameters, assignments: { assignments: filled } };
}

function withoutPauses(parameters: WorkflowNode['parameters']): WorkflowNode['parameters'] {
	const options = structuredClone(parameters.options) as {
		batching?: unknown;
		pagination?: { pagination: { requestInterval: number } };
	};
	delete options.batching;
	if (options.pagination) options.pagination.pagination.requestInterval = 0;
	return { ...parameters, options };
}
