import type { IDataObject } from 'n8n-workflow';
import { isRecord, textOf } from '../../core/json';
import { changesOf, emailOf, isOptedOut, outcomeOf, statusOf } from './contactItems';
import type { Migration, Run } from './gather';
import { heading, list, number, paragraph, plural, table } from './html';
import { adviceOf, contactsSection, countOf, filesSection, reasonsSection, unseenLines } from './sections';

/** Contacts named that are not as they should be; the rest is counted. */
const MOST_NAMED = 20;

export interface ToldReport {
	readonly subject: string;
	readonly html: string;
	/** Whether every contact that was to arrive is in HubSpot as it should be. */
	readonly complete: boolean;
	readonly created: number;
	readonly changed: number;
	readonly unchanged: number;
	readonly optedOut: number;
	readonly leftOut: number;
	/** Contacts that do not look as they should when they are read back. */
	readonly differing: number;
}

/** What arrived, compared with what HubSpot holds now. */
export function reportPage(migration: Migration): ToldReport {
	const { run, readBack = run } = migration;
	const { summary } = run;
	const { optOuts } = summary;
	const differing = differingItems(run, readBack);
	const failed = countOf(run, 'failed');
	const leftOut = failed + countOf(run, 'excluded') + migration.excluded.length;
	const notSet = summary.marketing?.notSet ?? 0;
	const { optedOut: unseenOut, subscribed: unseenIn } = migration.unseen;
	const notThere = differing.length + failed + notSet + unseenOut.length + unseenIn.length;
	const complete = notThere === 0 && summary.failure === undefined && readBack.summary.failure === undefined;
	const subscribed = run.items.filter((item) => !isOptedOut(item));
	const optedOut = run.items.filter(isOptedOut);
	const rows = [
		['Subscribed', migration.subscribed.length, ...columnsOf(subscribed, differing)],
		['Opted out or bounced', migration.optedOut.length, ...columnsOf(optedOut, differing)],
	];
	const headers = [
		'the files say',
		'contacts',
		'created',
		'changed',
		'as before',
		'left out',
		'as it should be',
		'differs',
	];
	const total = summary.contacts + migration.excluded.length;
	const read = migration.subscribed.length + migration.optedOut.length;
	const lines = [
		total === read
			? `Every contact is accounted for: ${number(read)} of the files, ${number(total)} here.`
			: `${number(read)} contacts of the files, and ${number(total)} here.`,
		...unseenLines(migration),
		`${plural(optOuts.written, 'address was', 'addresses were')} unsubscribed in this run, ${number(optOuts.already)} had been before. ${number(optOuts.addresses)} have no contact in HubSpot; HubSpot confirmed each.`,
		...marketingLines(run),
		`${plural(migration.noConsent.length, 'contact')} without consent and ${plural(migration.refused.length, 'refused row')} were left out; the file left-out.csv has each with its reason.`,
	];
	const html = [
		paragraph(complete ? 'Everything arrived as it should.' : 'Not everything arrived as it should. See below.'),
		list(
			summary.failure ? [`${summary.failure.reason} (${summary.failure.code})`, adviceOf(summary.failure.code)] : [],
		),
		filesSection(migration),
		contactsSection(migration),
		heading('What arrived in HubSpot, read back'),
		table(headers, rows),
		list(lines),
		reasonsSection(migration, run, 'Reasons'),
		differingSection(differing),
		heading('Undoing it'),
		list(UNDO),
		heading('What comes next'),
		list(NEXT),
	].join('');
	return {
		subject: complete
			? `Import into HubSpot: ${plural(read, 'contact')}, all as they should be`
			: `Import into HubSpot: ${plural(notThere, 'contact needs', 'contacts need')} a look`,
		complete,
		created: countOf(run, 'created'),
		changed: countOf(run, 'updated') + countOf(run, 'removed'),
		unchanged: countOf(run, 'unchanged'),
		optedOut: optOuts.written,
		leftOut,
		differing: differing.length,
		html,
	};
}

/** What became of marketing contacts, where the person asked for them. */
function marketingLines({ items, summary: { marketing } }: Run): string[] {
	if (!marketing) return [];
	const { set, notSet } = marketing;
	const warnings: unknown[] = items.flatMap(({ warnings: told }): unknown[] => (Array.isArray(told) ? told : []));
	const reason = textOf(warnings.filter(isRecord).find(({ code }) => code === 'MARKETING_NOT_SET')?.message);
	return [
		`${plural(set, 'contact was set as a marketing contact', 'contacts were set as marketing contacts')}, which HubSpot bills.`,
		...(notSet > 0 ? [`${plural(notSet, 'contact was', 'contacts were')} not: ${reason}`] : []),
	];
}

const UNDO = [
	'changes.csv has the record ID of every contact that was created or changed, and the values before.',
	'Created contacts: the template undo-migration.json takes the file and deletes them after a preview, but none that was merged, unsubscribed or changed since. HubSpot keeps them for 90 days.',
	'Changed values: import changes.csv with the record ID and the column ‘before’.',
	'Opt-outs are not undone: an address that was unsubscribed stays so, whatever else is taken back.',
];

const NEXT = [
	'Until the old tool is switched off, people unsubscribe there. Export again then and run this once more: only what differs is written, opt-outs first.',
	'In HubSpot: e-mail settings, footer and sending domain, then images.',
];

/**
 * Contacts that a second look would write once more, or that it does not look at. Addresses without a contact cannot be looked at in bulk: HubSpot's
 * answer counts.
 */
function differingItems(run: Run, readBack: Run): readonly IDataObject[] {
	const left = new Set(run.items.filter(isLeftOut).map(({ key }) => key));
	const looked = new Set(readBack.items.map(({ key }) => key));
	const unread = run.items
		.filter(({ key }) => !left.has(key) && !looked.has(key))
		.map((item) => ({ ...item, outcome: NOT_READ }));
	const differing = readBack.items.filter((item) => {
		if (left.has(item.key) || outcomeOf(item).code === 'ADDRESS_OPTED_OUT') return false;
		return statusOf(item) !== 'unchanged';
	});
	return [...differing, ...unread];
}

const NOT_READ = {
	status: 'failed',
	message: 'It was not read back: connect it to the second Contact List Upsert too',
};

const isLeftOut = (item: IDataObject): boolean => statusOf(item) === 'excluded' || statusOf(item) === 'failed';

function columnsOf(items: readonly IDataObject[], differing: readonly IDataObject[]): number[] {
	const keys = new Set(items.map(({ key }) => key));
	const count = (...statuses: string[]): number => items.filter((item) => statuses.includes(statusOf(item))).length;
	const leftOut = count('excluded', 'failed');
	const differs = differing.filter(({ key }) => keys.has(key)).length;
	return [
		count('created'),
		count('updated', 'removed'),
		count('unchanged'),
		leftOut,
		items.length - leftOut - differs,
		differs,
	];
}

function differingSection(differing: readonly IDataObject[]): string {
	if (differing.length === 0) return '';
	const rows = differing.slice(0, MOST_NAMED).map((item) => {
		const { code = '', message = '' } = outcomeOf(item);
		const changes = changesOf(item).map(([name]) => name);
		return [emailOf(item), code, changes.length > 0 ? changes.join(', ') : message];
	});
	const more = differing.length > MOST_NAMED ? [`and ${number(differing.length - MOST_NAMED)} more`] : [];
	return `${heading('Contacts that are not as they should be')}${table(['address', 'code', 'what differs'], rows)}${list(more)}`;
}
