import type { ContactChange } from '../../../../core/contact/contact';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { ListFollower, membersOf } from '../support/listFollower';

describe('HB-24: members of a HubSpot list whose e-mail address changes', () => {
	let hubspot: RunningHubSpot;
	let follower: ListFollower;
	let id: string;
	let original: string;

	const moves = (email: string): void => {
		hubspot.clock.advance(1_000);
		hubspot.store.changeContact(id, { email });
	};
	const poll = async (): Promise<unknown[]> => {
		await follower.next(20_000);
		return follower.take().map(addresses);
	};
	const addresses = ({ change, fields, previousEmail }: ContactChange): unknown[] => [
		change,
		fields.email,
		previousEmail,
	];

	beforeEach(async () => {
		hubspot = await startHubSpot({ members: 20 });
		follower = new ListFollower(hubspot);
		await follower.next();
		follower.take();
		id = membersOf(hubspot)[0] ?? '';
		original = hubspot.store.contact(id).properties.email ?? '';
	});
	afterEach(async () => await hubspot.close());

	it('several changes between two polls are one update, from the address emitted last to the newest', async () => {
		moves('second@example.com');
		moves('third@example.com');
		expect(await poll()).toEqual([['updated', 'third@example.com', original]]);
		moves('fourth@example.com');
		expect(await poll()).toEqual([['updated', 'fourth@example.com', 'third@example.com']]);
		expect(await poll()).toEqual([]);
	});

	it.each(['failed', 'killed'] as const)(
		'after a lost run the address is still the one before the first change that was not acknowledged (%s)',
		async (how) => {
			follower.outcome = async () =>
				await (how === 'failed' ? Promise.resolve('failed' as const) : new Promise<never>(() => undefined));
			moves('second@example.com');
			expect(await poll()).toEqual([['updated', 'second@example.com', original]]);
			if (how === 'killed') follower.kill();
			moves('third@example.com');
			follower.outcome = () => 'succeeded';
			expect(await poll()).toEqual([['updated', 'third@example.com', original]]);
			moves('fourth@example.com');
			expect(await poll()).toEqual([['updated', 'fourth@example.com', 'third@example.com']]);
		},
	);

	it('changed and changed back: emitted when the one in between was emitted, and otherwise with no other address', async () => {
		moves('second@example.com');
		expect(await poll()).toEqual([['updated', 'second@example.com', original]]);
		moves(original);
		expect(await poll()).toEqual([['updated', original, 'second@example.com']]);
		moves('third@example.com');
		moves(original);
		expect(await poll()).toEqual([['updated', original, original]]);
		expect(await poll()).toEqual([]);
	});

	it('two members that swap their addresses each tell the one they had', async () => {
		const other = membersOf(hubspot)[1] ?? '';
		const others = hubspot.store.contact(other).properties.email ?? '';
		moves('parked@example.com');
		hubspot.store.changeContact(other, { email: original });
		moves(others);
		expect((await poll()).sort()).toEqual(
			[
				['updated', others, original],
				['updated', original, others],
			].sort(),
		);
	});

	it('an address that was taken away and one that was given', async () => {
		moves('');
		expect(await poll()).toEqual([['updated', null, original]]);
		moves('again@example.com');
		expect(await poll()).toEqual([['updated', 'again@example.com', undefined]]);
	});
});
