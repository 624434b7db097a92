import type { OutcomeStatus, ReasonCode } from '../../core/outcome';
import { adviceFor } from '../../core/outcome';
import { outcomeOf } from './contactItems';
import type { Migration, Run } from './gather';
import { heading, list, plural, table } from './html';

/** Parts that preview and report have in common. */

export function filesSection({ files }: Migration): string {
	const rows = files.files.map(({ file, tool, rows: all, taken, refused, addresses }) => [
		file,
		tool,
		all,
		taken,
		refused,
		addresses.subscribed,
		addresses.optedOut + addresses.bounced,
		addresses.noConsent,
	]);
	const headers = ['file', 'tool', 'rows', 'taken', 'refused', 'subscribed', 'opted out or bounced', 'no consent'];
	const notes = [
		...files.files.flatMap(({ file, notes: some }) => some.map((note) => `${file}: ${note}.`)),
		...files.skipped.map(({ file, reason }) => `${file} was passed over: ${reason}.`),
	];
	return `${heading('The files')}${table(headers, rows)}${list(notes)}`;
}

/** Contacts by what all files together say of them. An address counts once, whatever the number of its rows. */
export function contactsSection({ files: { byStanding, contacts, repeated } }: Migration): string {
	const rows = [
		['Subscribed', byStanding.subscribed, 'become members of the list'],
		['Opted out', byStanding.optedOut, 'are unsubscribed in HubSpot, and never on the list'],
		['Bounced', byStanding.bounced, 'are unsubscribed like opt-outs, or left out'],
		['No consent', byStanding.noConsent, 'are left out'],
	] as const;
	const more =
		repeated > 0 ? `; ${plural(repeated, 'further row')} of the same contacts, of which an opt-out wins` : '';
	const balance = `${plural(contacts, 'contact')} in all${more}.`;
	return `${heading('The contacts')}${table(['the files say', 'contacts', 'and they'], rows)}${list([balance])}`;
}

/** Counts by reason, those of Map Contact Fields first. */
export function reasonsSection({ excluded }: Migration, { summary: { reasons } }: Run, title: string): string {
	const unmapped = new Map<string, [status: string, count: number, code: string, reason: string]>();
	for (const item of excluded) {
		const { code = '', message = '' } = outcomeOf(item);
		const known = unmapped.get(code) ?? ['not mapped', 0, code, message];
		known[1] += 1;
		unmapped.set(code, known);
	}
	const rows = [
		...unmapped.values(),
		...reasons.map(({ status, count, code, reason }) => [status, count, code, reason]),
	];
	return rows.length === 0 ? '' : `${heading(title)}${table(['outcome', 'contacts', 'code', 'why'], rows)}`;
}

/** What to do about a reason. */
export const adviceOf = (code: ReasonCode): string => adviceFor(code);

export const countOf = ({ summary: { statuses } }: Run, status: OutcomeStatus): number => statuses[status] ?? 0;

/** What of the files reaches no Contact List Upsert; nothing where all of it does. */
export function unseenLines({ unseen: { optedOut, subscribed } }: Migration): string[] {
	const line = (count: number, of: string, output: string, then: string): string[] =>
		count === 0
			? []
			: [
					`${plural(count, 'contact')} ${of} and ${count === 1 ? 'reaches' : 'reach'} no Contact List Upsert: connect the output ‘${output}’ of Read Contact Export, through Map Contact Fields.${then}`,
				];
	return [
		...line(optedOut.length, 'opted out or bounced', 'Opted Out or Bounced', ' Nothing unsubscribes them in HubSpot.'),
		...line(subscribed.length, 'subscribed', 'Subscribed', ''),
	];
}
