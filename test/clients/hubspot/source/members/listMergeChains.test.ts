import type { ContactChange } from '../../../../../core/contact/contact';
import { ListFollower } from '../../support/listFollower';
import { FollowedList, LIST, told } from '../../support/followedList';

const list = new FollowedList();
const { start, members, polls } = list;
const READS = 'POST /crm/objects/2026-09/contacts/batch/read';

afterEach(list.end);

const keyOf = (id: string): string => `hubspot:24813579:contact:${id}`;
/** A contact that the trigger never emits, and that is gone before it could. */
const stranger = (n = 0): string =>
	list.hubspot.store.addContact({ email: `between${n}@x.example`, firstname: 'Between' });
const merge = (primary: string, loser: string): string => {
	list.hubspot.clock.advance(500);
	return list.hubspot.store.merge(primary, loser);
};
const namedBy = (changes: readonly ContactChange[], id: string): ReadonlySet<string> =>
	new Set(changes.filter(({ source }) => source.id === id).flatMap(({ mergedFrom = [] }) => mergedFrom));

const variants = (['missing', 'redirect'] as const).flatMap((mergedIds) =>
	[false, true].map((mergeKeepsPrimaryId) => ({ mergedIds, mergeKeepsPrimaryId })),
);

describe('merges by way of contacts that no batch names', () => {
	describe.each(variants)('($mergedIds, the primary id stays: $mergeKeepsPrimaryId)', (variant) => {
		const begin = async (more: object = {}): Promise<readonly [string, string]> => {
			await start({ members: 30, ...variant, ...more });
			const [blocked = '', member = ''] = members();
			return [blocked, member];
		};

		it.each([2, 3, 4])('promise 1: %i merges in a row, and the survivor names the first contact', async (count) => {
			const [blocked, member] = await begin();
			let last = blocked;
			for (let n = 1; n < count; n++) last = merge(stranger(n), last);
			const survivor = merge(member, last);
			const changes = await polls(8);
			expect(new Set(told(changes).map(String))).toEqual(new Set([`${survivor},updated`]));
			expect(namedBy(changes, survivor)).toContain(keyOf(blocked));
		});

		it('promise 1: over three polls, the last merge as the only one that is seen', async () => {
			const [blocked, member] = await begin({ mergeKeepsLists: false });
			const first = merge(stranger(1), blocked);
			await polls(4);
			const second = merge(stranger(2), first);
			await polls(1);
			const survivor = merge(member, second);
			list.hubspot.store.addToList(LIST, [survivor]);
			const changes = await polls(8);
			expect(told(changes.filter(({ source }) => source.id === survivor)).map(String)).toContain(`${survivor},updated`);
			expect(namedBy(changes, survivor)).toContain(keyOf(blocked));
		});

		it('promise 1: a survivor that joins the list later names the first contact', async () => {
			const [blocked] = await begin({ mergeKeepsLists: false });
			const survivor = merge(stranger(2), merge(stranger(1), blocked));
			expect(told(await polls(8))).toEqual([[blocked, 'deleted']]);
			list.hubspot.store.addToList(LIST, [survivor]);
			const changes = await polls(4);
			expect(told(changes)).toEqual([[survivor, 'added']]);
			expect(namedBy(changes, survivor)).toContain(keyOf(blocked));
		});

		it('promise 1: the survivor names the first contact although a user took its address off', async () => {
			const [blocked, member] = await begin();
			const survivor = merge(member, merge(stranger(), blocked));
			list.hubspot.store.contacts.change(Number(survivor), { hs_additional_emails: '' });
			expect(namedBy(await polls(8), survivor)).toContain(keyOf(blocked));
		});

		it('promise 1: a contact that left before it was merged is named as well', async () => {
			const [former, member] = await begin();
			list.hubspot.store.removeFromList(LIST, [former]);
			expect(told(await polls(6))).toEqual([[former, 'removed']]);
			const survivor = merge(member, merge(stranger(), former));
			const changes = await polls(8);
			expect(new Set(told(changes).map(String))).toEqual(new Set([`${survivor},updated`]));
			expect(namedBy(changes, survivor)).toContain(keyOf(former));
		});

		it('promise 1: the addresses of a merged contact come along although nothing leads to its record any more', async () => {
			const [blocked, member] = await begin();
			const { email } = list.hubspot.store.contact(blocked).properties;
			const between = stranger();
			const survivor = merge(member, merge(between, blocked));
			// Erased for good, with what it knew.
			for (const { id } of [...list.hubspot.store.contacts.contacts.values()])
				if (id === Number(between) || id === Number(blocked)) list.hubspot.store.contacts.contacts.delete(id);
			const changes = await polls(8);
			const told = changes.filter(({ source }) => source.id === survivor);
			expect(told.map(({ change }) => change)).toContain('updated');
			expect(told.flatMap(({ otherEmails = [] }) => otherEmails)).toContain(email);
		});

		it('promise 1: a sync that begins anew, its memory lost, names the first contact as well', async () => {
			const [blocked, member] = await begin();
			const survivor = merge(member, merge(stranger(), blocked));
			const anew = new ListFollower(list.hubspot);
			await anew.settle();
			expect(namedBy(anew.take(), survivor)).toContain(keyOf(blocked));
		});

		it('HB-08: a contact whose survivor was deleted is deleted', async () => {
			const [blocked] = await begin();
			list.hubspot.store.archive(merge(stranger(), blocked));
			expect(told(await polls(8))).toEqual([[blocked, 'deleted']]);
		});
	});

	it('HB-28: a merge costs one read more, a member that changes afterwards none', async () => {
		await start({ members: 30, extraContacts: 5 });
		const [member = ''] = members();
		const survivor = merge(member, stranger());
		await polls(6);
		list.hubspot.requests.clear();
		list.hubspot.store.changeContact(survivor, { firstname: 'Ada' });
		expect(told(await polls(1))).toEqual([[survivor, 'updated']]);
		expect(list.hubspot.requests.counts()[READS]).toBe(1);
		list.hubspot.store.pageView(survivor);
		expect(await polls(4)).toEqual([]);
	});
});
