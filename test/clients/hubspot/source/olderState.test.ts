import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { idsOf, ListFollower, membersOf } from '../support/listFollower';

const LIST = '101';

describe('a state stored before members were remembered', () => {
	let hubspot: RunningHubSpot;
	let follower: ListFollower;

	/** Follows the list up to now and leaves the state in the form that remembered no member. */
	const followed = async (joinOrder: 'oldestFirst' | 'newestFirst'): Promise<void> => {
		hubspot = await startHubSpot({ members: 700, joinOrder });
		follower = new ListFollower(hubspot);
		await follower.next();
		const stamps = follower.take().map(({ source }) => [source.id, hubspot.store.contact(source.id).updatedAt]);
		follower.editState((state) => {
			const { startedAt, phase, fromNow, log, gate, quietPolls, watermark } = state.cursor;
			const { lastRemovedAt: _unknown, ...figures } = gate as Record<string, unknown>;
			const handled = Object.fromEntries(stamps.slice(0, 50)) as Record<string, number>;
			return {
				...state,
				cursor: { startedAt, phase, fromNow, log, gate: figures, quietPolls, watermark, handled },
			};
		});
		hubspot.requests.clear();
	};
	const told = async (polls: number): Promise<string[][]> => {
		for (let poll = 0; poll < polls; poll++) await follower.next();
		return follower
			.take()
			.map(({ source, change }) => [source.id, change])
			.sort();
	};

	afterEach(async () => await hubspot.close());

	it.each(['oldestFirst', 'newestFirst'] as const)(
		'promise 2: is taken over, no contact is emitted twice, and one that leaves from then on is emitted (%s)',
		async (joinOrder) => {
			await followed(joinOrder);
			expect(await told(2)).toEqual([]);
			expect(hubspot.requests.counts()['POST /crm/objects/2026-09/contacts/batch/read']).toBeUndefined();
			const [leaves = '', changes = '', deleted = ''] = membersOf(hubspot);
			hubspot.store.removeFromList(LIST, [leaves]);
			hubspot.store.changeContact(changes, { firstname: 'Changed' });
			hubspot.store.archive(deleted);
			const joins = hubspot.store.addContact({ email: 'joins@example.com' }, [LIST]);
			expect(await told(8)).toEqual(
				[
					[leaves, 'removed'],
					[changes, 'updated'],
					[deleted, 'deleted'],
					[joins, 'added'],
				].sort(),
			);
			expect(await told(2)).toEqual([]);
		},
	);

	it('promise 2: what changed, joined and opted out before it was taken over is emitted once', async () => {
		await followed('oldestFirst');
		const [changes = '', optsOut = ''] = membersOf(hubspot).filter(
			(id) => hubspot.store.contact(id).properties.hs_email_optout !== 'true',
		);
		hubspot.store.changeContact(changes, { firstname: 'Changed' });
		hubspot.store.optOut(optsOut);
		const joins = hubspot.store.addContact({ email: 'joins@example.com' }, [LIST]);
		expect(await told(4)).toEqual(
			[
				[changes, 'updated'],
				[optsOut, 'optedOut'],
				[joins, 'added'],
			].sort(),
		);
	});

	it('promise 2: a first sync that was under way goes on where it was', async () => {
		hubspot = await startHubSpot({ members: 700 });
		follower = new ListFollower(hubspot);
		follower.settings = { batchSize: 250 };
		follower.outcome = (batch) => (batch[0]?.delivery?.sequence === 2 ? 'failed' : 'succeeded');
		await follower.next();
		const first = idsOf(follower.batches[0] ?? []);
		follower.take();
		follower.editState((state) => {
			const { startedAt, phase, fromNow, log, gateAtWalk, quietPolls, watermark } = state.cursor;
			return { ...state, cursor: { startedAt, phase, fromNow, log, gateAtWalk, quietPolls, watermark, handled: {} } };
		});
		follower.outcome = () => 'succeeded';
		await follower.next();
		await follower.next();
		expect([...first, ...idsOf(follower.take())].sort()).toEqual(membersOf(hubspot));
		hubspot.store.removeFromList(LIST, [first[0] ?? '']);
		expect(await told(2)).toEqual([[first[0], 'removed']]);
	});
});
