import { NODE_TYPES, nodeOfType } from '../../demo/n8n/importTemplate';
import type { StoredWorkflow } from '../../demo/n8n/n8nApi';
import { itemsOf } from '../../demo/n8n/n8nApi';
import { pollsEvery } from '../../demo/n8n/quickPolls';
import { OAUTH_CLIENT, TOKEN_WITHOUT_CONTACTS, TOKEN_WITHOUT_LISTS } from '../../sandbox/hubspot/tokens';
import { n8nCredentialTests } from './setUp/n8nCredential';
import { n8nServerTests } from './setUp/n8nServer';
import { salesforceCredentialTests } from './setUp/salesforceCredentials';
import { CredentialDesk } from './support/credentialDesk';
import { searchByApi, searchByEditor, searchBySql } from './support/executionSearch';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

let e2e: E2e;
let cookie: string;
let desk: CredentialDesk;

beforeAll(async () => {
	e2e = await startE2e({ members: 50, salesforce: { contacts: 30, leads: 10 } });
	cookie = await e2e.api.sessionCookie();
	desk = new CredentialDesk(e2e, cookie);
});

afterAll(async () => {
	await e2e?.close();
});

describe('testing a credential in n8n', () => {
	const test = async (type: string, data: Record<string, unknown>) => await desk.test(type, data);

	it('HB-04: accepts a HubSpot token with both scopes', async () => {
		const { hubspot } = e2e.sandbox;
		expect(await test('contactSyncHubSpotApi', { accessToken: hubspot.token, baseUrl: hubspot.url })).toMatchObject({
			status: 'OK',
		});
	});

	it('tells a wrong HubSpot token', async () => {
		const answer = await test('contactSyncHubSpotApi', { accessToken: 'pat-wrong', baseUrl: e2e.sandbox.hubspot.url });
		expect(answer.status).toBe('Error');
		expect(answer.message).toMatch(/token/i);
		expect(answer.message).not.toMatch(/scope/i);
	});

	it.each([
		['crm.lists.read', TOKEN_WITHOUT_LISTS],
		['crm.objects.contacts.read', TOKEN_WITHOUT_CONTACTS],
	])('names the missing scope %s', async (scope, accessToken) => {
		const answer = await test('contactSyncHubSpotApi', { accessToken, baseUrl: e2e.sandbox.hubspot.url });
		expect(answer).toMatchObject({ status: 'Error', message: expect.stringContaining(scope) as string });
	});

	it('accepts a Brevo key', async () => {
		const { brevo } = e2e.sandbox;
		expect(await test('contactSyncBrevoApi', { apiKey: brevo.apiKey, baseUrl: brevo.url })).toMatchObject({
			status: 'OK',
		});
	});

	it('tells a wrong Brevo key from a blocked IP address', async () => {
		const { brevo } = e2e.sandbox;
		const wrong = await test('contactSyncBrevoApi', { apiKey: 'xkeysib-wrong', baseUrl: brevo.url });
		expect(wrong).toMatchObject({ status: 'Error', message: expect.stringMatching(/key/i) as string });
		brevo.settings.blockIp = true;
		const blocked = await test('contactSyncBrevoApi', { apiKey: brevo.apiKey, baseUrl: brevo.url });
		brevo.settings.blockIp = false;
		expect(blocked).toMatchObject({ status: 'Error', message: expect.stringMatching(/IP address/) as string });
		expect(blocked.message).not.toBe(wrong.message);
	});

	it('refuses a base URL without https and names the field', async () => {
		const answer = await test('contactSyncBrevoApi', { apiKey: 'x', baseUrl: 'http://api.brevo.example/v3' });
		expect(answer).toMatchObject({ status: 'Error', message: expect.stringContaining("'Base URL'") as string });
	});

	it('says so when the vendor does not answer', async () => {
		expect(await test('contactSyncBrevoApi', { apiKey: 'x', baseUrl: 'http://127.0.0.1:1/v3' })).toMatchObject({
			status: 'Error',
		});
	});
});

n8nCredentialTests(() => ({ e2e, desk }));

// Before the clock of the stand-ins is moved: assertions carry n8n's own time.
salesforceCredentialTests(() => ({ e2e, desk }));

describe('from template to running sync', () => {
	let workflow: StoredWorkflow;

	it('HB-02, SB-03: finds the nodes in the menu where nodes are added', async () => {
		const reply = await fetch(`${e2e.n8n.url}/types/nodes.json`, { headers: { cookie, connection: 'close' } });
		const types = (await reply.json()) as { name: string; displayName: string; hidden?: boolean }[];
		const ours = types.filter(({ name, hidden }) => name.startsWith('n8n-nodes-contact-sync.') && hidden !== true);
		expect(ours.map(({ displayName }) => displayName).sort()).toEqual([
			'Brevo Contact Trigger',
			'Contact List Upsert',
			'HubSpot List Trigger',
			'Map Contact Fields',
			'Migration Report',
			'Quota Guard',
			'Read Contact Export',
			'Read Contacts',
			'Salesforce Contact Trigger',
			'Sync Health',
		]);
	});

	it('HB-16: an imported template is a draft that reads and writes nothing', async () => {
		const before = [e2e.sandbox.hubspot.requests.count(), e2e.sandbox.brevo.requests.count()];
		workflow = await e2e.importSync();
		expect(workflow.active).toBe(false);
		expect(await e2e.api.listExecutions(workflow.id)).toEqual([]);
		expect([e2e.sandbox.hubspot.requests.count(), e2e.sandbox.brevo.requests.count()]).toEqual(before);
	});

	it('HB-14, HB-15: once published it runs, and stands in the list of workflows by its name', async () => {
		await e2e.api.publish(workflow.id);
		await e2e.finishSync(workflow);
		expect(e2e.differences(workflow)).toEqual([]);
		const { data } = await e2e.api.json<{ data: StoredWorkflow[] }>({
			method: 'GET',
			path: '/api/v1/workflows?active=true',
		});
		expect(data.map(({ name }) => name)).toEqual([workflow.name]);
	});

	it('HB-16: unpublished it is a draft again', async () => {
		await e2e.api.unpublish(workflow.id);
		expect((await e2e.api.getWorkflow(workflow.id)).active).toBe(false);
	});
});

/** What a person reads who publishes with a wrong setting. */
describe('publishing with a wrong setting', () => {
	const LOCATOR = { __rl: true, mode: 'list' };

	it.each([
		['HB-06: no source list picked', NODE_TYPES.trigger, { list: { ...LOCATOR, value: '' } }, 'HubSpot List Trigger'],
		[
			'HB-12: no target list picked',
			NODE_TYPES.upsert,
			{ destinationList: { ...LOCATOR, value: '' } },
			'Contact List Upsert',
		],
	])('%s: refused at once, naming node and field', async (_name, type, parameters, node) => {
		const workflow = await e2e.importSync({ [type]: parameters });
		const refusal = (await e2e.api.publish(workflow.id).catch((error: unknown) => error)) as { details?: string };
		expect(refusal.details).toContain(node);
		expect(refusal.details).toMatch(new RegExp(`required parameters: ${Object.keys(parameters).join()}\\b`));
		expect((await e2e.api.getWorkflow(workflow.id)).active).toBe(false);
	});

	it('HB-07, HB-06: without consent, with a list or a picked property that was deleted, it fails with what to do; corrected, it syncs', async () => {
		const cases = [
			{ parameters: { consentConfirmed: false }, says: /'Confirm Consent' is off.*Tick 'Confirm Consent'/ },
			{ parameters: { list: { ...LOCATOR, mode: 'id', value: '4040' } }, says: /no list 4040.*pick a list again/ },
			{
				parameters: { propertySelection: 'selected', properties: ['email', 'favourite_colour'] },
				says: /no contact property 'favourite_colour' any more.*Pick an existing field/,
			},
		];
		const workflows = await Promise.all(
			cases.map(async ({ parameters }) => await e2e.importSync({ [NODE_TYPES.trigger]: parameters })),
		);
		for (const { id } of workflows) await e2e.api.publish(id);
		for (const [index, { says }] of cases.entries()) {
			const { id } = workflows[index] as StoredWorkflow;
			// n8n tries five times within 15 s before it gives up.
			const told = await waitFor('n8n to give up', async () => await failureOf(id), { withinMs: 60_000, everyMs: 500 });
			expect(told).toMatch(says);
			expect(await e2e.api.listExecutions(id)).toEqual([]);
			await e2e.api.unpublish(id);
		}
		const [first] = workflows;
		const { nodes, ...rest } = first as StoredWorkflow;
		for (const node of nodes) if (node.type === NODE_TYPES.trigger) node.parameters.consentConfirmed = true;
		const corrected = await e2e.api.updateWorkflow(rest.id, { ...rest, nodes });
		await e2e.api.publish(corrected.id);
		await e2e.finishSync(corrected);
		expect(e2e.differences(corrected)).toEqual([]);
		await e2e.api.unpublish(corrected.id);
	});

	/** What the editor shows beside 'Publish' and in a message; undefined as long as n8n is trying. */
	async function failureOf(workflowId: string): Promise<string | undefined> {
		const path = `${e2e.n8n.url}/rest/workflows/${workflowId}/publication-status`;
		const reply = await fetch(path, { headers: { cookie, connection: 'close' } });
		const { data } = (await reply.json()) as {
			data: { status: string; triggers: { errorMessage: string | null }[] };
		};
		return data.status === 'failed' ? data.triggers.map(({ errorMessage }) => errorMessage).join() : undefined;
	}
});

describe('HubSpot by OAuth2', () => {
	it('HB-04: signs in on HubSpot’s page, syncs, and renews a token that ran out', async () => {
		const { hubspot } = e2e.sandbox;
		const credential = await desk.store('HubSpot OAuth2 (sandbox)', 'contactSyncHubSpotOAuth2Api', {
			clientId: OAUTH_CLIENT.clientId,
			clientSecret: OAUTH_CLIENT.clientSecret,
			baseUrl: hubspot.url,
		});
		const page = await desk.signIn(credential, (link) => link.replace('https://app.hubspot.com', hubspot.url));
		expect(page).toMatch(/^https:\/\/app\.hubspot\.com\/oauth\/authorize\?/);

		const { id, ...draft } = await e2e.importSync();
		for (const node of draft.nodes) {
			if (node.credentials?.contactSyncHubSpotApi === undefined) continue;
			const { contactSyncHubSpotApi: _replaced, ...others } = node.credentials;
			node.credentials = { ...others, contactSyncHubSpotOAuth2Api: credential };
			node.parameters.authentication = 'oAuth2';
		}
		const workflow = await e2e.api.updateWorkflow(id, draft);
		const refreshes = () => hubspot.requests.count(({ path }) => path.endsWith('/token'));
		const before = refreshes();
		expect(before).toBe(1);
		// HubSpot's access tokens live for half an hour.
		hubspot.clock.advance(31 * 60_000);
		await e2e.api.publish(workflow.id);
		await e2e.finishSync(workflow);
		expect(e2e.differences(workflow)).toEqual([]);
		expect(refreshes()).toBeGreaterThan(before);
	});
});

describe('why a contact did or did not sync', () => {
	it('Check Set-Up runs behind a Manual Trigger, unpublished, knows the mapping before it, and writes nothing', async () => {
		const { brevo } = e2e.sandbox;
		const { id, ...draft } = await e2e.importSync({ [NODE_TYPES.upsert]: { operation: 'checkSetUp' } });
		const upsert = nodeOfType(draft, NODE_TYPES.upsert).name;
		const manual = {
			id: 'manual',
			name: 'By Hand',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
		};
		const connections = { ...draft.connections, 'By Hand': { main: [[{ node: upsert, type: 'main', index: 0 }]] } };
		const workflow = await e2e.api.updateWorkflow(id, { ...draft, nodes: [...draft.nodes, manual], connections });
		const writes = brevo.store.writes.length;
		const started = await fetch(`${e2e.n8n.url}/rest/workflows/${id}/run`, {
			method: 'POST',
			headers: { cookie, connection: 'close', 'content-type': 'application/json' },
			body: JSON.stringify({ workflowData: workflow, triggerToStartFrom: { name: 'By Hand' } }),
		});
		const { data } = (await started.json()) as { data: { executionId: string } };
		const execution = await waitFor('the check', async () => {
			const found = await e2e.api.getExecution(data.executionId);
			return found.status === 'success' || found.status === 'error' ? found : undefined;
		});
		const told = [0, 1, 2].flatMap((output) => itemsOf(execution, upsert, output).map(({ json }) => json));
		expect(told.map(({ status, check }) => `${String(status)} ${String(check)}`)).toEqual([
			'ok Brevo API Key',
			'ok Brevo Account',
			'ok List',
			expect.stringMatching(/^ok Mapping of '/),
			'ok Contacts',
			'ok Brevo Calls Left',
			expect.stringMatching(/^ok Trigger '/),
			'ok Ready',
		]);
		expect(brevo.store.writes).toHaveLength(writes);
	});

	it('HB-21, promise 3: a whole sync only reads HubSpot, and each contact leads to its execution by its key', async () => {
		const { hubspot, brevo } = e2e.sandbox;
		const list = Number(e2e.choices.destinationList.id);
		brevo.store.createContact({ identifiers: { email: 'born-in-brevo@example.com' }, addTo: [list] }, 'control');
		hubspot.requests.clear();
		const workflow = await e2e.importSync();
		await e2e.api.publish(workflow.id);
		await e2e.finishSync(workflow);
		await e2e.api.unpublish(workflow.id);
		const calls = hubspot.requests.entries.map(({ method, path }) => `${method} ${path}`);
		expect(calls.length).toBeGreaterThan(3);
		expect(calls.filter((call) => !/^GET |\/(search|batch\/read)$/.test(call))).toEqual([]);

		const [execution] = await e2e.api.listExecutions(workflow.id);
		const [member] = [...hubspot.store.list(e2e.choices.sourceList.id).members.ids()];
		const end = `:${String(member)},`;
		expect(await searchByApi(e2e, workflow.id, end)).toEqual([String(execution?.id)]);
		expect(await searchByApi(e2e, workflow.id, ':1,')).toEqual([]);
		// 50 contacts do not fit into the first pair, so the filter is asked about each.
		const names = ['contactSyncKeys', 'contactSyncKeys2', 'contactSyncKeys3'];
		const bySql = (await Promise.all(names.map(async (name) => await searchBySql(e2e, name, end)))).flat();
		expect(bySql).toContain(String(execution?.id));
		const byEditor = await searchByEditor(e2e, cookie, {
			workflowId: workflow.id,
			metadata: [{ key: 'contactSyncKeys', value: ':1,', exactMatch: false }],
		});
		// Without a licence n8n drops the filter and answers with every execution, as the docs say.
		expect(byEditor).toEqual({ licensed: false, ids: [String(execution?.id)] });
	});

	it('promise 3: a contact that was left out is a row of a table people can open, until it syncs', async () => {
		const { store } = e2e.sandbox.hubspot;
		const get = async <T>(path: string): Promise<T> =>
			(await e2e.api.json<{ data: T }>({ method: 'GET', path: `/api/v1/data-tables${path}` })).data;
		const rowOf = async (id: string) => {
			const tables = await get<{ id: string; name: string }[]>('?limit=250');
			const table = tables.find(({ name }) => name === 'Contact Sync Left Out');
			const rows = table ? await get<{ key: string; code: string }[]>(`/${table.id}/rows?limit=250`) : [];
			return rows.find(({ key }) => key.endsWith(`:${id}`));
		};
		const options = { lookbackMinutes: 0.5 };
		const workflow = await e2e.importSync({ [NODE_TYPES.trigger]: { pollTimes: pollsEvery(2), options } });
		const id = store.addContact({ firstname: 'No', lastname: 'Address' }, [e2e.choices.sourceList.id]);
		await e2e.api.publish(workflow.id);
		expect((await waitFor('the row', async () => await rowOf(id))).code).toBe('NO_IDENTIFIER');
		store.changeContact(id, { email: 'found-an-address@example.com' });
		await waitFor('the end of the row', async () => (await rowOf(id)) === undefined);
		expect(e2e.sandbox.brevo.store.owner('email', 'found-an-address@example.com')).toBeDefined();
		await e2e.api.unpublish(workflow.id);
	});
});

n8nServerTests(() => ({ e2e }));
