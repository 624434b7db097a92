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
const TWO_LISTS = { ...BOTH, oneList: false } as const;

const dyingAfter = (calls: number): RareSalesforceHistory => ({
	name: `n8n dies after ${calls} calls, while a contact leaves a blocked address that it shared for one of its own`,
	history: history(
		[happening('shareAddress', 0, 0), POLL, happening('email', 1), { poll: { afterMs: 60_000, killAfter: calls } }],
		{ known: ['no', 'blocked'] },
	),
});

export const RARE_SALESFORCE_HISTORIES: readonly RareSalesforceHistory[] = [
	{
		name: 'a lead gives up an address that it shared while it is read, and is converted before the next poll',
		history: history(
			[
				happening('convertInto'),
				{ poll: { afterMs: 60_000, unpublishAfter: 1 }, meanwhile: { atRead: 1, what: happening('convertInto') } },
				happening('shareAddress', 2),
				{ poll: { afterMs: 60_000 }, meanwhile: { atRead: 1, what: happening('shareAddress', 20, 7) } },
				happening('convertInto', 4),
				happening('create'),
				happening('convertInto', 16),
				happening('blankPhone', 3),
				happening('blankPhone', 7),
			],
			{ objects: ['Lead', 'Contact'], oneList: false, people: 5, batchSize: 3, brevo: { importFrom: 30, settings: { importBooleans: 'stored', importClash: 'merge', importDelayMs: 0, importMsPerRow: 0, touchOnListChange: false, emailChangeAlwaysLifts: false } } }, // prettier-ignore
		),
	},
	{
		name: 'an address is edited in Brevo before the lead that became the contact is delivered once more as removed',
		history: history(
			[
				...[0, 0, 6].map((who) => happening('convert', who)),
				POLL,
				happening('convert'),
				happening('moveScope', 17),
				{ poll: { afterMs: 60_000 }, meanwhile: { atRead: 1, what: happening('badPhone', 2) } },
				happening('badPhone', 7),
				{ poll: { afterMs: 60_000, killAfter: 5 } },
				happening('editInBrevo', 10),
				POLL,
			],
			{ objects: ['Lead', 'Contact'], oneList: false, scope: 'conditions', people: 7, brevo: { importFrom: 30, settings: {} } }, // prettier-ignore
		),
	},
	{
		name: 'a lead is converted into a contact that was deleted in Brevo',
		history: history([POLL, happening('convertInto', 0, 3), happening('deleteInBrevo', 21), POLL], {
			objects: ['Lead', 'Contact'],
			oneList: false,
			people: 2,
			brevo: { importFrom: 30, settings: {} },
		}),
	},
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
	{
		name: 'a lead leaves its list while a contact on another list has its address',
		history: history(
			[POLL, happening('shareAddress', 0, 5), { ...POLL, meanwhile: { atRead: 12, what: happening('delete', 25) } }],
			{ ...TWO_LISTS, people: 5, brevo: { importFrom: 3, settings: { importDelayMs: 45_000 } } },
		),
	},
	{
		name: 'a contact goes from an address that a lead on another list has to one that another contact has',
		history: history(
			[
				happening('shareAddress', SECOND),
				{ ...POLL, meanwhile: { atRead: 12, what: happening('shareAddress', 4, 16) } },
			],
			{ ...TWO_LISTS, people: 2 },
		),
	},
	{
		name: 'the same, with imports that end after the batch',
		history: history(
			[
				happening('shareAddress', 2, 1),
				POLL,
				{ ...POLL, meanwhile: { atRead: 9, what: happening('shareAddress', 17, 14) } },
			],
			{ ...TWO_LISTS, people: 5, brevo: { importFrom: 3, settings: { importDelayMs: 45_000 } } },
		),
	},
	{
		name: 'a lead goes on from an address that another lead and a contact have',
		history: history(
			[
				{ ...POLL, meanwhile: { atRead: 9, what: happening('shareAddress', 22, 29) } },
				happening('merge', SECOND),
				happening('merge', SECOND),
				happening('shareAddress', 0, 3),
				happening('merge', SECOND),
				{ ...POLL, meanwhile: { atRead: 7, what: happening('takeOver', 24, 35) } },
			],
			{ ...BOTH, people: 6, batchSize: 3 },
		),
	},
	{
		name: 'one of two leads with one address is converted and stays',
		history: history([happening('shareAddress'), POLL, happening('convert')], {
			objects: ['Lead'],
			people: 2,
			convertedLeads: 'keep',
		}),
	},
	{
		name: 'a lead that cannot be sent is converted and stays, with another one merged into it',
		history: history([POLL, happening('merge'), happening('badEmail'), happening('convert')], {
			objects: ['Lead'],
			people: 2,
			convertedLeads: 'keep',
		}),
	},
	{
		name: 'two leads are converted into one contact, and one of them is known to Brevo by its address alone',
		history: history(
			[
				happening('expireSessions', 7, 39),
				{ poll: { afterMs: 60_000 }, meanwhile: { atRead: 12, what: happening('badPhone', 39, 25) } },
				happening('convertInto', 10, 19),
				happening('convertInto', 4, 22),
			],
			{
				...TWO_LISTS,
				batchSize: 3,
				known: ['blocked', 'no', 'blocked', 'plain'],
				brevo: { importFrom: 1, settings: { importDelayMs: 10 * 60_000 } },
			},
		),
	},
	{
		name: 'an address is changed in Brevo while an import with the old one is under way',
		history: history(
			[
				POLL,
				{ poll: { afterMs: 20 * 60_000, runFails: true } },
				happening('sharedLandline', 1),
				POLL,
				happening('editInBrevo', 1),
			],
			{ people: 5, brevo: { importFrom: 1, settings: { importDelayMs: 10 * 60_000 } } },
		),
	},
	{
		name: 'n8n dies between the release of a shared contact that is blocked and the block at the new address',
		history: history(
			[
				{ poll: { afterMs: 60_000, killAfter: 8 } },
				happening('shareAddress'),
				{ poll: { afterMs: 60_000, worker: 1 } },
				happening('whatsApp', 1),
				happening('shareAddress', 0, 1),
				{ poll: { afterMs: 60_000, killAfter: 16 } },
			],
			{ scope: 'conditions', known: ['no', 'blocked'] },
		),
	},
	...[6, 7].map(dyingAfter),
	{
		name: 'a blocked contact that is merged away is found after its survivor was deleted',
		history: history([POLL, happening('merge'), happening('delete')], {
			people: 2,
			known: ['no', 'blocked'],
			settings: { deleteMovesStamp: false },
		}),
	},
	{
		name: 'a blocked contact leaves its scope, another one takes over its address, and it comes back with a new one',
		history: history(
			[
				POLL,
				happening('moveScope'),
				POLL,
				happening('create', 0, 0),
				happening('shareAddress', 1, 0),
				happening('moveScope', 1),
				POLL,
				happening('email'),
				happening('moveScope'),
			],
			{ people: 1, scope: 'conditions', known: ['blocked'] },
		),
	},
	{
		name: 'another tool overwrites the external id of a contact whose record is merged away',
		history: history([POLL, happening('foreignId'), happening('rename'), happening('merge', 1), POLL], { people: 2 }),
	},
	{
		name: 'the contact of a lead is deleted in Brevo, and then a contact that waits for its address has it',
		history: history(
			[
				POLL,
				happening('shareAddress', SECOND * 5, 0),
				POLL,
				{ poll: { afterMs: 60_000, killAfter: 1 } },
				happening('deleteInBrevo'),
			],
			{ objects: ['Lead', 'Contact'], oneList: false, people: 2, brevo: { importFrom: 30, settings: {} } },
		),
	},
	{
		name: 'of two contacts with one address that are delivered once more, one has lost it',
		history: history(
			[happening('shareAddress', 1, 5), { poll: { afterMs: 60_000, runFails: true } }, happening('noEmail', 6), POLL],
			{ people: 5 },
		),
	},
	...[1, 2].map((first) => ({
		name: `of two contacts with one address both lose it before one poll, number ${first} first, and have addresses of their own later`,
		history: history(
			[
				happening('shareAddress', 1, 5),
				POLL,
				happening('noEmail', first),
				happening('noEmail', 3 - first),
				POLL,
				happening('email', 1),
				POLL,
				happening('email', 2),
			],
			{ people: 5 },
		),
	})),
	{
		name: 'a lead is converted while its import is under way, and its contact comes to their list before it is on it',
		history: history(
			[
				{ poll: { afterMs: 60_000 }, trouble: [{ at: 'source', match: '*', kind: 'status', status: 500, times: 4 }] },
				happening('convert'),
				happening('bulkEmails'),
			],
			{
				...BOTH,
				people: 2,
				known: ['plain', 'plain', 'plain'],
				brevo: { importFrom: 1, settings: { importDelayMs: 10 * 60_000 } },
			},
		),
	},
	{
		name: 'a blocked lead is converted, and its contact merged into another one, before the first sync of contacts',
		history: history(
			[
				{
					poll: { afterMs: 60_000, runFails: true },
					trouble: [
						{ at: 'source', match: 'GET /services/data/v66.0/queryAll', kind: 'status', status: 500, times: 4 },
					],
				},
				happening('convert', 2),
				happening('merge', SECOND * 3, 29),
				{ poll: { afterMs: 20 * 60_000 } },
			],
			{ objects: ['Lead', 'Contact'], oneList: false, known: ['plain', 'plain', 'blocked'] },
		),
	},
	...[0, 1].map((who) => ({
		name: `of two contacts with one address, which is blocked, number ${who} loses it, and the other one goes on to its own`,
		history: history(
			[happening('shareAddress', 0, 0), POLL, happening('noEmail', who), POLL, happening('email', 1 - who)],
			{ people: 2, known: ['no', 'blocked'] },
		),
	})),
	{
		name: 'a contact is merged into one that cannot be sent, and that one into a third later',
		history: history([POLL, happening('badPhone', 2), happening('merge', 2, 1), POLL, happening('merge')], {}),
	},
	{
		name: 'a blocked contact that left its scope is merged into a member, and merges leave no stamp',
		history: history([POLL, happening('moveScope', 2), POLL, happening('merge', 0, 1)], {
			scope: 'conditions',
			known: ['no', 'no', 'blocked'],
			settings: { deleteMovesStamp: false },
		}),
	},
	...(['Contact', 'Lead'] as const).map((object) => ({
		name: `a ${object} that opted out and left its scope is merged into a member`,
		history: history([POLL, happening('optOut', 2), POLL, happening('moveScope', 2), POLL, happening('merge', 0, 1)], {
			objects: [object],
			scope: 'conditions',
		}),
	})),
	{
		name: 'a contact that opted out is deleted, restored and merged into another one',
		history: history([
			POLL,
			happening('optOut', 2),
			happening('delete', 2),
			POLL,
			happening('undelete'),
			happening('merge', 0, 1),
		]),
	},
	{
		name: 'a blocked contact is merged into one outside of the scope, which joins later',
		history: history([POLL, happening('merge', 3, 2), POLL, happening('moveScope', 2)], {
			scope: 'conditions',
			people: 4,
			known: ['no', 'no', 'blocked'],
		}),
	},
	{
		name: 'a contact that opted out is merged into one outside of the scope, which joins later',
		history: history([POLL, happening('optOut', 2), POLL, happening('merge', 3, 2), POLL, happening('moveScope', 2)], {
			scope: 'conditions',
			people: 4,
		}),
	},
	{
		name: 'of two contacts with one address, unsubscribed from the list in Brevo, one loses the address',
		history: history(
			[
				happening('shareAddress'),
				{ ...POLL, meanwhile: { atRead: 1, what: happening('empty', 3) } },
				happening('leaveBrevoList'),
				happening('empty'),
				{ ...POLL, meanwhile: { atRead: 1, what: happening('noEmail', 13) } },
				happening('empty', 3),
			],
			{ people: 2 },
		),
	},
	{
		name: 'a record that others were merged into opts out, and one that has another contact gets its address',
		history: history([
			POLL,
			happening('merge'),
			happening('optOut'),
			happening('shareAddress', 1),
			{ poll: { afterMs: 60_000, killAfter: 1 } },
			POLL,
		]),
	},
];
