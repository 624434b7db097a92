import { addressForm } from '../../../core/contact/email';
import { addressesAnywhere, maskedDomainOf } from './addresses';
import { isComment } from '../recognise/headerForm';
import type { Layout } from '../recognise/layout';
import type { RowReading } from './rowReading';

/** What rows of a list without columns of their own hold beside an address: further addresses, and domains. */

/** `*@example.com`, `@example.com`, `example.com`, and with all that is below it: `*.example.com`, `.example.com`. */
const DOMAIN =
	/^(?:(?:\.?[*+%])?@)?(\*\.|\.|%\.|\*(?=[\p{L}\p{N}]))?(?:www\.)?((?:[\p{L}\p{N}\p{M}-]+\.)+[\p{L}\p{M}\p{N}-]*\p{L})$/u;
/** What stands around it: quotation marks, the beginning of a link or of a pattern. */
const AROUND_DOMAIN = /^[\s'"^]*(?:(?:domain\s*[:=]|all(?=\s)|https?:\/\/)\s*)?|(?<![\s'"/.$])[\s'"/.$]+$/gi;
const LONGEST_DOMAIN = 300;

/**
 * `@` and the domain, where a cell names that in the place of an address, or an address that is masked: what stands in `doubtful` for all of its
 * addresses. `@.` and the domain: for those of the domains below it too.
 */
function domainIn({ columns }: Layout, cells: readonly string[]): string | undefined {
	for (const { index } of columns.emails) {
		const cell = cells[index] ?? '';
		if (cell === '' || cell.length > LONGEST_DOMAIN) continue;
		const [, above, domain] = DOMAIN.exec(cell.replaceAll('\\.', '.').replace(AROUND_DOMAIN, '')) ?? [];
		if (domain !== undefined) return `@${above === undefined ? '' : '.'}${addressForm(`@${domain}`).slice(1)}`;
		const masked = maskedDomainOf(cell);
		if (masked !== undefined) return masked;
	}
	return undefined;
}

/** A row that names no contact: a comment, or a whole domain. `forbids`: whether it stands in a list of what is not mailed to, or speaks of an opt-out. */
export function rowAside(
	layout: Layout,
	cells: readonly string[],
	line: number,
	forbids: () => boolean,
): RowReading | undefined {
	if (isComment(cells)) {
		const refused = { code: 'NO_ADDRESS', reason: 'The row is a comment', line } as const;
		return { records: [], cells: [], refused, doubtful: addressesAnywhere(cells.join('\n').replace(/#/g, ' ')) };
	}
	const domain = domainIn(layout, cells);
	if (domain === undefined || !forbids()) return undefined;
	const reason = 'The row names a domain or hides who is meant: contacts of that domain are not subscribed';
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
