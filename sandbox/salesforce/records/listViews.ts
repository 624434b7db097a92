import { refusal } from '../errors';
import type { SalesforceStore } from './store';
import { checkQuery } from '../soql/plan';

/** A saved filter of an object. */
export interface ListView {
	readonly id: string;
	readonly objectName: string;
	readonly label: string;
	readonly developerName: string;
	readonly columns: readonly string[];
	/** SOQL of the filter, without WHERE; empty = none. */
	readonly where: string;
	readonly scope: 'everything' | 'mine';
	/** Such as `Name ASC NULLS FIRST`. */
	readonly orderBy: string;
	/** Whether SOQL can express it; views such as "Recently Viewed" cannot be described. */
	readonly soqlCompatible: boolean;
}

/** List views of the organisation. Their rows in the table ListView are what SOQL sees. */
export class ListViews {
	private readonly views = new Map<string, ListView>();

	constructor(private readonly store: SalesforceStore) {}

	/** Adds a view; throws when its query is not one. */
	add(view: Omit<ListView, 'id'>): ListView {
		checkQuery(queryOf({ ...view, id: '' }), this.store.scope(this.store.integrationUserId, false));
		const row = this.store.insert('ListView', {
			Name: view.label,
			DeveloperName: view.developerName,
			SobjectType: view.objectName,
			IsSoqlCompatible: view.soqlCompatible,
		});
		const made = { ...view, id: row['Id'] as string };
		this.views.set(made.id, made);
		return made;
	}

	/** Changes the filter of a view, which does not touch the records. */
	edit(id: string, changes: Partial<Pick<ListView, 'where' | 'columns' | 'scope' | 'label'>>): void {
		const changed = { ...this.must(id), ...changes };
		checkQuery(queryOf(changed), this.store.scope(this.store.integrationUserId, false));
		this.views.set(id, changed);
		this.store.change('ListView', id, { Name: changed.label });
	}

	delete(id: string): void {
		const { id: known } = this.must(id);
		this.views.delete(known);
		this.store.table('ListView').drop(known);
	}

	of(objectName: string): ListView[] {
		return [...this.views.values()].filter((view) => view.objectName === objectName);
	}

	find(objectName: string, id: string): ListView {
		const row = this.store.find('ListView', id);
		const view = this.views.get(String(row?.['Id'] ?? ''));
		if (view === undefined || view.objectName !== objectName) {
			throw refusal(404, 'NOT_FOUND', 'The requested resource does not exist');
		}
		return view;
	}

	private must(id: string): ListView {
		const view = this.views.get(String(this.store.find('ListView', id)?.['Id'] ?? ''));
		if (view === undefined) throw new Error(`No list view ${id}`);
		return view;
	}
}

/** The SOQL of a view, as its description shows it. */
export function queryOf(view: ListView): string {
	const columns = [...new Set([...view.columns, 'Id', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp'])].join(', ');
	const scope = view.scope === 'mine' ? ' USING SCOPE mine' : '';
	const where = view.where === '' ? '' : ` WHERE ${view.where}`;
	return `SELECT ${columns} FROM ${view.objectName}${scope}${where} ORDER BY ${view.orderBy}, Id ASC NULLS FIRST`;
}
