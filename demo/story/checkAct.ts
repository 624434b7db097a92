import type { HeldContact } from '../truth/expected';
import type { Act, Expected } from './chapter';
import type { Delivered } from './deliveries';
import type { StoryWorld } from './storyWorld';

/** The state of Brevo's logs before an act. */
export interface Mark {
	readonly writes: number;
	readonly contacts: number;
}

export const markOf = ({ brevo }: StoryWorld): Mark => ({
	writes: brevo.writes.length,
	contacts: brevo.contacts.size,
});

/** The key under which the sync tells what became of a contact. */
export const keyIn = ({ person, key }: Expected): string => key ?? person.key;

/** What is not as the act says it must be, in words. Ids and fields are named, not what they hold. */
export function checkAct(world: StoryWorld, act: Act, mark: Mark, delivered: readonly Delivered[]): string[] {
	const problems = act.then.flatMap((expected) => [
		...outcomeProblems(expected, delivered),
		...stateProblems(world, expected, mark),
	]);
	const people = new Set(act.then.map(({ person }) => person.brevoId));
	const others = world.brevo.writes
		.slice(mark.writes)
		.filter(({ contactId, via }) => via !== 'control' && !people.has(contactId));
	for (const { kind, contactId } of others)
		problems.push(`Brevo contact ${contactId} was ${kind}, which no change asked for`);
	const made = act.then.length === 0 ? 0 : world.brevo.contacts.size - mark.contacts;
	if (made !== 0) problems.push(`Brevo has ${Math.abs(made)} contacts ${made > 0 ? 'more' : 'less'}`);
	if (act.then.length === 0 && delivered.length > 0) problems.push(`${delivered.length} contacts were delivered`);
	if (world.brevo.resubscriptions.length > 0) problems.push('an unsubscribed contact was made mailable');
	return [...problems, ...(act.also?.() ?? [])];
}

function outcomeProblems(expected: Expected, delivered: readonly Delivered[]): string[] {
	if (expected.outcome === undefined) return [];
	const key = keyIn(expected);
	const [first, second] = delivered.filter((one) => one.key === key);
	if (!first) return [`${key} was not delivered`];
	if (second) return [`${key} was delivered twice`];
	const { status, code } = first.outcome;
	if (status === expected.outcome) return [];
	return [`${key} is ${status}${code ? ` (${code})` : ''} and should be ${expected.outcome}`];
}

function stateProblems(world: StoryWorld, expected: Expected, mark: Mark): string[] {
	const { person, email = person.email, firstName = person.firstName, onList, blocked, writes } = expected;
	const contact = world.held(person.brevoId);
	const who = `Brevo contact ${person.brevoId}`;
	if (!contact) return [`${who} is gone`];
	const changes = world.brevo.writes
		.slice(mark.writes)
		.filter(({ contactId, via }) => contactId === person.brevoId && via !== 'control');
	return [
		...(contact.email === email ? [] : ['has another address']),
		...(contact.attributes.FIRSTNAME === firstName ? [] : ['has another first name']),
		...(contact.onList === onList ? [] : [onList ? 'is not on the list' : 'is still on the list']),
		...(contact.emailBlocked === blocked ? [] : [blocked ? 'is mailable' : 'is blocked']),
		...(writes === undefined || changes.length === writes ? [] : [`was written ${changes.length} times`]),
	].map((problem) => `${who} ${problem}`);
}

/** One line about a contact, for people. */
export function described(contact: HeldContact | undefined): string {
	if (!contact) return 'nothing';
	const { id, email, attributes, onList, emailBlocked } = contact;
	const name = [attributes.FIRSTNAME, attributes.LASTNAME].filter(Boolean).join(' ');
	return [
		`contact ${id}: ${email ?? 'no address'}`,
		name || 'no name',
		onList ? 'on the list' : 'off the list',
		emailBlocked ? 'blocked' : 'mailable',
	].join(' · ');
}
