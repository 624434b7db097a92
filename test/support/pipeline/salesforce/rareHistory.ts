import { PLAIN_BREVO } from '../brevo/setUp';
import type { Step } from '../history';
import type { SalesforceHistory } from './history';
import type { SalesforceSetUp } from './pipeline';
import type { SalesforceHappening } from './world';

/** A history that was found by chance, cut down to what it takes. */
export interface RareSalesforceHistory {
	/** What it is about. */
	readonly name: string;
	readonly history: SalesforceHistory;
}

export const POLL: Step<SalesforceHappening> = { poll: { afterMs: 60_000 } };
export const happening = (what: SalesforceHappening['do'], who = 0, other = 0): SalesforceHappening => ({
	do: what,
	who,
	other,
});
/** With two followed objects, `who` from here on is a record of the second one. */
export const SECOND = 7;

/** Contacts into one list, three of them, written singly, unless it says otherwise. */
export const history = (
	steps: SalesforceHistory['steps'],
	{ people = 3, known = [], brevo = PLAIN_BREVO, ...setUp }: Partial<SalesforceHistory & SalesforceSetUp> = {},
): SalesforceHistory => ({
	people,
	known,
	brevo,
	steps,
	setUp: {
		objects: ['Contact'],
		oneList: true,
		scope: 'object',
		convertedLeads: 'remove',
		batchSize: 1_000,
		...setUp,
	},
});

export const BOTH = { objects: ['Contact', 'Lead'] } as const;
export const TWO_LISTS = { ...BOTH, oneList: false } as const;
