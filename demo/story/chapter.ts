import type { Person } from './person';
import type { StoryWorld } from './storyWorld';

/** What Brevo must hold of one person once the sync has carried an act there. */
export interface Expected {
	readonly person: Person;
	/** What the item of that person must say; the act is over only when there is one. Absent: no item is waited for. */
	readonly outcome?: 'updated' | 'removed';
	/** Where the item carries another key than the person's: the record that two were merged into. */
	readonly key?: string;
	/** Absent: as it was when the person was picked. */
	readonly email?: string;
	readonly firstName?: string;
	readonly onList: boolean;
	readonly blocked: boolean;
	/** Changes the contact may have gone through in Brevo; absent: any number. */
	readonly writes?: number;
}

/** One thing that happened. */
export interface Act {
	/** What happened and where, in one or two sentences. */
	readonly told: string;
	/** Empty: nothing may reach Brevo, and nothing may come back to HubSpot. */
	readonly then: readonly Expected[];
	/** What only this act can tell: what is wrong, in words. */
	also?(): readonly string[];
}

/** A part of the story. Its acts follow one another: what stands behind a `yield` happens when the act before it was carried. */
export interface Chapter {
	readonly id: string;
	readonly title: string;
	/** The rule of the vendor's integration, or the promise, that it shows. */
	readonly shows: string;
	play(world: StoryWorld): Generator<Act, void, void>;
}
