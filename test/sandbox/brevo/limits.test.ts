import { startBrevo, type RunningBrevo } from '../../../sandbox/brevo';
import { callsTo, startEmptyBrevo, type Call } from './brevoCalls';

let brevo: RunningBrevo;
let call: Call;
beforeEach(async () => {
	brevo = await startEmptyBrevo({ settings: { limits: true } });
	call = callsTo(brevo);
	brevo.clock.freeze();
});
afterEach(() => brevo.close());

const headers = ({ headers: all }: { headers: Headers }) =>
	['limit', 'remaining', 'reset'].map((name) => all.get(`x-sib-ratelimit-${name}`));

describe('Brevo sandbox: call limits', () => {
	it('10 calls a second below /contacts, with the headers on every answer and 429 without Retry-After', async () => {
		const answers = [];
		for (let n = 0; n < 10; n += 1) answers.push(await call('GET', '/contacts/lists?limit=1'));
		expect(answers.every(({ status }) => status === 200)).toBe(true);
		expect(headers(answers[0]!)).toEqual(['10', '9', '1']);
		expect(headers(answers[9]!)).toEqual(['10', '0', '1']);
		const refused = await call('GET', '/contacts/attributes');
		expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
		expect(refused.headers.get('retry-after')).toBeNull();
		expect((await call('GET', '/account')).status).toBe(200);
		brevo.clock.advance(1_000);
		expect((await call('GET', '/contacts/attributes')).status).toBe(200);
	});

	it('100 calls an hour for /account and /processes together', async () => {
		for (let n = 0; n < 50; n += 1) {
			expect((await call('GET', '/account')).status).toBe(200);
			expect((await call('GET', '/processes')).status).toBe(200);
		}
		const refused = await call('GET', '/processes/1');
		expect(refused.status).toBe(429);
		expect(headers(refused)).toEqual(['100', '0', '3600']);
		brevo.clock.advance(3_600_000);
		expect((await call('GET', '/account')).status).toBe(200);
	});

	it('36,000 calls an hour below /contacts, shown once they are nearer than the second', async () => {
		brevo.settings.contactsPerHour = 12;
		for (let n = 0; n < 10; n += 1) await call('GET', '/contacts/segments');
		brevo.clock.advance(1_000);
		expect(headers(await call('GET', '/contacts/segments'))).toEqual(['12', '1', '3599']);
		await call('GET', '/contacts/segments');
		expect((await call('GET', '/contacts/segments')).status).toBe(429);
	});

	it('refused calls use up nothing, and neither do calls with a wrong key', async () => {
		for (let n = 0; n < 20; n += 1) await callsTo(brevo, 'wrong')('GET', '/contacts/lists');
		expect(headers(await call('GET', '/contacts/lists'))).toEqual(['10', '9', '1']);
	});

	it('can be switched off, and the log groups calls by route', async () => {
		brevo.settings.limits = false;
		await call('POST', '/contacts', { email: 'a@example.com', ext_id: 'plain' });
		for (const path of ['/contacts/a%40example.com', '/contacts/plain?identifierType=ext_id', '/contacts/1']) {
			expect((await call('GET', path)).headers.get('x-sib-ratelimit-limit')).toBeNull();
		}
		await call('GET', '/contacts/lists/1/contacts');
		await call('POST', '/contacts/attributes/normal/SCORE', { type: 'float' });
		expect(brevo.requests.counts()).toEqual({
			'POST /contacts': 1,
			'GET /contacts/:id': 3,
			'GET /contacts/lists/:id/contacts': 1,
			'POST /contacts/attributes/normal/:id': 1,
		});
	});

	it('faults answer in Brevo’s form, and afterWork does the work', async () => {
		brevo.faults.next('POST /contacts', { status: 500 });
		expect((await call('POST', '/contacts', { email: 'a@example.com' })).body.code).toBe('internal_server_error');
		expect(brevo.store.contacts.size).toBe(0);
		brevo.faults.next('POST /contacts/import', { status: 429, headers: { 'x-sib-ratelimit-reset': '7' } });
		const limited = await call('POST', '/contacts/import', {});
		expect([limited.status, limited.headers.get('x-sib-ratelimit-reset')]).toEqual([429, '7']);
		brevo.faults.next('POST /contacts', { kind: 'afterWork', status: 502 });
		expect((await call('POST', '/contacts', { email: 'a@example.com' })).status).toBe(502);
		expect(brevo.store.contacts.size).toBe(1);
	});
});

describe('Brevo sandbox: seed', () => {
	it('holds a tenth of the people with older values, some blocked, and is the same for the same seed', async () => {
		const [first, second] = await Promise.all([startBrevo({ seed: 4 }), startBrevo({ seed: 4 })]);
		const shape = ({ store }: RunningBrevo) =>
			[...store.contacts.values()].map(({ identifiers, attributes, emailBlocked, listIds }) => [
				identifiers,
				attributes,
				emailBlocked,
				[...listIds],
			]);
		const contacts = [...first.store.contacts.values()];
		await Promise.all([first.close(), second.close()]);
		expect(shape(first)).toEqual(shape(second));
		expect(contacts).toHaveLength(40);
		expect(contacts.filter(({ emailBlocked }) => emailBlocked).length).toBeGreaterThan(2);
		expect(first.store.writes).toEqual([]);
	});

	it('copes with 100,000 contacts: a page of 1,000 in well under a second', async () => {
		const { generatePeople } = await import('../../../sandbox/people');
		const big = await startBrevo({ people: generatePeople(100_000), existingShare: 1, settings: { limits: false } });
		const startedAt = performance.now();
		const page = await callsTo(big)('GET', '/contacts?limit=1000&offset=90000&listIds=1&sort=asc');
		const ms = performance.now() - startedAt;
		await big.close();
		expect(page.body.count).toBeGreaterThan(50_000);
		expect(ms).toBeLessThan(1_000);
	});
});
