import { ListChangeSource } from '../../../../clients/hubspot/source/listChangeSource';
import type { ListCursor } from '../../../../clients/hubspot/source/listCursor';
import { readListCursor } from '../../../../clients/hubspot/source/listCursor';
import type { OptOutLook } from '../../../../core/polling/changeSource';
import type { Result } from '../../../../core/result';
import { sandboxClock } from '../../../support/triggerFollower';
import { DAY_MS, FollowedList, LIST } from '../support/followedList';
import { DEFAULTS } from '../support/listFollower';

const list = new FollowedList();
const { start, members, polls } = list;

/** The place that the sync has reached. */
function cursor(): ListCursor {
	let stored: unknown;
	list.follower.editState((state) => {
		stored = state.cursor;
		return state;
	});
	return readListCursor(stored) as ListCursor;
}

async function lookWith(at: ListCursor | undefined, seen: string | undefined): Promise<Result<OptOutLook>> {
	const client = list.follower.client();
	const definitions = async () => await client.contactProperties();
	const source = new ListChangeSource(client, { ...DEFAULTS, definitions }, sandboxClock(list.hubspot));
	await source.identify({ account: '24813579', scope: `contact:${LIST}`, credential: DEFAULTS.credential }, false);
	return await source.readOptOuts(at, seen);
}

async function look(seen?: string): Promise<OptOutLook> {
	const found = await lookWith(cursor(), seen);
	if (found.kind !== 'ok') throw new Error(found.reason);
	return found.value;
}

const idsIn = ({ changes }: OptOutLook): string[] => changes.map(({ source }) => source.id).sort();

afterEach(list.end);

describe('opt-outs while a sync pauses (number 15)', () => {
	it('promise 1: a contact that unsubscribed since is emitted once, as opted out; other changes, other contacts and unknown ones are not', async () => {
		await start({ members: 300 });
		const [optsOut = '', changes = '', later = ''] = members();
		const stranger = list.hubspot.store.addContact({ email: 'stranger@example.com' });
		for (const id of [optsOut, stranger]) list.hubspot.store.optOut(id);
		list.hubspot.store.changeContact(changes, { firstname: 'Changed' });
		const first = await look();
		expect(first.changes).toEqual([
			expect.objectContaining({
				key: `hubspot:24813579:contact:${optsOut}`,
				change: 'optedOut',
				optedOut: true,
				changedFields: ['hs_email_optout'],
				fields: expect.objectContaining({ email: list.hubspot.store.contact(optsOut).properties.email }) as unknown,
			}),
		]);
		list.hubspot.clock.advance(3_600_000);
		list.hubspot.store.pageView(optsOut);
		list.hubspot.store.optOut(later);
		const second = await look(first.seen);
		expect(idsIn(second)).toEqual([later]);
		list.hubspot.clock.advance(3_600_000);
		list.hubspot.requests.clear();
		const third = await look(second.seen);
		expect(third.changes).toEqual([]);
		expect(list.hubspot.requests.total).toBe(1);
	});

	it('promise 1: former members, pending members and contacts that the opt-out takes out of the list count too', async () => {
		await start({ members: 300 });
		const [former = '', leaves = ''] = members();
		list.hubspot.store.removeFromList(LIST, [former]);
		await polls(4);
		list.hubspot.store.optOut(former);
		list.hubspot.store.optOut(leaves);
		list.hubspot.store.removeFromList(LIST, [leaves]);
		expect(idsIn(await look())).toEqual([former, leaves].sort());
	});

	it('promise 1: a contact into which a member was merged counts, with the record that was merged', async () => {
		await start({ members: 300 });
		const [loser = ''] = members();
		const outside = list.hubspot.store.addContact({ email: 'outside@example.com' });
		const survivor = list.hubspot.store.merge(outside, loser);
		list.hubspot.store.optOut(survivor);
		const { changes } = await look();
		expect(changes).toEqual([
			expect.objectContaining({ source: expect.objectContaining({ id: survivor }) as unknown }),
		]);
		expect(changes[0]?.mergedFrom).toContain(`hubspot:24813579:contact:${loser}`);
	});

	it('an opt-out that was delivered before the pause is not emitted again, whatever else happens to the contact', async () => {
		await start({ members: 300 });
		const [id = ''] = members();
		list.hubspot.store.optOut(id);
		await polls(3);
		list.hubspot.clock.advance(DAY_MS);
		list.hubspot.store.pageView(id);
		expect((await look()).changes).toEqual([]);
	});

	it.each([
		['every millisecond', 1],
		['by pages, each of one instant and one contact more', 201],
		['all in one instant', 2_400],
	])(
		'promise 1: thousands at once are emitted in portions of ten calls, all of them and each once: %s',
		async (_, together) => {
			await start({ members: 2_400 });
			const all = members();
			list.hubspot.clock.freeze();
			for (const [index, id] of all.entries()) {
				list.hubspot.store.optOut(id);
				if ((index + 1) % together === 0) list.hubspot.clock.advance(1);
			}
			const told: string[] = [];
			let seen: string | undefined;
			for (let looks = 0; looks < 10; looks++) {
				list.hubspot.requests.clear();
				const portion = await look(seen);
				expect(list.hubspot.requests.total).toBeLessThanOrEqual(10);
				expect(portion.changes.length).toBeLessThanOrEqual(1_000);
				told.push(...idsIn(portion));
				seen = portion.seen;
				list.hubspot.clock.advance(3_600_000);
			}
			expect(told.sort()).toEqual(all.sort());
		},
	);

	it('promise 1: an opt-out that HubSpot indexes after later ones is emitted by the next look', async () => {
		await start({ members: 1_000 });
		const [late = '', ...others] = members();
		list.hubspot.settings.indexingDelayMs = DEFAULTS.lookbackMs - 1_000;
		list.hubspot.store.optOut(late);
		list.hubspot.settings.indexingDelayMs = 0;
		const indexed = others.slice(0, 500);
		for (const id of indexed) {
			list.hubspot.clock.advance(1);
			list.hubspot.store.optOut(id);
		}
		const first = await look();
		expect(idsIn(first)).toEqual(indexed.sort());
		list.hubspot.clock.advance(3_600_000);
		expect(idsIn(await look(first.seen))).toEqual([late]);
	});

	it('before the first batch there is nothing to take back, and a spoiled note only tells again', async () => {
		await start({ members: 300 });
		const [id = ''] = members();
		list.hubspot.store.optOut(id);
		list.hubspot.requests.clear();
		expect(await lookWith(undefined, undefined)).toEqual({ kind: 'ok', value: { changes: [], seen: '' } });
		expect(list.hubspot.requests.total).toBe(0);
		for (const seen of ['', '{', '{"position":{}}']) expect(idsIn(await look(seen))).toEqual([id]);
	});
});

describe('opt-outs that are hidden while the definitions are still kept', () => {
	const hide = async (ignoresOptOuts: boolean): Promise<string> => {
		await start({ members: 20 });
		const known = await list.follower.client().contactProperties();
		list.follower.settings = { definitions: async () => await Promise.resolve(known), ignoresOptOuts };
		list.hubspot.store.archiveProperty('hs_email_optout');
		const [id = ''] = members();
		list.hubspot.store.changeContact(id, { firstname: 'Changed' });
		return id;
	};

	it('promise 1: end the batch by name, and no contact is emitted as if nothing were known', async () => {
		await hide(false);
		expect(await list.follower.next()).toMatchObject({ end: 'failed', failure: { code: 'OPT_OUTS_HIDDEN' } });
		expect(list.follower.take()).toEqual([]);
	});

	it('are no fault where opt-outs are ignored', async () => {
		const id = await hide(true);
		expect((await polls(1)).map(({ source, optedOut }) => [source.id, optedOut])).toEqual([[id, null]]);
	});
});
