import type { ContactChange } from '../../../../core/contact/contact';
import type { RangeRead, ReadRange } from '../../../../core/contact/readOnDemand';
import type { CursorCircle } from '../../../../core/calls/pages/cursorCircle';
import { CIRCLE, followCursor } from '../../../../core/calls/pages/cursorCircle';
import { PageSize } from '../../../../core/calls/pages/smallerPages';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { mayBeTooMuch } from '../../api/classify';
import { SALESFORCE_LIMITS } from '../../api/limits';
import { STAMP_FIELD } from '../../api/fields/recordFields';
import type { Scope } from '../../scope/scope';
import { SourceScope } from '../../scope/scopeMembers';
import { allOf, select, soqlInstant, soqlText } from '../../soql/buildSoql';
import { pastOf, recentPast } from '../records/recentPast';
import type { ReadSettings } from '../records/toContactChange';
import { fieldsToRead } from '../records/toContactChange';
import { toRow } from '../readers/rowReader';
import type { OnDemandContext } from './onDemandContext';
import { reserveReached, toReadContact } from './onDemandContext';

/** Sizes to go on with where Salesforce does not answer for a whole page in time. */
const SMALLER_PAGES = [500, 50];

/**
 * The records of a scope in the order of their ids, a call for each 2,000. Each page begins behind the last id, so that no result has
 * to be kept open at Salesforce, which drops it after a while.
 */
export async function readScopeRecords(
	context: OnDemandContext,
	followed: Scope,
	{ limit, since, after }: ReadRange,
): Promise<Result<RangeRead>> {
	const { client, clock, account, object, fields, convertedLeads } = context;
	const described = await context.definitions();
	if (described.kind !== 'ok') return described;
	const scope = new SourceScope(client, object, followed, async () => await Promise.resolve(described));
	const resolved = scope.campaign === undefined ? ok(undefined) : await client.campaign(scope.campaign);
	if (resolved.kind !== 'ok') return resolved;
	const checked = await scope.check();
	if (checked.kind !== 'ok') return checked;
	const members = await scope.resolve();
	if (members.kind !== 'ok') return members;
	const past = await recentPast(context, clock.now());
	if (past.kind !== 'ok') return past;
	const list = followed.kind === 'listView' || followed.kind === 'campaign' ? followed.id : undefined;
	const settings: ReadSettings = { account, object, list, fields, described: described.value };
	const pageSize = new PageSize([SALESFORCE_LIMITS.queryPage, ...SMALLER_PAGES], mayBeTooMuch);
	const contacts: ContactChange[] = [];
	let circle: CursorCircle | undefined;
	for (let last = after; ;) {
		const resting = reserveReached(context);
		if (resting) return resting;
		// One more than wanted tells whether there are more.
		const wanted = limit - contacts.length + 1;
		const read = await pageSize.read(async (size) => {
			const soql = select({
				fields: fieldsToRead(fields, described.value),
				from: object,
				scope: members.value.mine ? 'mine' : undefined,
				where: allOf(
					last === undefined ? '' : `Id > ${soqlText(last)}`,
					since === undefined ? '' : `${STAMP_FIELD} >= ${soqlInstant(since)}`,
					scope.memberWhere(members.value),
				),
				orderBy: 'Id',
				limit: Math.min(size, wanted),
			});
			return await client.query(soql, { doing: `reading ${object === 'Lead' ? 'leads' : 'contacts'}` });
		});
		if (read.kind !== 'ok') return read;
		const { answer, size } = read.value;
		for (const row of answer.records.map(toRow)) {
			if (contacts.length >= limit) return ok({ contacts, more: true });
			contacts.push(toReadContact(row, { settings, convertedLeads, ...pastOf(row.id, past.value) }));
			last = row.id;
		}
		const isLast = answer.records.length < Math.min(size, wanted) && answer.next === undefined;
		if (isLast || answer.records.length === 0) return ok({ contacts, more: false });
		// Each page begins behind the one before, so none ends where one has ended.
		const followedTo = followCursor(circle, last ?? '');
		if (followedTo === 'circle') return CIRCLE;
		circle = followedTo;
	}
}
