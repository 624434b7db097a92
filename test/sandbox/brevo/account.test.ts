import { callsTo, startEmptyBrevo } from './brevoCalls';
import type { RunningBrevo } from '../../../sandbox/brevo';

let brevo: RunningBrevo;
beforeEach(async () => {
	brevo = await startEmptyBrevo();
});
afterEach(() => brevo.close());

describe('Brevo sandbox: access', () => {
	it('tells a missing key, a wrong key and an unknown IP address apart by the message, all 401 unauthorized', async () => {
		const missing = await callsTo(brevo, null)('GET', '/account');
		const wrong = await callsTo(brevo, 'xkeysib-other')('GET', '/account');
		brevo.settings.blockIp = true;
		const unknownIp = await callsTo(brevo)('GET', '/account');
		expect([missing.status, wrong.status, unknownIp.status]).toEqual([401, 401, 401]);
		expect(missing.body).toEqual({ code: 'unauthorized', message: 'authentication not found in headers' });
		expect(wrong.body).toEqual({ code: 'unauthorized', message: 'Key not found' });
		expect(unknownIp.body.code).toBe('unauthorized');
		expect(unknownIp.body.message).toMatch(/unrecognised IP address.*app\.brevo\.com\/security\/authorised_ips/);
	});

	it('answers 403 permission_denied when the account says so', async () => {
		brevo.settings.permissionDenied = true;
		const answer = await callsTo(brevo)('GET', '/contacts/attributes');
		expect([answer.status, answer.body.code]).toEqual([403, 'permission_denied']);
	});

	it('answers unknown routes with 404 and a body in Brevo’s form', async () => {
		const answer = await callsTo(brevo)('GET', '/nothing/here');
		expect(answer.status).toBe(404);
		expect(answer.body).toEqual({ code: expect.any(String), message: expect.any(String) });
	});

	it('answers a body that is not JSON with 400', async () => {
		const answer = await callsTo(brevo)('POST', '/contacts', '{"email":');
		expect([answer.status, answer.body.code]).toEqual([400, 'bad_request']);
		const list = await callsTo(brevo)('POST', '/contacts', '[]');
		expect([list.status, list.body.code]).toEqual([400, 'bad_request']);
	});

	it('names the plan of the account', async () => {
		const { body } = await callsTo(brevo)('GET', '/account');
		expect(body.plan[0]).toMatchObject({ type: 'free', creditsType: 'sendLimit' });
		expect(body.email).toContain('@');
	});
});

interface ControlBody {
	contacts: unknown[];
	result: { id: number };
}

describe('Brevo sandbox: control API', () => {
	const control = async (path: string, body?: unknown) => {
		const response = await fetch(`${brevo.origin}/_sandbox${path}`, {
			method: body === undefined ? 'GET' : 'POST',
			headers: { 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		return { status: response.status, body: (await response.json()) as ControlBody };
	};

	it('lets a person unsubscribe, and shows list, members and flags without counting a request', async () => {
		const list = brevo.store.createList('Fans', 1);
		await control('/do', {
			op: 'createContact',
			email: 'Ada@Example.com',
			sms: '+33612345678',
			extId: 'crm:7',
			attributes: { FIRSTNAME: 'Ada', LASTNAME: 'Byron' },
			listIds: [list.id],
		});
		await control('/do', { op: 'unsubscribe', email: 'ada@example.com' });
		const view = await control('/view?list=Fans');
		expect(view.body).toMatchObject({ system: 'Brevo', list: { id: list.id, name: 'Fans', size: 1 }, requests: 0 });
		expect(view.body.contacts).toEqual([
			{
				id: 1,
				email: 'ada@example.com',
				sms: '33612345678',
				firstname: 'Ada',
				lastname: 'Byron',
				extId: 'crm:7',
				blocked: true,
			},
		]);
		const all = await control(`/export?list=${list.id}`);
		expect(all.body.contacts[0]).toMatchObject({ extId: 'crm:7', emailBlacklisted: true, listIds: [list.id] });
		expect(brevo.store.resubscriptions).toEqual([]);
	});

	it('does attributes, lists and contacts, and says what it cannot do', async () => {
		await control('/do', { op: 'createAttribute', name: 'shoe_size', type: 'float' });
		expect(brevo.store.attribute('SHOE_SIZE')).toMatchObject({ category: 'normal', type: 'float' });
		await control('/do', { op: 'deleteAttribute', name: 'SHOE_SIZE' });
		expect(brevo.store.attribute('SHOE_SIZE')).toBeUndefined();
		const { body } = await control('/do', { op: 'createList', name: 'Temporary' });
		await control('/do', { op: 'deleteList', list: 'Temporary' });
		expect(brevo.store.lists.has(body.result.id)).toBe(false);
		expect((await control('/do', { op: 'deleteContact', email: 'nobody@example.com' })).status).toBe(400);
		expect((await control('/settings', { noSuchSetting: 1 })).status).toBe(400);
	});

	it('goes back to its seed and its first settings', async () => {
		await callsTo(brevo)('POST', '/contacts', { email: 'a@example.com' });
		await control('/settings', { emptyClears: true });
		expect(brevo.settings.emptyClears).toBe(true);
		brevo.reset();
		expect(brevo.settings.emptyClears).toBe(false);
		expect(brevo.store.contacts.size).toBe(0);
		const again = await callsTo(brevo)('POST', '/contacts', { email: 'a@example.com' });
		expect(again.body).toEqual({ id: 1 });
	});
});
