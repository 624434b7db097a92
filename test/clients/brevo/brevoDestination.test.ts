import { startBrevo, type RunningBrevo } from '../../../sandbox/brevo';
import { newAccount, statusCounts, upsertIntoBrevo } from '../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../support/mappedContacts';

let brevo: RunningBrevo;
let list: number;

beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 0 });
	list = brevo.store.createList('Synced', 1).id;
});
afterEach(async () => {
	await brevo.close();
	// Promise 1: no write of this package makes anybody mailable again.
	expect(brevo.store.resubscriptions).toEqual([]);
	expect(brevo.requests.statuses()[429] ?? 0).toBe(0);
});

const told = ({ results }: Awaited<ReturnType<typeof upsertIntoBrevo>>): string[] =>
	results.map(({ outcome, warnings }) => [outcome.status, outcome.code, ...warnings.map(({ field, code }) => `${field}:${code}`)].filter(Boolean).join(' '));

const contact = (email: string) => brevo.store.owner('email', email);

/** 30 contacts and more go by import, fewer one by one. */
const paths = [
	['the single path', 0],
	['the import path', 60],
] as const;

describe('a first sync', () => {
	it('HB-13: brings 1,000 new contacts into the list by one import, and a second run writes nothing', async () => {
		const account = newAccount();
		const crowd = mappedCrowd(1_000);
		expect(statusCounts(await upsertIntoBrevo(brevo, crowd, { list: { id: list }, account }))).toEqual({ created: 1_000 });
		expect(brevo.store.lists.get(list)?.members.size).toBe(1_000);
		expect(brevo.requests.counts()['POST /contacts/import']).toBe(1);
		const stored = contact('person7@crowd.example');
		expect(stored?.identifiers).toEqual({ email: 'person7@crowd.example', ext_id: 'hubspot:1:contact:7', SMS: '4915100000007' });
		expect(stored?.attributes).toEqual({ FIRSTNAME: 'Ada 7', LASTNAME: 'Lovelace 7', CITY: 'Köln', ANNUAL_REVENUE: 70 });

		const writes = brevo.store.writes.length;
		expect(statusCounts(await upsertIntoBrevo(brevo, crowd, { list: { id: list }, account }))).toEqual({ unchanged: 1_000 });
		expect(statusCounts(await upsertIntoBrevo(brevo, crowd, { list: { id: list } }))).toEqual({ unchanged: 1_000 });
		expect(brevo.store.writes.length).toBe(writes);
	});

	it('costs at most 45 Brevo calls for 10,000 members in batches of 1,000', async () => {
		const account = newAccount();
		const crowd = mappedCrowd(10_000);
		for (let start = 0; start < crowd.length; start += 1_000) {
			const report = await upsertIntoBrevo(brevo, crowd.slice(start, start + 1_000), { list: { id: list }, account });
			expect(statusCounts(report)).toEqual({ created: 1_000 });
		}
		expect(brevo.store.lists.get(list)?.members.size).toBe(10_000);
		expect(brevo.requests.total).toBeLessThanOrEqual(45);
		expect(brevo.requests.counts()['GET /processes/:id'] ?? 0).toBe(0);
	}, 60_000);
});

describe.each(paths)('on %s', (_name, extra) => {
	const withOthers = (...contacts: ReturnType<typeof mapped>[]) => [...contacts, ...mappedCrowd(extra, 1_000)];

	it('an unsubscribed contact in the source list is updated and stays unsubscribed', async () => {
		brevo.store.createContact({ identifiers: { email: 'gone@x.example' }, attributes: { CITY: 'Paris' }, emailBlocked: true, smsBlocked: true }, 'seed');
		const report = await upsertIntoBrevo(brevo, withOthers(mapped(1, { email: 'gone@x.example', attributes: { CITY: 'Rom' } }, { optedOut: false })), { list: { id: list } });
		expect(report.results[0]?.outcome).toMatchObject({ status: 'updated', changes: { CITY: { from: 'Paris', to: 'Rom' } } });
		expect(contact('gone@x.example')).toMatchObject({ emailBlocked: true, smsBlocked: true, attributes: { CITY: 'Rom' } });
		expect(brevo.store.lists.get(list)?.members.has(contact('gone@x.example')?.id ?? 0)).toBe(true);
	});

	it('an opt-out of the source becomes a block, of a new and of a known contact', async () => {
		brevo.store.createContact({ identifiers: { email: 'known@x.example' } }, 'seed');
		const optedOut = { optedOut: true };
		await upsertIntoBrevo(brevo, withOthers(mapped(1, { email: 'known@x.example' }, optedOut), mapped(2, { email: 'new@x.example' }, optedOut)), { list: { id: list } });
		expect([contact('known@x.example')?.emailBlocked, contact('new@x.example')?.emailBlocked]).toEqual([true, true]);
		if (extra > 0) expect(contact('person1000@crowd.example')?.emailBlocked).toBe(false);
	});

	it('HB-22: an opt-out of the source is not carried when opt-outs are ignored', async () => {
		await upsertIntoBrevo(brevo, withOthers(mapped(2, { email: 'new@x.example' }, { optedOut: true })), { list: { id: list }, settings: { optOuts: 'ignore' } });
		expect(contact('new@x.example')?.emailBlocked).toBe(false);
	});

	it.each([false, true])('the address of a blocklisted contact changes without lifting the block (Brevo lifts it anyway: %s)', async (lifts) => {
		brevo.settings.emailChangeAlwaysLifts = lifts;
		brevo.store.createContact({ identifiers: { email: 'old@x.example', ext_id: 'hubspot:1:contact:1' }, emailBlocked: true }, 'seed');
		const report = await upsertIntoBrevo(brevo, withOthers(mapped(1, { email: 'new@x.example' })), { list: { id: list } });
		expect(told(report)[0]).toBe(lifts ? 'updated emailBlacklisted:BLOCK_RESTORED' : 'updated');
		expect(contact('new@x.example')?.emailBlocked).toBe(true);
		expect(contact('old@x.example')).toBeUndefined();
		// Where Brevo cannot be kept from lifting the block, it is back within the same write.
		if (lifts) brevo.store.clearLogs();
	});

	it('a phone that another contact has is left out with a warning', async () => {
		brevo.store.createContact({ identifiers: { email: 'office@x.example', SMS: '4930123456' } }, 'seed');
		const report = await upsertIntoBrevo(brevo, withOthers(mapped(1, { email: 'new@x.example', phone: '+4930123456', attributes: { CITY: 'Bonn' } })), { list: { id: list } });
		expect(told(report)[0]).toBe('created SMS:PHONE_SHARED');
		expect(contact('new@x.example')).toMatchObject({ attributes: { CITY: 'Bonn' } });
		expect(contact('office@x.example')?.identifiers.SMS).toBe('4930123456');
	});

	it('another identifier that another contact has is left out with a warning', async () => {
		brevo.store.createContact({ identifiers: { email: 'office@x.example', WHATSAPP: '4930123456' } }, 'seed');
		const report = await upsertIntoBrevo(brevo, withOthers(mapped(1, { email: 'new@x.example', attributes: { CITY: 'Bonn', WHATSAPP: '+4930123456' } })), { list: { id: list } });
		expect(told(report)[0]).toBe('created WHATSAPP:PHONE_SHARED');
		expect(contact('new@x.example')).toMatchObject({ attributes: { CITY: 'Bonn' } });
	});

	it('a value of the wrong type, which Brevo drops without a word, ends as a warning', async () => {
		const report = await upsertIntoBrevo(brevo, withOthers(mapped(1, { email: 'new@x.example', attributes: { CITY: 'Bonn', ANNUAL_REVENUE: 'a lot', BIRTHDAY: '24/12/1970' } })), { list: { id: list } });
		expect(told(report)[0]).toBe('created ANNUAL_REVENUE:VALUE_DROPPED BIRTHDAY:VALUE_DROPPED');
	});

	it('a value is cleared where the contact says null', async () => {
		brevo.store.createContact({ identifiers: { email: 'known@x.example' }, attributes: { CITY: 'Paris', NOTES: 'Old' } }, 'seed');
		const report = await upsertIntoBrevo(brevo, withOthers(mapped(1, { email: 'known@x.example', attributes: { CITY: null, FIRSTNAME: 'Ada' } })), { list: { id: list } });
		expect(told(report)[0]).toBe('updated');
		expect(contact('known@x.example')?.attributes).toEqual({ NOTES: 'Old', FIRSTNAME: 'Ada' });
	});

	it('a malformed e-mail ends with the message of Brevo while the others go on', async () => {
		const report = await upsertIntoBrevo(brevo, withOthers(mapped(1, { email: 'no at sign' }), mapped(2, { email: 'fine@x.example' })), { list: { id: list } });
		expect(told(report).slice(0, 2)).toEqual(['failed DESTINATION_REFUSED', 'created']);
		expect(report.results[0]?.outcome.message).toContain('Invalid email address');
		expect(report.failure).toBeUndefined();
	});

	it('emoji, right-to-left text, quotes, angle brackets and 5,000 characters arrive as they are', async () => {
		const attributes = { FIRSTNAME: 'Zoë 👩‍👩‍👧 "Z" <b>', LASTNAME: 'شيرين', NOTES: 'x'.repeat(5_000) };
		await upsertIntoBrevo(brevo, withOthers(mapped(1, { email: 'fine@x.example', attributes })), { list: { id: list } });
		expect(contact('fine@x.example')?.attributes).toEqual(attributes);
	});

	it('contacts with a phone only are created, found again and left alone', async () => {
		const account = newAccount();
		const batch = withOthers(mapped(1, { phone: '+491701234567', attributes: { CITY: 'Bonn' } }));
		expect(told(await upsertIntoBrevo(brevo, batch, { list: { id: list }, account }))[0]).toBe('created');
		expect(told(await upsertIntoBrevo(brevo, batch, { list: { id: list } }))[0]).toBe('unchanged');
		const moved = withOthers(mapped(1, { phone: '+491701234567', attributes: { CITY: 'Rom' } }));
		expect(told(await upsertIntoBrevo(brevo, moved, { list: { id: list } }))[0]).toBe('updated');
	});
});

describe('leaving', () => {
	it('takes 400 contacts off the list in three calls and deletes none', async () => {
		const account = newAccount();
		await upsertIntoBrevo(brevo, mappedCrowd(400), { list: { id: list }, account });
		brevo.requests.clear();
		const leavers = mappedCrowd(400).map((one) => ({ ...one, change: 'removed' as const }));
		expect(statusCounts(await upsertIntoBrevo(brevo, leavers, { list: { id: list }, account }))).toEqual({ removed: 400 });
		expect(brevo.requests.counts()['POST /contacts/lists/:id/contacts/remove']).toBe(3);
		expect([brevo.store.lists.get(list)?.members.size, brevo.store.contacts.size]).toEqual([0, 400]);
	});
});

describe.each([true, false])('where joining a list moves the time stamp of a contact: %s', (touchOnListChange) => {
	it.each([3, 60, 400])('%s contacts that only have to join or leave do so, and it shows', async (count) => {
		brevo.settings.touchOnListChange = touchOnListChange;
		const batch = mappedCrowd(count).map((one) => ({ ...one, contact: { ...one.contact, attributes: {}, phone: undefined } }));
		const account = newAccount();
		for (const { contact: { email = '' }, key } of batch) brevo.store.createContact({ identifiers: { email, ext_id: key } }, 'seed', Date.now() - 3_600_000);
		expect(statusCounts(await upsertIntoBrevo(brevo, batch, { list: { id: list }, account }))).toEqual({ updated: count });
		expect(brevo.store.lists.get(list)?.members.size).toBe(count);
		expect(statusCounts(await upsertIntoBrevo(brevo, batch, { list: { id: list } }))).toEqual({ unchanged: count });
		const leavers = batch.map((one) => ({ ...one, change: 'removed' as const }));
		expect(statusCounts(await upsertIntoBrevo(brevo, leavers, { list: { id: list }, account }))).toEqual({ removed: count });
		expect(brevo.store.lists.get(list)?.members.size).toBe(0);
		expect(brevo.requests.total).toBeLessThan(count === 3 ? 40 : 45);
	}, 60_000);
});

describe('imports', () => {
	it('stay below 8 MB each', async () => {
		const heavy = mappedCrowd(1_300).map((one) => ({ ...one, contact: { ...one.contact, attributes: { NOTES: 'ü'.repeat(4_500) } } }));
		expect(statusCounts(await upsertIntoBrevo(brevo, heavy, { list: { id: list } }))).toEqual({ created: 1_300 });
		expect(brevo.requests.counts()['POST /contacts/import']).toBe(2);
	}, 60_000);

	it('that fail are made up for by single writes', async () => {
		brevo.settings.failImports = 1;
		expect(statusCounts(await upsertIntoBrevo(brevo, mappedCrowd(40), { list: { id: list } }))).toEqual({ created: 40 });
	});

	it.each(['attribute', 'field', 'none'] as const)('store our key where Brevo reads the external id from: %s', async (importExtId) => {
		brevo.settings.importExtId = importExtId;
		expect(statusCounts(await upsertIntoBrevo(brevo, mappedCrowd(35), { list: { id: list } }))).toEqual({ created: 35 });
		expect(contact('person1@crowd.example')?.identifiers.ext_id).toBe('hubspot:1:contact:1');
	});

	it('that take too long end as NOT_CONFIRMED, with few looks and fewer questions about the process', async () => {
		brevo.settings.importDelayMs = 60_000;
		const report = await upsertIntoBrevo(brevo, mappedCrowd(40), { list: { id: list }, settings: { longestWaitMs: 5_000 } });
		expect(statusCounts(report)).toEqual({ 'failed NOT_CONFIRMED': 40 });
		expect(report.failure?.code).toBe('NOT_CONFIRMED');
		expect(brevo.requests.counts()['GET /processes/:id'] ?? 0).toBeLessThanOrEqual(3);
		expect(brevo.requests.total).toBeLessThan(20);
		brevo.settings.importDelayMs = 0;
	});
});

describe('trouble', () => {
	it('500 for a while: nothing is lost, and a second delivery brings the newest values', async () => {
		const account = newAccount();
		const batch = mappedCrowd(50);
		brevo.faults.next('POST /contacts/import', { status: 500, times: 4 });
		const first = await upsertIntoBrevo(brevo, batch, { list: { id: list }, account });
		expect(statusCounts(first)).toEqual({ 'failed UNAVAILABLE': 50 });
		expect(first.failure).toMatchObject({ kind: 'retry', code: 'UNAVAILABLE' });
		expect(first.results.every(({ outcome }) => outcome.retryable)).toBe(true);
		const newer = batch.map((one) => ({ ...one, contact: { ...one.contact, attributes: { CITY: 'Bonn' } } }));
		expect(statusCounts(await upsertIntoBrevo(brevo, newer, { list: { id: list }, account }))).toEqual({ created: 50 });
		expect(contact('person50@crowd.example')?.attributes.CITY).toBe('Bonn');
	}, 60_000);

	it('an answer that got lost after the work was done does no harm', async () => {
		brevo.faults.next('POST /contacts/import', { kind: 'afterWork', status: 502 });
		expect(statusCounts(await upsertIntoBrevo(brevo, mappedCrowd(50), { list: { id: list } }))).toEqual({ created: 50 });
		expect(brevo.store.contacts.size).toBe(50);
	});

	it('a revoked key ends the run and says so for every contact', async () => {
		brevo.faults.next('POST /contacts/import', { status: 401, body: { code: 'unauthorized', message: 'Key not found' } });
		const report = await upsertIntoBrevo(brevo, mappedCrowd(50), { list: { id: list } });
		expect(statusCounts(report)).toEqual({ 'failed CREDENTIAL_INVALID': 50 });
	});

	it('a contact deleted in Brevo is made again, though this process knew it a moment ago', async () => {
		const account = newAccount();
		const batch = mappedCrowd(40);
		await upsertIntoBrevo(brevo, batch, { list: { id: list }, account });
		const victim = contact('person3@crowd.example');
		if (victim) brevo.store.deleteContact(victim, 'control');
		// What was read is trusted for a minute; a new account name stands for the time that passed.
		expect(statusCounts(await upsertIntoBrevo(brevo, batch, { list: { id: list } }))).toEqual({ created: 1, unchanged: 39 });
	});
});

describe('settings that do not hold any more', () => {
	const attempt = async (options: Parameters<typeof upsertIntoBrevo>[2], attributes = {}) =>
		await upsertIntoBrevo(brevo, [mapped(1, { email: 'a@x.example', attributes })], options);

	it('names a list that was deleted, before the first write', async () => {
		await expect(attempt({ list: { id: 99_999 } })).rejects.toThrow('LIST_NOT_FOUND: There is no Brevo list with ID 99999');
	});

	it('names an attribute that was deleted or is a formula, before the first write', async () => {
		await expect(attempt({ list: { id: list } }, { GHOST: 'x', ORDERS_LAST_YEAR: 1 })).rejects.toThrow("'GHOST', 'ORDERS_LAST_YEAR'");
		expect(brevo.store.writes).toEqual([]);
	});
});

describe('a list by name', () => {
	it('HB-12: is created in its folder once and found again by its name', async () => {
		const folderId = brevo.store.createFolder('Syncs').id;
		for (let round = 0; round < 3; round++) {
			await upsertIntoBrevo(brevo, mappedCrowd(2, round * 2 + 1), { list: { name: ' HubSpot Customers', folderId, create: true }, account: newAccount() });
		}
		const lists = [...brevo.store.lists.values()].filter(({ name }) => name === 'HubSpot Customers');
		expect(lists).toMatchObject([{ folderId }]);
		expect(lists[0]?.members.size).toBe(6);
	});

	it('HB-12: is created once when the answer to its creation gets lost', async () => {
		brevo.faults.next('POST /contacts/lists', { kind: 'afterWork' });
		await upsertIntoBrevo(brevo, mappedCrowd(1), { list: { name: 'Lost and Found', create: true } });
		expect([...brevo.store.lists.values()].filter(({ name }) => name === 'Lost and Found')).toHaveLength(1);
	});

	it('HB-12: exists once when two processes create it at the same moment', async () => {
		brevo.faults.next('POST /contacts/lists', { delayMs: 300, times: 2 });
		await Promise.all([1, 2].map(async (n) => await upsertIntoBrevo(brevo, mappedCrowd(1, n), { list: { name: 'Twins', create: true } })));
		const lists = [...brevo.store.lists.values()].filter(({ name }) => name === 'Twins');
		expect(lists).toHaveLength(1);
		expect(lists[0]?.members.size).toBe(2);
		// The delays let calls arrive closer together than they were sent.
		brevo.requests.clear();
	});

	it('is found among 120 others', async () => {
		for (let n = 0; n < 120; n++) brevo.store.createList(`List ${n}`, 1);
		const wanted = brevo.store.createList('The one', 1);
		await upsertIntoBrevo(brevo, mappedCrowd(1), { list: { name: 'the ONE', create: true } });
		expect(wanted.members.size).toBe(1);
	});

	it('is not created by a dry run', async () => {
		const report = await upsertIntoBrevo(brevo, mappedCrowd(2), { list: { name: 'Nothing', create: false }, settings: { dryRun: true } });
		expect(statusCounts(report)).toEqual({ planned: 2 });
		expect(brevo.store.writes).toEqual([]);
		expect([...brevo.store.lists.values()].some(({ name }) => name === 'Nothing')).toBe(false);
	});
});
