import { cpus } from 'node:os';
import type { Way } from './job';
import type { MappingSpeed } from './mappingSpeed';
import { measureMapping } from './mappingSpeed';
import type { JobDetails, Measurement, Stage } from './measure';
import { measure, openStage } from './measure';
import type { BenchmarkOptions } from './options';
import type { StateComparison } from './sameState';
import { compareStates, differencesFromTruth, holdingsOf } from './sameState';

export type Scenario = 'firstSync' | 'again' | 'changed' | 'idle';

export interface Row {
	readonly scenario: Scenario;
	readonly way: Way;
	/** Contacts that the numbers of the table stand for. */
	readonly contacts: number;
	/** What `measured` is multiplied by to get there; 1: nothing is scaled. */
	readonly scale: number;
	readonly measured: Measurement;
}

export interface BenchmarkReport {
	readonly members: number;
	readonly sample: number;
	readonly changed: number;
	readonly machine: { readonly cpus: number; readonly node: string };
	readonly rows: readonly Row[];
	/** Ours against what HubSpot says, for all members: which differ and how. */
	readonly differencesFromTruth: readonly { readonly who: string; readonly what: string }[];
	/** The usual ways against ours, for the contacts they worked on. */
	readonly states: Readonly<Record<Exclude<Way, 'contactSync'>, StateComparison>>;
	readonly mapping: MappingSpeed;
	readonly large?: { readonly members: number; readonly measured: Measurement };
	/** Everything that should not be: such a benchmark compares nothing. */
	readonly problems: readonly string[];
}

const CHANGED_SHARE = 0.01;

/** Runs everything, one after the other. `progress` gets a line per run. */
export async function runBenchmark(
	options: BenchmarkOptions,
	progress: (line: string) => void,
): Promise<BenchmarkReport> {
	const rows: Row[] = [];
	const stages: Stage[] = [];
	const open = async (members: number): Promise<Stage> => {
		const stage = await openStage(members);
		stages.push(stage);
		return stage;
	};
	try {
		const run = async (
			stage: Stage,
			scenario: Scenario,
			details: JobDetails,
			contacts: number,
			scale = 1,
		): Promise<{ state: unknown }> => {
			progress(`${details.way}: ${scenario} …`);
			const { measured, state } = await measure(stage, details);
			rows.push({ scenario, way: details.way, contacts, scale, measured });
			return { state };
		};
		const { members, sample } = options;
		const scale = members / sample;

		const ours = await open(members);
		const before = holdingsOf(ours);
		const order = joinOrder(ours);
		const changedIds = everyNth(order, Math.max(1, Math.round(members * CHANGED_SHARE)));
		const { state } = await run(ours, 'firstSync', { way: 'contactSync' }, members);
		await run(ours, 'again', { way: 'contactSync' }, members);
		change(ours, changedIds);
		const live = await run(ours, 'changed', { way: 'contactSync', state }, changedIds.length);
		await run(ours, 'idle', { way: 'contactSync', state: live.state, pollsBefore: 1 }, 0);

		const pages = await open(members);
		await run(pages, 'firstSync', { way: 'pages', members: sample }, members, scale);
		await run(pages, 'again', { way: 'pages', members: sample }, members, scale);
		change(pages, changedIds);
		await run(pages, 'changed', { way: 'pages', members: sample }, members, scale);

		const oneByOne = await open(members);
		await run(oneByOne, 'firstSync', { way: 'oneByOne', members: sample }, members, scale);
		change(oneByOne, changedIds);
		await run(oneByOne, 'changed', { way: 'oneByOne', changedIds }, changedIds.length);

		const sampled = order.slice(0, sample);
		const states = {
			pages: compareStates(ours, pages, sampled),
			oneByOne: compareStates(ours, oneByOne, [...new Set([...sampled, ...changedIds])]),
		};
		const fromTruth = differencesFromTruth(ours, before);
		progress('mapping …');
		const mapping = measureMapping();
		const large = options.large ? await runLarge(options.largeMembers, progress) : undefined;
		return {
			members,
			sample,
			changed: changedIds.length,
			machine: { cpus: cpus().length, node: process.version },
			rows,
			differencesFromTruth: fromTruth,
			states,
			mapping,
			large,
			problems: problemsOf(large ? [...rows, largeRow(large)] : rows, states, fromTruth),
		};
	} finally {
		for (const { sandbox } of stages) await sandbox.close();
	}
}

async function runLarge(
	members: number,
	progress: (line: string) => void,
): Promise<{ members: number; measured: Measurement }> {
	progress(`contactSync: firstSync of ${members} members …`);
	const stage = await openStage(members);
	try {
		const { measured } = await measure(stage, { way: 'contactSync' }, { collectGarbage: true });
		return { members, measured };
	} finally {
		await stage.sandbox.close();
	}
}

const largeRow = ({ members, measured }: { members: number; measured: Measurement }): Row => ({
	scenario: 'firstSync',
	way: 'contactSync',
	contacts: members,
	scale: 1,
	measured,
});

/** Record ids in the order in which the contacts joined the list. */
function joinOrder({ sandbox }: Stage): string[] {
	const { members } = sandbox.hubspot.store.list(sandbox.list.id);
	return members.page('join', undefined, members.size, false).members.map(({ id }) => String(id));
}

/** `count` of the ids, spread evenly, the first one included. */
function everyNth(ids: readonly string[], count: number): string[] {
	return Array.from({ length: count }, (_, index) => ids[Math.floor((index * ids.length) / count)] ?? '');
}

/** Contacts are edited in HubSpot: each gets another last name. */
function change({ sandbox }: Stage, ids: readonly string[]): void {
	for (const id of ids) sandbox.hubspot.store.changeContact(id, { lastname: `Renamed ${id}` });
}

/** The checks that make the numbers worth anything. Each names the run it is about. */
export function problemsOf(
	rows: readonly Row[],
	states: BenchmarkReport['states'],
	fromTruth: BenchmarkReport['differencesFromTruth'],
): string[] {
	const problems: string[] = [];
	for (const { scenario, way, measured } of rows) {
		const check = (holds: boolean, what: string): void => void (holds || problems.push(`${way}, ${scenario}: ${what}`));
		const { tally, sent, hubspotCalls, brevoCalls, writes, creations, rateLimited, resubscriptions } = measured;
		const { read, excluded, created, updated, unchanged, written, failed } = tally;
		const ended = excluded + created + updated + unchanged + written + failed;
		check(ended === read, `${read} contacts read, ${ended} accounted for`);
		check(failed === 0, `${failed} contacts failed (${Object.keys(tally.reasons).join(', ')})`);
		check(sent.hubspot === hubspotCalls, `${sent.hubspot} calls sent, ${hubspotCalls} counted by HubSpot`);
		check(sent.brevo === brevoCalls, `${sent.brevo} calls sent, ${brevoCalls} counted by Brevo`);
		check(creations === created, `${created} contacts reported created, ${creations} were`);
		if (way === 'contactSync')
			check(writes === created + updated, `${created + updated} writes reported, ${writes} made`);
		else check(writes <= created + written, `${created + written} writes reported, ${writes} made`);
		check(rateLimited === 0, `${rateLimited} calls answered 429`);
		check(resubscriptions === 0, `${resubscriptions} contacts made mailable again`);
	}
	for (const [way, { differing }] of Object.entries(states)) {
		if (differing.length > 0) problems.push(`${way} left ${differing.length} contacts other than ours did`);
	}
	if (fromTruth.length > 0) problems.push(`Brevo differs from HubSpot in ${fromTruth.length} places`);
	return problems;
}
