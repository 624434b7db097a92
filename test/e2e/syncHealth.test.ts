import { randomUUID } from 'node:crypto';
import { NODE_TYPES, readTemplate } from '../../demo/n8n/importTemplate';
import type { StoredWorkflow, WorkflowJson } from '../../demo/n8n/n8nApi';
import { PACKAGE_NAME } from '../../demo/n8n/packageBuild';
import { pollsEvery } from '../../demo/n8n/quickPolls';
import { sourceTruth } from '../../demo/truth/sandboxTruth';
import { startApiProxy, type ApiProxy } from './quota/apiProxy';
import { type E2e, startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

const SYNC = 'Newsletter';
const TABLE = 'Contact Sync Health';
const HEALTH = `${PACKAGE_NAME}.syncHealth`;

type Row = Readonly<Record<string, unknown>>;

/** A sync on a real n8n that records its health, with contacts that are excluded and one that fails. */
describe('Sync Health', () => {
	let e2e: E2e;
	let proxy: ApiProxy;
	let sync: StoredWorkflow;
	let listId: string;
	/** Contacts of HubSpot without an address or a number, and the one that Brevo refuses. */
	const ids: { nameless?: string; refused?: string } = {};

	beforeAll(async () => {
		e2e = await startE2e({ members: 25, editor: false });
		proxy = await startApiProxy(e2e.n8n.url);
		listId = e2e.sandbox.list.id;
		ids.nameless = e2e.sandbox.hubspot.store.addContact({ firstname: 'No', lastname: 'Address' }, [listId]);
		sync = await throughProxy(
			await e2e.importTemplate(readTemplate('hubspot-list-to-brevo-with-health'), {
				...POLLS,
				[HEALTH]: { sync: SYNC },
			}),
		);
		await e2e.api.publish(sync.id);
	});
	afterAll(async () => {
		await proxy?.close();
		await e2e?.close();
	});

	const POLLS = { [NODE_TYPES.trigger]: { pollTimes: pollsEvery(2), options: { lookbackMinutes: 0.5 } } };

	/** n8n's API is reached through a proxy, which counts the calls and can be cut off. */
	async function throughProxy(workflow: StoredWorkflow): Promise<StoredWorkflow> {
		const scopes = ['list', 'create'].map((one) => `dataTable:${one}`);
		const rowScopes = ['read', 'create', 'update', 'delete'].map((one) => `dataTableRow:${one}`);
		const { key } = await e2e.api.createApiKey([...scopes, ...rowScopes]);
		const data = { apiKey: key, baseUrl: proxy.baseUrl };
		const credential = await e2e.api.createCredential('Through the proxy', 'contactSyncN8nApi', data);
		for (const { credentials } of workflow.nodes)
			if (credentials?.contactSyncN8nApi) credentials.contactSyncN8nApi = { ...credential };
		return await e2e.api.updateWorkflow(workflow.id, workflow);
	}

	async function rowsOf(name: string): Promise<Row[]> {
		const get = async <T>(path: string) =>
			(await e2e.api.json<{ data: T }>({ method: 'GET', path: `/api/v1/data-tables${path}` })).data;
		const tables = await get<{ id: string; name: string }[]>('?limit=250');
		const table = tables.find((one) => one.name === name);
		return table ? await get<Row[]>(`/${table.id}/rows?limit=250`) : [];
	}
	const head = async (): Promise<Row> =>
		(await rowsOf(TABLE)).find((row) => row.sync === SYNC && row.state !== '') ?? {};
	const contacts = async () =>
		(await rowsOf(`${TABLE} Contacts`)).map(({ key, status, reason }) => [key, status, reason]);
	const keyOf = (id: string | undefined) => sourceTruth(e2e.sandbox, sync).keyOf(String(id));

	/** Runs a template whose first node is replaced by a webhook, and answers what its last node emits. */
	async function run(workflow: StoredWorkflow, input: Row = {}): Promise<Row[]> {
		const reply = await fetch(`${e2e.n8n.url}/webhook/${pathOf(workflow)}`, {
			method: 'POST',
			headers: { connection: 'close', 'content-type': 'application/json' },
			body: JSON.stringify(input),
		});
		const text = await reply.text();
		expect([reply.status, text]).toEqual([200, expect.any(String)]);
		return text === '' ? [] : (JSON.parse(text) as Row[]);
	}
	const pathOf = ({ nodes }: WorkflowJson) => String(nodes.find(({ type }) => type === WEBHOOK)?.parameters.path);

	async function startedByWebhook(workflow: WorkflowJson, firstType: string, parameters = {}): Promise<StoredWorkflow> {
		const copy = structuredClone(workflow);
		const first = copy.nodes.find(({ type }) => type === firstType)!;
		const path = randomUUID();
		Object.assign(first, { type: WEBHOOK, typeVersion: 2, webhookId: path });
		first.parameters = { path, httpMethod: 'POST', responseMode: 'lastNode', responseData: 'allEntries' };
		const stored = await e2e.importTemplate({ name: copy.name, workflow: copy }, parameters);
		await e2e.api.publish(stored.id);
		await waitFor('the webhook', async () => {
			const reply = await fetch(`${e2e.n8n.url}/webhook/${path}`, { headers: { connection: 'close' } });
			return /make a POST request/.test(await reply.text());
		});
		return stored;
	}

	it('keeps who is excluded, in two calls a batch, with no address in the tables', async () => {
		await waitFor('the first sync', async () => Number((await head()).inSync) === 25);
		expect(await head()).toMatchObject({ excluded: 1, failing: 0, waiting: 0 });
		expect(Number((await head()).writes)).toBeGreaterThan(15);
		expect(Number((await head()).calls)).toBeGreaterThan(0);
		expect(await contacts()).toEqual([[keyOf(ids.nameless), 'excluded', 'NO_IDENTIFIER']]);
		const stored = JSON.stringify([await rowsOf(TABLE), await rowsOf(`${TABLE} Contacts`)]);
		expect(stored).not.toContain('@');

		proxy.calls.length = 0;
		const { faults } = e2e.sandbox.brevo;
		const refusal = { code: 'invalid_parameter', message: 'Contact is not valid' };
		for (const path of ['POST /contacts', 'PUT /contacts/*'])
			faults.next(path, { status: 400, body: refusal, times: 0 });
		ids.refused = e2e.sandbox.hubspot.store.addContact(
			{ email: 'refused@example.com', firstname: 'Rita', lastname: 'Refused' },
			[listId],
		);
		await waitFor('the contact that fails', async () => (await head()).failing === 1);
		expect(await head()).toMatchObject({ inSync: 25, excluded: 1 });
		await waitFor('its row', async () => (await contacts()).length === 2);
		expect((await contacts())[1]).toEqual([keyOf(ids.refused), 'failing', 'DESTINATION_REFUSED']);
		expect(proxy.calls).toEqual(['PATCH /data-tables/{id}/rows/update', 'POST /data-tables/{id}/rows']);
		faults.clear();
	});

	it('looks a contact up by record ID and by its address', async () => {
		const lookUp = await startedByWebhook(
			{
				name: 'Look Up',
				nodes: [
					{ id: randomUUID(), name: 'Ask', type: 'ask', typeVersion: 1, position: [0, 0], parameters: {} },
					{
						...{ id: randomUUID(), name: 'Look Up', type: HEALTH, typeVersion: 1, position: [200, 0] },
						parameters: { operation: 'lookUp', contact: '={{ $json.body.contact }}', syncName: '' },
					},
				],
				connections: { Ask: outputs(['Look Up', 0]) },
				settings: { executionOrder: 'v1' },
			},
			'ask',
		);
		for (const contact of [ids.refused, 'Refused@example.com', keyOf(ids.refused)]) {
			expect(await run(lookUp, { contact })).toMatchObject([
				{ sync: SYNC, status: 'failing', code: 'DESTINATION_REFUSED', key: keyOf(ids.refused) },
			]);
		}
		expect(await run(lookUp, { contact: ids.nameless })).toMatchObject([
			{ status: 'excluded', code: 'NO_IDENTIFIER', rule: 'HB-11' },
		]);
		expect(await run(lookUp, { contact: 'stranger@example.com' })).toMatchObject([{ status: 'noTrouble' }]);
	});

	it('resends the contacts of a cause once it was mended: they are read anew and synced, and lose their rows', async () => {
		e2e.sandbox.hubspot.store.changeContact?.(ids.refused!, { firstname: 'Renamed' });
		const { destinationList } = sync.nodes.find(({ type }) => type === NODE_TYPES.upsert)!.parameters;
		const resend = await startedByWebhook(
			readTemplate('resend-failed-contacts').workflow,
			'n8n-nodes-base.manualTrigger',
			{ [NODE_TYPES.upsert]: { destinationList }, [HEALTH]: { sync: SYNC } },
		);
		await e2e.api.unpublish(sync.id);
		await run(resend);
		expect(e2e.sandbox.brevo.store.owner('ext_id', keyOf(ids.refused))).toBeDefined();
		expect(await head()).toMatchObject({ inSync: 26, failing: 0, excluded: 1 });
		expect(await contacts()).toEqual([[keyOf(ids.nameless), 'excluded', 'NO_IDENTIFIER']]);
		await e2e.api.publish(sync.id);
	});

	it('mails the report, with a picture, to the inbox', async () => {
		const report = await startedByWebhook(
			readTemplate('sync-health-report').workflow,
			'n8n-nodes-base.scheduleTrigger',
		);
		await run(report);
		const mail = await waitFor('the mail', () => e2e.sandbox.inbox.messages()[0]);
		expect(mail.subject).toMatch(/^Sync health on .*: Newsletter 1 excluded$/);
		expect(mail.text).toContain('26 in sync, 1 excluded, 0 failing, 0 waiting');
		expect(mail.html).toContain('bgcolor="#15803d"');
		expect(mail.html).toContain('Give the contact an e-mail address or a phone number in the source');
	});

	it('goes on while n8n’s API is down, says so once, and is right afterwards', async () => {
		proxy.fateOf = () => 'cut';
		const id = e2e.sandbox.hubspot.store.addContact({ firstname: 'Second', lastname: 'Nameless' }, [listId]);
		const failed = await waitFor('the run', async () => {
			const query = new URLSearchParams({ workflowId: sync.id, includeData: 'true', limit: '5' });
			const path = `/api/v1/executions?${query.toString()}`;
			const { data } = await e2e.api.json<{ data: Parameters<typeof hintsOf>[0][] }>({ method: 'GET', path });
			return data.find((one) => hintsOf(one).length > 0 && JSON.stringify(one).includes(id));
		});
		expect(failed.status).toBe('success');
		expect(hintsOf(failed)).toEqual([expect.stringMatching(/^The sync goes on, but its health was not recorded: /)]);
		proxy.fateOf = () => 'pass';
		expect(await head()).toMatchObject({ excluded: 1 });
	});
});

const WEBHOOK = 'n8n-nodes-base.webhook';

const outputs = (...to: readonly (readonly [node: string, index: number])[]) => ({
	main: to.map(([node, index]) => [{ node, type: 'main', index }]),
});

function hintsOf(execution: {
	readonly status: string;
	readonly data?: { resultData: { runData: Record<string, { hints?: { message: string }[] }[]> } };
}): string[] {
	const runs = execution.data?.resultData.runData['Record Health'] ?? [];
	return runs.flatMap(({ hints = [] }) => hints.map(({ message }) => message));
}
