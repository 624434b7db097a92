import type { Chapter, Expected } from './chapter';
import type { Person } from './person';
import type { StoryWorld } from './storyWorld';

const BULK = 10;

/** An address that no contact has yet. */
const newAddress = ({ id }: Person): string => `moved.${id}@example.org`;

/** On the list and mailable, as it was; `differently` says what is not. */
const still = (person: Person, differently: Partial<Expected> = {}): Expected => ({
	person,
	outcome: 'updated',
	onList: true,
	blocked: false,
	...differently,
});

/** All that the story tells, in its order. */
export const CHAPTERS: readonly Chapter[] = [
	{
		id: 'a',
		title: "A contact's first name is changed",
		shows: 'HB-08',
		*play(world) {
			const [person] = pick(world, 1);
			world.hubspot.changeContact(person.id, { firstname: 'Alexandra' });
			yield {
				told: `In HubSpot, ${person.name} is called Alexandra from now on.`,
				then: [still(person, { firstName: 'Alexandra', writes: 1 })],
			};
		},
	},
	{
		id: 'b',
		title: 'An e-mail address changes',
		shows: 'HB-24',
		*play(world) {
			const [person] = pick(world, 1);
			const email = newAddress(person);
			world.hubspot.changeContact(person.id, { email });
			yield {
				told: `In HubSpot, ${person.name} has another address: ${person.email} became ${email}.`,
				then: [still(person, { email, writes: 1 })],
			};
		},
	},
	{
		id: 'c',
		title: `The addresses of ${BULK} people change in one bulk edit`,
		shows: 'HB-24',
		*play(world) {
			const people = pick(world, BULK);
			for (const person of people) world.hubspot.changeContact(person.id, { email: newAddress(person) });
			yield {
				told: `In HubSpot, ${BULK} people moved to new addresses at one stroke. The vendor's integration documents that it misses this.`,
				then: people.map((person) => still(person, { email: newAddress(person), writes: 1 })),
			};
		},
	},
	{
		id: 'd',
		title: 'A contact unsubscribes in HubSpot, and then gets another address',
		shows: 'HB-22, promise 1',
		*play(world) {
			const [person] = pick(world, 1);
			world.hubspot.optOut(person.id);
			yield {
				told: `${person.name} unsubscribed from all e-mail in HubSpot.`,
				then: [still(person, { blocked: true })],
			};
			const email = newAddress(person);
			world.hubspot.changeContact(person.id, { email });
			yield {
				told: `In HubSpot, ${person.name} now has the address ${email}. In Brevo, a change of address lifts a block.`,
				then: [still(person, { email, blocked: true })],
			};
		},
	},
	{
		id: 'e',
		title: 'A contact unsubscribes and drops out of the filtered list by that',
		shows: 'HB-22, promise 1',
		*play(world) {
			const [person] = pick(world, 1);
			world.hubspot.optOut(person.id);
			world.hubspot.removeFromList(world.sourceList, [person.id]);
			yield {
				told: `${person.name} unsubscribed, and the list takes only people who did not.`,
				then: [still(person, { outcome: 'removed', onList: false, blocked: true })],
			};
		},
	},
	{
		id: 'f',
		title: 'A contact leaves the list',
		shows: 'promise 2',
		*play(world) {
			const [person] = pick(world, 1);
			world.hubspot.removeFromList(world.sourceList, [person.id]);
			yield {
				told: `In HubSpot, ${person.name} is no longer in the list. In Brevo the contact stays, off the list.`,
				then: [still(person, { outcome: 'removed', onList: false })],
			};
		},
	},
	{
		id: 'g',
		title: 'A contact is deleted in HubSpot',
		shows: 'promise 2',
		*play(world) {
			const [person] = pick(world, 1);
			world.hubspot.archive(person.id);
			yield {
				told: `${person.name} was deleted in HubSpot. In Brevo the contact stays, off the list.`,
				then: [still(person, { outcome: 'removed', onList: false })],
			};
		},
	},
	{
		id: 'h',
		title: 'Two contacts are merged',
		shows: 'promise 2',
		*play(world) {
			const [kept, merged] = pick(world, 2);
			const survivor = world.hubspot.merge(kept.id, merged.id);
			yield {
				told: `In HubSpot, ${merged.name} was merged into ${kept.name}; HubSpot made a new record ${survivor} of the two.`,
				then: [still(kept, { key: world.keyOf(survivor) }), still(merged, { outcome: undefined, onList: false })],
			};
		},
	},
	{
		id: 'i',
		title: 'Two people swap their addresses',
		shows: 'HB-24, promise 2',
		*play(world) {
			const [one, other] = pick(world, 2);
			world.hubspot.changeContact(one.id, { email: newAddress(one) });
			world.hubspot.changeContact(other.id, { email: one.email });
			world.hubspot.changeContact(one.id, { email: other.email });
			yield {
				told: `In HubSpot, ${one.name} and ${other.name} had each other's address; now each has their own.`,
				then: [still(one, { email: other.email }), still(other, { email: one.email })],
			};
		},
	},
	{
		id: 'j',
		title: 'A contact only looks at the website',
		shows: 'HB-28',
		*play(world) {
			const people = pick(world, 3);
			for (const { id } of people) world.hubspot.pageView(id);
			yield {
				told: 'Three members looked at pages, which HubSpot counts as changes of their records. Nothing of that is synced.',
				then: [],
			};
		},
	},
	{
		id: 'k',
		title: 'A contact unsubscribes in Brevo, and then changes in HubSpot',
		shows: 'promise 1',
		*play(world) {
			const [person] = pick(world, 1);
			world.byHand((brevo) => {
				const contact = brevo.contacts.get(person.brevoId);
				if (!contact) throw new Error(`Brevo holds no contact ${person.brevoId}`);
				brevo.changeContact(contact, { emailBlocked: true }, 'control');
				return contact;
			});
			world.hubspot.changeContact(person.id, { firstname: 'Maxime' });
			yield {
				told: `${person.name} unsubscribed in Brevo. HubSpot knows nothing of it, and there the first name became Maxime.`,
				then: [still(person, { firstName: 'Maxime', blocked: true, writes: 1 })],
			};
		},
	},
	{
		id: 'l',
		title: 'Contacts are changed and made in Brevo itself',
		shows: 'HB-21, HB-23',
		*play(world) {
			const email = 'only.in.brevo@example.net';
			const person = world.pickBlockedInBrevo();
			const [untouched, size] = [world.hubspot.contact(person.id).updatedAt, world.hubspot.contacts.contacts.size];
			world.byHand((brevo) => brevo.createContact({ identifiers: { email } }, 'control'));
			world.byHand((brevo) => {
				const contact = brevo.contacts.get(person.brevoId);
				if (!contact) throw new Error(`Brevo holds no contact ${person.brevoId}`);
				brevo.changeContact(contact, { emailBlocked: false }, 'control');
				return contact;
			});
			yield {
				told: `In Brevo, a contact was created and ${person.name} was un-blocked. HubSpot is left alone.`,
				then: [],
				also: () => [
					...(world.hubspot.contacts.contacts.size === size ? [] : ['HubSpot has another number of contacts']),
					...(world.hubspot.contact(person.id).updatedAt === untouched ? [] : ['HubSpot was changed']),
				],
			};
		},
	},
];

/** As many people as are asked for, typed so. */
function pick(world: StoryWorld, count: 1): [Person];
function pick(world: StoryWorld, count: 2): [Person, Person];
function pick(world: StoryWorld, count: number): Person[];
function pick(world: StoryWorld, count: number): Person[] {
	return world.pick(count);
}
