import { setTimeout as pause } from 'node:timers/promises';
import { NODE_TYPES, nodeOfType, triggerOf, type SourceName } from '../../demo/n8n/importTemplate';
import { itemsOf, type Execution, type StoredWorkflow } from '../../demo/n8n/n8nApi';
import { buildPackage } from '../../demo/n8n/packageBuild';
import { pollsEvery } from '../../demo/n8n/quickPolls';
import { shareBuiltPackage, removeBuiltPackage } from '../e2e/support/builtPackage';
import { startE2e, type E2e } from '../e2e/support/startE2e';
import { waitFor } from '../e2e/support/waitFor';
import type { Vendor } from './faults';
import { randomFault, told } from './faults';
import type { Flow } from './inProcess';
import { Random } from './random';
import { worldOf } from './world';

/** People of the source. */
const PEOPLE = 300;
const STORM_STEPS = 25;
/** Each start of n8n takes ten seconds and more. */
const MOST_KILLS = 2;
/** n8n takes over an activation that was cut off only after a minute and a half. */
const QUIET_WITHIN_MS = 300_000;

/** Full syncs on a real n8n, with the packed package: a round takes two to four minutes. Times are real, so a seed gives the same events, not the same instants. */
export const REAL_N8N: Readonly<Record<string, (say: (line: string) => void) => Promise<Flow>>> = {
	'n8n-hubspot-brevo': async (say) => await flowOf('hubspot', say),
	'n8n-salesforce-brevo': async (say) => await flowOf('Contact', say),
};

async function flowOf(source: SourceName, say: (line: string) => void): Promise<Flow> {
	shareBuiltPackage(await buildPackage());
	return {
		play: async (seed) => {
			const people =
				source === 'hubspot' ? { members: PEOPLE } : { members: 1, salesforce: { contacts: PEOPLE, leads: 0 } };
			const e2e = await startE2e({ ...people, editor: false });
			try {
				return await new Round(e2e, source, seed, say).play();
			} finally {
				await e2e.close();
			}
		},
		close: async () => await Promise.resolve(removeBuiltPackage()),
	};
}

class Round {
	private readonly random: Random;
	private kills = 0;
	private renames = 0;
	private isPublished = true;

	constructor(
		private readonly e2e: E2e,
		private readonly source: SourceName,
		seed: number,
		private readonly say: (line: string) => void,
	) {
		this.random = new Random(seed);
	}

	async play(): Promise<readonly string[]> {
		const { e2e, random } = this;
		const { sandbox } = e2e;
		Object.assign(sandbox.brevo.settings, { importDelayMs: random.pick([300, 2_000]) });
		const size = random.pick([undefined, 40, 100]);
		const trigger = { pollTimes: pollsEvery(2), ...(size === undefined ? {} : { options: { batchSize: size } }) };
		let workflow = await e2e.importSync({ [TRIGGERS[this.source]]: trigger }, this.source);
		await e2e.api.publish(workflow.id);
		const world = worldOf(sandbox, this.source);
		for (let step = 0; step < STORM_STEPS; step++) {
			workflow = await this.step(workflow, () => this.say(world(random)));
			await pause(random.whole(200, 2_000));
		}
		await this.calmDown(workflow);
		return await this.wrongs(workflow);
	}

	/** One thing that happens; the workflow as it is by then. */
	private async step(workflow: StoredWorkflow, happen: () => void): Promise<StoredWorkflow> {
		const { e2e, random } = this;
		const dice = random.next();
		if (dice < 0.5) {
			const one = randomFault(random, [VENDORS[this.source], 'brevo']);
			this.say(told(one));
			e2e.sandbox[one.vendor].faults.next(one.match, one.fault);
		} else if (dice < 0.58 && this.kills < MOST_KILLS) {
			this.kills += 1;
			this.say('n8n is killed');
			await e2e.n8n.kill();
			await pause(random.whole(0, 2_000));
			await e2e.n8n.start();
		} else if (dice < 0.64) {
			this.say('unpublished and published');
			await this.orNot(async () => await e2e.api.unpublish(workflow.id));
			this.isPublished = false;
			await pause(random.whole(0, 3_000));
			this.isPublished = await this.orNot(async () => await e2e.api.publish(workflow.id));
		} else if (dice < 0.7) {
			await this.retryOne(workflow);
		} else if (dice < 0.74 && this.renames === 0) {
			this.renames += 1;
			this.say('the trigger is renamed');
			return await this.rename(workflow);
		} else if (dice < 0.78) {
			this.say("the vendors' clocks jump ahead by 50 s");
			e2e.sandbox.clock.advance(50_000);
		} else happen();
		return workflow;
	}

	/** What n8n refuses while a fault goes on is done again later. */
	private async orNot(what: () => Promise<unknown>): Promise<boolean> {
		try {
			await what();
			return true;
		} catch (error) {
			this.say(`refused: ${error instanceof Error ? error.message.slice(0, 100) : String(error)}`);
			return false;
		}
	}

	private async retryOne({ id }: StoredWorkflow): Promise<void> {
		const failed = (await this.e2e.api.listExecutions(id)).filter(({ status }) => status === 'error');
		if (failed.length === 0) return;
		const { id: execution } = this.random.pick(failed);
		this.say(`execution ${execution} is retried by hand`);
		const path = `/api/v1/executions/${execution}/retry`;
		await this.orNot(async () => await this.e2e.api.json({ method: 'POST', path, body: { loadWorkflow: false } }));
	}

	private async rename(workflow: StoredWorkflow): Promise<StoredWorkflow> {
		const stored = await this.e2e.api.getWorkflow(workflow.id);
		const { name } = triggerOf(stored);
		const nodes = stored.nodes.map((node) => (node.name === name ? { ...node, name: `${name} (renamed)` } : node));
		const { [name]: links, ...others } = stored.connections;
		const connections = { ...others, [`${name} (renamed)`]: links } as StoredWorkflow['connections'];
		const renamed = await this.e2e.api.updateWorkflow(workflow.id, { ...stored, nodes, connections });
		this.isPublished = await this.orNot(async () => await this.e2e.api.publish(workflow.id));
		return renamed;
	}

	/** The faults are over, and everything that was switched off is on again. */
	private async calmDown({ id }: StoredWorkflow): Promise<void> {
		for (const vendor of ['hubspot', 'salesforce', 'brevo'] as const) this.e2e.sandbox[vendor].faults.clear();
		this.say('the faults are over');
		if (!this.e2e.n8n.isRunning) await this.e2e.n8n.start();
		while (!this.isPublished) {
			this.isPublished = await this.orNot(async () => await this.e2e.api.publish(id));
			await pause(1_000);
		}
	}

	/** The three promises. */
	private async wrongs(workflow: StoredWorkflow): Promise<readonly string[]> {
		const { e2e } = this;
		const isEqual = (): boolean => e2e.differences(workflow).length === 0;
		await waitFor('both sides to agree', isEqual, { withinMs: QUIET_WITHIN_MS, everyMs: 1_000 }).catch(() => undefined);
		const lifted = e2e.sandbox.brevo.store.resubscriptions.map(
			({ contactId, cause }) => `promise 1: Brevo ${contactId} was made mailable (${cause})`,
		);
		const lost = e2e.differences(workflow).map(({ who, what }) => `promise 2: ${who} ${what}`);
		const unnamed: string[] = [];
		for (const { id, status } of await e2e.api.listExecutions(workflow.id))
			if (status === 'success') unnamed.push(...withoutOutcome(await e2e.api.getExecution(id), workflow));
		return [...lifted, ...lost, ...unnamed];
	}
}

const TRIGGERS: Readonly<Record<SourceName, string>> = {
	hubspot: NODE_TYPES.trigger,
	Contact: NODE_TYPES.salesforceTrigger,
	Lead: NODE_TYPES.salesforceTrigger,
};
const VENDORS: Readonly<Record<SourceName, Vendor>> = { hubspot: 'hubspot', Contact: 'salesforce', Lead: 'salesforce' };

/** Promise 3: every contact of a run that succeeded left the workflow once, with a status. */
function withoutOutcome(execution: Execution, workflow: StoredWorkflow): string[] {
	const runs = Object.keys(execution.data?.resultData.runData ?? {});
	const trigger = triggerOf(workflow).name.replace(/ \(renamed\)$/, '');
	const began = [trigger, `${trigger} (renamed)`].find((name) => runs.includes(name));
	if (began === undefined) return [];
	const keys = itemsOf(execution, began).map(({ json }) => String(json.key));
	const map = nodeOfType(workflow, NODE_TYPES.map).name;
	const upsert = nodeOfType(workflow, NODE_TYPES.upsert).name;
	const ended = [...itemsOf(execution, map, 1), ...itemsOf(execution, upsert, 0), ...itemsOf(execution, upsert, 1)];
	const left = ended.flatMap(({ json }) => {
		const { status } = (json.outcome ?? {}) as { status?: unknown };
		return typeof status === 'string' ? [String(json.key)] : [];
	});
	const counts = new Map<string, number>();
	for (const key of left) counts.set(key, (counts.get(key) ?? 0) + 1);
	return keys
		.filter((key) => counts.get(key) !== 1)
		.map((key) => `promise 3: ${key} has ${counts.get(key) ?? 0} outcomes in execution ${execution.id}`);
}
