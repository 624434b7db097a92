import { ok, type Account, type Call, type Reply, type Resources } from '../api';
import { refusal } from '../errors';
import { formatted } from '../format';
import { queryOf, type ListView } from '../records/listViews';
import type { SObject } from '../schema/objects';
import { bindField } from '../soql/bind';
import { runQuery } from '../soql/plan';
import { objectAt } from './shared';

/** Records of one page of results; the documents give 1 to 2,000, 25 by default. */
const DEFAULT_PAGE = 25;
const MAX_PAGE = 2_000;

/** List views: their list, description with query, and results. */
export function addListViews(resources: Resources, account: Account): void {
	const path = '/sobjects/:object/listviews';
	const view = (params: Readonly<Record<string, string>>) => {
		const object = objectAt(account, params);
		return { object, view: account.listViews.find(object.name, params['id'] ?? '') };
	};
	resources.add('GET', path, (call, params) => {
		const object = objectAt(account, params);
		const listviews = account.listViews.of(object.name).map((one) => basics(one, call.version));
		return ok({ done: true, listviews, nextRecordsUrl: null, size: listviews.length, sobjectType: object.name });
	});
	resources.add('GET', `${path}/:id`, (call, params) => ok(basics(view(params).view, call.version)));
	resources.add('GET', `${path}/:id/describe`, (call, params) => {
		const found = view(params);
		soqlOnly(found.view);
		return ok({
			columns: columnsOf(account, call, found.object, found.view),
			id: found.view.id,
			orderBy: orderOf(found.view),
			query: queryOf(found.view),
			scope: found.view.scope === 'mine' ? 'mine' : null,
			sobjectType: found.object.name,
		});
	});
	resources.add('GET', `${path}/:id/results`, (call, params) => {
		const found = view(params);
		return results(account, call, found.object, found.view);
	});
}

function basics(view: ListView, version: number): Record<string, unknown> {
	const url = `/services/data/v${version}.0/sobjects/${view.objectName}/listviews/${view.id}`;
	return {
		describeUrl: `${url}/describe`,
		developerName: view.developerName,
		id: view.id,
		label: view.label,
		resultsUrl: `${url}/results`,
		soqlCompatible: view.soqlCompatible,
		url,
	};
}

function soqlOnly(view: ListView): void {
	if (!view.soqlCompatible) throw refusal(400, 'INVALID_OPERATION', `List view ${view.id} is not SOQL compatible`);
}

function results(account: Account, call: Call, object: SObject, view: ListView): Reply {
	soqlOnly(view);
	const limit = numberOf(call, 'limit', DEFAULT_PAGE, 1, MAX_PAGE);
	const first = account.settings.listViewOffset === 'fromOne' ? 1 : 0;
	const offset = numberOf(call, 'offset', first, 0, Infinity) - first;
	const { store } = account;
	const found = runQuery(queryOf(view), store.scope(call.session.userId, false));
	const rows = found.rows.slice(Math.max(0, offset), Math.max(0, offset) + limit);
	return ok({
		columns: columnsOf(account, call, object, view),
		developerName: view.developerName,
		done: Math.max(0, offset) + rows.length >= found.rows.length,
		id: view.id,
		label: view.label,
		records: rows.map((row) => ({
			columns: found.fields.map((bound) => ({
				fieldNameOrPath: [...bound.relations.map(({ name }) => name), bound.field.name].join('.'),
				value: bound.relations.length === 0 ? formatted(store, row, bound.field) : bound.read(row),
			})),
		})),
		size: rows.length,
	});
}

function numberOf(call: Call, name: string, otherwise: number, min: number, max: number): number {
	const text = call.query.get(name);
	if (text === null) return otherwise;
	const value = /^\d+$/.test(text) ? Number(text) : NaN;
	if (value >= min && value <= max) return value;
	throw refusal(400, 'INVALID_QUERY_VALUE', `${name} is out of range: ${text}`);
}

function columnsOf(account: Account, call: Call, object: SObject, view: ListView): object[] {
	const scope = account.store.scope(call.session.userId, false);
	const hidden = ['Id', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp'].filter(
		(name) => !view.columns.includes(name),
	);
	const orders = orderOf(view);
	return [...view.columns, ...hidden].map((column) => {
		const name = column.replace(/^toLabel\((.*)\)$/i, '$1');
		const { field, relations } = bindField(name, scope, object, { name, at: 0 });
		const index = orders.findIndex(({ fieldNameOrPath }) => fieldNameOrPath === name);
		return {
			ascendingLabel: 'Z-A',
			descendingLabel: 'A-Z',
			fieldNameOrPath: [...relations.map((relation) => relation.name), field.name].join('.'),
			hidden: hidden.includes(column),
			label: field.label,
			selectListItem: column,
			sortDirection: orders[index]?.sortDirection ?? null,
			sortIndex: index === -1 ? null : index,
			sortable: field.sortable,
			type: field.type,
		};
	});
}

function orderOf(view: ListView): Array<{ fieldNameOrPath: string; nullsPosition: string; sortDirection: string }> {
	return [...view.orderBy.split(','), 'Id ASC'].map((term) => {
		const [fieldNameOrPath = '', ...words] = term.trim().split(/\s+/);
		const isDescending = words[0]?.toUpperCase() === 'DESC';
		const isLast = words.at(-1)?.toUpperCase() === 'LAST';
		return {
			fieldNameOrPath,
			nullsPosition: isLast ? 'last' : 'first',
			sortDirection: isDescending ? 'descending' : 'ascending',
		};
	});
}
