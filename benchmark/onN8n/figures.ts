import { BENCH_WAY_NAMES, contactsOf, keyOf, workedOn, type BenchCase, type BenchRun, type BenchWay, type Condition, type Measured } from './cases'; // prettier-ignore
import { BREVO_A_SECOND, HUBSPOT_A_SECOND } from './conditions';
import { syncSizes } from './plan';
import type { BenchReport } from './runBench';

/** What a case costs in one round, scaled where only a part was worked on. */
export interface Figures {
	readonly isScaled: boolean;
	readonly hubspotCalls: number;
	readonly brevoCalls: number;
	readonly seconds: number;
	/** Shares of the calls that the vendors allow in that time. */
	readonly hubspotShare: number;
	readonly brevoShare: number;
	readonly peakMb: number;
	/** Absent where too little of it depends on the contacts to be scaled. */
	readonly cpuSeconds?: number;
}

/** A row of the report: a way and a case, with a figure for each round. */
export interface Row {
	readonly way: BenchWay;
	readonly condition: Condition;
	readonly case: BenchCase;
	readonly rounds: readonly Figures[];
}

/** All rows, the cases in the order in which they were planned. */
export function rowsOf({ runs, options }: BenchReport, condition: Condition): Row[] {
	const ofCondition = runs.filter((run) => run.condition === condition);
	const sizes = condition === 'bare' ? [options.members] : syncSizes(options);
	const syncs = sizes.map((members): BenchCase => ({ kind: 'firstSync', members, changes: 0 }));
	const polls = new Map(ofCondition.flatMap(({ case: one }) => (one.kind === 'poll' ? [[keyOf(one), one]] : [])));
	return [...syncs, ...polls.values()].flatMap((which) =>
		BENCH_WAY_NAMES.flatMap((way): Row[] => {
			const rounds = ofCondition.filter((run) => run.way === way && standsFor(run, which));
			return rounds.length === 0
				? []
				: [{ way, condition, case: which, rounds: rounds.map((run) => figuresOf(run, contactsOf(which))) }];
		}),
	);
}

/** One first sync with one call a contact stands for those of every size. */
const standsFor = ({ way, case: measured }: BenchRun, which: BenchCase): boolean =>
	way === 'n8nNodes' && which.kind === 'firstSync' ? measured.kind === 'firstSync' : keyOf(measured) === keyOf(which);

function figuresOf({ case: which, measured }: BenchRun, contacts: number): Figures {
	const worked = workedOn(which);
	const scale = worked === 0 ? 1 : contacts / worked;
	const isScaled = scale !== 1;
	const { singleWrites, writingSeconds, cpuSeconds, peakMb } = measured;
	const hubspotCalls = scaledHubSpotCalls(which, measured, scale);
	const brevoCalls = measured.brevoCalls + singleWrites * (scale - 1);
	const seconds = measured.seconds + writingSeconds * (scale - 1);
	return {
		...{ isScaled, hubspotCalls, brevoCalls, seconds, peakMb },
		hubspotShare: hubspotCalls / seconds / HUBSPOT_A_SECOND,
		brevoShare:
			(measured.brevoContactCalls * (brevoCalls / Math.max(1, measured.brevoCalls))) / seconds / BREVO_A_SECOND,
		...(!isScaled ? { cpuSeconds } : which.kind === 'firstSync' ? { cpuSeconds: cpuSeconds * scale } : {}),
	};
}

/** A poll walks through the whole list, whatever changed. */
function scaledHubSpotCalls({ kind }: BenchCase, { hubspotCalls, memberPages }: Measured, scale: number): number {
	const fixed = kind === 'poll' ? memberPages : 0;
	return Math.round(fixed + (hubspotCalls - fixed) * scale);
}

/** The middle of some numbers, and how far they lie apart. */
export interface Spread {
	readonly median: number;
	readonly least: number;
	readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (index: number): number => sorted[index] ?? NaN;
	const middle = (sorted.length - 1) / 2;
	return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, least: at(0), most: at(sorted.length - 1) };
}

/** How many times as much another way takes as ours does, round by round. */
export interface Ratio {
	readonly case: BenchCase;
	readonly way: BenchWay;
	readonly seconds: Spread;
	readonly calls: Spread;
	readonly cpu?: Spread;
}

export function ratiosOf(rows: readonly Row[]): Ratio[] {
	return rows.flatMap((row): Ratio[] => {
		const ours = rows.find(({ way, case: which }) => way === 'contactSync' && keyOf(which) === keyOf(row.case));
		if (row.way === 'contactSync' || !ours) return [];
		const ratio = (of: (figures: Figures) => number): Spread =>
			spreadOf(row.rounds.flatMap((figures, round) => of(figures) / of(ours.rounds[round] ?? figures)));
		const hasCpu = row.rounds.every(({ cpuSeconds }) => cpuSeconds !== undefined);
		return [
			{
				...{ case: row.case, way: row.way },
				seconds: ratio(({ seconds }) => seconds),
				calls: ratio(callsOf),
				...(hasCpu && { cpu: ratio(({ cpuSeconds = NaN }) => cpuSeconds) }),
			},
		];
	});
}

export const callsOf = ({ hubspotCalls, brevoCalls }: Pick<Figures, 'hubspotCalls' | 'brevoCalls'>): number =>
	hubspotCalls + brevoCalls;

/** What no way can be faster than, by the vendors' limits. */
export interface Floor {
	readonly hubspotCalls: number;
	readonly brevoCalls: number;
	readonly seconds: number;
}

const MEMBERS_PAGE = 250;
const CHANGES_PAGE = 200;
const BATCH_READ = 100;
/** Contacts a call that looks at what was stored, and contacts of about 400 bytes in an import of 8 MB. */
const LOOK = 1_000;
const ROWS_PER_IMPORT = 20_000;

/**
 * HubSpot tells the members 250 a call, or the changes 200 a call, and the values of 100; Brevo takes an import, and is looked at 1,000 a
 * call, beside it. The last import ends after the last read.
 */
export function floorOf({ kind, members, changes }: BenchCase, importSeconds: number): Floor {
	const contacts = kind === 'firstSync' ? members : changes;
	const pages = kind === 'firstSync' ? members / MEMBERS_PAGE : Math.max(1, changes / CHANGES_PAGE);
	const hubspotCalls = Math.ceil(pages) + Math.ceil(contacts / BATCH_READ);
	const imports = Math.ceil(contacts / ROWS_PER_IMPORT);
	const brevoCalls = imports + Math.ceil(contacts / LOOK);
	// A window of ten seconds lets its calls through at once.
	const reading = Math.floor((hubspotCalls - 1) / (HUBSPOT_A_SECOND * 10)) * 10;
	return { hubspotCalls, brevoCalls, seconds: reading + imports * importSeconds };
}
