import { readContactCursor } from '../../../../clients/brevo/source/contactCursor';
import type { ContactChange } from '../../../../core/contact/contact';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import { ContactFollower } from '../support/contactFollower';

let brevo: RunningBrevo;
let follower: ContactFollower;
let [news, events]: [number, number] = [0, 0];

beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 0 });
	news = brevo.store.createList('News', 1).id;
	events = brevo.store.createList('Events', 1).id;
	follower = new ContactFollower(brevo);
	follower.settings = { listIds: [news, events], listUnsubscribes: 'optOut' };
});
afterEach(async () => await brevo.close());

const person = (name: string, lists: readonly number[] = []): number =>
	brevo.store.createContact({ identifiers: { email: `${name}@example.org` }, addTo: [...lists] }, 'control').id;

const contactOf = (id: number) => {
	const contact = brevo.store.contacts.get(id);
	if (!contact) throw new Error('There is no such contact');
	return contact;
};

const change = (id: number, wanted: Parameters<typeof brevo.store.changeContact>[1]): void =>
	void brevo.store.changeContact(contactOf(id), wanted, 'control');

const unsubscribe = (id: number, list: number): void => {
	contactOf(id).listsLeft.add(list);
	change(id, { removeFrom: [list] });
};

const told = (changes: readonly ContactChange[]): string[] =>
	changes.map(({ source, change: kind, optedOut, unsubscribedFrom = [], optOutOnly }) =>
		[
			...[source.id, kind, ...(optedOut ? ['opted out'] : [])],
			...(unsubscribedFrom.length > 0 ? [`of ${unsubscribedFrom.join()}`] : []),
			...(optOutOnly ? ['only'] : []),
		].join(' '),
	);

describe.each(['all', 'optOuts'] as const)(
	'an unsubscribe from a list that counts as an opt-out, with %s',
	(changes) => {
		beforeEach(() => {
			follower.settings = { ...follower.settings, changes };
		});

		it('is one of a contact that is on another followed list as well', async () => {
			const ada = person('ada', [news, events]);
			await follower.firstSync();
			unsubscribe(ada, news);
			await follower.settle(3);
			expect(told(follower.take())).toEqual([`${ada} optedOut opted out of ${news}`]);
			change(ada, { attributes: { FIRSTNAME: 'Ada' } });
			await follower.settle(3);
			expect(follower.take().every(({ optedOut }) => optedOut)).toBe(true);
		});

		it('is one of a contact that joined and unsubscribed between two polls, which joins nothing by it', async () => {
			const ada = person('ada');
			await follower.firstSync();
			change(ada, { addTo: [news] });
			unsubscribe(ada, news);
			await follower.settle(4);
			expect(told(follower.take())).toEqual([`${ada} optedOut opted out of ${news} only`]);
		});

		it('is one of a contact that unsubscribed before the first sync', async () => {
			const [ada, ben] = [person('ada', [news]), person('ben')];
			unsubscribe(ada, news);
			await follower.next();
			await follower.settle(3);
			expect(told(follower.take())).toEqual([`${ada} optedOut opted out of ${news} only`]);
			change(ada, { addTo: [news] });
			await follower.settle(3);
			const back = changes === 'all' ? [`${ada} added`] : [];
			expect(told(follower.take())).toEqual(back);
			expect(ben).toBeGreaterThan(ada);
		});

		it('is none of before where only changes from now on count, whatever becomes of the contact', async () => {
			follower.settings = { ...follower.settings, firstSync: 'fromNow' };
			const ada = person('ada', [news]);
			unsubscribe(ada, news);
			await follower.firstSync();
			change(ada, { attributes: { FIRSTNAME: 'Ada' } });
			await follower.settle(3);
			expect(follower.take()).toEqual([]);
		});
	},
);

it('the opt-out of a contact that left brings it back on no list', async () => {
	follower.settings = { listIds: [news] };
	const ada = person('ada', [news]);
	await follower.firstSync();
	change(ada, { removeFrom: [news] });
	await follower.settle(2);
	follower.take();
	change(ada, { emailBlocked: true });
	await follower.settle(3);
	expect(told(follower.take())).toEqual([`${ada} optedOut opted out only`]);
});

describe('in the pause of a quota', () => {
	/** What a look for opt-outs finds, with the place of the last poll. */
	const look = async (seen?: string): Promise<string[]> => {
		let cursor: unknown;
		follower.editState((state) => {
			({ cursor } = state);
			return state;
		});
		brevo.clock.advance(60_000);
		const read = await follower.open().readOptOuts(readContactCursor(cursor), seen);
		return read.kind === 'ok' ? told(read.value.changes) : [read.kind];
	};

	it('opt-outs come through: blocks, also of contacts that left, and unsubscribes from a list that count as much', async () => {
		const [ada, ben, cara, dan] = [person('ada', [news]), person('ben', [news]), person('cara', [news]), person('dan')];
		await follower.firstSync();
		change(cara, { removeFrom: [news] });
		await follower.settle(2);
		follower.take();
		expect(await look()).toEqual([]);
		change(ada, { emailBlocked: true });
		unsubscribe(ben, news);
		change(cara, { emailBlocked: true });
		change(dan, { emailBlocked: true });
		expect(await look()).toEqual([
			`${ada} optedOut opted out`,
			`${ben} optedOut opted out of ${news} only`,
			`${cara} optedOut opted out only`,
		]);
	});

	it('an unsubscribe from a list is none where it counts as leaving', async () => {
		follower.settings = { ...follower.settings, listUnsubscribes: 'leave' };
		const ben = person('ben', [news]);
		await follower.firstSync();
		unsubscribe(ben, news);
		expect(await look()).toEqual([]);
	});
});
