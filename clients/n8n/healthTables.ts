import type { TableColumns, TableTexts } from './namedTable';

/** A row for each sync as it stands, the one with a `state`, and one for each day that ended; in the order people see them. */
export const DAY_COLUMNS: TableColumns = [
	{ name: 'sync', type: 'string' },
	{ name: 'day', type: 'string' },
	{ name: 'inSync', type: 'number' },
	{ name: 'excluded', type: 'number' },
	{ name: 'failing', type: 'number' },
	{ name: 'waiting', type: 'number' },
	{ name: 'writes', type: 'number' },
	{ name: 'calls', type: 'number' },
	{ name: 'lastBatch', type: 'string' },
	{ name: 'nonce', type: 'string' },
	{ name: 'state', type: 'string' },
];

/** A row for each contact that is not in sync. */
export const CONTACT_COLUMNS: TableColumns = [
	{ name: 'sync', type: 'string' },
	{ name: 'key', type: 'string' },
	{ name: 'status', type: 'string' },
	{ name: 'reason', type: 'string' },
	{ name: 'since', type: 'string' },
	{ name: 'lastSeen', type: 'string' },
	{ name: 'nextTry', type: 'string' },
	{ name: 'whatToDo', type: 'string' },
	{ name: 'address', type: 'string' },
	{ name: 'values', type: 'string' },
	{ name: 'entry', type: 'string' },
];

/** The second table, beside the one that people name. */
export const contactTableName = (table: string): string => `${table} Contacts`;

export const HEALTH_TEXTS: TableTexts = {
	several: (count, name) =>
		`n8n has ${count} data tables named '${name}'; the oldest is used. Workflows with keys of other people may use another one.`,
	made: (name) => `The data table '${name}' was made in n8n, because there was none; it is filled from now on.`,
};
