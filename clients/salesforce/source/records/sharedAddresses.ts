import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { PollContext } from '../pollContext';
import { addressForm, otherSpellings } from '../../../../core/contact/email';
import { idQueries, readAll } from '../../api/readAll';
import type { Row } from '../readers/rowReader';
import { toRow } from '../readers/rowReader';
import { select } from '../../soql/buildSoql';
import { optedOutOf } from '../../api/fields/recordFields';
import type { ReadSettings } from './toContactChange';
import { fieldsToRead } from './toContactChange';
import type { SalesforceField, SalesforceRecord } from '../../api/types';

/** Rows of one query, a page; a query that is full is repeated for the addresses that are still open. */
const MOST_ROWS = 2_000;
const MOST_ROUNDS = 5;

/**
 * Members that have an address which these records gave up: a couple, an office, one person at two accounts. The destination
 * holds one contact for all of them, so a member that remains has to be emitted together with the record that leaves. One for
 * each address is enough, preferably one that opted out. A counted call for a batch with leavers, nothing without.
 */
export async function sharingAddresses(
	context: PollContext,
	leavers: readonly Row[],
	emitted: ReadonlySet<string>,
): Promise<Result<readonly Row[]>> {
	const reading = await context.settings();
	if (reading.kind !== 'ok') return reading;
	const emailFields = emailFieldsOf(reading.value).filter(({ filterable }) => filterable);
	const heirs = new Map<string, Row>();
	for (const { name } of emailFields) {
		const addresses = new Set(leavers.flatMap(({ record }) => addressIn(record, name) ?? []));
		const found = await holders(context, name, addresses, emitted);
		if (found.kind !== 'ok') return found;
		for (const row of found.value) heirs.set(row.id, row);
	}
	return ok([...heirs.values()]);
}

/** The addresses that a record has or had, in the normal form, in the fields that are read of it. */
export const addressesOf = ({ record }: Row, settings: ReadSettings): readonly string[] =>
	emailFieldsOf(settings).flatMap(({ name }) => addressIn(record, name) ?? []);

const emailFieldsOf = ({ fields, described }: ReadSettings): readonly SalesforceField[] =>
	described.fields.filter(({ name, type }) => type === 'email' && fields.includes(name));

async function holders(
	{ client, object, scope, settings }: PollContext,
	field: string,
	addresses: ReadonlySet<string>,
	emitted: ReadonlySet<string>,
): Promise<Result<readonly Row[]>> {
	const byAddress = new Map<string, Row>();
	if (addresses.size === 0) return ok([]);
	const [reading, resolved] = [await settings(), await scope.resolve()];
	if (reading.kind !== 'ok') return reading;
	if (resolved.kind !== 'ok') return resolved;
	const { mine } = resolved.value;
	const read = fieldsToRead(reading.value.fields, reading.value.described);
	let open = [...addresses];
	for (let round = 0; round < MOST_ROUNDS && open.length > 0; round++) {
		// Salesforce compares texts without regard to capitals, but an international domain has two spellings.
		const spellings = open.flatMap((address) => [address, ...otherSpellings(address)]);
		const queries = idQueries(
			[...new Set(spellings)],
			(among) => ({
				soql: select({
					fields: [...read, field],
					from: object,
					scope: mine ? 'mine' : undefined,
					where: scope.memberWhere(resolved.value, among),
					orderBy: 'Id',
					limit: MOST_ROWS,
				}),
			}),
			field,
		);
		const answers = await readAll(client, queries, 'looking for records that share an address');
		if (answers.kind !== 'ok') return answers;
		for (const row of answers.value.flat().map(toRow)) {
			const address = addressIn(row.record, field);
			if (address === undefined || !addresses.has(address)) continue;
			if (isBetter(row, byAddress.get(address), emitted)) byAddress.set(address, row);
		}
		if (answers.value.every(({ length }) => length < MOST_ROWS)) break;
		open = open.filter((address) => !byAddress.has(address));
	}
	return ok([...byAddress.values()].filter(({ id }) => !emitted.has(id)));
}

/** A record that is emitted anyway keeps the address; among the others one whose opt-out must not get lost. */
function isBetter(row: Row, known: Row | undefined, emitted: ReadonlySet<string>): boolean {
	if (!known || emitted.has(known.id)) return !known;
	return emitted.has(row.id) || (optedOutOf(row.record) === true && optedOutOf(known.record) !== true);
}

function addressIn(record: SalesforceRecord, field: string): string | undefined {
	const value = record[field];
	const address = typeof value === 'string' ? addressForm(value) : '';
	return address === '' ? undefined : address;
}
