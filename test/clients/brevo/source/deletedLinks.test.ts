import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import { ContactFollower } from '../support/contactFollower';

let brevo: RunningBrevo;
let follower: ContactFollower;

beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 0 });
	follower = new ContactFollower(brevo);
	follower.settings = { deletesIn: ['salesforce'], firstSync: 'fromNow' };
});
afterEach(async () => await brevo.close());

const HOUR = 60 * 60_000;
const record = (n: number): string => `salesforce:00D5g00000AbCdE:Contact:003000000000${String(n).padStart(3, '0')}AAA`;

/** A contact that a sync from Salesforce, or another system, left its key on. */
const linked = (n: number, key = record(n)) =>
	brevo.store.createContact({ identifiers: { email: `p${n}@example.org`, ext_id: key } }, 'seed');

/** What was emitted as deleted: id and the records that it was linked to. */
const deletions = () =>
	follower
		.take()
		.filter(({ change }) => change === 'deleted')
		.map(({ source, linkedTo }) => [Number(source.id), linkedTo]);

async function deleteAndPoll(...contacts: ReadonlyArray<ReturnType<typeof linked>>): Promise<void> {
	for (const contact of contacts) brevo.store.deleteContact(contact, 'control');
	await follower.next(HOUR);
	await follower.next(HOUR);
}

describe('SB-27: a contact that is deleted in Brevo, where its record is to be deleted too', () => {
	it.each(['fromNow', 'all'] as const)(
		'names the record it was linked to when it was last seen: first sync %s',
		async (firstSync) => {
			follower.settings = { ...follower.settings, firstSync };
			const [one, two] = [linked(1), linked(2)];
			await follower.next();
			follower.take();
			brevo.store.changeContact(two, { identifiers: { ext_id: record(3) } }, 'control');
			await follower.next(HOUR);
			follower.take();
			await deleteAndPoll(one, two);
			expect(deletions()).toEqual([
				[one.id, [record(1)]],
				[two.id, [record(3)]],
			]);
		},
	);

	it('names no record of another system, none that other tools left, and nothing where records stay', async () => {
		const contacts = [linked(1, 'hubspot:1:contact:7'), linked(2, 'crm-4711'), linked(3)];
		await follower.next();
		await deleteAndPoll(...contacts.slice(0, 2));
		expect(deletions().map(([, keys]) => keys)).toEqual([undefined, undefined]);
		follower.settings = { deletesIn: [] };
		await deleteAndPoll(...contacts.slice(2));
		expect(deletions().map(([, keys]) => keys)).toEqual([undefined]);
	});

	it('learns the links of contacts that were followed before records were to be deleted, with the next walk', async () => {
		follower.settings = { firstSync: 'fromNow' };
		const one = linked(1);
		await follower.next();
		follower.settings = { deletesIn: ['salesforce'] };
		await follower.next(HOUR);
		await deleteAndPoll(one);
		expect(deletions()).toEqual([[one.id, [record(1)]]]);
	});

	it('names no record that another contact is linked to by now: Brevo merges contacts that share an identifier', async () => {
		const [one, two] = [linked(1), linked(2)];
		await follower.next();
		brevo.store.deleteContact(one, 'control');
		brevo.store.changeContact(two, { identifiers: { ext_id: record(1) } }, 'control');
		await follower.next(HOUR);
		await follower.next(HOUR);
		expect(deletions()).toEqual([[one.id, undefined]]);
	});

	describe('names with it the address that another contact has by now', () => {
		const taken = () =>
			follower
				.take()
				.filter(({ change }) => change === 'deleted')
				.map(({ linkedTo, emailsTaken }) => [linkedTo, emailsTaken]);
		const plain = (n: number) => brevo.store.createContact({ identifiers: { email: `p${n}@example.org` } }, 'seed');
		/** More than a page, so that a walk finds deletions long after a search found what is new. */
		const crowd = () => {
			for (let n = 100; n < 1_200; n++) plain(n);
		};
		beforeEach(() => {
			brevo.settings.unknownIds = 'refused';
		});

		it.each([
			['as one that was made anew', () => void plain(1)],
			[
				'as one that was there and got it',
				(two: ReturnType<typeof plain>) =>
					void brevo.store.changeContact(two, { identifiers: { email: 'P1@example.org' } }, 'control'),
			],
		])('%s', async (_how, happens) => {
			const [one, two] = [linked(1), plain(2)];
			crowd();
			await follower.next();
			await follower.next(2 * HOUR);
			brevo.store.deleteContact(one, 'control');
			happens(two);
			await follower.next();
			expect(follower.take().map(({ change }) => change)).not.toContain('deleted');
			await follower.next(2 * HOUR);
			expect(taken()).toEqual([[[record(1)], ['p1@example.org']]]);
		});

		it('also where one page shows both, and none where the contact had no address or no other has it', async () => {
			const [one, two] = [linked(1), linked(2)];
			const mute = brevo.store.createContact({ identifiers: { SMS: '491511111111', ext_id: record(3) } }, 'seed');
			brevo.store.createContact({ identifiers: { SMS: '491511111112' } }, 'seed');
			await follower.next();
			for (const contact of [one, two, mute]) brevo.store.deleteContact(contact, 'control');
			plain(1);
			await follower.next(HOUR);
			await follower.next(HOUR);
			expect(taken()).toEqual([
				[[record(1)], ['p1@example.org']],
				[[record(2)], undefined],
				[[record(3)], undefined],
			]);
		});
	});
});
