import { type Difference, compareHoldings } from '../../../demo/truth/compare';
import { type FirstSyncWait, type Tally, waitForFirstSync } from '../../../demo/firstSync';
import { NODE_TYPES, type SourceName, nodeOfType, syncTemplate } from '../../../demo/n8n/importTemplate';
import type { HeldContact } from '../../../demo/truth/expected';
import type { StoredWorkflow } from '../../../demo/n8n/n8nApi';
import { silentProgress } from '../../../demo/process/progress';
import { readExpectation, readHoldings, sourceTruth } from '../../../demo/truth/sandboxTruth';
import { type Stage, type StageOptions, startStage } from '../../../demo/stage';
import { builtPackage } from './builtPackage';

export interface E2eOptions extends Pick<StageOptions, 'salesforce' | 'env'> {
	/** Members of the HubSpot list. Default 50. */
	readonly members?: number;
	/** Whether n8n serves its editor, which makes each of its starts dearer by three seconds of a processor. Default true. */
	readonly editor?: boolean;
}

/** A stage whose Brevo is compared with how it was in the beginning. */
export interface E2e extends Stage {
	/**
	 * Imports the template of a source (default: the HubSpot list), not published. `parameters` are set by node type on top
	 * of it.
	 */
	importSync(
		parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
		source?: SourceName,
	): Promise<StoredWorkflow>;
	/** Waits until everybody of the source went through; `skipFailed` when failed executions are part of the test. */
	finishSync(
		workflow: StoredWorkflow,
		options?: Partial<Pick<FirstSyncWait, 'members' | 'skipFailed' | 'afterExecution'>>,
	): Promise<Tally>;
	/**
	 * How Brevo differs from what the source, as it is now, says it should hold. Contacts that carry the key of another
	 * source are that one's to make and change.
	 */
	differences(workflow: StoredWorkflow): Difference[];
}

/** n8n starts a further process for what people write in Code nodes, which no test has: a fifth of the work of a start. */
export const NO_TASK_RUNNER = { N8N_RUNNERS_MODE: 'external', N8N_RUNNERS_AUTH_TOKEN: 'contact-sync-e2e' } as const;

/**
 * Starts stand-in vendors and a real n8n with the packed package. Close it in `afterAll`. Stop and start n8n with
 * `n8n.stop()`, `n8n.kill()` and `n8n.start()`; `api` goes on working.
 */
export async function startE2e({ members = 50, editor = true, env, ...options }: E2eOptions = {}): Promise<E2e> {
	const stage = await startStage({
		members,
		...options,
		env: { ...NO_TASK_RUNNER, ...(editor ? {} : { N8N_DISABLE_UI: 'true' }), ...env },
		built: builtPackage(),
	});
	const { sandbox, api } = stage;
	const before = readHoldings(sandbox, { destinationList: { id: '0' } });
	return {
		...stage,
		importSync: async (parameters, source = 'hubspot') => await stage.importTemplate(syncTemplate(source), parameters),
		finishSync: async (workflow, wait) => {
			const size = sourceTruth(sandbox, workflow).size();
			return await waitForFirstSync({ api, workflow, members: size, progress: silentProgress, ...wait });
		},
		differences: (workflow) => {
			const { destinationList } = nodeOfType(workflow, NODE_TYPES.upsert).parameters as {
				destinationList: { value: string };
			};
			const after = readHoldings(sandbox, { destinationList: { id: destinationList.value } });
			const ours = sourceTruth(sandbox, workflow).keyOf('');
			const isTheirs = ({ extId = '' }: HeldContact) => extId.split(':').length === 4 && !extId.startsWith(ours);
			return compareHoldings(readExpectation(sandbox, workflow), before, after, isTheirs);
		},
	};
}
