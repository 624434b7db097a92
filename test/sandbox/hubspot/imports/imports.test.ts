import { startHubSpot, TOKEN_WITHOUT_IMPORTS, type RunningHubSpot } from '../../../../sandbox/hubspot';

let hubspot: RunningHubSpot;
beforeAll(async () => void (hubspot = await startHubSpot({ members: 5, awkward: false, burstLimit: 10_000 })));
afterAll(async () => await hubspot.close());
beforeEach(() => hubspot.reset());

const IMPORTS = '/crm/v3/imports';
const FILE = 'contacts.csv';

const requestOf = (more: object = {}) => ({
	name: 'Marketing',
	importOperations: { '0-1': 'UPDATE' },
	marketableContactImport: true,
	files: [
		{
			fileName: FILE,
			fileFormat: 'CSV',
			fileImportPage: {
				hasHeader: true,
				columnMappings: [
					{
						columnObjectTypeId: '0-1',
						columnName: 'Record ID',
						propertyName: 'hs_object_id',
						columnType: 'HUBSPOT_OBJECT_ID',
					},
				],
			},
		},
	],
	...more,
});

interface Told {
	readonly status: number;
	readonly body: {
		readonly id: string;
		readonly state: string;
		readonly message: string;
		readonly metadata: { readonly counters: Record<string, number> };
		readonly results: ReadonlyArray<{
			readonly errorType: string;
			readonly sourceData: { readonly rowData: string[] };
		}>;
		readonly errors: ReadonlyArray<{ readonly context: Record<string, string[]> }>;
	};
}

async function send(path: string, init: RequestInit = {}, token = hubspot.token): Promise<Told> {
	const reply = await fetch(hubspot.url + path, {
		...init,
		headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` },
	});
	return { status: reply.status, body: (await reply.json()) as Told['body'] };
}

/** As Node's own form sends it. */
async function start(ids: readonly string[], request: object = requestOf(), token?: string): Promise<Told> {
	const form = new FormData();
	form.set('importRequest', JSON.stringify(request));
	form.set('files', new Blob([['Record ID', ...ids].join('\n')], { type: 'text/csv' }), FILE);
	return await send(IMPORTS, { method: 'POST', body: form }, token);
}

const added = (n: number, properties = {}) => hubspot.store.addContact({ email: `p${n}@example.com`, ...properties });
const isMarketing = (id: string) => hubspot.store.contact(id).properties['hs_marketable_status'] === 'true';
const stateOf = async (id: string) => (await send(`${IMPORTS}/${id}`)).body.state;

describe('imports of the stand-in HubSpot', () => {
	it('H20: set marketing contacts by record id, opted out or not, some time after the call', async () => {
		const ids = [added(1), added(2, { hs_email_optout: 'true' })];
		const { status, body } = await start(ids);
		expect({ status, state: body.state }).toEqual({ status: 200, state: 'STARTED' });
		hubspot.clock.advance(2_000);
		expect(await stateOf(body.id)).toBe('PROCESSING');
		expect(ids.map(isMarketing)).toEqual([false, false]);
		hubspot.clock.advance(2_000);
		const over = await send(`${IMPORTS}/${body.id}`);
		expect(over.body.state).toBe('DONE');
		expect(over.body.metadata.counters).toEqual({ TOTAL_ROWS: 2, UPDATED_OBJECTS: 2, ERRORS: 0 });
		expect(ids.map(isMarketing)).toEqual([true, true]);
	});

	it('tell which rows they did not take', async () => {
		const id = added(1);
		const { body } = await start([id, id, '7']);
		hubspot.clock.advance(4_000);
		expect(await stateOf(body.id)).toBe('DONE');
		const { body: told } = await send(`${IMPORTS}/${body.id}/errors?includeRowData=true&limit=100`);
		expect(told.results.map(({ errorType, sourceData }) => [errorType, ...sourceData.rowData])).toEqual([
			['DUPLICATE_RECORD_ID', id],
			['INVALID_RECORD_ID', '7'],
		]);
	});

	it.each(['FAILED', 'CANCELED', 'DEFERRED'] as const)('that end as %s change nothing', async (importEnds) => {
		Object.assign(hubspot.settings, { importEnds });
		const id = added(1);
		const { body } = await start([id]);
		hubspot.clock.advance(4_000);
		expect([await stateOf(body.id), isMarketing(id)]).toEqual([importEnds, false]);
	});

	it('can be cancelled', async () => {
		const id = added(1);
		const { body } = await start([id]);
		await send(`${IMPORTS}/${body.id}/cancel`, { method: 'POST' });
		hubspot.clock.advance(4_000);
		expect([await stateOf(body.id), isMarketing(id)]).toEqual(['CANCELED', false]);
	});

	it.each([
		['silent', 'DONE', 1, []],
		['rowErrors', 'DONE', 1, ['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED']],
		['failed', 'FAILED', 0, []],
	] as const)('beyond the most marketing contacts: %s', async (overMarketingLimit, state, set, errors) => {
		Object.assign(hubspot.settings, { overMarketingLimit });
		const ids = [added(1), added(2), added(3)];
		hubspot.settings.marketingLimit = hubspot.store.imports.marketingContacts + 1;
		const { body } = await start(ids);
		hubspot.clock.advance(4_000);
		expect(await stateOf(body.id)).toBe(state);
		expect(ids.filter(isMarketing)).toHaveLength(set);
		const told = await send(`${IMPORTS}/${body.id}/errors`);
		expect(told.body.results.map(({ errorType }) => errorType)).toEqual(errors);
	});

	it('in an account without marketing contacts set none, or are refused', async () => {
		const id = added(1);
		Object.assign(hubspot.settings, { marketingContacts: 'ignored' });
		await start([id]);
		hubspot.clock.advance(4_000);
		expect(isMarketing(id)).toBe(false);
		Object.assign(hubspot.settings, { marketingContacts: 'refused' });
		expect((await start([id])).status).toBe(400);
	});

	it('need the scope crm.import', async () => {
		const { status, body } = await start(['1'], requestOf(), TOKEN_WITHOUT_IMPORTS);
		expect(status).toBe(403);
		expect(JSON.stringify(body.errors)).toContain('crm.import');
	});

	it.each([
		['another name of the file', { files: [{ ...requestOf().files[0], fileName: 'other.csv' }] }],
		['a column that the file has not', { files: [wrongColumn()] }],
		['no name', { name: '' }],
		['an operation that creates', { importOperations: { '0-1': 'UPSERT' } }],
	])('refuse a request with %s', async (_what, more) => {
		expect((await start(['1'], requestOf(more))).status).toBe(400);
	});

	it.each([
		['JSON', 'application/json', '{}', 415],
		['no boundary', 'multipart/form-data', '--x\r\n', 400],
		[
			'lines that end in LF alone',
			'multipart/form-data; boundary=x',
			'--x\nContent-Disposition: form-data; name="importRequest"\n\n{}\n--x--',
			400,
		],
		[
			'no end',
			'multipart/form-data; boundary=x',
			'--x\r\nContent-Disposition: form-data; name="importRequest"\r\n\r\n{}',
			400,
		],
		[
			'no file',
			'multipart/form-data; boundary=x',
			`--x\r\nContent-Disposition: form-data; name="importRequest"\r\n\r\n${JSON.stringify(requestOf())}\r\n--x--`,
			400,
		],
	])('refuse a body with %s', async (_what, type, body, status) => {
		expect((await send(IMPORTS, { method: 'POST', body, headers: { 'content-type': type } })).status).toBe(status);
	});
});

function wrongColumn(): object {
	const [file] = requestOf().files;
	const [column] = file?.fileImportPage.columnMappings ?? [];
	return { ...file, fileImportPage: { hasHeader: true, columnMappings: [{ ...column, columnName: 'ID' }] } };
}
