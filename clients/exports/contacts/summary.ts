import { VENDOR_NAMES } from '../recognise/vendor';
import type { Layout } from '../recognise/layout';
import type { Standing } from '../recognise/statusWords';

export type StandingCounts = Record<Standing, number>;

export const noCounts = (): StandingCounts => ({ optedOut: 0, bounced: 0, subscribed: 0, noConsent: 0 });

/** What became of one table. `rows` are `taken` and `refused` together. */
export interface TableSummary {
	readonly file: string;
	readonly tool: string;
	/** What the name of the file says of its contacts. */
	readonly status?: string;
	readonly rows: number;
	readonly taken: number;
	readonly refused: number;
	/** Addresses of the rows that were taken, by what this table says of them. */
	readonly addresses: Readonly<StandingCounts>;
	/** One sentence each. */
	readonly notes: readonly string[];
}

/** Counts that balance: the addresses of all tables are `contacts` and `repeated` together. */
export interface ExportSummary {
	readonly files: readonly TableSummary[];
	/** Entries of archives and sheets that hold no contacts. */
	readonly skipped: readonly { readonly file: string; readonly reason: string }[];
	readonly rows: number;
	readonly refused: number;
	readonly addresses: number;
	readonly contacts: number;
	readonly repeated: number;
	readonly byStanding: Readonly<StandingCounts>;
	/** Subscribed contacts whose only evidence is that the owner of the account added them. */
	readonly importedOnly: number;
	/** Addresses that look like a slip, or are of a function and not of a person. */
	readonly misspelledDomains: number;
	readonly roleAddresses: number;
}

/** How many refused rows of a table are named; the rest is counted. */
export const MOST_REFUSALS = 100_000;

/** The counts of one table while it is read. */
export class TableCount {
	rows = 0;
	refused = 0;
	/** Rows whose yes/no columns said yes, and all that were asked. */
	yes = 0;
	asked = 0;
	/** Rows that were taken without a further address, which is malformed. */
	leftOut = 0;
	readonly addresses = noCounts();
	readonly notes: string[] = [];
	private readonly unknownWords = new Set<string>();

	constructor(
		readonly name: string,
		readonly layout: Layout,
	) {}

	/** Words of a status column that are not known, of which no more than ten are told, and none that may be an address or a number. */
	sawWord(word: string): void {
		if (/^[^@]{1,30}$/.test(word) && !/\d{5}/.test(word) && this.unknownWords.size < 11) this.unknownWords.add(word);
	}

	/** Two rows at least: a single yes may well be one. */
	get allYes(): boolean {
		return this.asked > 1 && this.yes === this.asked;
	}

	/** What a row says of consent counts for its first address: in a second table beside the first one it may be about another contact. */
	private twiceNamed(): string[] {
		const { headers, columns } = this.layout;
		const names = columns.emails.map(({ index }) => headers[index] ?? '').filter((name) => name !== '');
		const [first] = names.filter((name, index) => names.indexOf(name) < index);
		const count = names.filter((name) => name === first).length;
		return first === undefined
			? []
			: [
					`Its header names ‹${first}› ${count} times, as where tables stand side by side: the consent of a row counts for its first address, and all others are no subscribers. If they are other contacts, put each table into a file or sheet of its own, also for the opt-outs that only a title tells`,
				];
	}

	toSummary(): TableSummary {
		const { nameStatus, vendor } = this.layout;
		const words = [...this.unknownWords].slice(0, 10).map((word) => `‘${word}’`);
		return {
			file: this.name,
			tool: VENDOR_NAMES[vendor],
			...(nameStatus ? { status: nameStatus.word } : {}),
			rows: this.rows,
			taken: this.rows - this.refused,
			refused: this.refused,
			addresses: this.addresses,
			notes: [
				...this.notes,
				...this.twiceNamed(),
				...(this.refused > MOST_REFUSALS ? [`Only its first ${MOST_REFUSALS} refused rows are named`] : []),
				...(this.leftOut > 0 ? [`In ${this.leftOut} rows a further address is malformed and was left out`] : []),
				...(this.allYes ? ['Its yes/no column says yes to every contact, so it is not taken for consent'] : []),
				...(words.length > 0
					? [`Its status column has words that are not known and count as no consent: ${words.join(', ')}`]
					: []),
			],
		};
	}
}
