import type { Router } from 'express';
import type { ServerContext } from '../engine';
import type { Account } from './api';
import { formatted } from './format';
import type { Row } from './schema/fields';
import { isLive } from './records/lifecycle';

/** `GET /_sandbox/view` for the web page, `GET /_sandbox/export` for checks of a sync from outside. */
export function mountView(router: Router, account: Account, { requests }: ServerContext): void {
	const rowsOf = (name: unknown): { object: string; rows: Row[] } => {
		const object = account.store.schema.object(typeof name === 'string' ? name : 'Contact');
		if (object === undefined) return { object: '', rows: [] };
		return { object: object.name, rows: [...account.store.table(object.name).rows.values()] };
	};
	router.get('/view', (request, response) => {
		account.store.settle();
		const { object, rows } = rowsOf(request.query['object']);
		const limit = Math.min(Number(request.query['limit'] ?? 50) || 50, 1_000);
		const live = rows.filter(isLive);
		const newest = live.sort((a, b) => Number(b['SystemModstamp']) - Number(a['SystemModstamp'])).slice(0, limit);
		response.json({
			system: 'Salesforce',
			list: { id: object, name: object, size: live.length },
			contacts: newest.map((row) => ({
				id: row['Id'],
				email: row['Email'] ?? null,
				phone: row['MobilePhone'] ?? row['Phone'] ?? null,
				firstname: row['FirstName'] ?? null,
				lastname: row['LastName'] ?? null,
				optedOut: row['HasOptedOutOfEmail'] === true,
			})),
			requests: requests.total,
			counts: requests.counts(),
			usage: { used: account.limits.used(), max: account.limits.max() },
		});
	});
	router.get('/export', (request, response) => {
		account.store.settle();
		const { object, rows } = rowsOf(request.query['object']);
		const fields = [...(account.store.schema.object(object)?.fields.values() ?? [])];
		response.json({
			object,
			records: rows.map((row) =>
				Object.fromEntries(fields.map((field) => [field.name, formatted(account.store, row, field)])),
			),
		});
	});
}
