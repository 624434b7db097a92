import fc from 'fast-check';
import { isRecord } from '../../../core/json';
import type { Fault, RunningServer } from '../../../sandbox/engine';
import type { HubSpotSettings } from '../../../sandbox/hubspot';
import type { PlanSettings } from '../../../core/upsert/plan/planContact';
import type { BrevoPipeline } from './brevo/brevoPipeline';
import type { PollOptions } from './brevo/workflow';
import type { BrevoSetUp } from './brevo/setUp';
import { brevoSetUps, PLAIN_BREVO } from './brevo/setUp';
import { differences } from './oracle';
import type { Pipeline } from './pipeline';
import { Witness } from './witness';
import type { Happening, HappeningKind } from './world';
import { FURTHER_HAPPENINGS, HAPPENINGS, World } from './world';

/** A call that goes wrong, at one of the two vendors. */
export interface Trouble extends Fault {
	readonly at: 'source' | 'brevo';
	readonly match: string;
}

/** What n8n, the network and people do around one poll. */
export interface PollStep<H = Happening> {
	readonly poll: Omit<PollOptions, 'meanwhile'>;
	readonly trouble?: readonly Trouble[];
	/** Happens in the middle of a batch. */
	readonly meanwhile?: { readonly atRead: number; readonly what: H };
}

/** What is done to the workflow in n8n: the trigger gets another name, an old execution is retried, or static data is cleared. */
export interface N8nStep {
	readonly n8n: 'rename' | 'retry' | 'forget';
	readonly which: number;
}

export type Step<H = Happening> = H | PollStep<H> | N8nStep;

/** How the account in HubSpot behaves where its pages leave it open. */
export type HubSpotSetUp = Partial<HubSpotSettings>;

const hubSpotSetUps: fc.Arbitrary<HubSpotSetUp> = fc.record({
	mergedIds: fc.constantFrom('redirect' as const, 'missing' as const),
	mergeKeepsPrimaryId: fc.boolean(),
});

export interface History {
	readonly people: number;
	/** Who of them Brevo knows already: from elsewhere, blocked, or made by another tool. */
	readonly known: readonly ('plain' | 'blocked' | 'foreign' | 'no')[];
	readonly batchSize: number;
	readonly brevo: BrevoSetUp;
	readonly hubspot: HubSpotSetUp;
	/** What of Contact List Upsert is not set as usual. */
	readonly upsert?: Partial<PlanSettings>;
	readonly steps: readonly Step[];
}

const BREVO_CALLS = ['*', 'GET /contacts', 'GET /contacts/:id', 'POST /contacts', 'PUT /contacts/:id', 'POST /contacts/import',
	'POST /contacts/lists/:id/contacts/add', 'POST /contacts/lists/:id/contacts/remove', 'GET /contacts/lists*', 'GET /processes*']; // prettier-ignore
const HUBSPOT_CALLS = ['*', 'POST /crm/lists/2026-09/search', 'POST /crm/objects/2026-09/contacts/search', 'POST /crm/objects/2026-09/contacts/batch/read', 'GET /crm/lists/2026-09/*']; // prettier-ignore

/** Of a proxy, or of a network that wants a sign-in. */
const PAGE = '<!doctype html><html><title>Sign in</title></html>';

/** The client asks four times; five faults in a row make a call fail for good. */
const times = fc.integer({ min: 1, max: 5 });
const troubleAt = (sourceCalls: readonly string[]): fc.Arbitrary<Trouble> =>
	fc
		.record({
			at: fc.constantFrom('source' as const, 'brevo' as const),
			match: fc.nat(20),
			kind: fc.constantFrom(
				'status' as const,
				'status' as const,
				'reset' as const,
				'cutOff' as const,
				'afterWork' as const,
			),
			status: fc.constantFrom(500, 503, 429),
			foreign: fc.option(
				fc.record({
					status: fc.constantFrom(200, 302, 400, 403, 404, 407),
					body: fc.constantFrom<unknown>(PAGE, {}, { message: 'busy' }),
				}),
			),
			times,
		})
		.map(({ at, match, kind, status, foreign, times: howOften }) => {
			const calls = at === 'brevo' ? BREVO_CALLS : sourceCalls;
			const isAnswer = kind === 'status' || kind === 'afterWork';
			const answer = isAnswer && foreign ? foreign : kind === 'status' ? { status } : {};
			return { at, match: calls[match % calls.length] as string, kind, ...answer, times: howOften };
		});

/** What a poll can be beside killed and failing, and what happens to the workflow between two. */
export const furtherSteps = <H>(meanwhile: fc.Arbitrary<H>): fc.Arbitrary<PollStep<H> | N8nStep> =>
	fc.oneof(
		{
			weight: 3,
			arbitrary: fc.record({
				poll: fc.record(
					{
						afterMs: fc.constantFrom(60_000, 20 * 60_000),
						worker: fc.constantFrom(0 as const, 1 as const),
						unpublishAfter: fc.constantFrom(1, 2),
						runFails: fc.constant(true),
					},
					{ requiredKeys: ['afterMs', 'worker'] },
				),
				meanwhile: fc.record({ atRead: fc.integer({ min: 1, max: 12 }), what: meanwhile }),
			}),
		},
		{
			weight: 1,
			arbitrary: fc.record({
				n8n: fc.constantFrom('rename' as const, 'retry' as const, 'forget' as const),
				which: fc.nat(5),
			}),
		},
	);

/** Polls with kills, failing runs and faults at any of these calls of the source. */
export const pollSteps = (sourceCalls: readonly string[]): fc.Arbitrary<PollStep<never>> =>
	fc.record(
		{
			poll: fc.record(
				{
					afterMs: fc.constantFrom(60_000, 90_000, 20 * 60_000),
					killAfter: fc.integer({ min: 1, max: 25 }),
					runFails: fc.constant(true),
				},
				{ requiredKeys: ['afterMs'] },
			),
			trouble: fc.array(troubleAt(sourceCalls), { minLength: 1, maxLength: 2 }),
		},
		{ requiredKeys: ['poll'] },
	);

/** The usual settings of Contact List Upsert more often than all others together: these hold to promises 1 and 3 alone. */
export const upserts: fc.Arbitrary<Partial<PlanSettings>> = fc.constantFrom(
	...Array.from({ length: 6 }, () => ({})),
	{ leavers: 'keep' as const },
	{ optOuts: 'blockOnly' as const },
	{ mode: 'updateOnly' as const },
	{ mode: 'createOnly' as const },
	{ mode: 'optOutsOnly' as const },
);

/** What histories vary. */
export interface HistoryRange {
	readonly kinds: readonly HappeningKind[];
	readonly brevo: fc.Arbitrary<BrevoSetUp>;
	readonly hubspot: fc.Arbitrary<HubSpotSetUp>;
	/** Whether two processes run the batches, and people are at work in Brevo, HubSpot and n8n meanwhile. */
	readonly isBusy: boolean;
}

/** Both accounts as they are by default: writes of a few members go singly. */
export const CALM: HistoryRange = {
	kinds: HAPPENINGS,
	brevo: fc.constant(PLAIN_BREVO),
	hubspot: fc.constant({}),
	isBusy: false,
};

/** Everything that was thought of. */
export const WIDE: HistoryRange = {
	kinds: [...HAPPENINGS, ...FURTHER_HAPPENINGS],
	brevo: brevoSetUps,
	hubspot: hubSpotSetUps,
	isBusy: true,
};

/** Happenings of a kind each; in a wide range a few of the kinds in one history, so that they meet. */
export function kindsOfHistory<K extends string>(kinds: readonly K[], isWide: boolean): fc.Arbitrary<readonly K[]> {
	return isWide ? fc.noShrink(fc.subarray([...kinds], { minLength: 4, maxLength: 9 })) : fc.constant(kinds);
}

/** Steps of one history; in a wide range as often many as few, so that there is a past to stumble over. */
export const stepsOfHistory = <S>(step: fc.Arbitrary<S>, isWide: boolean): fc.Arbitrary<S[]> =>
	fc.array(step, { minLength: 3, maxLength: 22, ...(isWide ? { size: 'max' } : {}) });

/** Histories of a few people, who meet all the time. */
export function histories({ kinds, brevo, hubspot, isBusy }: HistoryRange): fc.Arbitrary<History> {
	return kindsOfHistory(kinds, isBusy).chain((some) => {
		const happening: fc.Arbitrary<Happening> = fc.record({
			do: fc.constantFrom(...some),
			who: fc.nat(15),
			other: fc.nat(15),
		});
		const step: fc.Arbitrary<Step> = fc.oneof(
			{ weight: 5, arbitrary: happening },
			{ weight: 3, arbitrary: pollSteps(HUBSPOT_CALLS) },
			...(isBusy ? [{ weight: 1, arbitrary: furtherSteps(happening) }] : []),
		);
		return fc.record({
			people: fc.integer({ min: 3, max: 12 }),
			known: fc.array(fc.constantFrom('plain' as const, 'blocked' as const, 'foreign' as const, 'no' as const), {
				maxLength: 4,
			}),
			batchSize: fc.constantFrom(1_000, 1_000, 1_000, 4),
			brevo,
			hubspot,
			...(isBusy ? { upsert: upserts } : {}),
			steps: stepsOfHistory(step, isBusy),
		});
	});
}

/** What a history came to: `wrong` has a line for each promise that was broken, and is empty when all were kept. */
export interface Played {
	readonly wrong: readonly string[];
	readonly witness: Witness;
}

/** The accounts as a history finds them. */
export function prepare(
	pipeline: Pipeline,
	{ people, known, batchSize, brevo, hubspot, upsert = {} }: History,
): { readonly world: World; readonly witness: Witness } {
	pipeline.reset();
	pipeline.setUpBrevo(brevo);
	pipeline.upsert = upsert;
	Object.assign(pipeline.hubspot.settings, hubspot);
	pipeline.follower.settings = { ...pipeline.follower.settings, batchSize };
	const world = new World(pipeline);
	const witness = new Witness(pipeline, world);
	for (let n = 0; n < people; n++) world.add(n % 4 < 3);
	known.forEach((kind, index) => introduce(pipeline, `p${index + 1}@x.example`, kind));
	return { world, witness };
}

/** Plays a history from empty accounts; in the end the faults are over and the sync comes to rest. */
export async function play(pipeline: Pipeline, history: History): Promise<Played> {
	const { world, witness } = prepare(pipeline, history);
	const { steps } = history;
	await playSteps({ pipeline, source: pipeline.hubspot, happen: (step) => void world.happen(step), witness }, steps);
	return { wrong: broken(history, [...witness.violations, ...differences(pipeline, witness)]), witness };
}

/**
 * The lines that say that a promise was broken, each once:
 *
 * | the history | is held to |
 * | --- | --- |
 * | lost its memory | outcomes, and that no block is lifted: who left or opted out before may stay as they are (docs/hubspot-list-trigger.md, When the memory is lost) |
 * | has an upsert that writes no keys to contacts that exist | the same: by another address they are not found again |
 * | has one that creates no contact for an opt-out | the same: a later record with the address finds none (docs/contact-list-upsert.md, Opt-Outs) |
 * | has an upsert that is told to leave other things out | opt-outs as well |
 * | any other | everything |
 */
export function broken({ steps, upsert = {} }: Ended, lines: readonly string[]): string[] {
	const forgot = steps.some((step) => isRecord(step) && step.n8n === 'forget');
	const isUsual = !forgot && Object.keys(upsert).length === 0;
	const { mode = 'upsert', optOuts = 'block' } = upsert;
	const findsAll = !forgot && optOuts === 'block' && (mode === 'upsert' || mode === 'updateOnly');
	const counts = findsAll ? /^promise [13]|mailable/ : /^promise [13]/;
	return [...new Set(lines)].filter((line) => isUsual || counts.test(line));
}

/** What decides to what a history is held. */
interface Ended extends Pick<History, 'upsert'> {
	readonly steps: ReadonlyArray<Step<unknown>>;
}

/** What steps are played on. */
export interface Play<H> {
	readonly pipeline: BrevoPipeline;
	/** The stand-in of the source. */
	readonly source: Pick<RunningServer, 'faults'>;
	readonly happen: (happening: H) => void;
	readonly witness: Witness;
}

/** Plays the steps; in the end the faults are over and the sync comes to rest. */
export async function playSteps<H extends { readonly do: string }>(
	{ pipeline, source, happen, witness }: Play<H>,
	steps: readonly Step<H>[],
): Promise<void> {
	for (const step of steps) {
		if ('do' in step) happen(step);
		else if ('n8n' in step) {
			if (step.n8n === 'rename') for (const workflow of pipeline.workflows) workflow.rename();
			else if (step.n8n === 'forget') {
				pipeline.forgetAll();
				witness.memoryLost();
			} else if (!pipeline.retryExecution(step.which))
				witness.violations.push('promise 2: an old execution was retried');
		} else {
			const { meanwhile } = step;
			const during = meanwhile && {
				atRead: meanwhile.atRead,
				happen: () => {
					witness.noteKeys();
					happen(meanwhile.what);
				},
			};
			const at = { source, brevo: pipeline.brevo };
			for (const { at: vendor, match, ...fault } of step.trouble ?? []) at[vendor].faults.next(match, fault);
			await pipeline.poll({ ...step.poll, ...(during ? { meanwhile: during } : {}) });
			if (step.poll.killAfter !== undefined) witness.processDied();
			for (const { at: vendor } of step.trouble ?? []) at[vendor].faults.clear();
		}
		witness.look();
	}
	await pipeline.settle();
	witness.look();
	witness.lookAtBlocks();
	witness.lookAtMerges();
}

/** Brevo knows the address before the first sync. */
export function introduce({ brevo }: BrevoPipeline, email: string, kind: History['known'][number]): void {
	if (kind === 'no') return;
	brevo.store.createContact(
		{
			identifiers: { email, ...(kind === 'foreign' ? { ext_id: `webshop:${email}` } : {}) },
			attributes: { FIRSTNAME: 'Before' },
			emailBlocked: kind === 'blocked',
		},
		'control',
	);
}
