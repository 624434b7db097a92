import type { IDataObject } from 'n8n-workflow';
import type { FieldValue } from '../../core/contact/contact';
import { attributesOf, changesOf, emailOf, isOptedOut, statusOf, valueText } from './contactItems';
import type { Migration, Run } from './gather';
import { heading, list, number, paragraph, plural, table } from './html';
import { adviceOf, contactsSection, countOf, filesSection, reasonsSection, unseenLines } from './sections';

/** First contacts shown of each kind. */
const FIRST = 5;
/** Calls a day of a HubSpot account with the least (https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines). */
const CALLS_A_DAY = 250_000;

export interface ToldPreview {
	readonly subject: string;
	readonly html: string;
	readonly warnings: readonly string[];
	readonly create: number;
	readonly update: number;
	readonly takeOff: number;
	readonly unchanged: number;
	readonly leaveOut: number;
	readonly optOut: number;
	readonly calls: number;
	readonly minutes: number | null;
}

/** What the import would do, before a person approves it. Only tags that n8n's forms let through. */
export function previewPage(migration: Migration): ToldPreview {
	const { run } = migration;
	const { summary } = run;
	const { optOuts, calls, optOutCalls = 0, minutes, list: listName } = summary;
	const counts = {
		create: countOf(run, 'created'),
		update: countOf(run, 'updated') - optOuts.addresses,
		takeOff: countOf(run, 'removed'),
		unchanged: countOf(run, 'unchanged'),
		leaveOut: countOf(run, 'excluded') + countOf(run, 'failed') + migration.excluded.length,
		optOut: optOuts.written,
	};
	const target = listName === undefined ? 'HubSpot' : `the HubSpot list ‘${listName}’`;
	const plan = [
		[number(counts.create), `new contacts are created in ${target}`],
		[number(counts.update), 'contacts that HubSpot holds are changed, put on the list or unsubscribed'],
		[number(counts.unchanged), 'are as they should be already'],
		[number(counts.takeOff), 'opted out and come off the list'],
		[
			number(counts.optOut),
			`addresses are unsubscribed in HubSpot, for good, before the first contact is created: ${number(optOuts.addresses)} of them without a contact, of which none is created`,
		],
		[number(optOuts.already), 'are unsubscribed in HubSpot already'],
		[number(counts.leaveOut), 'cannot be written and are left out'],
		[number(migration.noConsent.length), 'never agreed to get e-mail and are left out'],
		[number(migration.refused.length), 'rows of the files are refused'],
	].filter(([count]) => count !== '0');
	const warnings = warningsOf(migration);
	const html = [
		failureSection(run),
		filesSection(migration),
		contactsSection(migration),
		heading('What the import would do'),
		table(['how many', 'what'], plan),
		paragraph(effortOf(calls, optOutCalls, minutes)),
		reasonsSection(migration, run, 'Reasons'),
		firstSection(run.items),
		heading('Before you go on'),
		list(warnings),
	].join('');
	return {
		subject: `Preview: ${plural(summary.contacts, 'contact')} to HubSpot`,
		...counts,
		calls,
		minutes: minutes ?? null,
		warnings,
		html,
	};
}

/** What stopped the dry run: HubSpot could not be reached, or the settings do not fit. */
function failureSection({ summary: { failure } }: Run): string {
	if (!failure) return '';
	return `${heading('It would not work as it is')}${list([`${failure.reason} (${failure.code})`, adviceOf(failure.code)])}`;
}

function effortOf(calls: number, optOutCalls: number, minutes: number | undefined): string {
	const time = minutes === undefined ? '' : ` and ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
	const optOuts =
		optOutCalls === 0
			? ''
			: ` ${number(optOutCalls)} of the calls unsubscribe one address each; with Marketing Hub Enterprise it is ${plural(Math.ceil(optOutCalls / 100), 'call')} for all of them. Without, HubSpot’s own import of an opt-out list does it at once: its file is ready.`;
	return `It takes about ${plural(calls, 'call')} of HubSpot’s API${time}.${optOuts}`;
}

function warningsOf(migration: Migration): string[] {
	const { files, run, optedOut } = migration;
	const { calls, marketing } = run.summary;
	return [
		...unseenLines(migration),
		'Opt-outs in HubSpot are for good: only the contact itself can subscribe again.',
		'Workflows of HubSpot may fire for every contact that is created or changed. Pause those that greet new contacts.',
		'HubSpot creates companies automatically for new contacts where the account says so (Settings, Objects, Companies).',
		marketingWarning(marketing?.set),
		...(optedOut.length === 0
			? [
					'None of the files tells of an opt-out or a bounce. Is the file of the unsubscribed contacts missing? Nobody in it would be protected.',
				]
			: []),
		...(files.importedOnly > 0
			? [
					`Of ${plural(files.importedOnly, 'subscribed contact')} the only evidence is that the account’s owner added them.`,
				]
			: []),
		...(files.misspelledDomains > 0
			? [`${plural(files.misspelledDomains, 'address', 'addresses')} look misspelled (gmial.com).`]
			: []),
		...(files.roleAddresses > 0
			? [`${plural(files.roleAddresses, 'address is', 'addresses are')} of a function such as info@, not of a person.`]
			: []),
		...(calls > CALLS_A_DAY
			? [`${number(calls)} calls are more than a HubSpot account has on one day (${number(CALLS_A_DAY)} on Starter).`]
			: []),
	];
}

/** A plan that counts them comes with a question, whose answer is no by default. */
const marketingWarning = (count = 0): string =>
	count === 0
		? 'New contacts are no marketing contacts: set them as such in HubSpot before the first mailing.'
		: `${plural(count, 'contact')} may be mailed and ${count === 1 ? 'is no marketing contact' : 'are no marketing contacts'} yet. HubSpot bills at once what becomes one, so none does unless you say so below.`;

const KINDS = [
	['created', 'would be created'],
	['updated', 'would be changed'],
	['removed', 'would come off the list'],
	['excluded', 'would be left out'],
	['failed', 'cannot be written'],
] as const;

function firstSection(items: readonly IDataObject[]): string {
	const rows = KINDS.flatMap(([status, words]) =>
		items
			.filter((item) => statusOf(item) === status)
			.slice(0, FIRST)
			.map((item) => [words, emailOf(item), isOptedOut(item) ? 'opted out' : valuesOf(item)]),
	);
	return rows.length === 0 ? '' : `${heading('The first of each kind')}${table(['what', 'address', 'values'], rows)}`;
}

function valuesOf(item: IDataObject): string {
	const changes = changesOf(item);
	const shown =
		changes.length > 0
			? changes.map(([name, { from, to }]) => `${name}: ${word(from)} → ${word(to)}`)
			: Object.entries(attributesOf(item)).map(([name, value]) => `${name}: ${word(value)}`);
	return shown.slice(0, 6).join(', ');
}

const word = (value: FieldValue): string => valueText(value).slice(0, 60) || 'empty';
