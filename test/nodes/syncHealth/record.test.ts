import type { RunningHealth } from './healthRun';
import {
	CONTACTS,
	excluded,
	failing,
	held,
	keyOf,
	LEFT_OUT,
	NOT_SYNCED,
	OVER_QUOTA,
	startHealth,
	SYNCED,
	synced,
	TABLE,
} from './healthRun';

let health: RunningHealth;

beforeEach(async () => {
	health = await startHealth();
});

afterEach(async () => await health.close());

const timeOf = (cell: unknown): number => Date.parse(cell as string);

const statuses = () =>
	health
		.rows()
		.map(({ key, status, reason }) => [key, status, reason])
		.sort();

describe('Record', () => {
	it('runs once for all its inputs, passes each item on by the output of the same name, and keeps who is not in sync', async () => {
		const input = [synced(1), failing(2), failing(3, true), excluded(4), held(5)];
		const result = await health.record(input);
		expect(result.error).toBeUndefined();
		expect(result.run.data.resultData.runData.Health).toHaveLength(1);
		const keysOn = (output: number) => result.json('Health', output).map(({ key }) => key);
		expect([SYNCED, NOT_SYNCED, LEFT_OUT, OVER_QUOTA].map(keysOn)).toEqual([
			[keyOf(1)],
			[keyOf(2), keyOf(3)],
			[keyOf(4)],
			[keyOf(5)],
		]);
		// As they came: nothing is added or taken away.
		const { input: _input, ...asItCame } = failing(3, true);
		expect(result.json('Health', NOT_SYNCED)[1]).toEqual(asItCame);
		expect(result.items('Health', NOT_SYNCED)[1]?.pairedItem).toEqual({ item: 1, input: 1 });
		expect(statuses()).toEqual([
			[keyOf(2), 'failing', 'DESTINATION_REFUSED'],
			[keyOf(3), 'waiting', 'DESTINATION_REFUSED'],
			[keyOf(4), 'excluded', 'NO_IDENTIFIER'],
			[keyOf(5), 'waiting', 'QUOTA_USED_UP'],
		]);
		expect(health.head()).toMatchObject({ inSync: 6, excluded: 1, failing: 1, waiting: 2, writes: 1 });
		expect(result.hints).toContain("'Newsletter': 6 in sync, 1 excluded, 1 failing, 2 waiting");
		const [waiting] = health.rows().filter(({ reason }) => reason === 'QUOTA_USED_UP');
		expect(waiting?.nextTry).toBe('From 2027-01-01 00:00 UTC on, or once the quota is raised');
	});

	it("leaves what is known as it is when n8n's Retry runs an execution of before once more", async () => {
		await health.record([failing(1)]);
		await health.record([synced(1)]);
		const { error, hints } = await health.record([failing(1)], {}, undefined, 'retry');
		expect(error).toBeUndefined();
		expect(hints).toEqual([expect.stringContaining('started once more')]);
		expect(statuses()).toEqual([]);
	});

	it('keeps no address, name or message, unless it was chosen', async () => {
		await health.record([failing(1), excluded(2)]);
		const stored = JSON.stringify(health.n8n.tables);
		for (const secret of ['person1', 'example.com', 'Name 1', 'Name 2']) expect(stored).not.toContain(secret);
		await health.record([failing(3)], { options: { keepDetails: true } });
		const row = health.rows().find(({ key }) => key === keyOf(3));
		expect(row).toMatchObject({
			address: 'person3@example.com',
			whatToDo: 'Brevo refused person3@example.com',
			values: JSON.stringify({ email: 'person3@example.com', attributes: { FIRSTNAME: 'Name 3' } }),
		});
	});

	it('costs one call a batch, two where contacts came or went, and a contact that syncs again or left loses its row', async () => {
		await health.record([failing(1), failing(2), excluded(3)]);
		health.n8n.calls.length = 0;
		await health.record([synced(7), synced(8, 'unchanged')]);
		expect(health.n8n.calls).toEqual(['PATCH /data-tables/{id}/rows/update']);
		health.n8n.calls.length = 0;
		await health.record([failing(4)]);
		expect(health.n8n.calls).toEqual(['PATCH /data-tables/{id}/rows/update', 'POST /data-tables/{id}/rows']);
		health.n8n.calls.length = 0;
		await health.record([synced(1), { ...excluded(3), change: 'removed' }]);
		expect(health.n8n.calls).toEqual(['PATCH /data-tables/{id}/rows/update', 'DELETE /data-tables/{id}/rows/delete']);
		expect(statuses().map(([key]) => key)).toEqual([keyOf(2), keyOf(4)]);
		expect(health.head()).toMatchObject({ inSync: 8, failing: 2, excluded: 0, writes: 2 });
	});

	it('removes hundreds of rows with two calls, as an address has no room for them', async () => {
		const ids = Array.from({ length: 300 }, (_, index) => index + 1);
		await health.record(ids.map((id) => failing(id)));
		await health.record(ids.map((id) => synced(id, 'unchanged')));
		health.n8n.calls.length = 0;
		await health.record([synced(1, 'unchanged')]);
		expect(health.n8n.calls).toHaveLength(2);
		expect(health.rows()).toEqual([]);
		expect(health.head()).toMatchObject({ failing: 0 });
	});

	it('says nothing about contacts of a dry run, and of changes that another one replaced', async () => {
		await health.record([failing(1), failing(2)]);
		await health.record([
			{ ...synced(1, 'planned') },
			{ ...synced(2), outcome: { status: 'unchanged', code: 'SUPERSEDED' } },
			{ ...failing(3), outcome: { status: 'excluded', code: 'OLDER_CHANGE' } },
		]);
		expect(statuses().map(([key]) => key)).toEqual([keyOf(1), keyOf(2)]);
	});

	it('the row of a contact that was merged into another one goes', async () => {
		await health.record([failing(1), failing(2)]);
		await health.record([{ ...synced(1), mergedFrom: [keyOf(2)] }]);
		expect(health.rows()).toEqual([]);
	});

	it('a contact that a node of the workflow leaves out is excluded, and shows so', async () => {
		const { outcome: _outcome, ...filtered } = excluded(1);
		await health.record([filtered]);
		expect(statuses()).toEqual([[keyOf(1), 'excluded', 'LEFT_OUT']]);
	});

	it('keeps since when a contact is out of sync, and shows when it was seen last', async () => {
		await health.record([failing(1)]);
		const [first] = health.rows().map((row) => ({ ...row }));
		jest.spyOn(Date, 'now').mockReturnValue(timeOf(first?.since) + 3_600_000);
		await health.record([failing(1)]);
		jest.restoreAllMocks();
		await health.record([synced(9)]);
		expect(health.rows()).toHaveLength(1);
		const [second] = health.rows();
		expect(second?.since).toBe(first?.since);
		expect(timeOf(second?.lastSeen) - timeOf(first?.lastSeen)).toBe(3_600_000);
	});
});

describe('when the tables cannot be reached', () => {
	it('the sync goes on, one hint says so, and the next batch records both', async () => {
		await health.record([synced(9)]);
		health.n8n.instead = () => 'cut';
		const result = await health.record([failing(1), synced(2)]);
		expect(result.error).toBeUndefined();
		expect(result.json('Health', NOT_SYNCED)).toHaveLength(1);
		expect(result.json('Health', SYNCED)).toHaveLength(1);
		expect(result.hints).toEqual([
			expect.stringMatching(/^The sync goes on, but its health was not recorded: n8n's API could not be reached/),
		]);
		health.n8n.instead = () => undefined;
		// n8n is left alone for a minute.
		health.n8n.calls.length = 0;
		await health.record([failing(3)]);
		expect(health.n8n.calls).toEqual([]);
		const later = Date.now() + 61_000;
		jest.spyOn(Date, 'now').mockImplementation(() => later);
		await health.record([synced(4)]);
		jest.restoreAllMocks();
		expect(statuses().map(([key]) => key)).toEqual([keyOf(1), keyOf(3)]);
		expect(health.head()).toMatchObject({ failing: 2, writes: 3 });
	});

	it.each([
		['dataTable:list', [synced(1)]],
		['dataTable:create', [synced(1)]],
		['dataTableRow:read', [synced(1)]],
		['dataTableRow:create', [synced(1)]],
		['dataTableRow:update', [synced(1)]],
	])('names the scope %s that the key lacks', async (scope, items) => {
		health.n8n.scopes = health.n8n.scopes?.filter((one) => one !== scope);
		const result = await health.record(items);
		expect(result.error).toBeUndefined();
		expect(result.json('Health')).toHaveLength(1);
		expect(result.hints.join()).toContain(`lacks the scope ${scope}`);
	});

	it('without dataTableRow:delete the counts are right, and the rows that stay are told of', async () => {
		await health.record([failing(1)]);
		health.n8n.scopes = health.n8n.scopes?.filter((one) => one !== 'dataTableRow:delete');
		const result = await health.record([synced(1)]);
		expect(health.head()).toMatchObject({ failing: 0 });
		expect(result.hints.join()).toContain('lacks the scope dataTableRow:delete');
	});

	it('names the day on which the key ends, two weeks before', async () => {
		const end = Math.floor(Date.now() / 1_000) + 5 * 86_400;
		const payload = Buffer.from(JSON.stringify({ exp: end })).toString('base64url');
		const result = await health.record([synced(1)], {}, `head.${payload}.sign`);
		expect(result.hints.join()).toMatch(/expires on .*; from then on the health of syncs is not recorded\./);
	});

	it('names a column that was removed by hand', async () => {
		await health.record([failing(1)]);
		const table = health.n8n.table(TABLE);
		table.columns = table.columns.filter(({ name }) => name !== 'failing');
		const result = await health.record([failing(2)]);
		expect(result.error).toBeUndefined();
		expect(result.hints.join()).toContain(
			`The data table '${TABLE}' was changed: its column 'failing' (number) is missing`,
		);
	});

	it.each([
		['the page of a proxy', { status: 200, text: '<html>Sign in</html>' }],
		['words that are not of n8n', { status: 200, body: { message: 'busy' } }],
		['an empty object', { status: 200, body: {} }],
	])('takes %s for no success: the row of a contact comes, or goes, with the next batch', async (_name, page) => {
		await health.record([failing(1)]);
		for (const call of ['POST /data-tables/{id}/rows', 'DELETE /data-tables/{id}/rows/delete']) {
			health.n8n.instead = (pattern) => (pattern === call ? page : undefined);
			await health.record(call.startsWith('POST') ? [failing(2)] : [synced(1)]);
			health.n8n.instead = () => undefined;
			await health.record([synced(7, 'unchanged')]);
			await health.record([synced(8, 'unchanged')]);
		}
		expect(statuses().map(([key]) => key)).toEqual([keyOf(2)]);
	});

	it('writes the name of the sync back that was changed in its row', async () => {
		await health.record([failing(1)]);
		health.head().sync = 'Renamed';
		await health.record([failing(2)]);
		expect(health.head()).toMatchObject({ sync: 'Newsletter', failing: 2 });
		const [answer] = (await health.run('lookUp', { contact: '1', syncName: 'Newsletter' })).json('Health');
		expect(answer).toMatchObject({ status: 'failing' });
	});

	it('makes a table anew that was deleted: the rows of contacts come back, or the contacts are recorded anew', async () => {
		await health.record([failing(1)]);
		health.n8n.tables.splice(health.n8n.tables.indexOf(health.n8n.table(CONTACTS)), 1);
		await health.record([failing(2)]);
		await health.record([failing(3)]);
		expect(statuses().map(([key]) => key)).toEqual([keyOf(1), keyOf(2), keyOf(3)]);
		health.n8n.tables.splice(health.n8n.tables.indexOf(health.n8n.table(TABLE)), 1);
		const result = await health.record([failing(4)]);
		expect(result.hints.join()).toContain(`The data table '${TABLE}' was made in n8n`);
		expect(health.head()).toMatchObject({ failing: 1 });
	});
});
