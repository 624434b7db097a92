import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import { ContactFollower, told } from '../support/contactFollower';

const HOURS = 6 * 3_600_000;
/** More than a page: where all fit on one, each second poll looks at all of them. */
const PEOPLE = 1_010;

let brevo: RunningBrevo;
let follower: ContactFollower;
beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 0 });
	for (let n = 1; n <= PEOPLE; n++)
		brevo.store.createContact({ identifiers: { email: `person${n}@crowd.example` } }, 'seed');
	follower = new ContactFollower(brevo);
});
afterEach(async () => await brevo.close());

/** Two contacts change, one of them opts out: what is to be emitted for that. */
function change(): string[][] {
	const [optsOut, changes] = [...brevo.store.contacts.values()];
	if (!optsOut || !changes) throw new Error('There are contacts');
	brevo.store.changeContact(optsOut, { emailBlocked: true }, 'control');
	brevo.store.changeContact(changes, { attributes: { FIRSTNAME: 'Changed' } }, 'control');
	return [
		[String(optsOut.id), 'optedOut'],
		[String(changes.id), 'updated'],
	].sort();
}

type Wrong = readonly [name: string, datedAheadMs: number, clockAheadMs: number];

const WRONG: readonly Wrong[] = [
	['answers are dated hours ahead', HOURS, 0],
	["this machine's clock is hours ahead", 0, HOURS],
	['both are hours ahead, as a proxy on this machine makes them', HOURS, HOURS],
	["this machine's clock was put back", 0, -HOURS],
	['answers are dated hours back', -HOURS, 0],
];

/** What happens while clocks are wrong, which they are right again after. */
async function withWrongClocks([, dated, clock]: Wrong, during: () => Promise<unknown>): Promise<void> {
	Object.assign(follower, { datedAheadMs: dated, clockAheadMs: clock });
	await during();
	Object.assign(follower, { datedAheadMs: 0, clockAheadMs: 0 });
	brevo.clock.advance(60_000);
}

describe.each(WRONG)('promise 2: %s (number 5)', (...wrong) => {
	it('and no later change is passed over', async () => {
		await follower.firstSync();
		await withWrongClocks(wrong, async () => await follower.settle(3));
		const changes = change();
		await follower.settle(4);
		expect(told(follower.take())).toEqual(changes);
	});

	it('and what changes in that time is emitted, also hours of it', async () => {
		await follower.firstSync();
		let changes: string[][] = [];
		await withWrongClocks(wrong, async () => {
			await follower.settle(2);
			changes = change();
			await follower.settle(60);
		});
		await follower.settle(4);
		expect(told(follower.take())).toEqual(changes);
	});

	it('and a sync that begins in that time finds what changes after it', async () => {
		await withWrongClocks(wrong, async () => await follower.firstSync());
		const changes = change();
		await follower.settle(5);
		expect(told(follower.take())).toEqual(changes);
	});
});
