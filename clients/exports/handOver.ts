import { noteOn } from './contacts/addresses';
import { emailNameOf } from './contacts/fields';
import type { ReadSettings } from './contacts/settings';
import type { ExportSummary, TableCount } from './contacts/summary';
import { noCounts } from './contacts/summary';
import type { RefusalCode } from './contacts/rowReading';
import type { ExportContact } from './contacts/toContact';
import { toContact } from './contacts/toContact';
import type { HeldRecord } from './people/heldRecords';
import type { People, TableVerdict } from './people/people';
import type { Standing } from './recognise/statusWords';

/** A row that was not taken, and why. The address is not repeated. */
export interface RefusedRow {
	readonly file: string;
	readonly line: number;
	readonly code: RefusalCode | 'BOUNCED';
	readonly reason: string;
}

/** Takes what comes out. Contacts come when all files are read, for the last row may be the opt-out of the first. */
export interface ExportTaker {
	contact(contact: ExportContact, standing: Standing): void;
	refused(row: RefusedRow): void;
}

/** What was read, and what was decided about whole tables. */
export interface ReadTables {
	readonly people: People;
	readonly tables: readonly TableCount[];
	readonly verdicts: readonly TableVerdict[];
	readonly settings: ReadSettings;
	readonly taker: ExportTaker;
	/** Stands in the key of each contact. */
	readonly account: string;
}

/** Hands out each contact once, with what all rows of it say together, and counts. */
export function handOver({
	people,
	tables,
	verdicts,
	settings,
	taker,
	account,
}: ReadTables): Omit<ExportSummary, 'skipped' | 'rows' | 'refused'> {
	const origin = {
		account,
		tables: tables.map(({ name }) => name),
		timeColumnOf: (record: HeldRecord) => people.timeColumnOf(record),
		now: settings.now,
	};
	const byStanding = noCounts();
	const marks = { importedOnly: 0, misspelledDomains: 0, roleAddresses: 0 };
	let [contacts, repeated] = [0, 0];
	const emailNames = [...new Set(tables.map(({ layout }) => emailNameOf(layout)))];
	for (const person of people.settle(verdicts, emailNames)) {
		contacts++;
		byStanding[person.standing]++;
		repeated += person.others.length;
		for (const { record, standing } of [...person.others, person.own]) tables[record.table]!.addresses[standing]++;
		const note = noteOn(person.address);
		if (note === 'misspelledDomain') marks.misspelledDomains++;
		if (note === 'roleAddress') marks.roleAddresses++;
		if (person.standing === 'subscribed' && person.own.record.grade === 'imported') marks.importedOnly++;
		if (person.standing === 'bounced' && settings.bounces === 'leaveOut')
			taker.refused({
				file: tables[person.own.record.table]?.name ?? '',
				line: person.own.record.line,
				code: 'BOUNCED',
				reason: 'Mail to the address bounced, and such addresses are left out',
			});
		else taker.contact(toContact(person, origin), person.standing);
	}
	const files = tables.map((table) => table.toSummary());
	return { files, addresses: contacts + repeated, contacts, repeated, byStanding, ...marks };
}
