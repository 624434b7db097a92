import { BrevoClient } from '../../../../../clients/brevo/api/brevoClient';
import { brevoLimiters } from '../../../../../clients/brevo/api/limits';
import { heldIds } from '../../../../../clients/brevo/destination/lookup/keysOnList';
import type { HttpPort, HttpReply } from '../../../../../core/ports';
import { newAccount, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { plainHttp } from '../../../../support/http/plainHttp';
import { realClock } from '../../../../support/manualClock';
import { mapped } from '../../../../support/mappedContacts';
import { useBrevoSandbox } from '../../support/brevoSandbox';
import { sizeOf } from '../../../../support/sizes';

const sandbox = useBrevoSandbox();

type Page = Record<string, unknown>;

/** A client for which the answers of one endpoint are changed on the way. */
function clientWith(path: string, change: (page: Page) => unknown): BrevoClient {
	const inner = plainHttp(sandbox.brevo.url, { 'api-key': sandbox.brevo.apiKey });
	const http: HttpPort = {
		send: async (request): Promise<HttpReply> => {
			const reply = await inner.send(request);
			if (request.method !== 'GET' || request.path !== path || reply.kind !== 'reply') return reply;
			return { ...reply, body: change(reply.body as Page) };
		},
	};
	return new BrevoClient(http, realClock, brevoLimiters(newAccount(), realClock));
}

/** The last six of 1,500 members, opted out and gone from the source list. */
const leavers = [1_495, 1_496, 1_497, 1_498, 1_499, 1_500].map((id) =>
	mapped(id, { email: `person${id}@crowd.example` }, { change: 'removed', optedOut: true }),
);
const mailable = (): number =>
	leavers.filter(({ contact }) => {
		const held = sandbox.contact(contact.email ?? '');
		return held?.listIds.has(sandbox.list) === true && !held.emailBlocked;
	}).length;

function seedMembers(): void {
	for (let id = 1; id <= 1_500; id++)
		sandbox.brevo.store.createContact(
			{
				identifiers: { email: `person${id}@crowd.example`, ext_id: `hubspot:1:contact:${id}` },
				addTo: [sandbox.list],
			},
			'seed',
		);
}

const takeLeavers = async (change: (page: Page) => unknown) =>
	await upsertIntoBrevo(sandbox.brevo, leavers, {
		list: { id: sandbox.list },
		client: clientWith('/contacts', change),
	});

describe('a page of contacts that is not what it should be', () => {
	it.each<[string, (page: Page) => unknown]>([
		['nothing', () => ({})],
		['a message and nothing else', () => ({ message: 'busy' })],
		['null for the contacts', (page) => ({ ...page, contacts: null })],
		['no lists of a contact', (page) => ({ ...page, contacts: (page.contacts as Page[]).map(withoutLists) })],
	])('stops the run instead of counting as an empty account: %s', async (_name, change) => {
		seedMembers();
		const report = await takeLeavers(change);
		expect(report.failure?.code).toBe('UNEXPECTED_ANSWER');
		expect(new Set(report.results.map(({ outcome }) => outcome.status))).toEqual(new Set(['failed']));
	});

	it.each([0, 1_000])('is not the last one because of a count that says %d of 1,500', async (count) => {
		seedMembers();
		const report = await takeLeavers((page) => ({ ...page, count }));
		expect(report.failure).toBeUndefined();
		expect(mailable()).toBe(0);
	});
});

describe('pages that come again, as from a cache that does not look at the query', () => {
	/** So many pages lead round in a circle. */
	const circle = (size: number, rows: (first: number) => Page): ((page: Page) => Page) => {
		let asked = 0;
		return (page) => ({ ...page, ...rows(1_000 * (asked++ % size)) });
	};
	const people = (first: number): Page => ({
		contacts: Array.from({ length: 1_000 }, (_none, index) => ({
			id: first + index + 1,
			email: `p${first + index}@crowd.example`,
			emailBlacklisted: false,
			modifiedAt: '2026-11-20T10:00:00.000Z',
			listIds: [],
			attributes: {},
		})),
	});
	const calls = (): number => sandbox.brevo.requests.total;

	it.each([1, 2, 3])('end a batch within a few calls: a circle of %d pages of contacts', async (size) => {
		const report = await takeLeavers(circle(size, people));
		expect(report.failure?.code).toBe('UNEXPECTED_ANSWER');
		expect(calls()).toBeLessThan(40);
	});

	it.each([1, 2])('make no second list of a name: a circle of %d pages of lists', async (size) => {
		const names = (first: number): Page => ({
			lists: Array.from({ length: 50 }, (_none, index) => ({ id: first + index, name: `List ${first + index}` })),
		});
		const before = sandbox.brevo.store.lists.size;
		const run = upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'a@x.example' })], {
			list: { name: 'Synced', create: true },
			client: clientWith('/contacts/lists', circle(size, names)),
		});
		await expect(run).rejects.toThrow('UNEXPECTED_ANSWER');
		expect(sandbox.brevo.store.lists.size).toBe(before);
		expect(calls()).toBeLessThan(20);
	});

	it.each([1, 2])('are not compared with a list: a circle of %d pages', async (size) => {
		const held = await heldIds(clientWith('/contacts', circle(size, people)), sandbox.list, 'hubspot:1:contact');
		expect(held).toMatchObject({ kind: 'stop', code: 'UNEXPECTED_ANSWER' });
		expect(calls()).toBeLessThan(20);
	});

	it('of more rows than Brevo gives are refused as well', async () => {
		const report = await takeLeavers((page) => ({ ...page, contacts: Array.from({ length: sizeOf(130, 300) }, () => people(0).contacts).flat() })); // prettier-ignore
		expect(report.failure?.code).toBe('UNEXPECTED_ANSWER');
	});
});

const withoutLists = (contact: Page): Page => ({ ...contact, listIds: null });

it('a page without lists stops the run instead of making a second list of the name', async () => {
	const run = upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'a@x.example' })], {
		list: { name: 'Synced', create: true },
		client: clientWith('/contacts/lists', () => ({})),
	});
	await expect(run).rejects.toThrow('UNEXPECTED_ANSWER');
	expect([...sandbox.brevo.store.lists.values()].filter(({ name }) => name === 'Synced')).toHaveLength(1);
});
