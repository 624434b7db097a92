import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import { ContactFollower, idsOf } from '../support/contactFollower';

let brevo: RunningBrevo;
let follower: ContactFollower;
beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 0 });
	follower = new ContactFollower(brevo);
	for (let n = 1; n <= 450; n++)
		brevo.store.createContact({ identifiers: { email: `person${n}@crowd.example` } }, 'seed');
});
afterEach(async () => await brevo.close());

describe('contacts that Brevo does not answer for together', () => {
	it('promise 2: are read in smaller pages, also where a full page takes all the time of a poll', async () => {
		follower.isTooSlow = ({ limit }) => Number(limit) > 100;
		follower.poll = { budgetMs: 60_000 };
		const emitted = new Set<string>();
		for (let poll = 0; poll < 12; poll++) {
			await follower.next();
			for (const id of idsOf(follower.batches.splice(0).flat())) emitted.add(id);
		}
		expect(emitted.size).toBe(450);
	});
});
