import type { NodeExecutionHint } from 'n8n-workflow';
import type { ExportSummary } from '../../clients/exports/contacts/summary';
import { amount } from '../../core/quota/messages/usageText';

/** What is said after a run: the counts, then what is worth a look. */
export function hintsOf(summary: ExportSummary): NodeExecutionHint[] {
	const { byStanding, files, rows, refused, contacts, repeated, skipped } = summary;
	const counts = [
		`${amount(byStanding.optedOut + byStanding.bounced)} opted out or bounced`,
		`${amount(byStanding.subscribed)} subscribed`,
		`${amount(byStanding.noConsent)} without consent`,
	];
	const lines = [
		`${amount(contacts)} contacts: ${counts.join(', ')}. Read from ${amount(rows)} rows of ${files.map(({ file, tool }) => `${file} (${tool})`).join(', ')}${repeated > 0 ? `; ${amount(repeated)} rows repeat a contact` : ''}`,
	];
	const doubts = [
		...(refused > 0
			? [
					`${amount(refused)} ${refused === 1 ? 'row was' : 'rows were'} refused: the output 'Refused' has each with its line and the reason`,
				]
			: []),
		...files.flatMap(({ file, notes }) => notes.map((note) => `${file}: ${note}`)),
		...skipped.map(({ file, reason }) => `${file} was passed over: ${reason}`),
		...(summary.importedOnly > 0
			? [
					`${amount(summary.importedOnly)} subscribed contacts were added by the owner of the account, which is weak evidence of consent. The option 'Evidence of Consent' keeps them apart`,
				]
			: []),
		...(summary.misspelledDomains > 0
			? [`${amount(summary.misspelledDomains)} addresses have a domain that looks misspelled`]
			: []),
		...(summary.roleAddresses > 0
			? [`${amount(summary.roleAddresses)} addresses are of a function such as info@, not of a person`]
			: []),
	];
	return [...lines.map(info), ...doubts.map(warning)];
}

const info = (message: string): NodeExecutionHint => ({ message, type: 'info', location: 'outputPane' });

const warning = (message: string): NodeExecutionHint => ({ message, type: 'warning', location: 'outputPane' });
