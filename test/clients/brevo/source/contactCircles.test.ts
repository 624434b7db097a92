import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import { ContactFollower } from '../support/contactFollower';

let brevo: RunningBrevo;
let follower: ContactFollower;
beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 0 });
	follower = new ContactFollower(brevo);
});
afterEach(async () => await brevo.close());

const addPeople = (count: number): void => {
	for (let n = 1; n <= count; n++)
		brevo.store.createContact({ identifiers: { email: `person${n}@crowd.example` } }, 'seed');
};

/** Each page is one of the first so many from now on, as from a cache that does not look at the query. */
function leadRound(size: number): void {
	let asked = 0;
	follower.changeQuery = (query) => ('offset' in query ? { ...query, offset: 1_000 * (asked++ % size) } : query);
}

describe.each([1, 2, 3])('pages that lead round in a circle of %i end the poll within a few calls', (size) => {
	it('in a first sync, and among changes', async () => {
		addPeople(3_000);
		leadRound(size);
		let polls = 0;
		while ((await follower.next()).failure?.code !== 'UNEXPECTED_ANSWER') expect(++polls).toBeLessThan(5);
		expect(brevo.requests.total).toBeLessThan(200);
	});
});
