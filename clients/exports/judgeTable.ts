import type { ExportTable, TableRow, Unreadable } from './files/table';
import { isTooWide } from './files/workbook/workbook';
import { nameStatusOf } from './recognise/fileStatus';
import { isStrict } from './recognise/statusWords';
import type { Layout } from './recognise/layout';
import { recognise } from './recognise/layout';
import { holdsAddresses, holdsHashes } from './recognise/unnamedColumns';
import {
	campaignReport,
	hashedAddresses,
	tooWide,
	unnamedAddresses,
	unreadOptOuts,
	unreadSuppressions,
} from './unreadable';

/**
 * What a table is, by its first rows:
 *
 * - `contacts`: they are read by this layout
 * - `empty`, `without`: it has no rows, or no column of addresses; `isReport`: it is the report of a campaign, whose addresses say nothing
 * - `unreadable`: it may hold opt-outs, and how they are meant cannot be told
 */
export type Judged =
	| { readonly kind: 'contacts'; readonly layout: Layout }
	| { readonly kind: 'empty'; readonly reason: string }
	| { readonly kind: 'without'; readonly isReport: boolean; readonly reason: string }
	| Unreadable;

/** What is known of a table besides its rows. `alone`: it is all that its file holds. `suppressed`: it is named as a list of opt-outs. */
export interface TablePlace {
	readonly alone: boolean;
	readonly suppressed: boolean;
}

export function judgeTable(table: ExportTable, sample: readonly TableRow[], { alone, suppressed }: TablePlace): Judged {
	const { name, names } = table;
	if (sample.length === 0) return { kind: 'empty', reason: 'the file is empty' };
	const recognised = recognise(names, sample);
	if (recognised.kind === 'layout') {
		const { layout } = recognised;
		const addresses = layout.columns.emails.map(({ index }) => index);
		return holdsHashes(sample, addresses) ? hashedAddresses(name) : { kind: 'contacts', layout };
	}
	if (recognised.kind === 'tooWide' || sample.every(isTooWide)) return tooWide(name);
	if (recognised.kind === 'campaignReport')
		return alone ? campaignReport(name) : { kind: 'without', isReport: true, reason: 'it is the report of a campaign' };
	if (isStrict(nameStatusOf(names, 'generic')?.standing) && sample.length > 1) return unreadOptOuts(name);
	if (holdsHashes(sample)) return hashedAddresses(name);
	if (suppressed && sample.length > 1) return unreadSuppressions(name);
	if (holdsAddresses(sample)) return unnamedAddresses(name);
	return { kind: 'without', isReport: false, reason: 'no column holds e-mail addresses' };
}
