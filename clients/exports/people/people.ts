import type { Standing } from '../recognise/statusWords';
import { rankOf } from '../recognise/statusWords';
import { mailboxOf } from '../contacts/addresses';
import type { FieldReader, Fields } from '../contacts/fields';
import type { AddressRecord } from '../contacts/rowReading';
import type { HeldRecord } from './heldRecords';
import { HeldRecords } from './heldRecords';
import { HeldTexts } from './heldTexts';
import { HeldFields } from './heldFields';

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
	readonly own: JudgedRecord;
	/** Further records of the address. */
	readonly others: readonly JudgedRecord[];
	/** Where its fields are kept: of that record, with the values that only other ones have. */
	readonly fields: HeldFields;
}

/** A record and what its own table says with it, whatever other rows say. */
export interface JudgedRecord {
	readonly record: HeldRecord;
	readonly standing: Standing;
}

/** All records by address: what one of them forbids is forbidden, in whatever order files and rows come. */
export class People {
	private readonly byAddress = new Map<string, number | number[]>();
	private readonly doubtful = new Set<string>();
	/** Whether a domain with all below it is in doubt. */
	private hasDoubtAbove = false;
	private readonly records = new HeldRecords();
	private readonly texts = new HeldTexts();
	/** Mailboxes that opted out or bounced under one of several spellings. */
	private readonly blockedMailboxes = new Set<string>();
	/** By table. */
	private readonly readers: FieldReader[] = [];

	/** Records so far. */
	get size(): number {
		return this.records.size;
	}

	/** Bytes that their texts take. */
	get textSize(): number {
		return this.texts.size;
	}

	/** The next table; its index is that of the tables before it plus one. */
	addTable(reader: FieldReader): void {
		this.readers.push(reader);
	}

	/** The records of one row, and its cells. */
	addRow(records: readonly AddressRecord[], cells: readonly string[]): void {
		const [first] = records;
		if (!first) return;
		const place = this.texts.add(this.readers[first.table]!.keep(cells));
		for (const record of records) this.add(record.address, this.records.add({ ...record, place }));
	}

	private add(address: string, number: number): void {
		const held = this.byAddress.get(address);
		if (held === undefined) this.byAddress.set(address, number);
		else if (typeof held === 'number') this.byAddress.set(address, [held, number]);
		else held.push(number);
	}

	/** A row that cannot be read has this address: it may say that the contact opted out. */
	doubt(address: string): void {
		this.doubtful.add(address);
		if (address.startsWith('@.')) this.hasDoubtAbove = true;
	}

	/** The contacts, in the order in which their addresses were first read. `emailNames`: columns in which each address is to stand. */
	*settle(verdicts: readonly TableVerdict[], emailNames: readonly string[]): Generator<Person> {
		const read = (address: string, numbers: readonly number[]): Fields =>
			withAddress(this.fieldsOf(address, numbers), emailNames, address);
		this.findBlockedMailboxes(verdicts);
		for (const [address, held] of this.byAddress) {
			this.byAddress.delete(address);
			const judged = (typeof held === 'number' ? [held] : held)
				.map((number) => {
					const record = this.records.read(number);
					return { number, record, ...judge(record, verdicts[record.table]) };
				})
				.sort(strictestFirst);
			const [own, ...others] = judged as [(typeof judged)[number], ...typeof judged];
			yield {
				address,
				...this.settled(address, own),
				own,
				others,
				fields: new HeldFields(read, others.length === 0 ? own.number : judged.map(({ number }) => number)),
			};
		}
	}

	private settled(
		address: string,
		own: { readonly standing: Standing; readonly status: string },
	): { readonly standing: Standing; readonly status: string } {
		const { standing, status } = own;
		if (standing === 'optedOut' || standing === 'bounced') return { standing, status };
		const mailbox = mailboxOf(address);
		if (mailbox !== undefined && this.blockedMailboxes.has(mailbox))
			return { standing: 'optedOut', status: 'opted out in another spelling of the address' };
		if (standing === 'subscribed' && this.isOfDoubtfulDomain(address))
			return { standing: 'noConsent', status: 'in doubt: a list names the whole domain' };
		if (standing === 'subscribed' && this.doubtful.has(address))
			return { standing: 'noConsent', status: 'in doubt: another row with this address cannot be read' };
		return { standing, status };
	}

	private isOfDoubtfulDomain(address: string): boolean {
		const domain = address.slice(address.lastIndexOf('@') + 1);
		if (this.doubtful.has(`@${domain}`)) return true;
		if (!this.hasDoubtAbove) return false;
		const labels = domain.split('.');
		return labels.some((_, at) => this.doubtful.has(`@.${labels.slice(at).join('.')}`));
	}

	private findBlockedMailboxes(verdicts: readonly TableVerdict[]): void {
		for (const [address, held] of this.byAddress) {
			const mailbox = mailboxOf(address);
			if (mailbox === undefined) continue;
			const standings = (typeof held === 'number' ? [held] : held).map((number) => {
				const record = this.records.read(number);
				return judge(record, verdicts[record.table]).standing;
			});
			if (standings.includes('optedOut')) this.blockedMailboxes.add(mailbox);
		}
	}

	/** Nothing that any row knows is lost: empty and missing values are taken from the others. */
	private fieldsOf(address: string, numbers: readonly number[]): Fields {
		const [first, ...others] = numbers.map((number) => {
			const { table, place } = this.records.read(number);
			return this.readers[table]!.read(this.texts.read(place), address);
		});
		const fields = first ?? {};
		for (const other of others)
			for (const [name, value] of Object.entries(other))
				if (value !== null && (!Object.hasOwn(fields, name) || fields[name] === null))
					Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
		return fields;
	}

	/** The name of the column that says when a contact agreed, opted out or bounced. */
	timeColumnOf({ table, timeColumn }: HeldRecord): string {
		return this.readers[table]!.nameOf(timeColumn ?? -1);
	}
}

function judge(
	record: HeldRecord,
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
		compare(newest(other.record), newest(one.record)) ||
		one.record.table - other.record.table ||
		one.record.line - other.record.line
	);
}

const compare = (one: number, other: number): number => (one === other ? 0 : one - other);

const newest = ({ at, changedAt }: HeldRecord): number => changedAt ?? at ?? -Infinity;

/** The address stands in the column of every table, so that a mapping of one of them holds for contacts of all files. */
function withAddress(fields: Fields, names: readonly string[], address: string): Fields {
	const missing = names.filter((name) => !Object.hasOwn(fields, name) || fields[name] !== address);
	return missing.length === 0 ? fields : { ...fields, ...Object.fromEntries(missing.map((name) => [name, address])) };
}
