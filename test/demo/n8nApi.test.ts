import { N8nApi } from '../../demo/n8n/n8nApi';
import { type TestServer, startTestServer } from '../support/http/testServer';

const FRESH: Readonly<Record<string, unknown>> = {
	'GET /rest/settings': { data: { userManagement: { showSetupOnFirstLoad: true } } },
	'POST /rest/owner/setup': { data: {} },
	'GET /rest/api-keys/scopes': { data: ['workflow:list'] },
	'POST /rest/api-keys': { data: { id: '1', rawApiKey: 'key' } },
};

/** An owner's cookie comes with every answer. */
const answered = (body: unknown) => ({ status: 200, body, headers: { 'set-cookie': 'n8n-auth=session; Path=/' } });

describe("n8n's API as the demo uses it", () => {
	let n8n: TestServer;
	beforeEach(async () => (n8n = await startTestServer()));
	afterEach(async () => await n8n.close());

	const calls = (): string[] => n8n.requests.map(({ method, url }) => `${method} ${url}`);

	it('sets up an n8n that turns calls away at first because its database does not answer yet', async () => {
		const seen = new Set<string>();
		n8n.answer(({ method, url }) => {
			const call = `${method} ${url}`;
			if (seen.has(call)) return answered(FRESH[call]);
			seen.add(call);
			return { status: 503, body: { code: '503', message: 'Database is not ready!' } };
		});
		await N8nApi.setUp(n8n.url);
		expect(calls()).toEqual(Object.keys(FRESH).flatMap((call) => [call, call]));
	});

	it('repeats what may be repeated when n8n fails in the middle of it, and nothing else', async () => {
		n8n.answer(({ method, url }) => answered(FRESH[`${method} ${url}`] ?? {}));
		const api = await N8nApi.setUp(n8n.url);
		n8n.requests.length = 0;
		n8n.answer(() => (n8n.requests.length % 2 === 1 ? { status: 500, body: { message: 'timeout' } } : answered({})));
		await api.getWorkflow('7');
		await api.publish('7');
		await expect(api.createCredential('name', 'type', {})).rejects.toThrow('with 500');
		expect(n8n.requests).toHaveLength(5);
	});

	it('publishes by the older word on a version that knows no other, which it learns once', async () => {
		const older = new Set(['POST /api/v1/workflows/7/activate', 'POST /api/v1/workflows/7/deactivate']);
		n8n.answer(({ method, url }) => {
			const call = `${method} ${url}`;
			return call in FRESH || older.has(call) ? answered(FRESH[call] ?? {}) : { status: 404, body: {} };
		});
		const api = await N8nApi.setUp(n8n.url);
		n8n.requests.length = 0;
		await api.publish('7');
		await api.publish('7');
		await api.unpublish('7');
		expect(calls().map((call) => call.split('/').at(-1))).toEqual([
			...['publish', 'activate', 'activate'],
			...['unpublish', 'deactivate'],
		]);
	});
});
