import { DAY_MS, FollowedList, LIST, told } from '../../support/followedList';
import { idsOf, sandboxHttp } from '../../support/listFollower';

const list = new FollowedList();
const { start, members, polls, before, walks } = list;

afterEach(list.end);

describe('contacts that leave a HubSpot list', () => {
	describe('removed', () => {
		it('HB-08: a contact taken off the list is emitted once as removed, with the values and the opt-out as they are', async () => {
			await start({ members: 600 });
			const [id = '', optedOut = ''] = members();
			list.hubspot.store.removeFromList(LIST, [id, optedOut]);
			list.hubspot.store.optOut(optedOut);
			const changes = await polls(4);
			expect(told(changes)).toEqual(
				[
					[id, 'removed'],
					[optedOut, 'removed'],
				].sort(),
			);
			const byId = new Map(changes.map((change) => [change.source.id, change]));
			expect(byId.get(id)).toMatchObject({
				key: `hubspot:24813579:contact:${id}`,
				optedOut: false,
				fields: { email: list.hubspot.store.contact(id).properties.email },
				delivery: { phase: 'live' },
			});
			expect(byId.get(optedOut)).toMatchObject({ optedOut: true });
			expect(Math.abs(Date.parse(byId.get(id)?.changedAt ?? '') - list.hubspot.clock.now())).toBeLessThan(5 * 60_000);
		});

		it('HB-28: a contact that leaves an active list because of a change is found by the search, without a walk', async () => {
			await start({ members: 600 });
			const [id = ''] = members();
			list.hubspot.store.changeContact(id, { firstname: 'No longer matching' });
			list.hubspot.store.removeFromList(LIST, [id]);
			expect(told(await polls(4))).toEqual([[id, 'removed']]);
			expect(walks()).toBe(0);
			for (let poll = 0; poll < 4; poll++) {
				list.hubspot.requests.clear();
				await list.follower.next();
				expect(list.hubspot.requests.total).toBeLessThanOrEqual(2);
			}
		});

		it('says in which other lists a contact that left is still', async () => {
			await start({ members: 600 });
			const other = list.hubspot.store.createList('Another one');
			const [byChange = '', byHand = '', nowhere = ''] = members();
			list.hubspot.store.addToList(other, [byChange, byHand]);
			list.hubspot.store.changeContact(byChange, { firstname: 'No longer matching' });
			list.hubspot.store.removeFromList(LIST, [byChange, byHand, nowhere]);
			const stillIn = new Map((await polls(4)).map((change) => [change.source.id, change.stillIn]));
			expect([byChange, byHand, nowhere].map((id) => stillIn.get(id))).toEqual([[other], [other], undefined]);
		});

		it('HB-28: one walk finds contacts that left without a change, and then polls are quiet again', async () => {
			await start({ members: 1_100 });
			const leaving = members().slice(10, 13);
			list.hubspot.store.removeFromList(LIST, leaving);
			expect(told(await polls(1))).toEqual(leaving.map((id) => [id, 'removed']).sort());
			expect(walks()).toBe(5);
			await polls(3);
			expect(walks()).toBe(5);
		});

		it('HB-28: walks of a long list use at most a tenth of the calls of a day', async () => {
			// 8 pages and 9 * 86,400 s / 500 calls: a walk every 26 minutes.
			await start({ members: 2_000, dailyLimit: 5_000 });
			const [...all] = list.hubspot.store.list(LIST).members.ids();
			for (let poll = 0; poll < 24; poll++) {
				list.hubspot.store.removeFromList(LIST, [all[poll] ?? 0]);
				await list.follower.next(10 * 60_000);
			}
			await list.follower.next(30 * 60_000);
			// A walk at once, and then one each 26 minutes of 4.5 hours.
			expect(walks()).toBeGreaterThan(50);
			expect(walks()).toBeLessThanOrEqual(11 * 9);
			expect(list.follower.take()).toHaveLength(24);
		});

		it('HB-08: leaving and coming back, or coming and leaving, between two polls costs no delivery', async () => {
			await start({ members: 300 });
			const [id = ''] = members();
			list.hubspot.store.removeFromList(LIST, [id]);
			list.hubspot.clock.advance(1_000);
			list.hubspot.store.addToList(LIST, [id]);
			const visitor = list.hubspot.store.addContact({ email: 'visitor@example.com' }, [LIST]);
			list.hubspot.clock.advance(1_000);
			list.hubspot.store.removeFromList(LIST, [visitor]);
			expect(await polls(4)).toEqual([]);
		});

		it.each([false, true])(
			'HB-08: a contact that left and comes back later is added again (at the old place of the log: %s)',
			async (rejoinKeepsFirstTimestamp) => {
				await start({ members: 300, rejoinKeepsFirstTimestamp });
				const [id = ''] = members();
				list.hubspot.store.removeFromList(LIST, [id]);
				expect(told(await polls(2))).toEqual([[id, 'removed']]);
				list.hubspot.store.addToList(LIST, [id]);
				expect(told(await polls(3))).toEqual([[id, 'added']]);
			},
		);

		it('HB-08: finds contacts that left when the figures of the list never move', async () => {
			await start({ members: 300, listStatsDelayMs: 10 * DAY_MS });
			const [id = ''] = members();
			list.hubspot.store.removeFromList(LIST, [id]);
			expect(await polls(20)).toEqual([]);
			await list.follower.next(DAY_MS);
			expect(told(await polls(1))).toEqual([[id, 'removed']]);
		});

		it('promise 2: no batch is larger than its size, even when the list shrinks to zero', async () => {
			await start({ members: 900 });
			list.follower.settings = { batchSize: 70 };
			const all = [...list.hubspot.store.list(LIST).members.ids()].map(String);
			list.hubspot.store.removeFromList(LIST, all);
			for (let poll = 0; poll < 3; poll++) await list.follower.next();
			expect(Math.max(...list.follower.batches.map((batch) => batch.length))).toBe(70);
			expect(told(list.follower.take())).toEqual(all.map((id) => [id, 'removed']).sort());
			list.hubspot.store.addToList(LIST, all.slice(0, 3));
			expect(told(await polls(2))).toEqual(
				all
					.slice(0, 3)
					.map((id) => [id, 'added'])
					.sort(),
			);
		});

		it('promise 2: failed runs and a killed process in the middle of a walk lose and double no contact in the end', async () => {
			await start({ members: 900 });
			list.follower.settings = { batchSize: 50 };
			const leaving = members().filter((_, n) => n % 3 === 0);
			list.hubspot.store.removeFromList(LIST, leaving);
			const gone: string[] = [];
			let runs = 0;
			list.follower.outcome = (batch) => {
				if (++runs % 3 === 0) return 'failed';
				gone.push(...idsOf(batch));
				return 'succeeded';
			};
			for (let poll = 0; poll < 40; poll++) {
				await list.follower.next(16 * 60_000);
				if (poll % 4 === 1) list.follower.kill();
			}
			expect(new Set(gone)).toEqual(new Set(leaving));
			// Only what a killed process had not saved comes twice.
			expect(gone.length).toBeLessThan(leaving.length + 50 * 10);
		});

		it('promise 2: a walk whose cursors go bad goes on behind what it compared', async () => {
			await start({ members: 1_500 });
			list.follower.settings = { batchSize: 20 };
			const leaving = members().filter((_, n) => n % 30 === 0);
			list.hubspot.store.removeFromList(LIST, leaving);
			list.follower.outcome = () => {
				list.hubspot.store.lists.cursorGeneration += 1;
				return 'succeeded';
			};
			expect(told(await polls(3))).toEqual(leaving.map((id) => [id, 'removed']).sort());
		});

		it('promise 2: "only changes from now on" remembers the members, so that they can be emitted when they leave', async () => {
			await list.begin({ members: 700 });
			list.follower.settings = { firstSync: 'fromNow' };
			expect(await polls(1)).toEqual([]);
			const [id = ''] = members();
			list.hubspot.store.removeFromList(LIST, [id]);
			expect(told(await polls(2))).toEqual([[id, 'removed']]);
		});

		it('promise 2: the state of an older version, which remembers no member, is filled without emitting any', async () => {
			await start({ members: 700 });
			list.follower.editState((state) => {
				const { memory: _memory, removals: _removals, edits: _edits, ...cursor } = state.cursor;
				return { ...state, cursor: { ...cursor, handled: { '123': 1_700_000_000_000 } } };
			});
			expect(await polls(1)).toEqual([]);
			const [id = ''] = members();
			list.hubspot.store.removeFromList(LIST, [id]);
			expect(told(await polls(2))).toEqual([[id, 'removed']]);
		});

		it('an active list that becomes a static one is followed on', async () => {
			await start({ members: 300 });
			Object.assign(list.hubspot.store.list(LIST), { processingType: 'SNAPSHOT' });
			const [id = ''] = members();
			list.hubspot.store.removeFromList(LIST, [id]);
			expect(told(await polls(2))).toEqual([[id, 'removed']]);
		});

		it('members that HubSpot does not list in the order of their ids stop the walk with a clear reason', async () => {
			await start({ members: 30 });
			const [id = ''] = members();
			list.hubspot.store.removeFromList(LIST, [id]);
			const http = sandboxHttp(list.hubspot);
			list.follower.http = {
				async send(request) {
					const reply = await http.send(request);
					if (reply.kind !== 'reply' || !request.path.endsWith('/memberships')) return reply;
					const { results } = reply.body as { results: unknown[] };
					return { ...reply, body: { results: results.reverse() } };
				},
			};
			const report = await list.follower.next();
			expect(report).toMatchObject({ end: 'failed', show: true, failure: { code: 'UNEXPECTED_ANSWER' } });
			expect(report.failure?.reason).toMatch(/order of their record ids/);
			list.follower.http = undefined;
			expect(told(await polls(1))).toEqual([[id, 'removed']]);
		});

		it.each(['oldestFirst', 'newestFirst'] as const)(
			'windows of 250 that always answer 500 are read with 50 a page, in the log and in a walk (%s)',
			async (joinOrder) => {
				await list.begin({ members: 900, joinOrder, wideWindowFailsAt: 430 });
				// The waits between tries may use up the time of a poll.
				expect(await polls(3)).toHaveLength(900);
				const leaving = [members()[3] ?? '', members()[500] ?? ''];
				list.hubspot.store.removeFromList(LIST, leaving);
				expect(told(await polls(2))).toEqual(leaving.map((id) => [id, 'removed']).sort());
			},
		);
	});

	describe('held back', () => {
		it('HB-08: no contact counts as removed while HubSpot works the members out anew; one that is still missing then does', async () => {
			await start({ members: 300 });
			const [stays = '', leaves = '', searched = ''] = members();
			list.hubspot.store.lists.editFilters(Number(LIST), undefined, 'PROCESSING');
			list.hubspot.store.removeFromList(LIST, [stays, leaves, searched]);
			list.hubspot.store.changeContact(searched, { firstname: 'Seen by the search' });
			expect(told(await polls(8))).toEqual([[searched, 'updated']]);
			list.hubspot.store.setProcessingStatus(LIST, 'COMPLETE');
			list.hubspot.store.addToList(LIST, [stays]);
			expect(told(await polls(3))).toEqual(
				[
					[leaves, 'removed'],
					[searched, 'removed'],
				].sort(),
			);
		});

		it('HB-08: the same for some minutes after the filters were edited, and for an edit in the middle of a poll', async () => {
			await start({ members: 300 });
			const [first = '', second = ''] = members();
			// Between the look at the list and the reading of the memberships.
			before(/records\/memberships/, () => {
				list.hubspot.store.lists.editFilters(Number(LIST));
				list.hubspot.store.removeFromList(LIST, [second]);
			});
			list.hubspot.store.removeFromList(LIST, [first]);
			list.hubspot.store.changeContact(first, { lastname: 'Searched' });
			expect(told(await polls(4))).toEqual([[first, 'updated']]);
			expect(told(await polls(4))).toEqual(
				[
					[first, 'removed'],
					[second, 'removed'],
				].sort(),
			);
		});

		it('number 21: of a static list no removal is held back, whatever its status and its version say', async () => {
			await start({ members: 300 });
			Object.assign(list.hubspot.store.list(LIST), { processingType: 'MANUAL' });
			const [walked = '', searched = ''] = members();
			list.hubspot.store.removeFromList(LIST, [walked, searched]);
			list.hubspot.store.changeContact(searched, { firstname: 'Seen by the search' });
			expect(told(await polls(2))).toEqual(
				[
					[searched, 'removed'],
					[walked, 'removed'],
				].sort(),
			);
		});

		it('number 21: of an active list that is never worked out no removal is held back for longer than a day, and the log says so once', async () => {
			await start({ members: 300 });
			const warnings: string[] = [];
			list.follower.settings = { log: { warn: (message) => void warnings.push(message) } };
			const [first = '', second = ''] = members();
			list.hubspot.store.setProcessingStatus(LIST, 'PROCESSING');
			list.hubspot.store.removeFromList(LIST, [first]);
			for (let hour = 0; hour < 22; hour++) await list.follower.next(3_600_000);
			expect(list.follower.take()).toEqual([]);
			for (let hour = 0; hour < 4; hour++) await list.follower.next(3_600_000);
			expect(told(list.follower.take())).toEqual([[first, 'removed']]);
			list.hubspot.store.removeFromList(LIST, [second]);
			expect(told(await polls(3))).toEqual([[second, 'removed']]);
			expect(warnings).toEqual([expect.stringContaining(`list ${LIST} for more than a day`)]);
		});

		it('number 21: an edit of the filters after that is waited for again', async () => {
			await start({ members: 300 });
			const [leaves = ''] = members();
			list.hubspot.store.setProcessingStatus(LIST, 'PROCESSING');
			for (let hour = 0; hour < 26; hour++) await list.follower.next(3_600_000);
			list.hubspot.store.lists.editFilters(Number(LIST), undefined, 'PROCESSING');
			list.hubspot.store.removeFromList(LIST, [leaves]);
			expect(await polls(5)).toEqual([]);
			list.hubspot.store.setProcessingStatus(LIST, 'COMPLETE');
			expect(told(await polls(6))).toEqual([[leaves, 'removed']]);
		});

		it('promise 1: an opt-out is emitted at once even then, and the removal afterwards', async () => {
			await start({ members: 300 });
			const [id = ''] = members();
			list.hubspot.store.setProcessingStatus(LIST, 'PROCESSING');
			list.hubspot.store.optOut(id);
			list.hubspot.store.removeFromList(LIST, [id]);
			const [change, ...more] = await polls(3);
			expect(more).toEqual([]);
			expect(change).toMatchObject({ source: { id }, change: 'optedOut', optedOut: true });
			list.hubspot.store.setProcessingStatus(LIST, 'COMPLETE');
			expect(told(await polls(2))).toEqual([[id, 'removed']]);
		});
	});
});
