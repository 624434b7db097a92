import { BENCH_WAY_NAMES, contactsOf, workedOn, type BenchCase, type BenchWay, type Condition } from './cases';
import type { BenchOptions } from './options';

/** Cases that follow one another in the same accounts. */
export interface Series {
	readonly way: BenchWay;
	readonly condition: Condition;
	readonly cases: readonly BenchCase[];
}

/** Sizes of the first syncs, the smallest first. */
export const syncSizes = ({ fewer, members, large }: BenchOptions): readonly number[] =>
	[...new Set([fewer, members, ...(large === undefined ? [] : [large])])].sort((a, b) => a - b);

/** All that one round measures. Ours comes first: the others are compared with what it left. */
export function planOf(options: BenchOptions, round: number): Series[] {
	const { members, changes, quick, large } = options;
	const polls = [poll(members, 0), poll(members, changes), ...(quick ? [] : [poll(members, members)])];
	const others = syncSizes(options).filter((size) => size !== members);
	const bulk = (way: BenchWay): Series[] => [
		...others.map((size): Series => ({ way, condition: 'vendors', cases: [firstSync(size)] })),
		{ way, condition: 'vendors', cases: [firstSync(members), ...(way === 'n8nImports' ? [] : polls)] },
	];
	const onePerContact = [firstSync(members), ...polls].map((which) => inPart(which, options));
	return [
		...bulk('contactSync'),
		{ way: 'withHealth', condition: 'vendors', cases: [firstSync(large ?? members)] },
		{ way: 'n8nNodes', condition: 'vendors', cases: onePerContact },
		...bulk('n8nImports'),
		...bulk('script'),
		...(quick || round > 1 ? [] : bareSeries(options)),
	];
}

/** Once without latency and limits. */
const bareSeries = (options: BenchOptions): Series[] =>
	BENCH_WAY_NAMES.map((way) => ({
		...{ way, condition: 'bare' },
		cases: [way === 'n8nNodes' ? inPart(firstSync(options.members), options) : firstSync(options.members)],
	}));

/** With one call a contact only a sample is worked on, which stands for all. */
const inPart = (which: BenchCase, { sample }: BenchOptions): BenchCase =>
	contactsOf(which) > sample ? { ...which, part: sample } : which;

const firstSync = (members: number): BenchCase => ({ kind: 'firstSync', members, changes: 0 });
const poll = (members: number, changes: number): BenchCase => ({ kind: 'poll', members, changes });

/** Sizes of the lists that a plan reads. */
export const listSizes = (plan: readonly Series[]): readonly number[] => [
	...new Set(
		plan.flatMap(({ cases }) => cases.map((which) => (which.kind === 'firstSync' ? workedOn(which) : which.members))),
	),
];
