import { CONTACT_COLUMNS, DAY_COLUMNS } from '../../../clients/n8n/healthTables';
import { N8nClient } from '../../../clients/n8n/n8nClient';
import { TableHealthBook } from '../../../clients/n8n/tableHealthBook';
import type { TroubleRow } from '../../../core/health/troubleRows';
import type { HttpPort } from '../../../core/ports';

const row = (id: number, more: Partial<TroubleRow> = {}): TroubleRow => ({
	...{ sync: 'Newsletter', key: `hubspot:1:contact:${id}`, status: 'failing', reason: 'DESTINATION_REFUSED' },
	...{ since: '2026-11-30T08:00:00.000Z', lastSeen: '2026-11-30T08:00:00.000Z', nextTry: '', entry: String(id) },
	...{ whatToDo: 'Change the value that the message names, in the source. '.repeat(4), address: '', values: '' },
	...more,
});

/** n8n's default for the body of a request (N8N_PAYLOAD_SIZE_MAX). */
const MOST_BYTES = 16 * 1024 * 1024;

describe('rows of contacts that are not in sync', () => {
	const bodies: Array<{ data: TroubleRow[] }> = [];
	const http: HttpPort = {
		send: async ({ method, body }) => {
			await Promise.resolve();
			const reply = (status: number, answer: unknown) => ({
				kind: 'reply' as const,
				status,
				headers: {},
				body: answer,
			});
			if (method === 'GET') {
				const days = { id: 'days', name: 'Health', columns: [...DAY_COLUMNS] };
				const contacts = { id: 'contacts', name: 'Health Contacts', columns: [...CONTACT_COLUMNS] };
				return reply(200, { data: [days, contacts], nextCursor: null });
			}
			if (Buffer.byteLength(JSON.stringify(body)) > MOST_BYTES)
				return reply(413, { message: 'request entity too large' });
			bodies.push(body as { data: TroubleRow[] });
			return reply(200, { success: true, insertedRows: 1 });
		},
	};
	const insert = async (account: string, rows: readonly TroubleRow[]) =>
		await new TableHealthBook(new N8nClient(http), account, 'Health').insertRows(rows);
	beforeEach(() => void bodies.splice(0));

	it('of a largest batch go out in one call', async () => {
		const made = await insert(
			'a',
			Array.from({ length: 5_000 }, (_none, id) => row(id)),
		);
		expect(made.kind).toBe('ok');
		expect(bodies).toHaveLength(1);
	});

	it.each([
		['whose table was deleted, of 50,000 contacts', 50_000, {}],
		['with long values in letters of three bytes', 5_000, { values: '漢'.repeat(3_000) }],
	])('%s, fit into what n8n takes of a request', async (_which, count, more) => {
		const rows = Array.from({ length: count }, (_none, id) => row(id, more));
		expect((await insert('b', rows)).kind).toBe('ok');
		expect(bodies.flatMap(({ data }) => data.map(({ entry }) => entry))).toEqual(rows.map(({ entry }) => entry));
	});
});
