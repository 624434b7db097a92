import { inWords } from './upsert/describeRun';

/** What a first sync costs at one vendor, by the sizes and limits of its API. */
export interface SideCost {
	/** As messages call it. */
	readonly label: string;
	/** Calls for so many contacts that are all new. */
	calls(contacts: number): number;
	/** Calls that are carried out in a second at most. */
	readonly callsPerSecond: number;
	/** What costs calls besides, and is not known before. */
	readonly besides?: string;
}

/** A sync before it has begun. */
export interface SyncToEstimate {
	readonly sources: readonly SideCost[];
	readonly destination: SideCost;
	/** How many contacts it has; undefined: not known. */
	readonly contacts: number | undefined;
}

export interface FirstSyncEstimate {
	/** The calls and the time, in one sentence without the full stop. */
	readonly message: string;
	/** What they depend on, in full sentences. */
	readonly dependsOn: string;
}

/** Until the first contacts are read: n8n publishes the workflow and starts an execution. */
const START_SECONDS = 5;
/** What n8n and these nodes take for a contact, vendors aside: 100,000 in 291 s on two shared cores (docs/benchmark.md). */
const SECONDS_EACH = 291 / 100_000;
/** For how many contacts the cost is told where their number is not known. */
const EXAMPLE = 10_000;
const [MINUTE, HOUR] = [60, 3_600];

/**
 * What a first sync takes: the nodes' own time, and that of the vendor whose limit is the tighter one, because the next batch is read
 * while one is written. Undefined where nothing says that there will be one.
 */
export function estimateFirstSync({ sources, destination, contacts }: SyncToEstimate): FirstSyncEstimate | undefined {
	const sides = [...sources, destination];
	if (sources.length === 0 || contacts === 0) return undefined;
	const count = contacts ?? EXAMPLE;
	const vendorSeconds = Math.max(...sides.map((side) => side.calls(count) / side.callsPerSecond));
	const time = aboutTime(START_SECONDS + count * SECONDS_EACH + vendorSeconds);
	const calls = sides.map((side) => inWords(side.calls(count), `${side.label} call`)).join(' and ');
	const first = contacts === undefined ? `A first sync of ${inWords(count, 'contact')}` : 'The first sync';
	const besides = sides.flatMap((side) => side.besides ?? []);
	const labels = [...new Set(sides.map(({ label }) => label))].join(' and ');
	return {
		message: `${first} takes about ${time}, with about ${calls}`,
		dependsOn: [
			`How long it takes depends on how fast ${labels} answer${labels.includes(' and ') ? '' : 's'}, on other tools that use up the same limits, and on the nodes in between.`,
			...besides.map((text) => `Not counted: ${text}.`),
			'While it runs, each execution says how much is left.',
		].join(' '),
	};
}

/** Rounded up, so that it does not promise more than it knows: `20 s`, `4 minutes`, `2 hours`. */
function aboutTime(seconds: number): string {
	if (seconds <= 1.5 * MINUTE) return `${Math.ceil(seconds / 10) * 10} s`;
	return seconds <= 1.5 * HOUR
		? inWords(Math.ceil(seconds / MINUTE), 'minute')
		: inWords(Math.ceil(seconds / HOUR), 'hour');
}
