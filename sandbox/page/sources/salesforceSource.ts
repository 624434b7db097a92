import type { Row, RunningSalesforce } from '../../salesforce';
import type { HowLeft, Source, SourceRecord } from './source';

export type SalesforceObject = 'Contact' | 'Lead';

/** How a record came to be none that a sync follows; undefined: it is one. */
export function howGone(row: Row): Exclude<HowLeft, 'left'> | undefined {
	if (row['IsDeleted'] === true) return typeof row['MasterRecordId'] === 'string' ? 'merged' : 'deleted';
	return row['IsConverted'] === true ? 'converted' : undefined;
}

/** The field that carries the key of a record of another system. */
const LINK = 'Contact_Sync_Key__c';

/** All contacts or leads, or those of the campaign `wanted`. */
export function salesforceSource(
	{ store, requests }: RunningSalesforce,
	object: SalesforceObject,
	wanted: string | undefined,
): Source {
	const rows = [...store.table(object).rows.values()];
	const live = rows.filter((row) => howGone(row) === undefined);
	const campaigns = [...store.table('Campaign').rows.values()].filter((row) => row['IsDeleted'] === false);
	const membersOf = (campaign: string): ReadonlySet<unknown> =>
		new Set(
			store
				.table('CampaignMember')
				.having('CampaignId', campaign)
				.filter((member) => member['IsDeleted'] === false)
				.map((member) => member[`${object}Id`]),
		);
	const lists = [
		{ id: 'all', name: `All ${object.toLowerCase()}s`, members: undefined },
		...campaigns.map((row) => ({
			id: String(row['Id']),
			name: `Campaign ${String(row['Name'])}`,
			members: membersOf(String(row['Id'])),
		})),
	].map((list) => {
		const isMember = (row: Row) => list.members === undefined || list.members.has(row['Id']);
		return { ...list, isMember, size: live.filter(isMember).length };
	});
	const list = lists.find(({ id }) => id === wanted) ?? lists[0];
	const recordOf = (row: Row): SourceRecord => {
		const how = howGone(row) ?? (list?.isMember(row) === false ? 'left' : undefined);
		return { id: String(row['Id']), person: personOf(row), ...(how !== undefined && { how }) };
	};
	const latest = (some: Row[], limit: number): SourceRecord[] =>
		some.sort((a, b) => Number(b['SystemModstamp']) - Number(a['SystemModstamp'])).slice(0, limit).map(recordOf); // prettier-ignore
	const shown = lists.map(({ id, name, size }) => ({ id, name, size }));
	return {
		system: 'Salesforce',
		requests,
		lists: shown,
		list: shown.find(({ id }) => id === list?.id),
		newest: (limit) => latest(live.filter((row) => list?.isMember(row) !== false), limit), // prettier-ignore
		former: (limit) => latest(rows.filter((row) => howGone(row) !== undefined), limit), // prettier-ignore
		keyOf: (id) => `salesforce:${store.organizationId}:${object}:${id}`,
		linkedTo: (key) => {
			const holder = rows.find((row) => row[LINK] === key);
			return holder === undefined ? undefined : recordOf(holder);
		},
		linkOf: (id) => {
			const link = store.find(object, id)?.[LINK];
			return typeof link === 'string' && link !== '' ? link : undefined;
		},
		find: (key, email) => {
			const [system, , of, id] = key?.split(':') ?? [];
			const isKey = system === 'salesforce' && of === object;
			const row = isKey ? store.find(object, id) : store.table(object).having('Email', email ?? '')[0];
			return row === undefined ? undefined : recordOf(row);
		},
	};
}

function personOf(row: Row): SourceRecord['person'] {
	const text = (name: string) => (typeof row[name] === 'string' ? row[name] : null);
	return {
		email: text('Email'),
		phone: text('MobilePhone') ?? text('Phone'),
		firstname: text('FirstName'),
		lastname: text('LastName'),
		blocked: row['HasOptedOutOfEmail'] === true,
	};
}
