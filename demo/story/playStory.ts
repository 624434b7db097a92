import { setTimeout as pause } from 'node:timers/promises';
import { DemoError } from '../demoError';
import type { StoredWorkflow } from '../n8n/n8nApi';
import type { Progress } from '../process/progress';
import { Patience } from '../process/slowness';
import { pollsEvery } from '../n8n/quickPolls';
import type { Stage } from '../stage';
import type { Act, Chapter } from './chapter';
import { CHAPTERS } from './chapters';
import { checkAct, described, keyIn, markOf } from './checkAct';
import { type Delivered, Deliveries } from './deliveries';
import { StoryWorld } from './storyWorld';

/** How one chapter went; this is what `--json` prints. */
export interface ChapterReport {
	readonly id: string;
	readonly title: string;
	readonly ok: boolean;
	readonly seconds: number;
	readonly problems: readonly string[];
}

export interface StoryOptions {
	readonly stage: Pick<Stage, 'api' | 'sandbox' | 'choices'>;
	/** Published, with its first sync done. */
	readonly workflow: StoredWorkflow;
	readonly progress: Progress;
	readonly signal?: AbortSignal;
	readonly chapters?: readonly Chapter[];
}

/**
 * How the trigger of a story is set: a chapter is not to wait a minute, and the stand-in's search shows changes
 * at once. With the default look-back a deletion is passed on two minutes later, when it cannot be a merge any more.
 */
export const STORY_TRIGGER = { pollTimes: pollsEvery(5), options: { lookbackMinutes: 0 } };

const CARRIED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;
/** Of many people only the first are shown. */
const SHOWN = 3;

/** Plays the chapters one after the other on the real n8n, tells each and checks it. A chapter that fails does not end the story. */
export async function playStory(options: StoryOptions): Promise<{ world: StoryWorld; chapters: ChapterReport[] }> {
	const { stage, workflow, progress, chapters = CHAPTERS } = options;
	const world = new StoryWorld(stage);
	const deliveries = new Deliveries(stage.api, workflow);
	await deliveries.skip();
	const reports: ChapterReport[] = [];
	for (const chapter of chapters) {
		progress.note('');
		progress.note(`${chapter.id}) ${chapter.title} (${chapter.shows})`);
		const startedAt = Date.now();
		const problems = await playChapter(chapter, world, deliveries, options);
		const { id, title } = chapter;
		const seconds = (Date.now() - startedAt) / 1000;
		reports.push({ id, title, ok: problems.length === 0, seconds, problems });
		for (const problem of problems) progress.note(`   NOT AS IT SHOULD BE: ${problem}`);
		if (problems.length === 0) progress.note(`   as it should be, after ${seconds.toFixed(1)} s`);
	}
	return { world, chapters: reports };
}

async function playChapter(
	chapter: Chapter,
	world: StoryWorld,
	deliveries: Deliveries,
	{ stage, progress, signal }: StoryOptions,
): Promise<string[]> {
	const acts = chapter.play(world);
	for (;;) {
		const mark = markOf(world);
		const callsToBrevo = stage.sandbox.brevo.requests.total;
		const { value: act, done } = acts.next();
		if (done || !act) return [];
		progress.note(`   ${act.told}`);
		const delivered = await carried(act, deliveries, { stage, signal });
		if (act.then.length === 0) {
			const calls = stage.sandbox.brevo.requests.total - callsToBrevo;
			progress.note(`   Two polls later: ${delivered.length} contacts delivered, ${calls} calls to Brevo`);
			if (calls > 0) return [`Brevo was called ${calls} times`];
		}
		tell(act, world, delivered, progress);
		const problems = checkAct(world, act, mark, delivered);
		if (problems.length > 0) return problems;
	}
}

/** The outcomes of an act; when it has none, whatever came during two whole polls. */
async function carried(
	{ then }: Act,
	deliveries: Deliveries,
	{ stage, signal }: Pick<StoryOptions, 'stage' | 'signal'>,
): Promise<Delivered[]> {
	const keys = then.filter(({ outcome }) => outcome !== undefined).map(keyIn);
	if (keys.length > 0) return await deliveries.untilCarried(keys, CARRIED_WITHIN_MS, signal);
	await untilPolled(stage, 2, signal);
	return await deliveries.readNew();
}

/** Waits until so many polls have begun and ended; each begins by looking at the list. */
async function untilPolled({ sandbox }: StoryOptions['stage'], polls: number, signal?: AbortSignal): Promise<void> {
	const looks = () =>
		sandbox.hubspot.requests.count(
			({ method, path }) => method === 'POST' && /^\/crm\/lists\/[^/]+\/search$/.test(path),
		);
	const wanted = looks() + polls + 1;
	const patience = new Patience(CARRIED_WITHIN_MS);
	while (looks() < wanted) {
		signal?.throwIfAborted();
		if (patience.isOver) throw new DemoError('The trigger does not look at HubSpot any more');
		await pause(LOOK_EVERY_MS);
	}
}

function tell({ then }: Act, world: StoryWorld, delivered: readonly Delivered[], progress: Progress): void {
	for (const expected of then.slice(0, SHOWN)) {
		const item = delivered.find(({ key }) => key === keyIn(expected));
		if (item) progress.note(`   ${outcomeLine(item)}`);
		progress.note(`   Brevo, ${described(world.held(expected.person.brevoId))}`);
	}
	if (then.length > SHOWN) progress.note(`   … and ${then.length - SHOWN} more`);
}

function outcomeLine({ outcome, change, execution }: Delivered): string {
	const { status, code, changes = {} } = outcome;
	const differences = Object.entries(changes).map(
		([name, { from, to }]) => `${name} ${JSON.stringify(from)} → ${JSON.stringify(to)}`,
	);
	const reason = code ? ` (${code})` : '';
	return `Execution ${execution}: '${change}' → ${[`${status}${reason}`, ...differences].join(', ')}`;
}
