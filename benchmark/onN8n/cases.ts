/** Who does the job. */
export const BENCH_WAY_NAMES = ['contactSync', 'withHealth', 'n8nNodes', 'n8nImports', 'script'] as const;
export type BenchWay = (typeof BENCH_WAY_NAMES)[number];

export const BENCH_WAYS: Readonly<Record<BenchWay, string>> = {
	contactSync: 'contact-sync',
	withHealth: 'contact-sync and Sync Health',
	n8nNodes: 'n8n’s own nodes',
	n8nImports: 'n8n’s own nodes, imports',
	script: 'script on the SDKs, imports',
};

/** `vendors`: answers as late as over the internet, limits, imports that take their time. `bare`: none of it, which leaves the pure overhead. */
export type Condition = 'vendors' | 'bare';

/** One thing that is measured. */
export interface BenchCase {
	/** `firstSync`: all members. `poll`: `changes` members were edited since. */
	readonly kind: 'firstSync' | 'poll';
	readonly members: number;
	/** Of a poll. */
	readonly changes: number;
	/** Only so many of its contacts are worked on, and what is done for each is multiplied. Absent: all of them. */
	readonly part?: number;
}

/** Contacts that a case is about. */
export const contactsOf = ({ kind, members, changes }: BenchCase): number => (kind === 'firstSync' ? members : changes);

/** Contacts that are really worked on. */
export const workedOn = (which: BenchCase): number => which.part ?? contactsOf(which);

/** A case by a text, the same for the same case, whatever part of it is worked on. */
export const keyOf = ({ kind, members, changes }: BenchCase): string =>
	kind === 'firstSync' ? `firstSync ${members}` : `poll ${changes} of ${members}`;

/** The record ids that a case is about: the first members of the list, or some that are spread over it. */
export function idsOf(which: BenchCase, members: readonly string[]): readonly string[] {
	const count = workedOn(which);
	if (which.kind === 'firstSync') return members.slice(0, count);
	const all = members.slice(0, which.members);
	return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] ?? '');
}

/** What one run of a case cost. Calls and 429s are what the vendors' own logs say. */
export interface Measured {
	readonly hubspotCalls: number;
	/** Pages of the list's members among them. */
	readonly memberPages: number;
	readonly brevoCalls: number;
	/** Calls below `/contacts` of Brevo, which have the limit of ten a second. */
	readonly brevoContactCalls: number;
	/** `POST /contacts`: one contact each. */
	readonly singleWrites: number;
	/** From the start until the last call, import and execution ended. */
	readonly seconds: number;
	/** From the first single write to the last. */
	readonly writingSeconds: number;
	/** Of n8n, or of the script's process. */
	readonly peakMb: number;
	readonly cpuSeconds: number;
	readonly rateLimited: number;
	/** Promise 1: no contact was made mailable again. */
	readonly resubscriptions: number;
}

/** A run of a case. */
export interface BenchRun {
	readonly way: BenchWay;
	readonly condition: Condition;
	readonly round: number;
	readonly case: BenchCase;
	readonly measured: Measured;
}
