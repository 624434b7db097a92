import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { PollContext } from '../pollContext';
import { idQueries, readAll } from '../../api/readAll';
import { fullId } from '../../api/recordIds';
import type { Row } from '../readers/rowReader';
import type { PlannedQuery } from '../../api/salesforceClient';
import { select, soqlInstant } from '../../soql/buildSoql';
import { idOf, STAMP_FIELD } from '../../api/recordFields';

/** Accounts of this process whose user may not read leads, and when they are read again: permissions change. */
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

async function readLeads(
	{ client, clock, account, credential, object }: LeadContext,
	queries: readonly PlannedQuery[],
): Promise<Result<LeadsBehind>> {
	const leads = new Map<string, string[]>();
	const key = `${account} ${credential}`;
	if (object !== 'Contact' || queries.length === 0 || clock.now() < (unreadable.get(key) ?? 0)) return ok(leads);
	const answers = await readAll(client, queries, 'reading converted leads');
	if (answers.kind !== 'ok') {
		// Anything else, such as a session that ended, must not pass for a contact that was no lead.
		if (answers.code !== 'PERMISSION_MISSING') return answers;
		if (unreadable.size >= MAX_ACCOUNTS) unreadable.clear();
		unreadable.set(key, clock.now() + READ_AGAIN_MS);
		return ok(leads);
	}
	for (const record of answers.value.flat()) {
		if (typeof record.ConvertedContactId !== 'string') continue;
		const contactId = fullId(record.ConvertedContactId);
		leads.set(contactId, [...(leads.get(contactId) ?? []), idOf(record)]);
	}
	return ok(leads);
}
