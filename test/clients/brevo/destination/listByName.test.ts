import { newAccount, statusCounts, upsertIntoBrevo } from '../../../support/brevoAccount';
import { mappedCrowd } from '../../../support/mappedContacts';
import { useBrevoSandbox } from '../support/brevoSandbox';

const sandbox = useBrevoSandbox();

describe('a list by name', () => {
	it('HB-12: is created in its folder once and found again by its name', async () => {
		const folderId = sandbox.brevo.store.createFolder('Syncs').id;
		for (let round = 0; round < 3; round++) {
			await upsertIntoBrevo(sandbox.brevo, mappedCrowd(2, round * 2 + 1), {
				list: { name: ' HubSpot Customers', folderId, create: true },
				account: newAccount(),
			});
		}
		const lists = [...sandbox.brevo.store.lists.values()].filter(({ name }) => name === 'HubSpot Customers');
		expect(lists).toMatchObject([{ folderId }]);
		expect(lists[0]?.members.size).toBe(6);
	});

	it('HB-12: is created once when the answer to its creation gets lost', async () => {
		sandbox.brevo.faults.next('POST /contacts/lists', { kind: 'afterWork' });
		await upsertIntoBrevo(sandbox.brevo, mappedCrowd(1), { list: { name: 'Lost and Found', create: true } });
		expect([...sandbox.brevo.store.lists.values()].filter(({ name }) => name === 'Lost and Found')).toHaveLength(1);
	});

	it('HB-12: exists once when two processes create it at the same moment', async () => {
		sandbox.brevo.faults.next('POST /contacts/lists', { delayMs: 300, times: 2 });
		await Promise.all(
			[1, 2].map(
				async (n) => await upsertIntoBrevo(sandbox.brevo, mappedCrowd(1, n), { list: { name: 'Twins', create: true } }),
			),
		);
		const lists = [...sandbox.brevo.store.lists.values()].filter(({ name }) => name === 'Twins');
		expect(lists).toHaveLength(1);
		expect(lists[0]?.members.size).toBe(2);
		// The delays let calls arrive closer together than they were sent.
		sandbox.brevo.requests.clear();
	});

	it('is found among 120 others', async () => {
		for (let n = 0; n < 120; n++) sandbox.brevo.store.createList(`List ${n}`, 1);
		const wanted = sandbox.brevo.store.createList('The one', 1);
		await upsertIntoBrevo(sandbox.brevo, mappedCrowd(1), { list: { name: 'the ONE', create: true } });
		expect(wanted.members.size).toBe(1);
	});

	it('HB-12: a folder that is gone stops the run, naming the field, before the first write', async () => {
		const list = { name: 'Homeless', folderId: 99_999, create: true };
		await expect(upsertIntoBrevo(sandbox.brevo, mappedCrowd(1), { list })).rejects.toThrow(
			"SETTING_INVALID: The list could not be created as 'List' or 'Folder for a New List' (folder ID 99999) says",
		);
		expect(sandbox.brevo.store.writes).toEqual([]);
	});

	it('is not created by a dry run', async () => {
		const report = await upsertIntoBrevo(sandbox.brevo, mappedCrowd(2), {
			list: { name: 'Nothing', create: false },
			settings: { dryRun: true },
		});
		expect(statusCounts(report)).toEqual({ planned: 2 });
		expect(sandbox.brevo.store.writes).toEqual([]);
		expect([...sandbox.brevo.store.lists.values()].some(({ name }) => name === 'Nothing')).toBe(false);
	});
});
