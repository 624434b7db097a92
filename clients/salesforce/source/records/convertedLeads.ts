import { range } from 'lodash';
import type { ContactChange } from '../../../../core/contact/contact';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { PollContext } from '../pollContext';
import { CONTACT_OPT_OUTS_HIDDEN, needsContactOptOuts } from '../optOuts/optOutField';
import { idQueries, readAll } from '../../api/readAll';
import { fullId } from '../../api/fields/recordIds';
import type { Row } from '../readers/rowReader';
import type { PlannedQuery } from '../../api/salesforceClient';
import { allOf, select, soqlInstant } from '../../soql/buildSoql';
import { idOf, OPT_OUT_FIELD, STAMP_FIELD } from '../../api/fields/recordFields';
import type { SalesforceObjectName, SalesforceRecord } from '../../api/types';

/** Accounts and objects that a user of this process may not read, and when they are read again: permissions change. */
const unreadable = new Map<string, number>();
const MAX_ACCOUNTS = 200;
const READ_AGAIN_MS = 60 * 60_000;

/** An earlier conversion was emitted by the sync of leads by now. */
const HOUR_MS = 60 * 60_000;
const RECENT_MS = 7 * 24 * HOUR_MS;
/** Five pages. */
const MAX_RECENT = 10_000;
const FIELDS = ['Id', 'ConvertedContactId'];

/** What reading leads needs. */
export type LeadContext = Pick<
	PollContext,
	'client' | 'clock' | 'account' | 'credential' | 'object' | 'convertedLeads' | 'ignoresOptOuts'
>;

/** Leads by the id of the contact they became. */
export type LeadsBehind = ReadonlyMap<string, readonly string[]>;

/** Ids of contacts that opted out and that converted leads became; `hidden`: the user may not see which did. */
export type OptedOutContacts = ReadonlySet<string> | 'hidden';

/**
 * The leads that became these contacts: what a destination holds of a lead goes on as its contact. Where the user may not
 * read leads there are none, and they are not read again within the hour.
 */
export async function leadsBehind(context: LeadContext, contactIds: readonly string[]): Promise<Result<LeadsBehind>> {
	const queries = idQueries(
		contactIds,
		(where) => ({ soql: select({ fields: FIELDS, from: 'Lead', where }), deleted: true }),
		'ConvertedContactId',
	);
	return await readLeads(context, queries);
}

/**
 * The leads that became contacts shortly before a first sync, the newest first and five pages at most: earlier ones were
 * emitted by the sync of leads, if there is one.
 */
export async function recentlyConverted(context: LeadContext, startedAt: number): Promise<Result<LeadsBehind>> {
	const query = (from: number, to = Infinity): PlannedQuery => {
		const until = to === Infinity ? '' : `${STAMP_FIELD} < ${soqlInstant(to)}`;
		const where = allOf('IsConverted = true', `${STAMP_FIELD} >= ${soqlInstant(from)}`, until);
		const soql = select({ fields: FIELDS, from: 'Lead', where, orderBy: `${STAMP_FIELD} DESC`, limit: MAX_RECENT });
		return { soql, deleted: true };
	};
	const hours = RECENT_MS / HOUR_MS;
	const of = (size: number): PlannedQuery[] =>
		range(0, hours, size).map((hour) =>
			query(startedAt - Math.min(hours, hour + size) * HOUR_MS, hour === 0 ? Infinity : startedAt - hour * HOUR_MS),
		);
	return await readLeads(context, [{ ...query(startedAt - RECENT_MS), parts: { count: hours, of } }]);
}

/**
 * Ids of the contacts that these leads became and that opted out. A contact that was there before the lead may be outside of the
 * sync, so that nothing else tells of its opt-out. One query for a batch with converted leads, none without. Where the user may not
 * read the opt-outs of contacts, leads that stay on a list are a failure, see `objectWithOptOuts`.
 */
export async function optedOutContacts(
	context: LeadContext,
	converted: readonly Row[],
): Promise<Result<OptedOutContacts>> {
	const ids = converted.flatMap(({ record: { ConvertedContactId: id } }) =>
		typeof id === 'string' ? [fullId(id)] : [],
	);
	const queries = idQueries([...new Set(ids)], (where) => ({
		soql: select({ fields: ['Id'], from: 'Contact', where: allOf(where, `${OPT_OUT_FIELD} = true`) }),
		deleted: true,
	}));
	const doing = 'reading the contacts of converted leads';
	if (needsContactOptOuts(context)) {
		const read = await readAll(context.client, queries, doing);
		if (read.kind !== 'ok') return isForbidden(read) ? CONTACT_OPT_OUTS_HIDDEN : read;
		return ok(new Set(read.value.flat().map(idOf)));
	}
	const read = await readIfAllowed(context, 'Contact', queries, doing);
	if (read.kind !== 'ok') return read;
	return ok(read.value === 'forbidden' ? 'hidden' : new Set(read.value.map(idOf)));
}

/** Whether the contact that a converted lead became opted out; null where that is hidden. Of any other record false. */
export function contactOptOut({ record: { ConvertedContactId: id } }: Row, contacts: OptedOutContacts): boolean | null {
	if (typeof id !== 'string') return false;
	return contacts === 'hidden' ? null : contacts.has(fullId(id));
}

/** What is emitted of a record; of a converted lead with the opt-out of the contact it became. */
export function withContactOptOut(change: ContactChange, row: Row, contacts: OptedOutContacts): ContactChange {
	const optedOut = contactOptOut(row, contacts);
	return change.optedOut === true || optedOut === false ? change : { ...change, optedOut };
}

async function readLeads(context: LeadContext, queries: readonly PlannedQuery[]): Promise<Result<LeadsBehind>> {
	const leads = new Map<string, string[]>();
	if (context.object !== 'Contact') return ok(leads);
	const read = await readIfAllowed(context, 'Lead', queries, 'reading converted leads');
	if (read.kind !== 'ok') return read;
	for (const record of read.value === 'forbidden' ? [] : read.value) {
		if (typeof record.ConvertedContactId !== 'string') continue;
		const contactId = fullId(record.ConvertedContactId);
		leads.set(contactId, [...(leads.get(contactId) ?? []), idOf(record)]);
	}
	return ok(leads);
}

const isForbidden = (failure: Failure): boolean => failure.kind === 'stop' && failure.code === 'PERMISSION_MISSING';

/** Records of the other object, unless the user may not read them. */
async function readIfAllowed(
	{ client, clock, account, credential }: LeadContext,
	object: SalesforceObjectName,
	queries: readonly PlannedQuery[],
	doing: string,
): Promise<Result<readonly SalesforceRecord[] | 'forbidden'>> {
	const key = `${account} ${credential} ${object}`;
	if (queries.length === 0) return ok([]);
	if (clock.now() < (unreadable.get(key) ?? 0)) return ok('forbidden');
	const answers = await readAll(client, queries, doing);
	if (answers.kind === 'ok') return ok(answers.value.flat());
	// Anything else, such as a session that ended, must not pass for a record that is not there.
	if (!isForbidden(answers)) return answers;
	if (unreadable.size >= MAX_ACCOUNTS) unreadable.clear();
	unreadable.set(key, clock.now() + READ_AGAIN_MS);
	return ok('forbidden');
}
