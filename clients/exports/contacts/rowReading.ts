import type { Standing } from '../recognise/statusWords';
import type { Grade } from './consent';
import type { RowStanding } from './standing';

/** Why a row is not taken. */
export type RefusalCode =
	'NO_ADDRESS' | 'MALFORMED_ADDRESS' | 'SHIFTED_ROW' | 'BROKEN_QUOTES' | 'TOTAL_ROW' | 'HIDDEN_SHEET';

/** One address of a row. */
export interface AddressRecord {
	readonly address: string;
	readonly standing: Standing;
	readonly status: string;
	readonly because: RowStanding['because'] | 'oneColumn';
	readonly grade: Grade;
	/** Whether the yes/no columns say yes, where there are any. */
	readonly optIn?: boolean;
	/** When the contact agreed, opted out or bounced, in ms since 1970, and the index of the column that says so. */
	readonly at?: number;
	readonly timeColumn?: number;
	/** In ms since 1970. */
	readonly changedAt?: number;
	/** Index of its table. */
	readonly table: number;
	readonly line: number;
}

/**
 * `doubtful`: addresses of a row that is refused. No other row makes them subscribed, for this one may have said the opposite. `@example.com`:
 * all addresses of that domain; `@.example.com`: of the domains below it too.
 */
export interface RowReading {
	readonly records: readonly AddressRecord[];
	/** The cells that become fields of the records; none where nothing says which column they are of. */
	readonly cells: readonly string[];
	readonly refused?: { readonly code: RefusalCode; readonly reason: string; readonly line: number };
	readonly doubtful: readonly string[];
	readonly unknownWord?: string;
	/** The row is taken without a further address of it, which is malformed. */
	readonly leftOut?: boolean;
}

/** What a table says of all of its contacts, whatever stands in their rows. */
export interface TableStanding {
	readonly standing: Standing;
	readonly status: string;
}
