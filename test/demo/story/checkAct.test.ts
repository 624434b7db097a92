import { startSandbox, type Sandbox } from '../../../sandbox/startSandbox';
import type { Act, Expected } from '../../../demo/story/chapter';
import type { Person } from '../../../demo/story/person';
import { CHAPTERS } from '../../../demo/story/chapters';
import { type Mark, checkAct, described, markOf } from '../../../demo/story/checkAct';
import type { Delivered } from '../../../demo/story/deliveries';
import { StoryWorld } from '../../../demo/story/storyWorld';

/** The story's checks against a Brevo that is written to by hand, rightly and wrongly. */
describe('checkAct', () => {
	let sandbox: Sandbox;
	let world: StoryWorld;
	let target: number;
	let mark: Mark;

	beforeEach(async () => {
		sandbox = await startSandbox({ members: 60 });
		target = sandbox.brevo.store.createList('From HubSpot', 1).id;
		const choices = {
			credentials: {},
			sourceList: sandbox.list,
			destinationList: { id: String(target), name: 'From HubSpot' },
		};
		for (const id of sandbox.hubspot.store.list(sandbox.list.id).members.ids()) {
			const { email, firstname = '' } = sandbox.hubspot.store.contact(id).properties;
			if (!email || sandbox.brevo.store.owner('email', email)) continue;
			const extId = `hubspot:${sandbox.hubspot.settings.portalId}:contact:${id}`;
			const identifiers = { email, ext_id: extId };
			sandbox.brevo.store.createContact({ identifiers, attributes: { FIRSTNAME: firstname }, addTo: [target] }, 'post');
		}
		world = new StoryWorld({ sandbox, choices });
		mark = markOf(world);
	});
	afterEach(async () => await sandbox.close());

	const contactOf = ({ brevoId }: Person) => {
		const contact = sandbox.brevo.store.contacts.get(brevoId);
		if (!contact) throw new Error('gone');
		return contact;
	};
	const change = (person: Person, wanted: Parameters<typeof sandbox.brevo.store.changeContact>[1]) =>
		sandbox.brevo.store.changeContact(contactOf(person), wanted, 'put');
	const delivered = ({ key }: Person, status: string): Delivered[] => [
		{ key, change: 'updated', outcome: { status }, execution: '1' },
	];
	const one = (): Person => world.pick(1)[0] as Person;
	const act = (...then: Expected[]): Act => ({ told: '', then });

	it('is content with one update of the same contact', () => {
		const person = one();
		change(person, { attributes: { FIRSTNAME: 'Alexandra' } });
		const expected: Expected = {
			person,
			outcome: 'updated',
			firstName: 'Alexandra',
			onList: true,
			blocked: false,
			writes: 1,
		};
		expect(checkAct(world, act(expected), mark, delivered(person, 'updated'))).toEqual([]);
	});

	it('notices a wrong outcome, a missing one, a second one, and a second write', () => {
		const person = one();
		const expected: Expected = { person, outcome: 'updated', onList: true, blocked: false, writes: 0 };
		const problems = (items: Delivered[]) => checkAct(world, act(expected), mark, items).join();
		expect(problems([])).toContain('was not delivered');
		expect(problems(delivered(person, 'failed'))).toContain('is failed and should be updated');
		expect(problems([...delivered(person, 'updated'), ...delivered(person, 'updated')])).toContain('twice');
		change(person, { attributes: { LASTNAME: 'Written' } });
		expect(problems(delivered(person, 'updated'))).toContain('was written 1 times');
	});

	it('notices a second contact, somebody else who was written, and somebody who was made mailable', () => {
		const [person, other] = world.pick(2) as [Person, Person];
		change(other, { attributes: { FIRSTNAME: 'Somebody else' } });
		sandbox.brevo.store.createContact({ identifiers: { email: 'second@example.com' } }, 'post');
		change(person, { emailBlocked: true });
		change(person, { emailBlocked: false });
		const problems = checkAct(world, act({ person, onList: true, blocked: false }), mark, []).join('; ');
		expect(problems).toContain(`contact ${other.brevoId} was updated, which no change asked for`);
		expect(problems).toContain('Brevo has 1 contacts more');
		expect(problems).toContain('made mailable');
	});

	it('notices whoever stays on the list or mailable, and tells what Brevo holds', () => {
		const person = one();
		const expected: Expected = { person, onList: false, blocked: true };
		expect(checkAct(world, act(expected), mark, [])).toEqual([
			`Brevo contact ${person.brevoId} is still on the list`,
			`Brevo contact ${person.brevoId} is mailable`,
		]);
		change(person, { removeFrom: [target], emailBlocked: true });
		expect(checkAct(world, act(expected), mark, [])).toEqual([]);
		expect(described(world.held(person.brevoId))).toContain(
			`${person.email} · ${person.firstName} · off the list · blocked`,
		);
	});

	it('notices anything that comes where nothing may come', () => {
		expect(checkAct(world, act(), mark, [])).toEqual([]);
		const person = one();
		expect(checkAct(world, act(), mark, delivered(person, 'unchanged'))).toEqual(['1 contacts were delivered']);
		change(person, { attributes: { FIRSTNAME: 'X' } });
		expect(checkAct(world, act(), mark, [])).toHaveLength(1);
	});

	it('finds every chapter unfulfilled as long as nothing is synced', () => {
		for (const chapter of CHAPTERS.filter(({ id }) => id < 'j')) {
			const before = markOf(world);
			const { value } = chapter.play(world).next();
			expect([chapter.id, value ? checkAct(world, value, before, []).length > 0 : false]).toEqual([chapter.id, true]);
		}
	});
});
