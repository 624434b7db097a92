import { differences } from '../support/pipeline/oracle';
import { Pipeline } from '../support/pipeline/pipeline';
import { Witness } from '../support/pipeline/witness';
import type { HappeningKind } from '../support/pipeline/world';
import { HUBSPOT_LIST, keyOf, World } from '../support/pipeline/world';

let pipeline: Pipeline;
beforeAll(async () => (pipeline = await Pipeline.start({ members: 1_200, extraContacts: 100 })));
afterAll(async () => await pipeline.close());

let world: World;
let witness: Witness;
beforeEach(() => {
	pipeline.reset();
	world = new World(pipeline);
	witness = new Witness(pipeline, world);
});
afterEach(() => {
	witness.look();
	expect([...witness.violations, ...differences(pipeline, witness)]).toEqual([]);
});

const store = () => pipeline.hubspot.store;
const members = (): number[] => [...store().list(HUBSPOT_LIST).members.ids()];
const writes = (): number => pipeline.brevo.store.writes.length;

describe('the whole sync, from HubSpot to Brevo', () => {
	it('HB-13: imports everyone first; what cannot be sent is named, and nothing is written twice', async () => {
		await pipeline.settle();
		const { created, ...others } = witness.outcomes;
		expect(Object.keys(others).sort()).toEqual([
			'excluded EMAIL_MALFORMED',
			'excluded NO_IDENTIFIER',
			'excluded PHONE_INVALID',
		]);
		const { writes: log } = pipeline.brevo.store;
		expect(log.filter(({ kind }) => kind === 'created')).toHaveLength(created ?? 0);
		// What imports drop is learnt from the first batch, whose yes/no values are written singly after it.
		const values = log.filter(({ kind }) => kind !== 'created');
		expect(values.every(({ via, changedFields }) => via === 'put' && changedFields.join() === 'IS_CUSTOMER')).toBe(
			true,
		);
		expect(values.length).toBeLessThanOrEqual(1_000);
		expect(Object.values(witness.outcomes).reduce((sum, count) => sum + count)).toBe(members().length);
	});

	it('HB-08: keeps following who joins and what changes', async () => {
		await pipeline.settle();
		const before = writes();
		world.happen({ do: 'create', who: 0, other: 1 });
		const [joined] = world.happen({ do: 'join', who: 0, other: 0 });
		const [changed] = world.happen({ do: 'rename', who: 500, other: 0 });
		world.happen({ do: 'view', who: 700, other: 0 });
		await pipeline.settle();
		expect([joined, changed]).not.toContain(undefined);
		expect(writes() - before).toBe(3);
	});

	it('HB-24: carries 1,000 bulk changes of the address as 1,000 updates, without a new contact', async () => {
		await pipeline.settle();
		const contacts = pipeline.brevo.store.contacts.size;
		const before = writes();
		const moving = members()
			.filter((id) => witness.contactOf(keyOf(pipeline, id)) !== undefined && store().contact(id).properties.email)
			.slice(0, 1_000);
		for (const id of moving) store().changeContact(id, { email: `moved.${id}@example.com` });
		await pipeline.settle();
		expect(moving).toHaveLength(1_000);
		expect(pipeline.brevo.store.contacts.size).toBe(contacts);
		const changes = pipeline.brevo.store.writes.slice(before);
		const others = changes.filter(({ changedFields }) => !changedFields.includes('email'));
		expect(changes.length - others.length).toBe(1_000);
		// A blocked contact leaves its list with the change, which notes what is owed; once the block was seen, it comes back and the
		// note is struck out, in one call.
		const { contacts: held } = pipeline.brevo.store;
		expect(others.every(({ contactId }) => held.get(contactId)?.emailBlocked || held.get(contactId)?.smsBlocked)).toBe(
			true,
		);
		expect([...new Set(others.flatMap(({ changedFields }) => changedFields))]).toEqual([
			'CONTACT_SYNC_BLOCK',
			expect.stringMatching(/^\+list:\d+$/),
		]);
	});

	it('promise 2: a second sync of everybody, by a process that remembers nothing, writes nothing', async () => {
		await pipeline.settle();
		const before = writes();
		pipeline.forgetAll();
		await pipeline.settle();
		expect(Object.keys(witness.outcomes)).toContain('unchanged');
		expect(writes()).toBe(before);
	});

	it('a dry run of each batch tells what its real run does, and writes nothing', async () => {
		let batches = 0;
		pipeline.follower.outcome = async (batch) => {
			batches += 1;
			const before = writes();
			await pipeline.run(batch, { dryRun: true });
			const predicted = witness.newest();
			expect(writes()).toBe(before);
			const outcome = await pipeline.run(batch);
			expect(witness.newest()).toEqual(predicted);
			return outcome;
		};
		await pipeline.settle();
		for (let who = 0; who < 200; who++)
			world.happen({ do: EVERYDAY[who % EVERYDAY.length] as HappeningKind, who: 5 * who, other: 7 * who });
		await pipeline.settle();
		expect(batches).toBeGreaterThan(2);
		expect(Object.keys(witness.outcomes)).toEqual(
			expect.arrayContaining(['created', 'updated', 'unchanged', 'planned']),
		);
	});
});

const EVERYDAY: readonly HappeningKind[] = [
	'rename',
	'revalue',
	'empty',
	'phone',
	'badPhone',
	'email',
	'create',
	'join',
	'optOut',
	'noEmail',
];
