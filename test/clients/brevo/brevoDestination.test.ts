import { startBrevo, type RunningBrevo } from '../../../sandbox/brevo';
import { brevoClient, newAccount, statusCounts, upsertIntoBrevo } from '../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../support/mappedContacts';

let brevo: RunningBrevo;
let list: number;

beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 0 });
	list = brevo.store.createList('Synced', 1).id;
});
afterEach(async () => await brevo.close());

describe('a first sync', () => {
	it('brings 1,000 new contacts into the list by one import, and a second run writes nothing', async () => {
		const account = newAccount();
		const crowd = mappedCrowd(1_000);
		const first = await upsertIntoBrevo(brevo, crowd, { list: { id: list }, account });
		expect(statusCounts(first)).toEqual({ created: 1_000 });
		expect(brevo.store.lists.get(list)?.members.size).toBe(1_000);
		expect(brevo.requests.counts()['POST /contacts/import']).toBe(1);
		console.log(brevo.requests.counts());

		const writes = brevo.store.writes.length;
		brevo.requests.clear();
		const second = await upsertIntoBrevo(brevo, crowd, { list: { id: list }, account });
		expect(statusCounts(second)).toEqual({ unchanged: 1_000 });
		expect(brevo.store.writes.length).toBe(writes);
		console.log(brevo.requests.counts());
	});
});
void mapped;
void brevoClient;
