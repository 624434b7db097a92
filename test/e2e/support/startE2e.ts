import { type Difference, compareHoldings } from '../../../demo/compare';
import { expectedContacts } from '../../../demo/expected';
import { type FirstSyncWait, type Tally, waitForFirstSync } from '../../../demo/firstSync';
import { type Template, readTemplates } from '../../../demo/importTemplate';
import type { StoredWorkflow } from '../../../demo/n8nApi';
import { silentProgress } from '../../../demo/progress';
import { readFormerMembers, readHoldings, readMembers, readRules } from '../../../demo/sandboxTruth';
import { type Stage, startStage } from '../../../demo/stage';
import { builtPackage } from './builtPackage';

export interface E2eOptions {
	/** Members of the HubSpot list. Default 50. */
	readonly members?: number;
	/** Further settings for n8n, e.g. the durable scheduler or a database. */
	readonly env?: NodeJS.ProcessEnv;
}

/** A stage whose Brevo is compared with how it was in the beginning. */
export interface E2e extends Stage {
	/** Imports the template 'hubspot-list-to-brevo', not published. `parameters` are set by node type on top of it. */
	importSync(parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<StoredWorkflow>;
	/** Waits until all members of the list went through; `skipFailed` when failed executions are part of the test. */
	finishSync(
		workflow: StoredWorkflow,
		options?: Partial<Pick<FirstSyncWait, 'members' | 'skipFailed' | 'afterExecution'>>,
	): Promise<Tally>;
	/** How Brevo differs from what HubSpot, as it is now, says it should hold. */
	differences(workflow: StoredWorkflow): Difference[];
}

/**
 * Starts stand-in vendors and a real n8n with the packed package. Close it in `afterAll`. Stop and start n8n with
 * `n8n.stop()`, `n8n.kill()` and `n8n.start()`; `api` goes on working.
 */
export async function startE2e({ members = 50, env }: E2eOptions = {}): Promise<E2e> {
	const stage = await startStage({ members, env, built: builtPackage() });
	const { sandbox, choices, api } = stage;
	const before = readHoldings(sandbox, choices);
	return {
		...stage,
		importSync: async (parameters) => await stage.importTemplate(syncTemplate(), parameters),
		finishSync: async (workflow, options) => {
			const size = sandbox.hubspot.store.list(choices.sourceList.id).members.size;
			return await waitForFirstSync({ api, workflow, members: size, progress: silentProgress, ...options });
		},
		differences: (workflow) => {
			const expectation = expectedContacts(
				readMembers(sandbox, choices),
				readRules(sandbox, workflow),
				readFormerMembers(sandbox, choices),
			);
			return compareHoldings(expectation, before, readHoldings(sandbox, choices));
		},
	};
}

function syncTemplate(): Template {
	const template = readTemplates().find(({ name }) => name === 'hubspot-list-to-brevo');
	if (!template) throw new Error('workflows/hubspot-list-to-brevo.json is missing');
	return template;
}
