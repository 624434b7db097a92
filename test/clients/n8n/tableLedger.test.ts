import { checkN8nAccess } from '../../../clients/n8n/checkAccess';
import { N8nClient } from '../../../clients/n8n/n8nClient';
import { TableLedger } from '../../../clients/n8n/tableLedger';
import { readUsage } from '../../../core/quota/readUsage';
import { reserveTasks } from '../../../core/quota/reserveTasks';
import type { Reservation } from '../../../core/quota/reserveTasks';
import type { Result } from '../../../core/result';
import { SETTINGS } from '../../core/quota/memoryLedger';
import { plainHttp } from '../../support/http/plainHttp';
import { ManualClock } from '../../support/manualClock';
import type { FakeN8n } from '../../support/n8n/n8nTables';
import { ALL_SCOPES, LEDGER_SCOPES, startFakeN8n } from '../../support/n8n/n8nTables';

const NAME = 'Contact Sync Quota';
const KEY = { 'x-n8n-api-key': 'key' };

const COLUMNS = [
	['quota', 'string'],
	['period', 'string'],
	['used', 'number'],
	['limit', 'number'],
	['alerted', 'string'],
	['note', 'string'],
	['nonce', 'string'],
	['deliveries', 'string'],
] as const;

let n8n: FakeN8n;
beforeEach(async () => (n8n = await startFakeN8n()));
afterEach(async () => await n8n.close());

let processes = 0;
/** A ledger as another process sees it: it has looked up no table yet. */
const fresh = (name = NAME): TableLedger =>
	new TableLedger(new N8nClient(plainHttp(n8n.url, KEY)), `process ${++processes}`, name);

async function reserve(ledger: TableLedger, wanted: number): Promise<Result<Reservation>> {
	const clock = new ManualClock(Date.UTC(2026, 10, 22));
	return await reserveTasks(ledger, SETTINGS, { tasks: wanted }, { clock, nonce: ledger.nonce });
}

const used = (result: Result<Reservation>): unknown => (result.kind === 'ok' ? result.value.usage.used : result);

describe('the table of the ledger', () => {
	it('is made with the first reservation, and says so', async () => {
		const ledger = fresh();
		expect(used(await reserve(ledger, 5))).toBe(5);
		expect(ledger.notes).toEqual([expect.stringContaining(`'${NAME}' was made in n8n`)]);
		expect(n8n.table(NAME).columns.map(({ name, type }) => [name, type])).toEqual(COLUMNS);
		expect(n8n.table(NAME).rows).toMatchObject([{ quota: 'All Syncs', period: '2026-11', used: 5, alerted: '' }]);
	});

	it('SB-13: costs two calls a reservation, six with making the table', async () => {
		const ledger = fresh();
		await reserve(ledger, 5);
		expect(n8n.calls.splice(0)).toEqual([
			'GET /data-tables',
			'POST /data-tables',
			'GET /data-tables/{id}/rows',
			'POST /data-tables/{id}/rows',
			'GET /data-tables/{id}/rows',
			'PATCH /data-tables/{id}/rows/update',
		]);
		await reserve(ledger, 5);
		expect(n8n.calls.splice(0)).toEqual(['GET /data-tables/{id}/rows', 'PATCH /data-tables/{id}/rows/update']);
		await readUsage(ledger, SETTINGS, { clock: new ManualClock(), nonce: ledger.nonce });
		expect(n8n.calls).toEqual(['GET /data-tables/{id}/rows']);
	});

	it('is found by another process, also among many', async () => {
		for (let index = 0; index < 260; index++) {
			n8n.tables.push({
				id: `otherTable${String(index).padStart(6, '0')}`,
				name: `Other ${index}`,
				createdAt: '2026-01-01',
				columns: [],
				rows: [],
				nextRow: 1,
			});
		}
		await reserve(fresh(), 5);
		const other = fresh();
		expect(used(await reserve(other, 5))).toBe(10);
		expect(other.notes).toEqual([]);
	});

	it('renamed by hand: goes on counting, and a process that looks it up says so', async () => {
		const ledger = fresh();
		await reserve(ledger, 5);
		await reserve(fresh('Ledger of B'), 1);
		n8n.table(NAME).name = 'Renamed';
		expect(used(await reserve(ledger, 5))).toBe(10);
		const other = fresh();
		expect(used(await reserve(other, 5))).toBe(15);
		expect(other.notes).toEqual([expect.stringMatching(/'Contact Sync Quota' was renamed to 'Renamed'/)]);
		expect(used(await reserve(fresh('Renamed'), 5))).toBe(20);
		expect(n8n.tables.map(({ name }) => name)).toEqual(['Renamed', 'Ledger of B']);
	});

	it('deleted by hand: is made anew, counts from 0 and says so', async () => {
		const ledger = fresh();
		await reserve(ledger, 5);
		n8n.tables.length = 0;
		expect(used(await reserve(ledger, 7))).toBe(7);
		expect(ledger.notes.at(-1)).toMatch(/was made in n8n, because there was none; .* beginning with 0/);
	});

	it.each([
		['between reading and writing', 'PATCH', undefined],
		['while n8n reads it', 'GET', "unknown column name 'quota'"],
		['while n8n writes it', 'PATCH', 'No columns found for this data table or data table not found'],
	])('deleted %s: is made anew, and nothing is lost', async (_when, method, message) => {
		const ledger = fresh();
		await reserve(ledger, 5);
		n8n.instead = (call) => {
			if (!call.startsWith(method)) return undefined;
			n8n.tables.length = 0;
			n8n.instead = () => undefined;
			return message === undefined
				? undefined
				: { status: 400, body: { message: `Validation error with data table request: ${message}` } };
		};
		expect(used(await reserve(ledger, 7))).toBe(7);
		expect(n8n.table(NAME).rows).toMatchObject([{ used: 7 }]);
	});

	it.each([
		['used', /'used' \(number\) is missing/],
		['quota', /'quota' \(string\) is missing/],
		['limit', /'limit' \(number\) is missing/],
		['nonce', /'nonce' \(string\) is missing/],
	])('with the column %s renamed by hand: says which, now and in a process that looks it up', async (column, says) => {
		const ledger = fresh();
		await reserve(ledger, 5);
		n8n.table(NAME).columns.find(({ name }) => name === column)!.name = 'other';
		const failed = { kind: 'refused', code: 'LEDGER_TABLE_CHANGED' };
		expect(await reserve(ledger, 5)).toMatchObject({ ...failed, reason: expect.stringMatching(says) as string });
		const reason = expect.stringMatching(new RegExp(`'${NAME}' was changed: .*'${column}' \\(`)) as string;
		expect(await reserve(fresh(), 5)).toMatchObject({ ...failed, reason });
		expect(n8n.table(NAME).rows).toMatchObject([{ used: 5 }]);
	});

	/** n8n changes no type: the column is deleted, and made anew without its cells. */
	function makeAnew(column: string, type: string): void {
		const table = n8n.table(NAME);
		table.columns.find(({ name }) => name === column)!.type = type;
		for (const row of table.rows) delete row[column];
	}

	it('with a column made anew that cannot hold its cells: says which, now and in a process that looks it up', async () => {
		const ledger = fresh();
		await reserve(ledger, 5);
		makeAnew('nonce', 'number');
		const reason = `The data table '${NAME}' was changed: its column 'nonce' is of type number instead of string`;
		const failed = { kind: 'refused', code: 'LEDGER_TABLE_CHANGED', reason };
		expect(await reserve(ledger, 5)).toMatchObject(failed);
		expect(await reserve(fresh(), 5)).toMatchObject(failed);
	});

	it('with numbers in a text column made anew: counts on, from 0 and with a warning', async () => {
		const ledger = fresh();
		await reserve(ledger, 5);
		makeAnew('used', 'string');
		expect(await reserve(ledger, 7)).toMatchObject({
			value: { usage: { used: 7 }, warnings: [expect.stringMatching(/'used' is empty and counts as 0/)] },
		});
		expect(used(await reserve(fresh(), 5))).toBe(12);
		expect(n8n.table(NAME).rows).toMatchObject([{ used: '12' }]);
	});

	it('is found by a name with blanks around it, which n8n leaves out', async () => {
		await reserve(fresh(` ${NAME} `), 5);
		const other = fresh(` ${NAME}`);
		expect(used(await reserve(other, 5))).toBe(10);
		expect(other.notes).toEqual([]);
	});

	it('made by two runs at once is one table', async () => {
		const rival = fresh();
		n8n.instead = (call) => {
			if (call !== 'POST /data-tables' || n8n.tables.length > 0) return undefined;
			n8n.tables.push({ id: 'rivalTable000000', name: NAME, createdAt: '', columns: [], rows: [], nextRow: 1 });
			n8n.tables[0]!.columns = COLUMNS.map(([name, type]) => ({ name, type }));
			return undefined;
		};
		expect(used(await reserve(rival, 5))).toBe(5);
		expect(n8n.tables.map(({ id }) => id)).toEqual(['rivalTable000000']);
	});

	it('of the same name in two projects: the older one counts, and that is said', async () => {
		await reserve(fresh(), 5);
		n8n.tables.unshift({ ...n8n.tables[0]!, id: 'youngerTable0000', createdAt: '2090-01-01', rows: [] });
		const ledger = fresh();
		expect(used(await reserve(ledger, 5))).toBe(10);
		expect(ledger.notes).toEqual([
			`n8n has 2 data tables named '${NAME}'; tasks are counted in the oldest. Workflows with keys of other people may count in another one.`,
		]);
	});
});

describe('answers of n8n', () => {
	it.each(LEDGER_SCOPES)('a key without %s: the scope is named', async (scope) => {
		n8n.scopes = ALL_SCOPES.filter((one) => one !== scope);
		expect(await reserve(fresh(), 5)).toMatchObject({
			kind: 'stop',
			code: 'SCOPE_MISSING',
			reason: expect.stringContaining(`the scope ${scope}`) as string,
		});
	});

	it('a revoked key is named as such', async () => {
		const ledger = fresh();
		await reserve(ledger, 5);
		n8n.scopes = undefined;
		expect(await reserve(ledger, 5)).toMatchObject({ kind: 'stop', code: 'CREDENTIAL_INVALID' });
	});

	it.each([
		['an answer that is cut off', 'cut' as const],
		['a database that is not there yet', { status: 503, body: { message: 'Database is not ready!' } }],
		['n8n starting', { status: 200, text: 'n8n is starting up. Please wait' }],
		['an API that is not there yet', { status: 404, text: '<pre>Cannot PATCH /api/v1/data-tables/x</pre>' }],
		['too many calls', { status: 429, body: {} }],
	])('%s passes, and nothing is counted twice', async (_what, answer) => {
		const ledger = fresh();
		await reserve(ledger, 5);
		let left = 2;
		n8n.instead = () => (left-- > 0 ? answer : undefined);
		expect(used(await reserve(ledger, 5))).toBe(10);
		expect(n8n.table(NAME).rows).toMatchObject([{ used: 10 }]);
	});

	it('a lost answer of a write is resolved by its nonce', async () => {
		const ledger = fresh();
		await reserve(ledger, 5);
		let left = 1;
		n8n.instead = (call) => (call.startsWith('PATCH') && left-- > 0 ? 'lose' : undefined);
		n8n.calls.length = 0;
		expect(used(await reserve(ledger, 5))).toBe(10);
		expect(n8n.table(NAME).rows).toMatchObject([{ used: 10 }]);
		expect(n8n.calls.filter((call) => call.startsWith('PATCH'))).toHaveLength(1);
	});

	it('an n8n that stays away fails with what to look at', async () => {
		n8n.instead = () => 'cut';
		expect(await reserve(fresh(), 5)).toMatchObject({ kind: 'retry', code: 'LEDGER_UNREACHABLE' });
	});

	it.each(['', '/rest', '/api/v1/data-tables'])('a base URL that ends with %p names the field', async (path) => {
		const client = new N8nClient(plainHttp(`${n8n.server.url}${path}`, KEY));
		expect(await reserve(new TableLedger(client, `base ${path}`, NAME), 5)).toMatchObject({
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: expect.stringMatching(/'Base URL'.*ends with \/api\/v1/) as string,
		});
	});

	it('an answer of another form is no empty ledger', async () => {
		const ledger = fresh();
		await reserve(ledger, 5);
		n8n.instead = (call) => (call.startsWith('GET') ? { status: 200, body: { rows: [] } } : undefined);
		expect(await reserve(ledger, 5)).toMatchObject({ kind: 'stop', code: 'UNEXPECTED_ANSWER' });
	});

	it('a full store of data tables is said in the words of n8n', async () => {
		const ledger = fresh();
		await reserve(ledger, 5);
		const body = { message: 'Data table size limit exceeded: 200MB used, limit is 200MB' };
		n8n.instead = (call) => (call.startsWith('PATCH') ? { status: 400, body } : undefined);
		expect(await reserve(ledger, 5)).toMatchObject({
			kind: 'refused',
			code: 'LEDGER_REFUSED',
			reason: `Data table '${NAME}': n8n refused: ${body.message}`,
		});
	});
});

describe('checking a key', () => {
	const check = async (): Promise<Result<unknown>> => await checkN8nAccess(plainHttp(n8n.url, KEY));

	it('passes with the five scopes, and leaves nothing behind', async () => {
		expect(await check()).toMatchObject({ kind: 'ok' });
		expect(n8n.tables).toEqual([]);
	});

	it('names all that are missing at once', async () => {
		n8n.scopes = ['dataTable:list', 'dataTableRow:read'];
		expect(await check()).toMatchObject({
			code: 'SCOPE_MISSING',
			reason: expect.stringContaining('scopes dataTable:create, dataTableRow:create, dataTableRow:update') as string,
		});
	});

	it('tells a revoked key', async () => {
		n8n.scopes = undefined;
		expect(await check()).toMatchObject({ code: 'CREDENTIAL_INVALID' });
	});
});
