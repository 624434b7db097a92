import fc from 'fast-check';
import { startHubSpot } from '../../../sandbox/hubspot';
import { ListFollower } from './listFollower';

const LIST = '101';
const FIELDS = ['email', 'firstname', 'lastname'] as const;

/** What can happen between two polls; `pick` chooses among the contacts there are. */
const event = fc.oneof(
	{ weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), pick: fc.nat(10_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('bulk' as const), pick: fc.nat(10_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('email' as const), pick: fc.nat(10_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('view' as const), pick: fc.nat(10_000) }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), pick: fc.nat(10_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), pick: fc.nat(10_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('create' as const), pick: fc.nat(10_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('fault' as const), pick: fc.nat(10_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), pick: fc.nat(10_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), pick: fc.nat(10_000) }) },
	{ weight: 6, arbitrary: fc.record({ do: fc.constant('poll' as const), pick: fc.nat(10_000) }) },
);

const history = fc.record({
	events: fc.array(event, { minLength: 5, maxLength: 40 }),
	newestFirst: fc.boolean(),
	indexingDelayMs: fc.constantFrom(0, 30_000, 90_000),
	listStatsDelayMs: fc.constantFrom(0, 120_000),
	batchSize: fc.constantFrom(1, 7, 40, 1_000),
	fails: fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
});

describe('promise 2 over whole histories of a list', () => {
	it('HB-08: in the end everyone in the list was delivered with the values HubSpot holds, whatever happened', async () => {
		await fc.assert(
			fc.asyncProperty(
				history,
				async ({ events, newestFirst, indexingDelayMs, listStatsDelayMs, batchSize, fails }) => {
					const hubspot = await startHubSpot({
						members: 24,
						extraContacts: 12,
						joinOrder: newestFirst ? 'newestFirst' : 'oldestFirst',
						indexingDelayMs,
						listStatsDelayMs,
					});
					try {
						const { store } = hubspot;
						const follower = new ListFollower(hubspot);
						follower.settings = { fields: FIELDS, batchSize };
						const held = new Map<string, unknown>();
						let runs = 0;
						let over = false;
						follower.outcome = (batch) => {
							if (!over && fails[runs++ % fails.length]) return 'failed';
							for (const { source, fields } of batch) held.set(source.id, fields);
							return 'succeeded';
						};
						const all = (): string[] => [...store.contacts.contacts.keys()].map(String);
						const members = (): string[] => [...store.list(LIST).members.ids()].map(String);
						let count = 0;
						for (const { do: what, pick } of events) {
							count++;
							const id = all()[pick % all().length] ?? '';
							if (what === 'change') store.changeContact(id, { firstname: `First ${count}` });
							else if (what === 'bulk')
								store.bulkChange(
									all().filter((_, n) => (n + pick) % 3 > 0),
									{ lastname: `Last ${count}` },
								);
							else if (what === 'email') store.changeContact(id, { email: `moved${count}@example.com` });
							else if (what === 'view') store.pageView(id);
							else if (what === 'join') store.addToList(LIST, [id]);
							else if (what === 'leave')
								store.removeFromList(LIST, [members()[pick % Math.max(1, members().length)] ?? '0']);
							else if (what === 'create')
								store.addContact({ email: `new${count}@example.com` }, pick % 2 ? [LIST] : []);
							else if (what === 'fault') hubspot.faults.next('*', { status: 503, times: 1 + (pick % 6) });
							else if (what === 'expire') store.lists.cursorGeneration++;
							else if (what === 'kill') follower.kill();
							else await follower.next(20_000 + (pick % 60_000));
							hubspot.clock.advance(500);
						}
						over = true;
						hubspot.faults.clear();
						// Failed runs lead to pauses of a quarter of an hour at most; figures and index need their time too.
						for (let polls = 0; polls < 30; polls++) await follower.next(polls < 10 ? 60_000 : 16 * 60_000);
						for (const id of members()) {
							const { properties } = store.contact(id);
							const expected = Object.fromEntries(FIELDS.map((name) => [name, properties[name] || null]));
							expect([id, held.get(id)]).toEqual([id, expected]);
						}
						expect(hubspot.requests.statuses()['429']).toBeUndefined();
					} finally {
						await hubspot.close();
					}
				},
			),
			{ numRuns: 15, endOnFailure: true },
		);
	}, 120_000);
});
