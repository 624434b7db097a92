import type { Page } from 'playwright-core';
import { NODE_TYPES, nodeOfType } from '../../../demo/n8n/importTemplate';
import type { StoredWorkflow } from '../../../demo/n8n/n8nApi';
import type { RunningBrevo } from '../../../sandbox/brevo';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import type { Editor } from '../support/editor';
import type { E2e } from '../support/startE2e';
import { waitFor } from '../support/waitFor';

/** The parameter `mapping` as n8n stores it. */
export interface StoredMapping {
	readonly value: Readonly<Record<string, string>> | null;
	readonly schema?: ReadonlyArray<{
		id: string;
		displayName: string;
		options?: ReadonlyArray<{ name: string; value: string }>;
	}>;
}

type Credentials = NonNullable<StoredWorkflow['nodes'][number]['credentials']>;

/** Workflows with a mapping table, shown in the editor, and what the editor stores of them. */
export class MappingTables {
	constructor(
		private readonly e2e: E2e,
		private readonly editor: Editor,
	) {}

	/** A workflow with the mapping node alone. A new one for each look: n8n locks one for two minutes when its tab is closed. */
	async workflow(
		name: string,
		parameters: object,
		credentials: Credentials = {},
		unselected: readonly string[] = [],
	): Promise<StoredWorkflow> {
		const all = Object.entries({ ...this.e2e.choices.credentials, ...credentials });
		const node = {
			id: `map-${name}`,
			name: 'Map Contact Fields',
			type: NODE_TYPES.map,
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: { source: 'hubSpot', authentication: 'accessToken', destination: 'brevo', ...parameters },
			credentials: Object.fromEntries(all.filter(([type]) => !unselected.includes(type))),
		};
		return await this.e2e.api.createWorkflow({ name, nodes: [node], connections: {} });
	}

	/** Credentials for other accounts than those of the stage. */
	async credentialsFor(name: string, hubSpot: RunningHubSpot, brevo: RunningBrevo): Promise<Credentials> {
		const { api } = this.e2e;
		return {
			contactSyncHubSpotApi: await api.createCredential(`HubSpot (${name})`, 'contactSyncHubSpotApi', {
				accessToken: hubSpot.token,
				baseUrl: hubSpot.url,
			}),
			contactSyncBrevoApi: await api.createCredential(`Brevo (${name})`, 'contactSyncBrevoApi', {
				apiKey: brevo.apiKey,
				baseUrl: brevo.url,
			}),
		};
	}

	/** The panel with the table; `afresh` in a new tab. */
	async open(workflow: StoredWorkflow, { afresh = false } = {}): Promise<Page> {
		const { name } = nodeOfType(workflow, NODE_TYPES.map);
		const page = afresh ? await this.editor.showNodeAfresh(workflow, name) : await this.editor.showNode(workflow, name);
		await page.waitForSelector('[data-test-id="parameter-input-EMAIL"]');
		return page;
	}

	async stored(workflow: StoredWorkflow): Promise<StoredMapping> {
		const node = nodeOfType(await this.e2e.api.getWorkflow(workflow.id), NODE_TYPES.map);
		return (node.parameters.mapping ?? { value: null }) as StoredMapping;
	}

	/** The editor saves by itself a moment after each change. */
	async savedWith(workflow: StoredWorkflow, wanted: (mapping: StoredMapping) => boolean): Promise<StoredMapping> {
		return await waitFor('the editor to save the mapping', async () => {
			const mapping = await this.stored(workflow);
			return wanted(mapping) ? mapping : undefined;
		});
	}
}
