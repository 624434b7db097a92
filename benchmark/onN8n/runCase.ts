import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DemoError } from '../../demo/demoError';
import { NODE_TYPES, fillTemplate, readTemplate, syncTemplate, type Template } from '../../demo/n8n/importTemplate';
import { Patience } from '../../demo/process/slowness';
import { MAPPING } from '../mapping';
import type { Accounts, BenchStage } from './benchStage';
import { idsOf, keyOf, workedOn, type BenchCase, type BenchWay, type Condition, type Measured } from './cases';
import { clearLogs, measureOnN8n, vendorCounts } from './measureOnN8n';
import type { ScriptDone, ScriptJob } from './script/job';
import { fillUsualWorkflow, type UsualWorkflow } from './usualWorkflows';

/** What a way works with, from one renewal of the accounts to the next. */
export interface Around {
	readonly bench: BenchStage;
	readonly accounts: Accounts;
	readonly condition: Condition;
	readonly signal: AbortSignal;
}

/** Runs one case after the other in the same accounts; a poll finds what the case before left. */
export interface Runner {
	run(which: BenchCase): Promise<Measured>;
}

/** How long n8n may take to know the webhook of a workflow that it published. */
const KNOWN_WITHIN_MS = 20_000;
/** Polls before the first one that is measured, until one finds nothing. */
const MOST_SETTLING = 4;
/** Polls of its own would come in between: this trigger polls when it is published, and next on New Year's Day. */
const POLLS_WHEN_PUBLISHED = { item: [{ mode: 'custom', cronExpression: '0 0 0 1 1 *' }] };

export function runnerOf(way: BenchWay, around: Around): Runner {
	if (way === 'contactSync') return ourRunner(around, syncTemplate('hubspot'));
	if (way === 'withHealth') return ourRunner(around, readTemplate('hubspot-list-to-brevo-with-health'));
	const runOn = way === 'script' ? runScript : runUsual;
	return {
		run: async (which) => {
			// The instants of members and changes before it are to be earlier than it.
			const since = new Date(Date.now() + 1);
			await pause(5);
			edit(around, which);
			return await runOn({ around, way, which, since });
		},
	};
}

interface OneRun {
	readonly around: Around;
	readonly way: BenchWay;
	readonly which: BenchCase;
	readonly since: Date;
}

/** Edits the members that a poll is to find. */
function edit({ bench, accounts }: Around, which: BenchCase): void {
	if (which.kind === 'firstSync') return;
	const { store } = bench.stage.sandbox.hubspot;
	// Another name in each case, the same in every way.
	for (const id of idsOf(which, accounts.ids)) store.changeContact(id, { lastname: `${keyOf(which)}, ${id}` });
}

/** Edits a member that is edited again before the first poll that is to find changes. */
function renameOne({ bench, accounts }: Around): void {
	bench.stage.sandbox.hubspot.store.changeContact(accounts.ids[0] ?? '', { lastname: 'Renamed before the polls' });
}

/** Whether all members, or all that were edited, are on the Brevo list with their names. */
function isSynced({ bench, accounts }: Around, which: BenchCase): boolean {
	const { hubspot, brevo } = bench.stage.sandbox;
	const listId = Number(accounts.destinationList.id);
	return idsOf(which, accounts.ids).every((id) => {
		const { email = '', lastname } = hubspot.store.contact(Number(id)).properties;
		const contact = brevo.store.owner('email', email);
		return contact !== undefined && contact.listIds.has(listId) && (contact.attributes.LASTNAME ?? '') === lastname;
	});
}

/**
 * One workflow for all cases of a list, unpublished in between: so a poll begins the moment it is wanted. n8n stores what a trigger knows when
 * an execution starts, not when it has ended; so the first poll after a first sync delivers its last batch once more, as after a start of n8n.
 * That is no poll of every day, and is not measured.
 */
function ourRunner(around: Around, template: Template): Runner {
	const { bench, accounts, signal } = around;
	const { stage, credentials } = bench;
	let workflowId: string | undefined;
	let isSettled = false;
	const publishOnce = async (id: string, isDone: () => boolean): Promise<Measured> => {
		const begin = async () => {
			const startedAt = Date.now();
			await stage.api.publish(id);
			return startedAt;
		};
		const measured = await measureOnN8n({ stage, workflowId: id, begin, isDone, signal });
		await stage.api.unpublish(id);
		return measured;
	};
	/** Polls until one finds nothing. */
	const settle = async (id: string): Promise<true> => {
		// A poll that outlives the ten seconds that n8n waits for it is followed by another, whose batch makes n8n store what came before.
		renameOne(around);
		for (let polls = 0; polls < MOST_SETTLING; polls++) if ((await publishOnce(id, () => true)).brevoCalls === 0) break;
		return true;
	};
	return {
		run: async (which) => {
			workflowId ??= (
				await stage.api.createWorkflow(
					fillTemplate(template, {
						credentials,
						sourceList: accounts.list(which.members),
						destinationList: accounts.destinationList,
						mapping: MAPPING,
						parameters: { [NODE_TYPES.trigger]: { pollTimes: POLLS_WHEN_PUBLISHED } },
					}),
				)
			).id;
			if (which.kind === 'poll' && !isSettled) isSettled = await settle(workflowId);
			edit(around, which);
			return await publishOnce(workflowId, () => isSynced(around, which));
		},
	};
}

async function runUsual({ around, way, which, since }: OneRun): Promise<Measured> {
	const { bench, accounts, condition, signal } = around;
	const { stage, credentials } = bench;
	const source = accounts.list(membersOf(which));
	const { workflow, path } = fillUsualWorkflow(workflowOf(way, which), {
		credentials,
		accounts,
		source,
		since,
		condition,
	});
	const { id } = await stage.api.createWorkflow(workflow);
	await stage.api.publish(id);
	const begin = async () => await post(`${stage.n8n.url}/webhook/${path}`);
	const isDone = () => isSynced(around, which);
	const measured = await measureOnN8n({ stage, workflowId: id, begin, isDone, signal });
	await stage.api.unpublish(id);
	return measured;
}

/** Members of the list that is read: a first sync of a part is one of a smaller list. */
const membersOf = (which: BenchCase): number => (which.kind === 'firstSync' ? workedOn(which) : which.members);

/** n8n answers to the publishing of a workflow before it knows its webhook. Returns the instant of the call that it took. */
async function post(url: string): Promise<number> {
	for (const patience = new Patience(KNOWN_WITHIN_MS); ; await pause(50)) {
		const sentAt = Date.now();
		const reply = await fetch(url, { method: 'POST', headers: { connection: 'close' } });
		const said = await reply.text();
		if (reply.ok) return sentAt;
		if (reply.status !== 404 || patience.isOver)
			throw new DemoError(`n8n answered a webhook with ${reply.status}`, said);
	}
}

const workflowOf = (way: BenchWay, { kind }: BenchCase): UsualWorkflow =>
	kind === 'poll'
		? 'hubspot-list-changes-to-brevo'
		: way === 'n8nImports'
			? 'hubspot-list-to-brevo-imports'
			: 'hubspot-list-to-brevo';

async function runScript({ around, which, since }: OneRun): Promise<Measured> {
	const { bench, accounts, condition } = around;
	const { sandbox } = bench.stage;
	clearLogs(sandbox);
	const job: ScriptJob = {
		hubspot: { url: sandbox.hubspot.url, key: sandbox.hubspot.token },
		brevo: { url: sandbox.brevo.url, key: sandbox.brevo.apiKey },
		sourceListId: accounts.list(membersOf(which)).id,
		destinationListId: Number(accounts.destinationList.id),
		...(which.kind === 'poll' && { since: since.toISOString() }),
		isLimited: condition === 'vendors',
	};
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--import', 'tsx', join(__dirname, 'script', 'index.ts'), JSON.stringify(job)],
		{ signal: around.signal },
	);
	if (!isSynced(around, which)) throw new DemoError('Brevo does not hold what the script should have written');
	return { ...vendorCounts(sandbox), ...(JSON.parse(stdout) as ScriptDone) };
}
