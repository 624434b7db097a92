import { isContactKey } from '../../../../core/contact/contact';
import { readPages } from '../../../../core/calls/pages/readPages';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { asPage } from '../../api/readAll';
import type { SalesforceClient } from '../../api/salesforceClient';
import type { SalesforceObjectName } from '../../api/types';
import { allOf, likeText, select, soqlText } from '../../soql/buildSoql';

/** Half a million members; larger campaigns are not compared. */
const MAX_PAGES = 250;
const READING = 'reading the keys on the campaign';

export interface KeysOnCampaign {
	readonly object: SalesforceObjectName;
	readonly campaignId: string;
	/** Absent where records carry no keys. */
	readonly keyField?: string;
}

/**
 * The record ids of those members of a campaign that carry a key of this source (`system:account:object`). One call for 2,000
 * members; undefined when there are too many, or where no record carries a key.
 */
export async function heldIds(
	client: SalesforceClient,
	{ object, campaignId, keyField }: KeysOnCampaign,
	source: string,
): Promise<Result<readonly string[] | undefined>> {
	if (keyField === undefined) return ok(undefined);
	const beginning = `${source}:`;
	const path = `${object}.${keyField}`;
	const where = allOf(`CampaignId = ${soqlText(campaignId)}`, `${path} LIKE ${likeText(beginning, 'startsWith')}`);
	const soql = select({ fields: ['Id', path], from: 'CampaignMember', where });
	const ids = new Set<string>();
	const read = async (next: string | undefined) =>
		asPage(next === undefined ? await client.query(soql, { doing: READING }) : await client.queryMore(next, READING));
	for await (const page of readPages(read, { maxPages: MAX_PAGES })) {
		if (page.kind !== 'ok') return page;
		for (const { [path]: key } of page.value.items)
			// LIKE knows no case.
			if (typeof key === 'string' && isContactKey(key) && key.startsWith(beginning))
				ids.add(key.slice(beginning.length));
		if (page.value.next === undefined) return ok([...ids]);
	}
	return ok(undefined);
}
