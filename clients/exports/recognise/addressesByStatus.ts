import { addressForm } from '../../../core/contact/email';
import type { Columns } from './columns';
import { looksLikeAddress, wordForm } from './headerForm';
import type { Standing } from './statusWords';

type Rows = readonly (readonly string[])[];

/** Who unsubscribed a contact is not who unsubscribed. */
const BY = /(?:^| )(?:by|via|von|durch|par|da|por)(?: |$)/;

/**
 * Tables that people make by hand have a column of addresses for each status, `Subscribed | Unsubscribed`, whose rows have nothing to do with one
 * another. Each of these is a column of addresses, and its header is said of them alone.
 */
export function withAddressesByStatus(columns: Columns, headers: readonly string[], rows: Rows): Columns {
	const { emails, optOuts, bounces, optIns } = columns;
	const columnsOf = (indexes: readonly number[], standing?: Standing) =>
		indexes
			.filter((index) => !BY.test(wordForm(headers[index] ?? '')) && holdsAddresses(rows, index))
			.map((index) => ({ index, label: '', ...(standing ? { standing } : {}) }));
	const listed = [
		...columnsOf(optOuts, 'optedOut'),
		...columnsOf(bounces, 'bounced'),
		...columnsOf(optIns.map(({ index }) => index)),
	];
	const added = listed.filter(({ index }) =>
		emails.every((one) => one.index !== index && differ(rows, one.index, index)),
	);
	if (added.length === 0) return columns;
	const isListed = (index: number): boolean => listed.some((one) => one.index === index);
	return {
		...columns,
		emails: [...emails.map((one) => listed.find(({ index }) => index === one.index) ?? one), ...added],
		optOuts: optOuts.filter((index) => !isListed(index)),
		bounces: bounces.filter((index) => !isListed(index)),
		optIns: optIns.filter(({ index }) => !isListed(index)),
	};
}

function holdsAddresses(rows: Rows, index: number): boolean {
	const filled = rows.map((cells) => cells[index]?.trim() ?? '').filter((cell) => cell !== '');
	return filled.length > 0 && filled.filter(looksLikeAddress).length >= filled.length * 0.6;
}

/** Whether any row has another address in one column than in the other. */
const differ = (rows: Rows, one: number, other: number): boolean =>
	rows.some((cells) => {
		const address = addressForm(cells[other] ?? '');
		return address !== '' && address !== addressForm(cells[one] ?? '');
	});
