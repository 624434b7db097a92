import { ok, type Account, type Call, type Reply, type Resources } from '../api';
import { describe, describeBriefly } from '../schema/describe';
import { notFound, refusal } from '../errors';
import { dateTimeText } from '../format';
import { DELETED_AT } from '../records/table';
import { recordTypeInfos } from '../writes/recordTypes';
import { objectAt } from './shared';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How far back deletions and updates are told. */
const DELETED_DAYS = 15;
const UPDATED_DAYS = 30;

/** Lists of resources and objects, describe, limits, getUpdated and getDeleted. */
export function addObjects(resources: Resources, account: Account): void {
	resources.add('GET', '', ({ version }) => {
		const base = `/services/data/v${version}.0`;
		return ok(Object.fromEntries(['composite', 'limits', 'query', 'queryAll', 'sobjects'].map((name) => [name, `${base}/${name}`]))); // prettier-ignore
	});
	resources.add('GET', '/limits', () => limits(account));
	resources.add('GET', '/sobjects', ({ version }) => {
		const sobjects = account.store.schema
			.visibleObjects()
			.map((object) => describeBriefly(account.store.schema, object, version));
		return ok({ encoding: 'UTF-8', maxBatchSize: 200, sobjects });
	});
	resources.add('GET', '/sobjects/:object', ({ version }, params) => {
		return ok({
			objectDescribe: describeBriefly(account.store.schema, objectAt(account, params), version),
			recentItems: [],
		});
	});
	resources.add('GET', '/sobjects/:object/describe', (call, params) => {
		const object = objectAt(account, params);
		const changedAt = account.store.schema.modifiedAt(object, account.store.now());
		const since = Date.parse(call.header('if-modified-since') ?? '');
		const headers = { 'Last-Modified': new Date(changedAt).toUTCString() };
		if (since >= Math.floor(changedAt / 1_000) * 1_000) return { status: 304, headers };
		const types = recordTypeInfos(account.store, object, call.version);
		return { status: 200, headers, body: describe(account.store.schema, object, call.version, types) };
	});
	resources.add('GET', '/sobjects/:object/updated', (call, params) => updated(account, call, params));
	resources.add('GET', '/sobjects/:object/deleted', (call, params) => deleted(account, call, params));
}

function limits({ limits: used, settings }: Account): Reply {
	if (!settings.userMayViewSetup) throw refusal(403, 'INSUFFICIENT_ACCESS', 'You must have the View Setup and Configuration permission'); // prettier-ignore
	const one = (Max: number, Remaining = Max) => ({ Max, Remaining });
	return ok({
		DailyApiRequests: one(used.max(), Math.max(0, used.max() - used.used())),
		DailyBulkApiBatches: one(15_000),
		DailyBulkV2QueryFileStorageMB: one(976_562),
		DailyBulkV2QueryJobs: one(10_000),
		DataStorageMB: one(1_024, 900),
		FileStorageMB: one(10_240),
		SingleEmail: one(5_000),
	});
}

/** Start and end of a replication call, cut to whole minutes. */
function windowOf({ store }: Account, { query }: Call, days: number): { start: number; end: number } {
	const at = (name: string): number => {
		const time = Date.parse((query.get(name) ?? '').replace(/ (\d\d:\d\d)$/, '+$1'));
		if (Number.isNaN(time)) throw refusal(400, 'INVALID_REPLICATION_DATE', `${name} is not a dateTime`);
		return Math.floor(time / MINUTE_MS) * MINUTE_MS;
	};
	const start = at('start');
	const end = at('end');
	if (end - start < MINUTE_MS) {
		throw refusal(400, 'INVALID_REPLICATION_DATE', 'startDate cannot be after endDate and must precede it by a minute');
	}
	if (start < store.now() - days * DAY_MS) {
		throw refusal(
			400,
			'INVALID_REPLICATION_DATE',
			`startDate before org replication enabled date or more than ${days} days ago`,
		);
	}
	return { start, end };
}

function updated(account: Account, call: Call, params: Readonly<Record<string, string>>): Reply {
	const object = objectAt(account, params);
	const { start, end } = windowOf(account, call, UPDATED_DAYS);
	const { store } = account;
	const ids: unknown[] = [];
	for (const row of store.scope(call.session.userId, false).rows(object, false)) {
		const at = Number(row['SystemModstamp']);
		if (at >= start && at < end) ids.push(row['Id']);
	}
	return ok({ ids, latestDateCovered: dateTimeText(Math.min(end, wholeMinute(store.now()))) });
}

function deleted(account: Account, call: Call, params: Readonly<Record<string, string>>): Reply {
	const object = objectAt(account, params);
	if (!object.deletable) throw notFound();
	const { start, end } = windowOf(account, call, DELETED_DAYS);
	const { store } = account;
	const deletedRecords: object[] = [];
	for (const row of store.scope(call.session.userId, true).rows(object, true)) {
		const at = Number(row[DELETED_AT] ?? NaN);
		if (row['IsDeleted'] === true && at >= start && at < end) {
			deletedRecords.push({ deletedDate: dateTimeText(store.stamp(at)), id: row['Id'] });
		}
	}
	return ok({
		deletedRecords,
		earliestDateAvailable: dateTimeText(store.stamp(store.lastPurge)),
		latestDateCovered: dateTimeText(Math.min(end, wholeMinute(store.now()))),
	});
}

const wholeMinute = (at: number): number => Math.floor(at / MINUTE_MS) * MINUTE_MS;
