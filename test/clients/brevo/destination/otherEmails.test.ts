import type { MappedContact } from '../../../../core/contact/contact';
import { mapped, mappedCrowd } from '../../../support/mappedContacts';
import { told } from '../support/brevoSandbox';
import { useSteppedBrevo } from '../support/steppedBrevo';

const stepped = useSteppedBrevo();

const KEY = (id: number): string => `hubspot:1:contact:${id}`;
const survivor = (more: Partial<MappedContact> = {}): MappedContact =>
	mapped(9, { email: 'new@x.example' }, { otherEmails: ['Old@x.example', 'older@x.example'], ...more });

describe.each([
	['alone', 0],
	['beside 60 others', 60],
] as const)('a block under a further address of a contact, %s', (_name, others) => {
	const run = async (...batch: MappedContact[]) => told(await stepped.run([...batch, ...mappedCrowd(others, 1_000)]));
	const isBlocked = (email: string): boolean => stepped.contact(email).emailBlocked;

	it.each(['old@x.example', 'older@x.example'])(
		'promise 1: that of a record that was merged into it, unnamed, goes over to it (%s)',
		async (email) => {
			stepped.hold(email, { extId: KEY(1), emailBlocked: true });
			expect((await run(survivor()))[0]).toBe('created emailBlacklisted:ADDRESS_BLOCKED');
			expect(isBlocked('new@x.example')).toBe(true);
		},
	);

	it('promise 1: also to a contact that is there already', async () => {
		stepped.hold('old@x.example', { extId: KEY(1), emailBlocked: true });
		stepped.hold('new@x.example', { extId: KEY(9), addTo: [stepped.list] });
		expect((await run(survivor()))[0]).toBe('updated emailBlacklisted:ADDRESS_BLOCKED');
		expect(isBlocked('new@x.example')).toBe(true);
	});

	it('that of a record which lives on under another address stays with it', async () => {
		stepped.hold('old@x.example', { extId: KEY(1), emailBlocked: true });
		expect((await run(survivor(), mapped(1, { email: 'own@x.example' }))).slice(0, 2)).toEqual(['created', 'updated']);
		expect([isBlocked('new@x.example'), isBlocked('own@x.example')]).toEqual([false, true]);
	});

	it('one on the list whose key another tool overwrote leaves it; one that was put there by hand stays', async () => {
		stepped.hold('old@x.example', { extId: 'shop-7', addTo: [stepped.list] });
		stepped.hold('older@x.example', { addTo: [stepped.list] });
		expect((await run(survivor()))[0]).toBe('created listIds:MERGED_CONTACT_LEFT');
		expect(['old@x.example', 'older@x.example'].map(stepped.isOnList)).toEqual([false, true]);
	});

	it('that of a contact of another tool stays with it', async () => {
		stepped.hold('old@x.example', { extId: 'shop-7', emailBlocked: true });
		expect((await run(survivor()))[0]).toBe('created');
		expect(isBlocked('new@x.example')).toBe(false);
	});
});
