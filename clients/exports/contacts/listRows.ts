import { addressForm } from '../../../core/contact/email';
import { addressesAnywhere } from './addresses';
import { isComment } from '../recognise/headerForm';
import type { Layout } from '../recognise/layout';
import type { RowReading } from './rowReading';

/** What rows of a list without columns of their own hold beside an address: further addresses, and domains. */

/** `*@example.com`, `@example.com`, `example.com`. */
const DOMAIN = /^\s*['"]?(?:\*?@|\*\.)?((?:[\p{L}\p{N}\p{M}-]+\.)+[\p{L}\p{M}\p{N}-]*\p{L})['"]?\s*$/u;

/** `@` and the domain, where a list names that in the place of an address: what stands in `doubtful` for all of its addresses. */
function domainIn({ columns }: Layout, cells: readonly string[]): string | undefined {
	for (const { index } of columns.emails) {
		const domain = DOMAIN.exec(cells[index] ?? '')?.[1];
		if (domain !== undefined) return addressForm(`@${domain}`);
	}
	return undefined;
}

/** A row that names no contact: a comment, or a whole domain. `isList`: of a list of what is not mailed to, or one that may be. */
export function rowAside(
	layout: Layout,
	cells: readonly string[],
	line: number,
	isList: boolean,
): RowReading | undefined {
	if (isComment(cells)) {
		const refused = { code: 'NO_ADDRESS', reason: 'The row is a comment', line } as const;
		return { records: [], cells: [], refused, doubtful: addressesAnywhere(cells.join('\n').replace(/#/g, ' ')) };
	}
	const domain = isList ? domainIn(layout, cells) : undefined;
	if (domain === undefined) return undefined;
	const reason = 'The row names a domain, not an address: contacts of that domain are not subscribed';
	return { records: [], cells: [], refused: { code: 'MALFORMED_ADDRESS', reason, line }, doubtful: [domain] };
}

/** Addresses outside of the columns of addresses. */
export function addressesBeside({ columns }: Layout, cells: readonly string[]): string[] {
	if (cells.length < 2) return [];
	const others = cells.filter(
		(cell, index) => cell.includes('@') && columns.emails.every((one) => one.index !== index),
	);
	return others.length === 0 ? [] : addressesAnywhere(others.join('\n'));
}
