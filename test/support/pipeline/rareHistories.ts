import { PLAIN_BREVO } from './brevo/setUp';
import type { History, Step } from './history';

/** A history that was found by chance, cut down to what it takes. */
export interface RareHistory {
	/** What it is about. */
	readonly name: string;
	readonly history: History;
}

const POLL: Step = { poll: { afterMs: 60_000 } };
const happening = (what: Extract<Step, { do: unknown }>['do'], who = 0, other = 0): Step => ({ do: what, who, other });

/** Three members, and imports from thirty contacts on, unless it says otherwise. */
const history = (steps: readonly Step[], more: Partial<History> = {}): History => ({
	people: 3,
	known: [],
	batchSize: 1_000,
	brevo: PLAIN_BREVO,
	hubspot: {},
	steps,
	...more,
});

const imports = (settings: History['brevo']['settings']): Pick<History, 'brevo'> => ({
	brevo: { importFrom: 1, settings: { importBooleans: 'stored', importDelayMs: 0, importMsPerRow: 0, ...settings } },
});

const mergesOf = (mergedIds: 'missing' | 'redirect', mergeKeepsPrimaryId: boolean): RareHistory => ({
	name: `two merges in a row between two polls, the first contact blocked (merged ids ${mergedIds}, the primary id ${mergeKeepsPrimaryId ? 'stays' : 'is new'})`,
	history: history([POLL, happening('merge'), happening('merge'), POLL], {
		known: ['blocked'],
		hubspot: { mergedIds, mergeKeepsPrimaryId },
	}),
});

/** Of five people the first three and the last are members; the fourth is one that no batch names. */
const chainOf = (
	name: string,
	before: readonly Step[],
	{ mergedIds, mergeKeepsPrimaryId }: { mergedIds: 'missing' | 'redirect'; mergeKeepsPrimaryId: boolean },
	after: readonly Step[] = [],
): RareHistory => ({
	name: `a blocked contact ${name}, by way of one that no batch names (merged ids ${mergedIds}, the primary id ${mergeKeepsPrimaryId ? 'stays' : 'is new'})`,
	history: history(
		[
			POLL,
			...before,
			happening('merge', 3, 0),
			happening('merge', 1, mergeKeepsPrimaryId ? 3 : 5),
			POLL,
			...after,
			POLL,
		],
		{ people: 5, known: ['blocked'], hubspot: { mergedIds, mergeKeepsPrimaryId } },
	),
});

const CHAINS: readonly RareHistory[] = (['missing', 'redirect'] as const).flatMap((mergedIds) =>
	[false, true].flatMap((mergeKeepsPrimaryId) => {
		const variant = { mergedIds, mergeKeepsPrimaryId };
		return [
			chainOf('is merged into a member', [], variant),
			chainOf('moves its address and is merged into a member', [happening('email')], variant),
			chainOf('leaves and is merged into a member', [happening('leave'), POLL], variant),
			chainOf(
				'leaves, moves its address and is merged into a member',
				[happening('leave'), POLL, happening('email')],
				variant,
			),
		];
	}),
);

const dyingAfter = (calls: number): RareHistory => ({
	name: `n8n dies after ${calls} calls, while contacts of another tool come onto the list, and one of them is merged away before it comes again`,
	history: history([{ poll: { afterMs: 60_000, killAfter: calls } }, happening('merge', 4, 4)], {
		people: 5,
		known: ['foreign'],
		brevo: { importFrom: 3, settings: {} },
	}),
});

export const RARE_HISTORIES: readonly RareHistory[] = [
	mergesOf('redirect', false),
	mergesOf('redirect', true),
	mergesOf('missing', false),
	mergesOf('missing', true),
	{
		name: 'a blocked contact is merged into one that no batch names, and that one into a member, between two readings of two polls',
		history: history(
			[
				happening('merge'),
				{ ...POLL, meanwhile: { atRead: 1, what: { do: 'merge', who: 3, other: 0 } } },
				happening('merge'),
				happening('expireCursors'),
				{ ...POLL, meanwhile: { atRead: 1, what: { do: 'rename', who: 0, other: 0 } } },
				POLL,
			],
			{
				people: 4,
				known: ['blocked'],
				brevo: {
					importFrom: 30,
					settings: { importBooleans: 'stored', importClash: 'merge', importDelayMs: 0, importMsPerRow: 0 },
				},
				hubspot: { mergedIds: 'missing', mergeKeepsPrimaryId: true },
			},
		),
	},
	...CHAINS,
	{
		name: 'two contacts swap their addresses, and one of them carries the id of another tool',
		history: history([POLL, happening('swap', 1, 2), POLL], { known: ['plain', 'plain', 'foreign'] }),
	},
	{
		name: 'imports that end after the batch and drop yes/no values come to rest',
		history: history([POLL], imports({ importBooleans: 'ignored', importDelayMs: 45_000 })),
	},
	{
		name: 'imports that end after the batch and drop yes/no values come to rest for contacts that are not on the list yet',
		history: history([], {
			known: ['plain', 'plain', 'foreign'],
			brevo: { importFrom: 3, settings: { importBooleans: 'ignored', importDelayMs: 45_000 } },
		}),
	},
	{
		name: 'imports that end after the batch and do not clear a landline number come to rest',
		history: history([happening('landline'), POLL, happening('noNumbers'), POLL], {
			brevo: { importFrom: 30, settings: { importDelayMs: 45_000 } },
		}),
	},
	{
		name: 'values are cleared although Brevo gives up the import that clears them, and the next one',
		history: history([POLL, happening('empty', 0, 2)], { brevo: { importFrom: 30, settings: { failImports: 2 } } }),
	},
	{
		name: 'a value is cleared beside one that is set, although Brevo gives up the import that clears it',
		history: history([POLL, happening('failImport'), happening('empty', 0, 4), happening('rename'), POLL], {}),
	},
	{
		name: 'contacts of one import are not written again because Brevo gives up another one of the batch',
		history: history([happening('failImport'), happening('sharedWhatsApp', 8, 4), POLL], {
			people: 9,
			known: ['blocked'],
			brevo: { importFrom: 1, settings: {} },
		}),
	},
	{
		name: 'a value is cleared although the contact gets a landline number in the same batch',
		history: history([POLL, happening('landline'), happening('empty', 0, 1), POLL]),
	},
	{
		name: 'a value is cleared although the contact gets a WhatsApp number in the same batch',
		history: history([POLL, happening('whatsApp'), happening('empty', 0, 1), POLL]),
	},
	{
		name: 'a blocked contact is on no list while a change of its address has lifted the block',
		history: history([POLL, happening('email'), POLL], {
			known: ['blocked'],
			brevo: { importFrom: 30, settings: { emailChangeAlwaysLifts: true } },
		}),
	},
	{
		name: 'a contact that left the list while an import got lost is not put back by sending it again',
		history: history(
			[
				{
					...POLL,
					trouble: [{ at: 'brevo', match: 'POST /contacts/import', kind: 'afterWork', times: 1 }],
					meanwhile: { atRead: 14, what: { do: 'leaveBrevoList', who: 0, other: 0 } },
				},
			],
			imports({}),
		),
	},
	...[22, 23, 24, 25, 26, 27, 28].map(dyingAfter),
	{
		name: 'another tool overwrites the external id of a contact whose record is merged away',
		history: history([POLL, happening('foreignId', 9, 2), happening('merge', 7, 9), POLL], {
			people: 7,
			brevo: { importFrom: 1, settings: {} },
		}),
	},
	{
		name: 'a record takes over the address of a blocked contact, in a batch before the one with the record that had it',
		history: history([POLL, happening('takeOver', 14, 3), happening('join', 3), POLL], {
			people: 12,
			known: ['foreign', 'no', 'blocked'],
			batchSize: 4,
		}),
	},
	{
		name: 'two records are merged, and the new one takes over the address of a contact that keeps it because its own became unusable',
		history: history([
			{ poll: { afterMs: 60_000, runFails: true } },
			happening('merge'),
			happening('optOut'),
			happening('badEmail', 15),
			happening('swap'),
			happening('rename'),
		]),
	},
	{
		name: 'another tool overwrites the external id and the address of a blocked contact in Brevo',
		history: history([POLL, happening('foreignId'), happening('editInBrevo'), happening('rename'), POLL], {
			known: ['blocked'],
		}),
	},
	{
		name: 'another tool overwrites the external id, and the address changes in the source',
		history: history([POLL, happening('foreignId'), happening('email'), POLL]),
	},
	{
		name: 'a contact is deleted in Brevo between the call that makes it and the look at it',
		history: history([{ ...POLL, meanwhile: { atRead: 8, what: { do: 'deleteInBrevo', who: 0, other: 0 } } }], {
			people: 1,
		}),
	},
	{
		name: 'another tool overwrites the external id of a blocked contact, its address changes, and n8n dies before it is delivered',
		history: history([POLL, happening('foreignId'), happening('email'), { poll: { afterMs: 60_000, killAfter: 24 } }], {
			people: 1,
			known: ['blocked'],
		}),
	},
	{
		name: 'a record without an address lives on with its number, while one of a later batch that was never written has its former address',
		history: history(
			[
				{
					poll: { afterMs: 60_000, runFails: true },
					meanwhile: { atRead: 1, what: { do: 'revalue', who: 0, other: 0 } },
				},
				happening('swap', 0, 5),
				happening('noEmail'),
				happening('revalue'),
				happening('revalue'),
				happening('revalue'),
			],
			{ people: 6, batchSize: 4 },
		),
	},
	{
		name: 'a contact that opted out has a malformed address and the number of another one',
		history: history([
			happening('optOut', 2),
			happening('sharedPhone'),
			happening('badEmail', 2),
			happening('sharedPhone', 2),
		]),
	},
];
