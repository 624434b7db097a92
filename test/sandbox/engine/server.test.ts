import { startServer, type RunningServer } from '../../../sandbox/engine';

let server: RunningServer;
let written = 0;
const settings = { slow: 0 };

beforeAll(async () => {
	server = await startServer({
		name: 'stand-in',
		basePath: '/v3',
		bodyLimit: 1_000,
		settings,
		operations: { add: ({ n }) => (written += Number(n)) },
		faultBody: (status) => ({ code: `fault_${status}` }),
		reset: () => (written = 0),
		mount: (app) => {
			app.get(
				'/things/:id',
				(request, response) => void response.json({ id: request.params.id, text: 'x'.repeat(50) }),
			);
			app.post('/things', (_request, response) => {
				written += 1;
				response.status(201).json({ written });
			});
		},
	});
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const get = (path: string) => fetch(server.url + path);
const post = (url: string, body: unknown) =>
	fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('a stand-in server', () => {
	it('answers below its base path and logs calls by route', async () => {
		expect(server.url).toBe(`http://127.0.0.1:${server.port}/v3`);
		await get('/things/1');
		await get('/things/2?x=1');
		await get('/nowhere');
		expect(server.requests.counts()).toEqual({ 'GET /things/:id': 2, 'GET /nowhere': 1 });
		expect(server.requests.statuses()).toEqual({ 200: 2, 404: 1 });
		expect(server.requests.entries[1]).toMatchObject({ path: '/things/2', query: 'x=1' });
	});

	it('answers an injected status in the vendor’s form, once by default, and does not do the work', async () => {
		server.faults.next('POST /things', { status: 500, headers: { 'retry-after': '7' } });
		const failed = await post(`${server.url}/things`, {});
		expect(failed.status).toBe(500);
		expect(failed.headers.get('retry-after')).toBe('7');
		expect(await failed.json()).toEqual({ code: 'fault_500' });
		expect(written).toBe(0);
		expect((await post(`${server.url}/things`, {})).status).toBe(201);
	});

	it('afterWork: the write happens, the caller is told otherwise', async () => {
		server.faults.next('POST /things', { kind: 'afterWork', status: 502, times: 2 });
		expect((await post(`${server.url}/things`, {})).status).toBe(502);
		server.faults.clear();
		server.faults.next('POST /things', { kind: 'afterWork' });
		await expect(post(`${server.url}/things`, {})).rejects.toThrow();
		expect(written).toBe(2);
	});

	it('reset and cutOff break the connection, garbage is no JSON', async () => {
		server.faults.next('GET /things/*', { kind: 'reset' });
		await expect(get('/things/1')).rejects.toThrow();
		server.faults.next('GET /things/:id', { kind: 'cutOff' });
		await expect(get('/things/1').then((reply) => reply.text())).rejects.toThrow();
		server.faults.next('*', { kind: 'garbage' });
		const garbage = await get('/things/1');
		expect(garbage.status).toBe(200);
		await expect(garbage.json()).rejects.toThrow();
		expect(server.requests.statuses()).toEqual({ 0: 2, 200: 1 });
	});

	it('delays, and stops at untilMs of the movable clock', async () => {
		server.faults.next('*', { delayMs: 60, status: 503, untilMs: server.clock.now() + 10_000 });
		const start = Date.now();
		expect((await get('/things/1')).status).toBe(503);
		expect(Date.now() - start).toBeGreaterThanOrEqual(55);
		expect((await get('/things/1')).status).toBe(503);
		server.clock.advance(10_001);
		expect((await get('/things/1')).status).toBe(200);
	});

	it('refuses a body over its limit and a body that is not JSON', async () => {
		expect((await post(`${server.url}/things`, { a: 'x'.repeat(2_000) })).status).toBe(413);
		const headers = { 'content-type': 'application/json' };
		expect((await fetch(`${server.url}/things`, { method: 'POST', headers, body: '{"a":' })).status).toBe(400);
	});

	it('goes down with its state and comes back at the same port', async () => {
		await post(`${server.url}/things`, {});
		await server.down();
		await expect(get('/things/1')).rejects.toThrow();
		await server.up();
		expect((await get('/things/1')).status).toBe(200);
		expect(written).toBe(1);
	});

	it('has a control API that is neither counted nor faulted', async () => {
		server.faults.next('*', { status: 500, times: 0 });
		const control = `${server.origin}/_sandbox`;
		expect(await (await post(`${control}/do`, { op: 'add', n: 5 })).json()).toEqual({ result: 5 });
		expect((await post(`${control}/do`, { op: 'nope' })).status).toBe(400);
		expect(await (await post(`${control}/settings`, { slow: 3 })).json()).toEqual({ slow: 3 });
		expect((await post(`${control}/settings`, { slow: 'x' })).status).toBe(400);
		expect((await post(`${control}/settings`, { other: 1 })).status).toBe(400);
		const before = server.clock.now();
		await post(`${server.url}/_sandbox/clock`, { advanceMs: 60_000 });
		expect(server.clock.now()).toBeGreaterThanOrEqual(before + 60_000);
		expect((await post(`${control}/faults`, { match: 'GET /x', kind: 'explode' })).status).toBe(400);
		expect(await (await fetch(`${control}/faults`)).json()).toMatchObject({ faults: [{ match: '*', left: null }] });
		expect(await (await fetch(`${control}/requests`)).json()).toMatchObject({ total: 0, counts: {}, log: [] });
		await post(`${control}/reset`, {});
		expect(written).toBe(0);
		expect(server.faults.list()).toEqual([]);
	});
});
