import { newAccount, statusCounts, upsertIntoBrevo } from '../../../support/brevoAccount';
import { realClock } from '../../../support/manualClock';
import { mappedCrowd } from '../../../support/mappedContacts';
import { useBrevoSandbox } from '../support/brevoSandbox';
import { sizeOf } from '../../../support/sizes';

const sandbox = useBrevoSandbox();

describe('a first sync', () => {
	it('HB-13: brings 1,000 new contacts into the list by one import, and a second run writes nothing', async () => {
		const account = newAccount();
		const crowd = mappedCrowd(1_000);
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, crowd, { list: { id: sandbox.list }, account }))).toEqual({
			created: 1_000,
		});
		expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(1_000);
		expect(sandbox.brevo.requests.counts()['POST /contacts/import']).toBe(1);
		const stored = sandbox.contact('person7@crowd.example');
		expect(stored?.identifiers).toEqual({
			email: 'person7@crowd.example',
			ext_id: 'hubspot:1:contact:7',
			SMS: '4915100000007',
		});
		expect(stored?.attributes).toEqual({
			FIRSTNAME: 'Ada 7',
			LASTNAME: 'Lovelace 7',
			CITY: 'Köln',
			ANNUAL_REVENUE: 70,
		});

		const writes = sandbox.brevo.store.writes.length;
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, crowd, { list: { id: sandbox.list }, account }))).toEqual({
			unchanged: 1_000,
		});
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, crowd, { list: { id: sandbox.list } }))).toEqual({
			unchanged: 1_000,
		});
		expect(sandbox.brevo.store.writes.length).toBe(writes);
	});

	const members = sizeOf(2_000, 10_000);
	// A batch: a refresh before it, the import, and a read back that ends with the first page that has room left.
	it(`costs at most 65 Brevo calls for 10,000 members in batches of 1,000: ${members}`, async () => {
		const account = newAccount();
		const crowd = mappedCrowd(members);
		for (let start = 0; start < crowd.length; start += 1_000) {
			const report = await upsertIntoBrevo(sandbox.brevo, crowd.slice(start, start + 1_000), {
				list: { id: sandbox.list },
				account,
				clock: realClock,
			});
			expect(statusCounts(report)).toEqual({ created: 1_000 });
		}
		expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(members);
		expect(sandbox.brevo.requests.total).toBeLessThanOrEqual(members / 152);
		expect(sandbox.brevo.requests.counts()['GET /processes/:id'] ?? 0).toBe(0);
	}, 60_000);
});
