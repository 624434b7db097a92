import type { HttpPort } from '../../../../core/ports';
import { DAY_MS, FollowedList, LIST, told } from '../support/followedList';
import { sandboxHttp } from '../support/listFollower';

const HOURS = 6 * 3_600_000;

const list = new FollowedList();
const { start, members, polls } = list;

/** The way to HubSpot with its answers dated by a clock that is this much ahead. */
const datedAhead = (ms: number): HttpPort => ({
	async send(request) {
		const reply = await sandboxHttp(list.hubspot).send(request);
		if (reply.kind !== 'reply') return reply;
		return { ...reply, headers: { ...reply.headers, date: new Date(list.hubspot.clock.now() + ms).toUTCString() } };
	},
});

/** An unsubscribe and another change of members. */
function change(): { readonly optsOut: string; readonly changes: string } {
	const [optsOut = '', changes = ''] = members();
	list.hubspot.store.optOut(optsOut);
	list.hubspot.store.changeContact(changes, { firstname: 'Changed' });
	return { optsOut, changes };
}

const expectTold = async ({ optsOut, changes }: ReturnType<typeof change>) => {
	expect(told(await polls(4))).toEqual(
		[
			[optsOut, 'optedOut'],
			[changes, 'updated'],
		].sort(),
	);
};

afterEach(list.end);

describe('a HubSpot list and clocks that go wrong (number 5)', () => {
	it.each([1, 5])('promise 2: %i polls with answers dated ahead pass over no change', async (count) => {
		await start({ members: 20 });
		list.follower.http = datedAhead(HOURS);
		await polls(count);
		list.follower.http = undefined;
		list.hubspot.clock.advance(60_000);
		await expectTold(change());
	});

	it('promise 2: nor does one with hours without a poll behind it', async () => {
		await start({ members: 20 });
		await polls(1);
		list.follower.http = datedAhead(HOURS);
		await polls(1);
		const changed = change();
		list.follower.http = undefined;
		await list.follower.next(2 * HOURS);
		await expectTold(changed);
	});

	it('promise 2: a sync that begins while answers are dated ahead finds the changes of those hours', async () => {
		await list.begin({ members: 20 });
		list.follower.http = datedAhead(HOURS);
		await polls(2);
		list.follower.http = undefined;
		list.hubspot.clock.advance(60_000);
		await expectTold(change());
	});

	it("promise 2: this machine's clock and the answers ahead alike, as a proxy on it makes them, and right again later", async () => {
		await start({ members: 20 });
		list.follower.clockAheadMs = HOURS;
		list.follower.http = datedAhead(HOURS);
		await polls(2);
		list.follower.clockAheadMs = 0;
		list.follower.http = undefined;
		await expectTold(change());
	});

	it.each([HOURS, -HOURS])("promise 2: this machine's clock jumps by %i ms and back", async (ms) => {
		await start({ members: 20 });
		list.follower.clockAheadMs = ms;
		await expectTold(change());
		list.follower.clockAheadMs = 0;
		const [, , another = ''] = members();
		list.hubspot.store.changeContact(another, { lastname: 'Later' });
		expect(told(await polls(3))).toEqual([[another, 'updated']]);
	});

	it('promise 2: no contact counts as removed because an answer dated ahead ends the wait for a list that is worked out anew', async () => {
		await start({ members: 20 });
		await polls(1);
		const [stays = ''] = members();
		list.hubspot.store.lists.editFilters(Number(LIST));
		list.hubspot.store.removeFromList(LIST, [stays]);
		list.hubspot.store.changeContact(stays, { firstname: 'Seen by the search' });
		list.follower.http = datedAhead(HOURS);
		expect(told(await polls(1))).toEqual([[stays, 'updated']]);
	});

	it('HB-08: a deletion noticed while answers are dated ahead is emitted in minutes', async () => {
		await start({ members: 20 });
		await polls(1);
		const [deleted = ''] = members();
		list.hubspot.store.archive(deleted);
		list.follower.http = datedAhead(HOURS);
		await polls(1);
		list.follower.http = undefined;
		expect(told(await polls(6))).toEqual([[deleted, 'deleted']]);
	});

	it('HB-08: a walk dated ahead does not keep others away', async () => {
		await start({ members: 300 });
		await polls(1);
		list.follower.editState((state) => {
			const removals = state.cursor.removals as Record<string, unknown>;
			const ahead = list.hubspot.clock.now() + 30 * DAY_MS;
			Object.assign(removals, { walkedAt: ahead, recycleBinAt: ahead });
			return state;
		});
		const [leaves = ''] = members();
		list.hubspot.store.removeFromList(LIST, [leaves]);
		expect(told(await polls(3))).toEqual([[leaves, 'removed']]);
	});
});
