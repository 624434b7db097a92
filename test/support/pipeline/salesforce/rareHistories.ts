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

const POLL: Step<SalesforceHappening> = { poll: { afterMs: 60_000 } };
const happening = (what: SalesforceHappening['do'], who = 0, other = 0): SalesforceHappening => ({
	do: what,
	who,
	other,
});
/** With two followed objects, `who` from here on is a record of the second one. */
const SECOND = 7;

/** Contacts into one list, three of them, written singly, unless it says otherwise. */
const history = (
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

const BOTH = { objects: ['Contact', 'Lead'] } as const;

export const RARE_SALESFORCE_HISTORIES: readonly RareSalesforceHistory[] = [
	{
		name: 'a lead is converted into a contact outside of the scope that opted out',
		history: history([POLL, happening('optOut', 3), happening('convertInto', 0, 3)], {
			...BOTH,
			people: 4,
			scope: 'conditions',
		}),
	},
	{
		name: 'a lead is converted into a contact outside of the scope that opts out later',
		history: history([POLL, happening('convertInto', 0, 3), POLL, happening('optOut', 3)], {
			...BOTH,
			people: 4,
			scope: 'conditions',
		}),
	},
	{
		name: 'a blocked contact is merged into one that is deleted before the next poll',
		history: history([POLL, happening('merge', 2), happening('delete', 1)], { known: ['blocked'] }),
	},
	{
		name: 'a contact without an address and a lead have one phone number',
		history: history([happening('noEmail'), happening('sharedPhone', SECOND), happening('sharedPhone')], {
			...BOTH,
			people: 1,
		}),
	},
	{
		name: 'of two survivors of merges that have one address, each leaves the contact of the merged one behind',
		history: history(
			[
				{ ...POLL, meanwhile: { atRead: 9, what: happening('shareAddress', 2, 2) } },
				happening('merge', 3),
				happening('merge', 1),
			],
			{ people: 4 },
		),
	},
	{
		name: 'two contacts with contacts of their own in Brevo have one address for a while, and then addresses of their own',
		history: history([POLL, happening('bulkEmails'), happening('shareAddress'), POLL, happening('bulkEmails')], {
			people: 2,
		}),
	},
	{
		name: 'a converted lead that stays does not overwrite the contact it became, whose address another lead had',
		history: history([POLL, happening('takeOver', SECOND), happening('convert'), happening('convert')], {
			...BOTH,
			people: 2,
			convertedLeads: 'keep',
		}),
	},
];
