import { startBrevo, type RunningBrevo } from '../../../../sandbox/brevo';
import { brevoClient } from '../../../support/brevoAccount';
import { processorMs } from '../../../support/processorTime';

let brevo: RunningBrevo;

beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 3 });
});
afterEach(async () => await brevo.close());

const statuses = (): Record<string, number> => brevo.requests.statuses();

describe('what an answer of Brevo means', () => {
	it('tells a wrong key from a blocked address of the caller', async () => {
		const wrong = brevoClient(brevo, { 'api-key': 'xkeysib-wrong' });
		expect(await wrong.listAttributes()).toMatchObject({ kind: 'stop', code: 'CREDENTIAL_INVALID' });
		brevo.settings.blockIp = true;
		expect(await brevoClient(brevo).listAttributes()).toMatchObject({ kind: 'stop', code: 'IP_BLOCKED' });
	});

	it('stops when the account is restricted', async () => {
		brevo.settings.permissionDenied = true;
		expect(await brevoClient(brevo).listAttributes()).toMatchObject({ kind: 'stop', code: 'ACCOUNT_RESTRICTED' });
		brevo.settings.permissionDenied = false;
		brevo.faults.next('GET /contacts/lists', {
			status: 402,
			body: { code: 'not_enough_credits', message: 'No credits' },
		});
		expect(await brevoClient(brevo).getLists(0)).toMatchObject({ kind: 'stop', code: 'ACCOUNT_RESTRICTED' });
	});

	it.each(['duplicate_parameter', 'invalid_parameter'] as const)(
		'names the identifiers another contact has (%s)',
		async (code) => {
			brevo.settings.duplicateCode = code;
			const client = brevoClient(brevo);
			await client.createContact({ email: 'first@x.example', attributes: { SMS: '+4915112345678' } });
			const clash = await client.createContact({ email: 'second@x.example', attributes: { SMS: '+4915112345678' } });
			expect(clash).toMatchObject({ kind: 'refused', code: 'IDENTIFIER_TAKEN', details: { taken: ['SMS'] } });
		},
	);

	it('passes on what Brevo says about a value, without addresses', async () => {
		const client = brevoClient(brevo);
		const refused = await client.createContact({ email: 'no address at all' });
		expect(refused).toMatchObject({ kind: 'refused', code: 'DESTINATION_REFUSED', status: 400 });
		expect(JSON.stringify(refused)).toContain('Invalid email address');
		brevo.faults.next('POST /contacts', {
			status: 400,
			body: { code: 'invalid_parameter', message: 'someone@x.example is bad' },
		});
		expect(JSON.stringify(await client.createContact({ email: 'someone@x.example' }))).not.toContain('someone');
	});

	it.each(['ada%40x.example was not found', 'Invalid phone number +49 151 1234567', 'SMS 4915112345678 is wrong'])(
		'keeps what names a person out of its messages: %s',
		async (message) => {
			const client = brevoClient(brevo);
			brevo.faults.next('POST /contacts', { status: 400, body: { code: 'invalid_parameter', message } });
			const refused = JSON.stringify(await client.createContact({ email: 'ada@x.example' }));
			expect(refused).not.toMatch(/ada|1234567/);
			brevo.faults.next('POST /contacts', { status: 403, body: { code: message, message } });
			expect(JSON.stringify(await client.createContact({ email: 'ada@x.example' }))).not.toMatch(/ada|1234567/);
		},
	);

	it('is not held up by an endless message', async () => {
		const message = 'x'.repeat(300_000);
		brevo.faults.next('POST /contacts', { status: 400, body: { code: 'invalid_parameter', message } });
		let refused: unknown;
		const ms = await processorMs(async () => {
			refused = await brevoClient(brevo).createContact({ email: 'ada@x.example' });
		});
		expect(ms).toBeLessThan(2_000);
		expect(JSON.stringify(refused).length).toBeLessThan(1_000);
	});

	it('waits no longer than the longest window, whatever a header says', async () => {
		brevo.faults.next('GET /contacts/lists', { status: 429, headers: { 'x-sib-ratelimit-reset': '1795000000' } });
		const limited = await brevoClient(brevo).getLists(0);
		expect(limited).toMatchObject({ kind: 'retry', code: 'RATE_LIMITED', afterMs: 3_600_000 });
	});

	it('answers undefined for a contact that does not exist', async () => {
		expect(await brevoClient(brevo).getContact('nobody@x.example', 'email_id')).toEqual({
			kind: 'ok',
			value: undefined,
		});
	});

	it.each([
		['a 500', { status: 500 }],
		['a 425', { status: 425 }],
		['a broken connection', { kind: 'reset' as const }],
		['an answer cut off', { kind: 'cutOff' as const }],
	])('repeats a call after %s', async (_what, fault) => {
		brevo.faults.next('GET /contacts/attributes', fault);
		expect((await brevoClient(brevo).listAttributes()).kind).toBe('ok');
		expect(brevo.requests.total).toBe(2);
	});

	it('waits as long as Brevo says after a 429, and the other calls of the account wait too', async () => {
		brevo.faults.next('GET /contacts/attributes', { status: 429, headers: { 'x-sib-ratelimit-reset': '1' } });
		const client = brevoClient(brevo);
		const before = brevo.clock.now();
		expect((await client.listAttributes()).kind).toBe('ok');
		expect(brevo.clock.now() - before).toBeGreaterThanOrEqual(990);
		expect(statuses()).toEqual({ 200: 1, 429: 1 });
	});

	it('gives up at once when Brevo asks for an hour, and does not call again', async () => {
		brevo.faults.next('GET /contacts/attributes', { status: 429, headers: { 'x-sib-ratelimit-reset': '3600' } });
		const client = brevoClient(brevo);
		expect(await client.listAttributes()).toMatchObject({ kind: 'retry', code: 'RATE_LIMITED', afterMs: 3_600_000 });
		expect(await client.getLists(0)).toMatchObject({ kind: 'retry', code: 'RATE_LIMITED' });
		expect(brevo.requests.total).toBe(1);
	});

	it('does not take a web page for an answer', async () => {
		brevo.faults.next('GET /contacts/attributes', { kind: 'garbage' });
		expect(await brevoClient(brevo).listAttributes()).toMatchObject({ kind: 'stop', code: 'UNEXPECTED_ANSWER' });
	});

	it('does not take a web page for a successful write', async () => {
		const client = brevoClient(brevo);
		const id = await client.createContact({ email: 'ada@x.example' });
		brevo.faults.next('PUT /contacts/:id', { kind: 'garbage' });
		const update = async () =>
			await client.updateContact(String(id.kind === 'ok' && id.value), { attributes: { FIRSTNAME: 'Ada' } });
		expect(await update()).toMatchObject({ kind: 'stop', code: 'UNEXPECTED_ANSWER' });
		expect((await update()).kind).toBe('ok');
	});

	it('keeps to 10 calls a second by itself', async () => {
		const client = brevoClient(brevo);
		await Promise.all(Array.from({ length: 25 }, async () => await client.getLists(0)));
		expect(statuses()).toEqual({ 200: 25 });
	});

	it('sends nothing more once the run was cancelled', async () => {
		const { BrevoClient } = await import('../../../../clients/brevo/api/brevoClient');
		const { brevoLimiters } = await import('../../../../clients/brevo/api/limits');
		const { plainHttp } = await import('../../../support/http/plainHttp');
		const { realClock } = await import('../../../support/manualClock');
		const client = new BrevoClient(
			plainHttp(brevo.url, { 'api-key': brevo.apiKey }),
			realClock,
			brevoLimiters('cancelled', realClock),
			{ cancelled: () => true },
		);
		expect(await client.getLists(0)).toMatchObject({ kind: 'stop' });
		expect(brevo.requests.total).toBe(0);
	});
});
