import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { PollContext } from '../pollContext';
import { idQueries, readAll } from '../../api/readAll';
import { fullId } from '../../api/recordIds';
import type { Row } from '../readers/rowReader';
import type { PlannedQuery } from '../../api/salesforceClient';
import { allOf, select, soqlInstant } from '../../soql/buildSoql';
import { idOf, OPT_OUT_FIELD, STAMP_FIELD } from '../../api/recordFields';
import type { SalesforceObjectName, SalesforceRecord } from '../../api/types';

/** Accounts and objects that a user of this process may not read, and when they are read again: permissions change. */
const unreadable = new Map<string, number>();
const MAX_ACCOUNTS = 200;
const READ_AGAIN_MS = 60 * 60_000;

/** An earlier conversion was emitted by the sync of leads by now. */
const RECENT_MS = 7 * 24 * 60 * 60_000;
/** Five pages. */
const MAX_RECENT = 10_000;
const FIELDS = ['Id', 'ConvertedContactId'];

/** What reading leads needs. */
export type LeadContext = Pick<PollContext, 'client' | 'clock' | 'account' | 'credential' | 'object'>;

/** Leads by the id of the contact they became. */
export type LeadsBehind = ReadonlyMap<string, readonly string[]>;

/**
 * The leads that became these contacts: what a destination holds of a lead goes on as its contact. Where the user may not
 * read leads there are none, and they are not read again within the hour.
 */
export async function leadsBehind(context: LeadContext, contacts: readonly Row[]): Promise<Result<LeadsBehind>> {
	const queries = idQueries(
		contacts.map(({ id }) => id),
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
	const where = `IsConverted = true AND ${STAMP_FIELD} >= ${soqlInstant(startedAt - RECENT_MS)}`;
	const soql = select({ fields: FIELDS, from: 'Lead', where, orderBy: `${STAMP_FIELD} DESC`, limit: MAX_RECENT });
	return await readLeads(context, [{ soql, deleted: true }]);
}

/**
 * Ids of the contacts that these leads became and that opted out. A contact that was there before the lead may be outside of the
 * sync, so that nothing else tells of its opt-out. One query for a batch with converted leads, none without. Where the user may
 * not read the opt-outs of contacts there are none.
 */
export async function optedOutContacts(
	context: LeadContext,
	converted: readonly Row[],
): Promise<Result<ReadonlySet<string>>> {
	const ids = converted.flatMap(({ record: { ConvertedContactId: id } }) =>
		typeof id === 'string' ? [fullId(id)] : [],
	);
	const queries = idQueries([...new Set(ids)], (where) => ({
		soql: select({ fields: ['Id'], from: 'Contact', where: allOf(where, `${OPT_OUT_FIELD} = true`) }),
		deleted: true,
	}));
	const read = await readIfAllowed(context, 'Contact', queries, 'reading the contacts of converted leads');
	return read.kind === 'ok' ? ok(new Set(read.value.map(idOf))) : read;
}

async function readLeads(context: LeadContext, queries: readonly PlannedQuery[]): Promise<Result<LeadsBehind>> {
	const leads = new Map<string, string[]>();
	if (context.object !== 'Contact') return ok(leads);
	const read = await readIfAllowed(context, 'Lead', queries, 'reading converted leads');
	if (read.kind !== 'ok') return read;
	for (const record of read.value) {
		if (typeof record.ConvertedContactId !== 'string') continue;
		const contactId = fullId(record.ConvertedContactId);
		leads.set(contactId, [...(leads.get(contactId) ?? []), idOf(record)]);
	}
	return ok(leads);
}

/** Records of the other object; none where the user may not read them. */
async function readIfAllowed(
	{ client, clock, account, credential }: LeadContext,
	object: SalesforceObjectName,
	queries: readonly PlannedQuery[],
	doing: string,
): Promise<Result<readonly SalesforceRecord[]>> {
	const key = `${account} ${credential} ${object}`;
	if (queries.length === 0 || clock.now() < (unreadable.get(key) ?? 0)) return ok([]);
	const answers = await readAll(client, queries, doing);
	if (answers.kind === 'ok') return ok(answers.value.flat());
	// Anything else, such as a session that ended, must not pass for a record that is not there.
	if (answers.code !== 'PERMISSION_MISSING') return answers;
	if (unreadable.size >= MAX_ACCOUNTS) unreadable.clear();
	unreadable.set(key, clock.now() + READ_AGAIN_MS);
	return ok([]);
}
