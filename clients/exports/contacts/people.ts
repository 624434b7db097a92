import type { Standing } from '../recognise/statusWords';
import { rankOf } from '../recognise/statusWords';
import type { AddressRecord } from './readRow';

/** What is known of a table only when all files are read. */
export interface TableVerdict {
	/** Its yes/no columns say yes to every contact (F13): such a column was edited, and means nothing. */
	readonly allYes: boolean;
	/** What a list of addresses without any other column is. */
	readonly oneColumn: { readonly standing: Standing; readonly status: string };
}

/** One address after everything that the files say of it. */
export interface Person {
	readonly address: string;
	/** Of the record that allows least. */
	readonly standing: Standing;
	readonly status: string;
	/** That record, with the values that only other ones have. */
	readonly record: AddressRecord;
	readonly own: JudgedRecord;
	/** Further records of the address. */
	readonly others: readonly JudgedRecord[];
}

/** A record and what its own table says with it, whatever other rows say. */
export interface JudgedRecord {
	readonly record: AddressRecord;
	readonly standing: Standing;
}

/** All records by address: what one of them forbids is forbidden, in whatever order files and rows come. */
export class People {
	private readonly byAddress = new Map<string, AddressRecord | AddressRecord[]>();
	private readonly doubtful = new Set<string>();

	add(record: AddressRecord): void {
		const { address } = record;
		const held = this.byAddress.get(address);
		if (held === undefined) this.byAddress.set(address, record);
		else if (Array.isArray(held)) held.push(record);
		else this.byAddress.set(address, [held, record]);
	}

	/** A row that cannot be read has this address: it may say that the contact opted out. */
	doubt(address: string): void {
		this.doubtful.add(address);
	}

	/** The contacts, in the order in which their addresses were first read. Each is forgotten as it is handed over. */
	*settle(verdicts: readonly TableVerdict[]): Generator<Person> {
		for (const [address, held] of this.byAddress) {
			this.byAddress.delete(address);
			yield this.settled(address, Array.isArray(held) ? held : [held], verdicts);
		}
	}

	private settled(address: string, records: readonly AddressRecord[], verdicts: readonly TableVerdict[]): Person {
		const judged = records.map((record) => ({ record, ...judge(record, verdicts[record.table]) })).sort(strictestFirst);
		const [first, ...others] = judged as [(typeof judged)[number], ...typeof judged];
		const isDoubtful = first.standing === 'subscribed' && this.doubtful.has(address);
		return {
			address,
			standing: isDoubtful ? 'noConsent' : first.standing,
			status: isDoubtful ? 'in doubt: another row with this address cannot be read' : first.status,
			record:
				others.length === 0
					? first.record
					: withMissingValues(
							first.record,
							others.map(({ record }) => record),
						),
			own: first,
			others,
		};
	}
}

function judge(
	record: AddressRecord,
	verdict: TableVerdict | undefined,
): { readonly standing: Standing; readonly status: string } {
	if (record.because === 'oneColumn') return verdict?.oneColumn ?? record;
	if (record.because === 'yes' && verdict?.allYes && record.standing === 'subscribed')
		return { standing: 'noConsent', status: 'in doubt: the column says yes to every contact' };
	return record;
}

/** Whatever the order of the files: the strictest, then the newest, then by table and line. */
function strictestFirst(one: JudgedRecord, other: JudgedRecord): number {
	return (
		rankOf(one.standing) - rankOf(other.standing) ||
		newest(other.record).localeCompare(newest(one.record)) ||
		one.record.table - other.record.table ||
		one.record.line - other.record.line
	);
}

const newest = ({ at, changedAt }: AddressRecord): string => changedAt ?? at ?? '';

/** Nothing that any row knows is lost: empty and missing values are taken from the others. */
function withMissingValues(record: AddressRecord, others: readonly AddressRecord[]): AddressRecord {
	const fields = { ...record.fields };
	for (const other of others)
		for (const [name, value] of Object.entries(other.fields))
			if (value !== null && (!Object.hasOwn(fields, name) || fields[name] === null))
				Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
	return { ...record, fields };
}
