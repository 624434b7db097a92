import { callsTo, startEmptyBrevo, type Call } from './brevoCalls';
import type { RunningBrevo } from '../../../sandbox/brevo';

let brevo: RunningBrevo;
let call: Call;
beforeEach(async () => {
	brevo = await startEmptyBrevo();
	call = callsTo(brevo);
	await call('POST', '/contacts', { email: 'out@example.com', ext_id: 'key-1', emailBlacklisted: true });
	brevo.store.clearLogs();
});
afterEach(() => brevo.close());

const blocked = async () => (await call('GET', '/contacts/1?identifierType=contact_id')).body.emailBlacklisted;
const causes = () => brevo.store.resubscriptions.map(({ contactId, via, cause }) => ({ contactId, via, cause }));
const importRows = async (body: object) => {
	await call('POST', '/contacts/import', { jsonBody: [{ email: 'out@example.com' }], listIds: [1], ...body });
	await brevo.idle();
};

describe('Brevo sandbox: blocklist', () => {
	it('4.2.2: an omitted flag leaves the block on POST, PUT and import, list additions too', async () => {
		await call('POST', '/contacts', {
			email: 'out@example.com',
			updateEnabled: true,
			attributes: { CITY: 'Lyon' },
			listIds: [1],
		});
		await call('PUT', '/contacts/out%40example.com', { attributes: { CITY: 'Paris' } });
		await importRows({});
		expect(await blocked()).toBe(true);
		expect(brevo.store.lists.get(1)?.members.has(1)).toBe(true);
		expect(causes()).toEqual([]);
	});

	it('4.2.1: false lifts the block on POST and PUT, and the step is recorded', async () => {
		await call('POST', '/contacts', { email: 'out@example.com', updateEnabled: true, emailBlacklisted: false });
		expect(await blocked()).toBe(false);
		await call('PUT', '/contacts/1', { emailBlacklisted: true });
		await call('PUT', '/contacts/1', { emailBlacklisted: false });
		expect(causes()).toEqual([
			{ contactId: 1, via: 'post', cause: 'flag' },
			{ contactId: 1, via: 'put', cause: 'flag' },
		]);
	});

	it('4.2.3: an import’s false does not lift a block, its true blocks every row', async () => {
		await importRows({ emailBlacklist: false });
		expect(await blocked()).toBe(true);
		await importRows({ jsonBody: [{ email: 'x@example.com' }, { email: 'y@example.com' }], emailBlacklist: true });
		expect([...brevo.store.contacts.values()].every(({ emailBlocked }) => emailBlocked)).toBe(true);
		expect(causes()).toEqual([]);
	});

	it('4.2.4: deleting and creating anew loses the block', async () => {
		await call('DELETE', '/contacts/out%40example.com');
		await call('POST', '/contacts', { email: 'out@example.com' });
		expect(causes()).toEqual([{ contactId: 2, via: 'post', cause: 'recreated' }]);
	});

	it('4.2.5: changing the e-mail lifts the block', async () => {
		await call('PUT', '/contacts/key-1?identifierType=ext_id', { attributes: { EMAIL: 'moved@example.com' } });
		expect(await blocked()).toBe(false);
		expect(causes()).toEqual([{ contactId: 1, via: 'put', cause: 'emailChange' }]);
	});

	it('4.4: emailBlacklisted true in the same PUT keeps the block, unless the account is set otherwise', async () => {
		await call('PUT', '/contacts/1', { attributes: { EMAIL: 'moved@example.com' }, emailBlacklisted: true });
		expect(await blocked()).toBe(true);
		expect(causes()).toEqual([]);
		brevo.settings.emailChangeAlwaysLifts = true;
		await call('PUT', '/contacts/1', { attributes: { EMAIL: 'again@example.com' }, emailBlacklisted: true });
		expect(await blocked()).toBe(false);
		await call('PUT', '/contacts/1', { emailBlacklisted: true });
		expect(await blocked()).toBe(true);
	});

	it('sending the same e-mail again is no change and lifts nothing', async () => {
		await call('PUT', '/contacts/1', { attributes: { EMAIL: 'OUT@example.com' } });
		expect(await blocked()).toBe(true);
		expect(brevo.store.writes).toEqual([]);
	});
});
