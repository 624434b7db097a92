import type { Grade } from './consent';

export interface ReadSettings {
	/** What lists of addresses without any other column are. `auto`: a suppression list where it stands beside another file. */
	readonly oneColumn: 'auto' | 'suppress' | 'contacts';
	/** Parts of the names of files whose contacts are all suppressed. */
	readonly suppressionFiles: readonly string[];
	/** What contacts are of whom no file says whether they agreed. */
	readonly withoutStatus: 'noConsent' | 'subscribed';
	/** Words of a status column that are not known and mean consent; those that forbid mail never do. */
	readonly subscribedWords: readonly string[];
	/** Subscribed contacts with less evidence of their consent have none. */
	readonly leastGrade: Grade;
	/** Whether addresses that bounced are handed on like opt-outs, or left out. */
	readonly bounces: 'block' | 'leaveOut';
	/** Header of a column that has to be filled, or yes, for a contact to be subscribed: a permission of Mailchimp's. */
	readonly permissionColumn: string;
	/** Headers of the columns that are read, beside those of addresses; empty: all. */
	readonly columns: readonly string[];
	/** Headers of further columns that hold several values in a cell, such as the groups of Mailchimp. */
	readonly listColumns: readonly string[];
	/** Stands in the key of each contact; empty: the tool that wrote the files. */
	readonly account: string;
	/** In ms since 1970. */
	readonly now: number;
	/** Lets others have the processor, and hears how far the reading is; called every few thousand rows. */
	readonly pause: (progress: Progress) => Promise<void>;
}

/** How far the reading is: the table that is read, and the rows of all tables so far. */
export interface Progress {
	readonly file: string;
	readonly rows: number;
}
