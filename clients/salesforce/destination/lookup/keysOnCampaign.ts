import { isContactKey } from '../../../../core/contact/contact';
import type { CursorCircle } from '../../../../core/calls/pages/cursorCircle';
import { CIRCLE, followCursor } from '../../../../core/calls/pages/cursorCircle';
import { PageSize } from '../../../../core/calls/pages/smallerPages';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { mayBeTooMuch } from '../../api/classify';
import { idOf } from '../../api/fields/recordFields';
import { SALESFORCE_LIMITS } from '../../api/limits';
import type { SalesforceClient } from '../../api/salesforceClient';
import type { SalesforceObjectName } from '../../api/types';
import { allOf, likeText, select, soqlText } from '../../soql/buildSoql';

/** Half a million members; larger campaigns are not compared. */
const MOST_MEMBERS = 500_000;
/** Sizes to go on with where Salesforce does not answer for a whole page in time. */
const SMALLER_PAGES = [500, 50];

export interface KeysOnCampaign {
	readonly object: SalesforceObjectName;
	readonly campaignId: string;
	/** Absent where records carry no keys. */
	readonly keyField?: string;
}

/**
 * The record ids of those members of a campaign that carry a key of this source (`system:account:object`). One call for 2,000
 * members, in the order of their ids; undefined when there are too many, or where no record carries a key.
 */
export async function heldIds(
	client: SalesforceClient,
	{ object, campaignId, keyField }: KeysOnCampaign,
	source: string,
): Promise<Result<readonly string[] | undefined>> {
	if (keyField === undefined) return ok(undefined);
	const beginning = `${source}:`;
	const path = `${object}.${keyField}`;
	const pageSize = new PageSize([SALESFORCE_LIMITS.queryPage, ...SMALLER_PAGES], mayBeTooMuch);
	const ids = new Set<string>();
	let circle: CursorCircle | undefined;
	let last: string | undefined;
	for (let count = 0; count < MOST_MEMBERS;) {
		const read = await pageSize.read(async (limit) => {
			const where = allOf(
				`CampaignId = ${soqlText(campaignId)}`,
				`${path} LIKE ${likeText(beginning, 'startsWith')}`,
				last === undefined ? '' : `Id > ${soqlText(last)}`,
			);
			const soql = select({ fields: ['Id', path], from: 'CampaignMember', where, orderBy: 'Id', limit });
			return await client.query(soql, { doing: 'reading the keys on the campaign' });
		});
		if (read.kind !== 'ok') return read;
		const { answer, size } = read.value;
		for (const { [path]: key } of answer.records)
			// LIKE knows no case.
			if (typeof key === 'string' && isContactKey(key) && key.startsWith(beginning))
				ids.add(key.slice(beginning.length));
		count += answer.records.length;
		const end = answer.records.at(-1);
		if (!end || (answer.records.length < size && answer.next === undefined)) return ok([...ids]);
		last = idOf(end);
		// Each page begins behind the one before, so none ends where one has ended.
		const followed = followCursor(circle, last);
		if (followed === 'circle') return CIRCLE;
		circle = followed;
	}
	return ok(undefined);
}
