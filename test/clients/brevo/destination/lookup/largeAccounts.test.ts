import type { UpsertReport } from '../../../../../core/upsert/upsertContacts';
import { newAccount, statusCounts, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

const anHourAgo = (): number => Date.now() - 3_600_000;
const calls = (): Record<string, number> => sandbox.brevo.requests.counts();

/** Contacts that another tool made. */
function fillAccount(count: number, notes?: string): void {
	for (let n = 0; n < count; n++)
		sandbox.brevo.store.createContact(
			{
				identifiers: { email: `other${n}@x.example` },
				...(notes === undefined ? {} : { attributes: { NOTES: notes } }),
			},
			'seed',
			anHourAgo(),
		);
}

describe('an account whose contacts have no room in the memory', () => {
	/** 3,000 contacts take 60 kB as an index, and 360 kB as a mirror. */
	const pictureBytes = 100_000;
	const upsert = async (
		batch: Parameters<typeof upsertIntoBrevo>[1],
		account: string,
		room = pictureBytes,
	): Promise<UpsertReport> =>
		await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list }, account, pictureBytes: room });

	it('is read once, and a batch then costs a call for 20 of its contacts, no more than 1.2 a contact', async () => {
		fillAccount(2_000);
		const account = newAccount();
		expect(statusCounts(await upsert(mappedCrowd(600), account))).toEqual({ created: 600 });
		sandbox.brevo.requests.clear();
		expect(statusCounts(await upsert(mappedCrowd(600), account))).toEqual({ unchanged: 600 });
		// The refresh, the reads by id, and a few contacts that only looked as if they were meant.
		expect(Object.keys(calls())).toEqual(['GET /contacts']);
		expect(sandbox.brevo.requests.total).toBeLessThanOrEqual(1 + 30 + 4);
	});

	it('HB-24: follows changed addresses by their keys, and finds contacts of another tool by their addresses', async () => {
		fillAccount(2_000);
		const account = newAccount();
		await upsert(mappedCrowd(100), account);
		const moved = mappedCrowd(100).map((one) => ({
			...one,
			contact: { ...one.contact, email: `moved.${one.contact.email}` },
		}));
		const others = Array.from({ length: 50 }, (_none, n) => mapped(5_000 + n, { email: `other${n * 7}@x.example` }));
		expect(statusCounts(await upsert([...moved, ...others], account))).toEqual({ updated: 150 });
		expect(sandbox.brevo.store.contacts.size).toBe(2_100);
		expect(sandbox.contact('moved.person7@crowd.example')?.identifiers.ext_id).toBe('hubspot:1:contact:7');
	}, 90_000);

	it('promise 1: a block that was set in Brevo meanwhile stays, on a changed address too', async () => {
		fillAccount(2_000);
		const account = newAccount();
		await upsert(mappedCrowd(40), account);
		const blocked = sandbox.contact('person3@crowd.example');
		if (blocked) sandbox.brevo.store.changeContact(blocked, { emailBlocked: true }, 'control');
		const moved = mappedCrowd(40).map((one) => ({
			...one,
			contact: { ...one.contact, email: `moved.${one.contact.email}` },
		}));
		expect(statusCounts(await upsert(moved, account))).toEqual({ updated: 40 });
		expect(sandbox.contact('moved.person3@crowd.example')?.emailBlocked).toBe(true);
	}, 90_000);

	it('makes contacts anew that were deleted in Brevo', async () => {
		fillAccount(2_000);
		const account = newAccount();
		await upsert(mappedCrowd(40), account);
		for (const n of [3, 4]) {
			const victim = sandbox.contact(`person${n}@crowd.example`);
			if (victim) sandbox.brevo.store.deleteContact(victim, 'control');
		}
		expect(statusCounts(await upsert(mappedCrowd(40), account))).toEqual({ created: 2, unchanged: 38 });
	});

	it('is read by single calls where not even the identifiers have room', async () => {
		fillAccount(2_000);
		const account = newAccount();
		expect(statusCounts(await upsert(mappedCrowd(10), account, 10_000))).toEqual({ created: 10 });
		expect(statusCounts(await upsert(mappedCrowd(10), account, 10_000))).toEqual({ unchanged: 10 });
	});
});

describe('values that have no room in the memory', () => {
	it('are read again for the contacts of a batch, 20 a call, and compared as they are', async () => {
		const notes = 'Met at the trade fair. '.repeat(20).trim();
		fillAccount(2_500, notes);
		const batch = Array.from({ length: 60 }, (_none, n) =>
			mapped(n, { email: `other${n * 40}@x.example`, attributes: { NOTES: n < 50 ? notes : 'New' } }),
		);
		const account = newAccount();
		// Room for 120 bytes each, where one of the values takes 460.
		const options = { list: { id: sandbox.list }, account, pictureBytes: 300_000 };
		const first = await upsertIntoBrevo(sandbox.brevo, batch, options);
		expect(statusCounts(first)).toEqual({ updated: 60 });
		expect(first.results[55]?.outcome).toMatchObject({ changes: { NOTES: { from: notes, to: 'New' } } });
		expect(first.results[0]?.outcome).not.toHaveProperty('changes.NOTES');
		sandbox.brevo.requests.clear();
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, options))).toEqual({ unchanged: 60 });
		expect(sandbox.brevo.requests.total).toBeLessThanOrEqual(1 + 3);
	});
});

describe('contacts deleted from a large account', () => {
	it('are found by halving, without reading the account anew', async () => {
		fillAccount(32_000);
		const account = newAccount();
		const options = { list: { id: sandbox.list }, account };
		const batch = [
			...mappedCrowd(500),
			...Array.from({ length: 100 }, (_none, n) => mapped(5_000 + n, { email: `other${n * 300}@x.example` })),
		];
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, options))).toEqual({ created: 500, updated: 100 });
		for (const email of ['other9000@x.example', 'person3@crowd.example', 'person500@crowd.example']) {
			const victim = sandbox.contact(email);
			if (victim) sandbox.brevo.store.deleteContact(victim, 'control');
		}
		// What was read is trusted for a minute.
		sandbox.brevo.clock.advance(61_000);
		sandbox.brevo.requests.clear();
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, options))).toEqual({ created: 3, unchanged: 597 });
		expect(calls()['GET /contacts']).toBeLessThan(25);
	}, 120_000);
});
