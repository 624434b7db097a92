import type { RareSalesforceHistory } from './rareHistory';
import { BOTH, happening, history, POLL, SECOND, TWO_LISTS } from './rareHistory';
import { RARE_MERGES } from './rareMerges';

const dyingAfter = (calls: number): RareSalesforceHistory => ({
	name: `n8n dies after ${calls} calls, while a contact leaves a blocked address that it shared for one of its own`,
	history: history(
		[happening('shareAddress', 0, 0), POLL, happening('email', 1), { poll: { afterMs: 60_000, killAfter: calls } }],
		{ known: ['no', 'blocked'] },
	),
});

export const RARE_SALESFORCE_HISTORIES: readonly RareSalesforceHistory[] = [
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
		name: 'a contact without an address and a lead have one phone number',
		history: history([happening('noEmail'), happening('sharedPhone', SECOND), happening('sharedPhone')], {
			...BOTH,
			people: 1,
		}),
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
		name: 'one of two leads with one address is converted and stays',
		history: history([happening('shareAddress'), POLL, happening('convert')], {
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
	...[0, 1].map((who) => ({
		name: `of two contacts with one address, which is blocked, number ${who} loses it, and the other one goes on to its own`,
		history: history(
			[happening('shareAddress', 0, 0), POLL, happening('noEmail', who), POLL, happening('email', 1 - who)],
			{ people: 2, known: ['no', 'blocked'] },
		),
	})),
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
	...RARE_MERGES,
];
