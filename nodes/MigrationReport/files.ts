import type { IDataObject } from 'n8n-workflow';
import type { FieldValue } from '../../core/contact/contact';
import { textOf } from '../../core/json';
import {
	attributesOf,
	changesOf,
	emailOf,
	isOptedOut,
	numberOf,
	outcomeOf,
	placeOf,
	statusOf,
	valueText,
} from './contactItems';
import type { Migration } from './gather';

/** A CSV file that goes with a preview or a report. */
export interface ReportFile {
	/** Of the binary field. */
	readonly name: 'optOuts' | 'leftOut' | 'changes';
	readonly fileName: string;
	readonly text: string;
	readonly what: string;
}

export function filesOf(migration: Migration, operation: 'preview' | 'report'): ReportFile[] {
	const optOuts: ReportFile = {
		name: 'optOuts',
		fileName: 'opt-outs-for-hubspot.csv',
		text: csv([['Email'], ...openOptOuts(migration).map((email) => [email])]),
		what: 'addresses for HubSpot’s own import of an opt-out list',
	};
	const leftOut: ReportFile = {
		name: 'leftOut',
		fileName: 'left-out.csv',
		text: csv([['file', 'line', 'address', 'what', 'code', 'reason'], ...leftOutRows(migration).map(shielded)]),
		what: 'rows and contacts that were left out, each with its reason',
	};
	if (operation === 'preview') return [optOuts, leftOut];
	const changes: ReportFile = {
		name: 'changes',
		fileName: 'changes.csv',
		text: csv([['id', 'address', 'what', 'property', 'before', 'after'], ...changeRows(migration).map(shielded)]),
		what: 'all that was created and changed, with the record IDs and the values before: keep it to undo the import',
	};
	return [optOuts, leftOut, changes];
}

/** Addresses that opted out and that HubSpot does not show as such. */
function openOptOuts({ run, excluded, unseen }: Migration): readonly string[] {
	const isOpen = (item: IDataObject): boolean =>
		statusOf(item) !== 'unchanged' || outcomeOf(item).code === 'OPT_OUT_IMPORTED';
	const open = [...[...run.items.filter(isOpen), ...excluded].filter(isOptedOut), ...unseen.optedOut];
	return [...new Set(open.map(emailOf))].filter((email) => email !== '');
}

function leftOutRows({ refused, excluded, noConsent, run, unseen }: Migration): string[][] {
	const contact = (what: string, item: IDataObject, code: string, reason: string): string[] => {
		const { file, line } = placeOf(item);
		return [file, line, emailOf(item), what, code, reason];
	};
	const outcome = (what: string, item: IDataObject): string[] => {
		const { code = '', message = '' } = outcomeOf(item);
		return contact(what, item, code, message);
	};
	return [
		...refused.map(({ file, line, code, reason }) => [
			textOf(file),
			numberOf(line),
			'',
			'row refused',
			textOf(code),
			textOf(reason),
		]),
		...excluded.map((item) => outcome('not mapped', item)),
		...run.items
			.filter((item) => statusOf(item) === 'excluded' || statusOf(item) === 'failed')
			.map((item) => outcome('not written', item)),
		...[...unseen.optedOut, ...unseen.subscribed].map((item) =>
			contact('not written', item, 'NOT_CONNECTED', 'The contact reached no Contact List Upsert'),
		),
		...noConsent.map((item) =>
			contact('no consent', item, 'NO_CONSENT', 'No file says that the contact agreed to get e-mail'),
		),
	];
}

function changeRows({ run }: Migration): string[][] {
	return run.items.flatMap((item) => {
		const status = statusOf(item);
		const { destinationId = '', code } = outcomeOf(item);
		const row = (what: string, property = '', before: FieldValue = null, after: FieldValue = null): string[] => [
			destinationId,
			emailOf(item),
			what,
			property,
			valueText(before),
			valueText(after),
		];
		if (status === 'created')
			return [
				row('created'),
				...Object.entries(attributesOf(item)).map(([name, value]) => row('value', name, null, value)),
			];
		if (status !== 'updated' && status !== 'removed') return [];
		if (code === 'ADDRESS_OPTED_OUT') return [row('opted out')];
		return changesOf(item).map(([name, { from, to }]) => {
			if (name === 'listIds') return row(to === null ? 'taken off the list' : 'put on the list', '', from, to);
			return row(name === 'hs_email_optout' ? 'opted out' : 'value', name, from, to);
		});
	});
}

/** A spreadsheet takes texts that begin so for formulas. */
const shielded = (row: readonly string[]): string[] =>
	row.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell));

const csv = (rows: ReadonlyArray<readonly string[]>): string =>
	`\uFEFF${rows.map((row) => row.map(cellOf).join(',')).join('\r\n')}\r\n`;

const cellOf = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
