import type { Account, Call, Reply, Resources } from '../api';
import { ok } from '../api';
import { MIN_PAGE, pageSize, rowsOfPage, type Cursor } from '../cursors';
import { refusal } from '../errors';
import { present } from '../format';
import { runQuery } from '../soql/plan';

/** `/query`, `/queryAll` and their further pages. */
export function addQueries(resources: Resources, account: Account): void {
	for (const [path, withDeleted] of [
		['/query', false],
		['/queryAll', true],
	] as const) {
		resources.add('GET', path, (call) => firstPage(account, call, withDeleted));
		// A locator of queryAll is served by either, with its deleted rows.
		resources.add('GET', `${path}/:locator`, (call, { locator = '' }) => {
			const { cursor, from } = account.cursors.at(locator, call.session.userId);
			return page(account, call, cursor, from);
		});
	}
}

function firstPage(account: Account, call: Call, withDeleted: boolean): Reply {
	const text = call.query.get('q');
	if (text === null || text.trim() === '') throw refusal(400, 'MALFORMED_QUERY', 'SOQL query cannot be empty');
	const { store, settings, cursors } = account;
	const { userId } = call.session;
	const found = runQuery(text, store.scope(userId, withDeleted));
	if (found.count !== undefined) return ok({ totalSize: found.count, done: true, records: [] });
	const size = pageSize(askedSize(call), found.fields, settings);
	const first = { ...found, userId, pageSize: size };
	if (found.rows.length <= rowsOfPage(0, size, settings)) {
		const records = found.rows.map((row) => present(store, found.object, row, found.fields, call.version));
		return ok({ totalSize: found.rows.length, done: true, records });
	}
	return page(account, call, cursors.keep(first), 0);
}

function page({ store, settings }: Account, call: Call, cursor: Cursor, from: number): Reply {
	const to = from + rowsOfPage(from, cursor.pageSize, settings);
	const done = to >= cursor.rows.length;
	const rows = cursor.rows.slice(from, to).flatMap((row) => {
		if (settings.locatorRows === 'snapshot') return [row];
		const current = store.lookup(cursor.object.name, row['Id']);
		return current === undefined ? [] : [current];
	});
	return ok({
		totalSize: cursor.rows.length,
		done,
		...(!done && { nextRecordsUrl: `/services/data/v${call.version}.0/query/${cursor.id}-${to}` }),
		records: rows.map((row) => present(store, cursor.object, row, cursor.fields, call.version)),
	});
}

/** `Sforce-Query-Options: batchSize=500` */
function askedSize(call: Call): number | undefined {
	const match = /(?:^|[;,\s])batchSize\s*=\s*(\d+)/i.exec(call.header('sforce-query-options') ?? '');
	return match === null ? undefined : Math.max(MIN_PAGE, Number(match[1]));
}
