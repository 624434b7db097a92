import type { RareSalesforceHistory } from './rareHistory';
import { BOTH, happening, history, POLL, SECOND, TWO_LISTS } from './rareHistory';

/** Of records that are merged. */
export const RARE_MERGES: readonly RareSalesforceHistory[] = [
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
		name: 'a blocked contact is merged into one that is deleted before the next poll',
		history: history([POLL, happening('merge', 2), happening('delete', 1)], { known: ['blocked'] }),
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
		name: 'a lead that cannot be sent is converted and stays, with another one merged into it',
		history: history([POLL, happening('merge'), happening('badEmail'), happening('convert')], {
			objects: ['Lead'],
			people: 2,
			convertedLeads: 'keep',
		}),
	},
	{
		name: 'a blocked contact that is merged away is found after its survivor was deleted',
		history: history([POLL, happening('merge'), happening('delete')], {
			people: 2,
			known: ['no', 'blocked'],
			settings: { deleteMovesStamp: false },
		}),
	},
	{
		name: 'another tool overwrites the external id of a contact whose record is merged away',
		history: history([POLL, happening('foreignId'), happening('rename'), happening('merge', 1), POLL], { people: 2 }),
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
	{
		name: 'static data is cleared after a blocked lead was converted, and another lead becomes its contact',
		history: history(
			[
				POLL,
				happening('convertInto'),
				{ n8n: 'forget', which: 0 },
				{ poll: { afterMs: 60_000, runFails: true } },
				happening('convertInto'),
			],
			{ objects: ['Lead'], people: 2, known: ['blocked'] },
		),
	},
	{
		name: 'a lead that shares a contact, on a list of its own, becomes the contact of another record',
		history: history(
			[
				happening('shareAddress', 9),
				{ poll: { afterMs: 60_000, runFails: true }, meanwhile: { atRead: 1, what: happening('shareAddress', 14) } },
				happening('bulkEmails', 7),
				{ n8n: 'rename', which: 0 },
				happening('convertInto', 33, 31),
			],
			{ ...TWO_LISTS, people: 2, brevo: { importFrom: 30, settings: { importDelayMs: 0, importMsPerRow: 0 } } },
		),
	},
	{
		name: 'a converted lead that is kept on its list becomes a contact that is merged into another one',
		history: history(
			[
				happening('create', 35),
				{ poll: { afterMs: 60_000, killAfter: 9 } },
				happening('convertInto', 0, 5),
				happening('delete', 9),
				happening('merge', 37, 25),
				happening('rename'),
				happening('rename'),
			],
			{ objects: ['Lead', 'Contact'], oneList: false, convertedLeads: 'keep', people: 8 },
		),
	},
];
