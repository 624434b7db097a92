import { newAccount, statusCounts, upsertIntoBrevo } from '../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../support/mappedContacts';
import { useBrevoSandbox } from '../support/brevoSandbox';

const sandbox = useBrevoSandbox();

describe('leaving', () => {
	it('takes 400 contacts off the list in three calls and deletes none', async () => {
		const account = newAccount();
		await upsertIntoBrevo(sandbox.brevo, mappedCrowd(400), { list: { id: sandbox.list }, account });
		sandbox.brevo.requests.clear();
		const leavers = mappedCrowd(400).map((one) => ({ ...one, change: 'removed' as const }));
		expect(
			statusCounts(await upsertIntoBrevo(sandbox.brevo, leavers, { list: { id: sandbox.list }, account })),
		).toEqual({ removed: 400 });
		expect(sandbox.brevo.requests.counts()['POST /contacts/lists/:id/contacts/remove']).toBe(3);
		expect([sandbox.brevo.store.lists.get(sandbox.list)?.members.size, sandbox.brevo.store.contacts.size]).toEqual([
			0, 400,
		]);
	});

	it('promise 2: who is found by the key leaves, whatever Brevo thinks of the address', async () => {
		const identifiers = { email: 'old@x.example', ext_id: 'hubspot:1:contact:1' };
		sandbox.brevo.store.createContact({ identifiers, addTo: [sandbox.list] }, 'seed');
		sandbox.brevo.faults.next('GET /contacts/:id', { delayMs: 1 });
		const refusal = { code: 'invalid_parameter', message: 'Invalid email address' };
		sandbox.brevo.faults.next('GET /contacts/:id', { status: 400, body: refusal });
		const leaver = mapped(1, { email: 'strange@x.example' }, { change: 'removed' });
		const report = await upsertIntoBrevo(sandbox.brevo, [leaver], { list: { id: sandbox.list } });
		expect(statusCounts(report)).toEqual({ removed: 1 });
		expect(sandbox.contact('old@x.example')?.listIds.size).toBe(0);
	});

	it.each([1, 8])(
		'SB-29: %s converted leads leave and get the key of their contact in one write each',
		async (count) => {
			const keyOf = (n: number): string => `salesforce:00D:Lead:00Q${n}`;
			const contactKeyOf = (n: number): string => `salesforce:00D:Contact:003${n}`;
			const leads = mappedCrowd(count).map((one, n) => ({ ...one, key: keyOf(n) }));
			const account = newAccount();
			await upsertIntoBrevo(sandbox.brevo, leads, { list: { id: sandbox.list }, account });
			sandbox.brevo.requests.clear();
			const converted = leads.map((one, n) => ({ ...one, change: 'removed' as const, convertedTo: contactKeyOf(n) }));
			const report = await upsertIntoBrevo(sandbox.brevo, converted, { list: { id: sandbox.list }, account });
			expect(statusCounts(report)).toEqual({ removed: count });
			expect(sandbox.brevo.requests.counts()['PUT /contacts/:id']).toBe(count);
			expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(0);
			expect(sandbox.contact('person1@crowd.example')?.identifiers.ext_id).toBe(contactKeyOf(0));
		},
	);

	it('leavers that opted out are blocked in bulk and not put back on the list', async () => {
		const leavers = mappedCrowd(40).map((one) => ({ ...one, change: 'removed' as const, optedOut: true }));
		for (const { key, contact } of leavers)
			sandbox.brevo.store.createContact({ identifiers: { email: contact.email ?? '', ext_id: key } }, 'seed');
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, leavers, { list: { id: sandbox.list } }))).toEqual({
			updated: 40,
		});
		expect(sandbox.contact('person3@crowd.example')?.emailBlocked).toBe(true);
		expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(0);
	}, 30_000);
});

describe.each([true, false])('where joining a list moves the time stamp of a contact: %s', (touchOnListChange) => {
	it.each([3, 60, 400])(
		'%s contacts that only have to join or leave do so, and it shows',
		async (count) => {
			sandbox.brevo.settings.touchOnListChange = touchOnListChange;
			const batch = mappedCrowd(count).map((one) => ({
				...one,
				contact: { ...one.contact, attributes: {}, phone: undefined },
			}));
			const account = newAccount();
			for (const {
				contact: { email = '' },
				key,
			} of batch)
				sandbox.brevo.store.createContact({ identifiers: { email, ext_id: key } }, 'seed', Date.now() - 3_600_000);
			expect(
				statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list }, account })),
			).toEqual({ updated: count });
			expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(count);
			expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list } }))).toEqual({
				unchanged: count,
			});
			const leavers = batch.map((one) => ({ ...one, change: 'removed' as const }));
			expect(
				statusCounts(await upsertIntoBrevo(sandbox.brevo, leavers, { list: { id: sandbox.list }, account })),
			).toEqual({ removed: count });
			expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(0);
			expect(sandbox.brevo.requests.total).toBeLessThan(count === 3 ? 40 : 45);
		},
		60_000,
	);

	it.each([3_000, 8_000])(
		'promise 3: a contact that leaves beside an import of %d ms ends as removed',
		async (delayMs) => {
			Object.assign(sandbox.brevo.settings, { touchOnListChange });
			const account = newAccount();
			const run = async (batch: ReturnType<typeof mappedCrowd>) =>
				await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list }, account });
			const others = (city: string) => mappedCrowd(50, 2).map((one) => ({ ...one, contact: { ...one.contact, attributes: { CITY: city } } })); // prettier-ignore
			await run(mappedCrowd(51));
			sandbox.brevo.clock.advance(3_600_000);
			await run(others('Kiel'));
			sandbox.brevo.clock.advance(3_600_000);
			sandbox.brevo.settings.importDelayMs = delayMs;
			const leaver = mapped(1, { email: 'person1@crowd.example' }, { change: 'removed' });
			expect(statusCounts(await run([leaver, ...others('Bonn')]))).toEqual({ removed: 1, updated: 50 });
		},
	);
});
