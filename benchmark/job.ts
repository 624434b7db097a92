/** What the benchmark and its contestants say to each other. Every contestant runs in a process of its own. */

export type Way = 'contactSync' | 'pages' | 'oneByOne';

export interface Endpoint {
	readonly url: string;
	readonly key: string;
}

/** What a contestant is to do. */
export interface Job {
	readonly way: Way;
	readonly hubspot: Endpoint;
	readonly brevo: Endpoint;
	readonly sourceListId: string;
	readonly destinationListId: number;
	/** The usual ways work on the first so many members of the list. */
	readonly members?: number;
	/** Instead of the list: contacts that an event named, by record id. */
	readonly changedIds?: readonly string[];
	/** Ours: where the trigger left off; absent: it starts. */
	readonly state?: unknown;
	/** Ours: polls before the one that is measured. */
	readonly pollsBefore?: number;
}

/** How the contacts of a run ended, counted by the contestant itself. */
export interface Tally {
	/** Contacts read from HubSpot. */
	read: number;
	excluded: number;
	created: number;
	updated: number;
	unchanged: number;
	/** Written without an answer that tells whether anything changed. */
	written: number;
	failed: number;
	/** Why, and how often. */
	readonly reasons: Record<string, number>;
}

export const emptyTally = (): Tally => ({
	read: 0,
	excluded: 0,
	created: 0,
	updated: 0,
	unchanged: 0,
	written: 0,
	failed: 0,
	reasons: {},
});

/** Memory of the process after so many contacts, in MB. `live` is what is left after a collection. */
export interface MemoryPoint {
	readonly contacts: number;
	readonly rssMb: number;
	readonly liveMb?: number;
}

export interface Done {
	readonly tally: Tally;
	/** Calls sent, as the contestant counted them. */
	readonly sent: { readonly hubspot: number; readonly brevo: number };
	readonly seconds: number;
	/** The part of it before the first contact was read: definitions, members. Not scaled. */
	readonly preparationSeconds: number;
	/** Resident memory before the run, with everything loaded, and its highest value, in MB. */
	readonly startRssMb: number;
	readonly peakRssMb: number;
	readonly memory: readonly MemoryPoint[];
	/** Ours: polls it took, and where the trigger is now. */
	readonly polls?: number;
	readonly state?: unknown;
}

export type ToContestant = { readonly kind: 'job'; readonly job: Job } | { readonly kind: 'go' };

export type FromContestant =
	| { readonly kind: 'ready' }
	| { readonly kind: 'done'; readonly done: Done }
	| { readonly kind: 'failed'; readonly reason: string };
