import { addressForm, otherSpellings } from '../../../../core/contact/email';
import type { ContactName, NamedRead } from '../../../../core/contact/readOnDemand';
import { NamedContacts, positionsBy } from '../../../../core/contact/readOnDemand';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { idQueries, readAll } from '../../api/readAll';
import { optedOutOf } from '../../api/fields/recordFields';
import { select } from '../../soql/buildSoql';
import { leadsBehind, optedOutContacts, withContactOptOut } from '../records/convertedLeads';
import { findSurvivors, mergedBefore } from '../records/mergeSurvivors';
import { pastOf } from '../records/recentPast';
import type { RecordContext } from '../records/readRecords';
import { isConverted, isDeleted, isLive, readRows } from '../records/readRecords';
import { addressesOf } from '../records/sharedAddresses';
import type { ReadSettings } from '../records/toContactChange';
import { fieldsToRead } from '../records/toContactChange';
import type { Row } from '../readers/rowReader';
import { toRow } from '../readers/rowReader';
import type { OnDemandContext } from './onDemandContext';
import { reserveReached, toReadContact } from './onDemandContext';

const EMAIL_FIELD = 'Email';

/**
 * The records that these names lead to: queries for some hundred addresses or ids each, five of them a call. All records with an
 * address are found, converted leads too; of ids also records in the recycle bin, and the survivor of a merged record in its place.
 */
export async function readNamedRecords(
	context: OnDemandContext,
	names: readonly ContactName[],
): Promise<Result<NamedRead>> {
	const resting = reserveReached(context);
	if (resting) return resting;
	const described = await context.definitions();
	if (described.kind !== 'ok') return described;
	const { client, account, object, fields } = context;
	const settings: ReadSettings = { account, object, fields, described: described.value };
	const records: RecordContext = { client, object, settings: async () => await Promise.resolve(ok(settings)) };
	const byEmail = positionsBy(names, (name) => (name.kind === 'email' ? name.email : undefined));
	const byId = positionsBy(names, (name) => (name.kind === 'id' ? name.id : undefined));
	const withAddress = await readByEmail(records, settings, [...byEmail.keys()]);
	if (withAddress.kind !== 'ok') return withAddress;
	const ofIds = await readRows(records, [...byId.keys()]);
	if (ofIds.kind !== 'ok') return ofIds;
	const contacts = await collect(context, settings, [
		...withAddress.value.map((row) => ({ row, names: byEmail.get(addressOf(row)) ?? [] })),
		...ofIds.value.map((row) => ({ row, names: byId.get(row.id) ?? [] })),
	]);
	if (contacts.kind !== 'ok') return contacts;
	const noun = object === 'Lead' ? 'lead' : 'contact';
	return ok(
		contacts.value.read(names.length, (position) =>
			names[position]?.kind === 'email'
				? `Salesforce shows no ${noun} with this e-mail address to the user of the credential`
				: `Salesforce shows no ${noun} of this record ID to the user of the credential`,
		),
	);
}

/** Live records and converted leads with these addresses, which Salesforce compares without regard to capitals. */
async function readByEmail(
	{ client, object }: RecordContext,
	{ fields, described }: ReadSettings,
	emails: readonly string[],
): Promise<Result<readonly Row[]>> {
	if (emails.length === 0) return ok([]);
	if (!described.fields.some(({ name, filterable }) => name === EMAIL_FIELD && filterable)) {
		return {
			kind: 'stop',
			code: 'SOURCE_FIELD_MISSING',
			reason: `Salesforce does not let the user of the credential search ${described.label} records by the field '${EMAIL_FIELD}'`,
		};
	}
	const read = [...fieldsToRead(fields, described), EMAIL_FIELD];
	const spellings = emails.flatMap((email) => [email, ...otherSpellings(email)]);
	const queries = idQueries(
		[...new Set(spellings)],
		(where) => ({ soql: select({ fields: read, from: object, where, orderBy: 'Id' }) }),
		EMAIL_FIELD,
	);
	const answers = await readAll(client, queries, `looking up ${object === 'Lead' ? 'leads' : 'contacts'}`);
	return answers.kind === 'ok' ? ok(answers.value.flat().map(toRow)) : answers;
}

const addressOf = ({ record }: Row): string =>
	typeof record[EMAIL_FIELD] === 'string' ? addressForm(record[EMAIL_FIELD]) : '';

interface LedTo {
	readonly row: Row;
	/** Positions of the names. */
	readonly names: readonly number[];
}

/** What is known of a record that names led to. */
interface Found {
	readonly row: Row;
	readonly names: number[];
	/** Of records that names led to and that were merged into this one. */
	readonly otherEmails: string[];
	optedOut: boolean;
}

/** Merged records go over to their survivors, which carry their keys; one whose survivor was deleted too was deleted. */
async function collect(
	context: OnDemandContext,
	settings: ReadSettings,
	read: readonly LedTo[],
): Promise<Result<NamedContacts>> {
	const records: RecordContext = { ...context, settings: async () => await Promise.resolve(ok(settings)) };
	const rows = read.map(({ row }) => row);
	const survivors = await findSurvivors(records, rows, () => true);
	if (survivors.kind !== 'ok') return survivors;
	const found = new Map<string, Found>();
	for (const { row, names } of read) {
		const survivor = survivors.value.of(row);
		const target = survivor && !isGone(survivor) ? survivor : row;
		const known = found.get(target.id) ?? { row: target, names: [], otherEmails: [], optedOut: false };
		known.names.push(...names);
		if (target !== row) known.otherEmails.push(...addressesOf(row, settings));
		known.optedOut ||= [row, survivor].some((one) => one !== undefined && optedOutOf(one.record) === true);
		found.set(target.id, known);
	}
	const targets = [...found.values()].map(({ row }) => row);
	const merged = await mergedBefore(records, targets);
	if (merged.kind !== 'ok') return merged;
	const ids = targets.filter(isLive).flatMap(({ id }) => [id, ...(merged.value.get(id) ?? [])]);
	const leads = await leadsBehind(context, ids);
	if (leads.kind !== 'ok') return leads;
	const optedOut = await optedOutContacts(context, targets.filter(isConverted));
	if (optedOut.kind !== 'ok') return optedOut;
	const { convertedLeads } = context;
	const contacts = new NamedContacts();
	for (const { row, names, ...facts } of found.values()) {
		const past = pastOf(row.id, { leads: leads.value, merged: merged.value });
		const change = toReadContact(row, { settings, convertedLeads, ...facts, ...past });
		contacts.add(withContactOptOut(change, row, optedOut.value), names);
	}
	return ok(contacts);
}

const isGone = (row: Row): boolean => isDeleted(row) && !isConverted(row);
