import { createHash } from 'node:crypto';
import type { ContactChange } from '../../../core/contact/contact';
import { contactKey } from '../../../core/contact/contact';
import type { Standing } from '../recognise/statusWords';
import type { AddressNote } from './addresses';
import { noteOn } from './addresses';
import type { Grade } from './consent';
import type { HeldRecord } from '../people/heldRecords';
import type { Person } from '../people/people';
import { withHeldFields } from '../people/heldFields';

/** What the file says of the consent, and how good the evidence is. */
export interface Consent {
	/** In the words of the file, or of its name. */
	readonly status: string;
	readonly grade: Grade;
	/** When the contact agreed, opted out or bounced, ISO 8601 in UTC. */
	readonly at?: string;
	/** The column that says when. */
	readonly source?: string;
}

/** Where a contact was read. */
export interface Provenance {
	readonly file: string;
	/** Line of a text file, row of a sheet, from 1. */
	readonly row: number;
	/** Further rows with the address. */
	readonly alsoIn?: readonly { readonly file: string; readonly row: number; readonly standing: Standing }[];
}

/** A contact item of an export, as it travels between the nodes. */
export interface ExportContact extends ContactChange {
	/** The address in its normal form. */
	readonly email: string;
	readonly consent: Consent;
	readonly provenance: Provenance;
	/** What is worth a look before mail is sent. */
	readonly note?: AddressNote;
}

export interface ContactOrigin {
	readonly account: string;
	/** Name of each table. */
	readonly tables: readonly string[];
	/** The name of the column that says when a contact agreed, opted out or bounced. */
	readonly timeColumnOf: (record: HeldRecord) => string;
	/** When the files are read, in ms since 1970. */
	readonly now: number;
}

/** How many further rows are named; a contact may stand in hundreds of segments. */
const MOST_OTHERS = 20;

const CHANGES = { optedOut: 'optedOut', bounced: 'optedOut', subscribed: 'added', noConsent: 'updated' } as const;
const OPTED_OUT = { optedOut: true, bounced: true, subscribed: false, noConsent: null } as const;

/** The item of a contact. Its key is the same in every export of the account: it is made from the address. */
export function toContact(person: Person, { account, tables, timeColumnOf, now }: ContactOrigin): ExportContact {
	const { standing, status, address, others } = person;
	const { record } = person.own;
	const id = createHash('sha256').update(address).digest().toString('hex', 0, 12);
	const source = { system: 'export', account, object: 'contact', id };
	const note = noteOn(address);
	const nameOf = (table: number): string => tables[table] ?? '';
	const at = record.at === undefined ? undefined : textOf(record.at);
	const changedAt = record.changedAt ?? record.at;
	const when = changedAt !== undefined && changedAt <= now ? changedAt : now;
	return withHeldFields(
		{
			key: contactKey(source),
			change: CHANGES[standing],
			source,
			changedAt: at !== undefined && when === record.at ? at : textOf(when),
			email: address,
		},
		person.fields,
		{
			optedOut: OPTED_OUT[standing],
			consent: {
				status,
				grade: record.grade,
				...(at === undefined ? {} : { at, source: timeColumnOf(record) }),
			},
			provenance: {
				file: nameOf(record.table),
				row: record.line,
				...(others.length === 0
					? {}
					: {
							alsoIn: others.slice(0, MOST_OTHERS).map((other) => ({
								file: nameOf(other.record.table),
								row: other.record.line,
								standing: other.standing,
							})),
						}),
			},
			...(note === undefined ? {} : { note }),
		},
	);
}

const textOf = (instant: number): string => new Date(instant).toISOString();
