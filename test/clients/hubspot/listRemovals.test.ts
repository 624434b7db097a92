import type { ContactChange } from '../../../core/contact/contact';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot } from '../../../sandbox/hubspot';
import { idsOf, ListFollower, sandboxHttp } from './listFollower';

const LIST = '101';
const DAY_MS = 24 * 60 * 60_000;
const WALK = 'GET /crm/lists/2026-09/:id/memberships';

describe('who leaves a HubSpot list', () => {
	let hubspot: RunningHubSpot;
	let follower: ListFollower;

	const start = async (options: Parameters<typeof startHubSpot>[0]): Promise<void> => {
		hubspot = await startHubSpot(options);
		follower = new ListFollower(hubspot);
		for (let polls = 0; (await follower.next()).end !== 'upToDate'; polls++) expect(polls).toBeLessThan(20);
		follower.take();
		hubspot.requests.clear();
	};
	/** Members that are not opted out, so that an opt-out is news. */
	const members = (): string[] =>
		[...hubspot.store.list(LIST).members.ids()]
			.map(String)
			.filter((id) => hubspot.store.contact(id).properties.hs_email_optout !== 'true');
	const polls = async (count: number): Promise<ContactChange[]> => {
		for (let poll = 0; poll < count; poll++) await follower.next();
		return follower.take();
	};
	const told = (changes: readonly ContactChange[]): string[][] =>
		changes.map(({ source, change }) => [source.id, change]).sort();
	/** Lets something happen right before the first call of a path. */
	const before = (path: RegExp, happens: () => void): void => {
		const http = sandboxHttp(hubspot);
		let done = false;
		follower.http = {
			async send(request) {
				if (!done && path.test(request.path)) {
					done = true;
					happens();
				}
				return await http.send(request);
			},
		};
	};
	const walks = (): number => hubspot.requests.counts()[WALK] ?? 0;

	afterEach(async () => {
		expect(hubspot.requests.statuses()['429']).toBeUndefined();
		await hubspot.close();
	});

	describe('removed', () => {
		it('HB-08: somebody taken off the list is handed on once as removed, with the values and the opt-out as they are', async () => {
			await start({ members: 600 });
			const [id = '', optedOut = ''] = members();
			hubspot.store.removeFromList(LIST, [id, optedOut]);
			hubspot.store.optOut(optedOut);
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
				fields: { email: hubspot.store.contact(id).properties.email },
				delivery: { phase: 'live' },
			});
			expect(byId.get(optedOut)).toMatchObject({ optedOut: true });
			expect(Math.abs(Date.parse(byId.get(id)?.changedAt ?? '') - hubspot.clock.now())).toBeLessThan(5 * 60_000);
		});

		it('HB-28: who leaves an active list because of a change is found by the search, without a walk', async () => {
			await start({ members: 600 });
			const [id = ''] = members();
			hubspot.store.changeContact(id, { firstname: 'No longer matching' });
			hubspot.store.removeFromList(LIST, [id]);
			expect(told(await polls(4))).toEqual([[id, 'removed']]);
			expect(walks()).toBe(0);
			for (let poll = 0; poll < 4; poll++) {
				hubspot.requests.clear();
				await follower.next();
				expect(hubspot.requests.total).toBeLessThanOrEqual(2);
			}
		});

		it('HB-28: one walk finds who left without a change, and then polls are quiet again', async () => {
			await start({ members: 1_100 });
			const leaving = members().slice(10, 13);
			hubspot.store.removeFromList(LIST, leaving);
			expect(told(await polls(1))).toEqual(leaving.map((id) => [id, 'removed']).sort());
			expect(walks()).toBe(5);
			await polls(3);
			expect(walks()).toBe(5);
		});

		it('HB-28: walks of a long list use at most a tenth of the calls of a day', async () => {
			// 8 pages and 9 * 86,400 s / 500 calls: a walk every 26 minutes.
			await start({ members: 2_000, dailyLimit: 5_000 });
			const [...all] = hubspot.store.list(LIST).members.ids();
			for (let poll = 0; poll < 24; poll++) {
				hubspot.store.removeFromList(LIST, [all[poll] ?? 0]);
				await follower.next(10 * 60_000);
			}
			await follower.next(30 * 60_000);
			// A walk at once, and then one each 26 minutes of 4.5 hours.
			expect(walks()).toBeGreaterThan(50);
			expect(walks()).toBeLessThanOrEqual(11 * 9);
			expect(follower.take()).toHaveLength(24);
		});

		it('HB-08: leaving and coming back, or coming and leaving, between two polls costs no delivery', async () => {
			await start({ members: 300 });
			const [id = ''] = members();
			hubspot.store.removeFromList(LIST, [id]);
			hubspot.clock.advance(1_000);
			hubspot.store.addToList(LIST, [id]);
			const visitor = hubspot.store.addContact({ email: 'visitor@example.com' }, [LIST]);
			hubspot.clock.advance(1_000);
			hubspot.store.removeFromList(LIST, [visitor]);
			expect(await polls(4)).toEqual([]);
		});

		it.each([false, true])(
			'HB-08: who left and comes back later is added again (at the old place of the log: %s)',
			async (rejoinKeepsFirstTimestamp) => {
				await start({ members: 300, rejoinKeepsFirstTimestamp });
				const [id = ''] = members();
				hubspot.store.removeFromList(LIST, [id]);
				expect(told(await polls(2))).toEqual([[id, 'removed']]);
				hubspot.store.addToList(LIST, [id]);
				expect(told(await polls(3))).toEqual([[id, 'added']]);
			},
		);

		it('HB-08: finds who left when the figures of the list never move', async () => {
			await start({ members: 300, listStatsDelayMs: 10 * DAY_MS });
			const [id = ''] = members();
			hubspot.store.removeFromList(LIST, [id]);
			expect(await polls(20)).toEqual([]);
			await follower.next(DAY_MS);
			expect(told(await polls(1))).toEqual([[id, 'removed']]);
		});

		it('promise 2: no batch is larger than its size, even when the list shrinks to zero', async () => {
			await start({ members: 900 });
			follower.settings = { batchSize: 70 };
			const all = [...hubspot.store.list(LIST).members.ids()].map(String);
			hubspot.store.removeFromList(LIST, all);
			for (let poll = 0; poll < 3; poll++) await follower.next();
			expect(Math.max(...follower.batches.map((batch) => batch.length))).toBe(70);
			expect(told(follower.take())).toEqual(all.map((id) => [id, 'removed']).sort());
			hubspot.store.addToList(LIST, all.slice(0, 3));
			expect(told(await polls(2))).toEqual(
				all
					.slice(0, 3)
					.map((id) => [id, 'added'])
					.sort(),
			);
		});

		it('promise 2: failed runs and a killed process in the middle of a walk lose and double nobody in the end', async () => {
			await start({ members: 900 });
			follower.settings = { batchSize: 50 };
			const leaving = members().filter((_, n) => n % 3 === 0);
			hubspot.store.removeFromList(LIST, leaving);
			const gone: string[] = [];
			let runs = 0;
			follower.outcome = (batch) => {
				if (++runs % 3 === 0) return 'failed';
				gone.push(...idsOf(batch));
				return 'succeeded';
			};
			for (let poll = 0; poll < 40; poll++) {
				await follower.next(16 * 60_000);
				if (poll % 4 === 1) follower.kill();
			}
			expect(new Set(gone)).toEqual(new Set(leaving));
			// Only what a killed process had not saved comes twice.
			expect(gone.length).toBeLessThan(leaving.length + 50 * 10);
		});

		it('promise 2: a walk whose cursors go bad goes on behind what it compared', async () => {
			await start({ members: 1_500 });
			follower.settings = { batchSize: 20 };
			const leaving = members().filter((_, n) => n % 30 === 0);
			hubspot.store.removeFromList(LIST, leaving);
			follower.outcome = () => {
				hubspot.store.lists.cursorGeneration += 1;
				return 'succeeded';
			};
			expect(told(await polls(3))).toEqual(leaving.map((id) => [id, 'removed']).sort());
		});

		it('promise 2: "only changes from now on" remembers who is there, so that they can be told when they leave', async () => {
			hubspot = await startHubSpot({ members: 700 });
			follower = new ListFollower(hubspot);
			follower.settings = { firstSync: 'fromNow' };
			expect(await polls(1)).toEqual([]);
			const [id = ''] = members();
			hubspot.store.removeFromList(LIST, [id]);
			expect(told(await polls(2))).toEqual([[id, 'removed']]);
		});

		it('promise 2: the state of an older version, which remembers nobody, is filled in silence', async () => {
			await start({ members: 700 });
			follower.editState((state) => {
				const { memory: _memory, removals: _removals, edits: _edits, ...cursor } = state.cursor;
				return { ...state, cursor: { ...cursor, handled: { '123': 1_700_000_000_000 } } };
			});
			expect(await polls(1)).toEqual([]);
			const [id = ''] = members();
			hubspot.store.removeFromList(LIST, [id]);
			expect(told(await polls(2))).toEqual([[id, 'removed']]);
		});

		it('an active list that becomes a static one is followed on', async () => {
			await start({ members: 300 });
			Object.assign(hubspot.store.list(LIST), { processingType: 'SNAPSHOT' });
			const [id = ''] = members();
			hubspot.store.removeFromList(LIST, [id]);
			expect(told(await polls(2))).toEqual([[id, 'removed']]);
		});

		it('members that HubSpot does not list in the order of their ids stop the walk with a clear reason', async () => {
			await start({ members: 30 });
			const [id = ''] = members();
			hubspot.store.removeFromList(LIST, [id]);
			const http = sandboxHttp(hubspot);
			follower.http = {
				async send(request) {
					const reply = await http.send(request);
					if (reply.kind !== 'reply' || !request.path.endsWith('/memberships')) return reply;
					const { results } = reply.body as { results: unknown[] };
					return { ...reply, body: { results: results.reverse() } };
				},
			};
			const report = await follower.next();
			expect(report).toMatchObject({ end: 'failed', show: true, failure: { code: 'UNEXPECTED_ANSWER' } });
			expect(report.failure?.reason).toMatch(/order of their record ids/);
			follower.http = undefined;
			expect(told(await polls(1))).toEqual([[id, 'removed']]);
		});

		it.each(['oldestFirst', 'newestFirst'] as const)(
			'windows of 250 that always answer 500 are read with 50 a page, in the log and in a walk (%s)',
			async (joinOrder) => {
				hubspot = await startHubSpot({ members: 900, joinOrder, wideWindowFailsAt: 430 });
				follower = new ListFollower(hubspot);
				expect(await follower.next()).toMatchObject({ end: 'upToDate', delivered: 900 });
				follower.take();
				const leaving = [members()[3] ?? '', members()[500] ?? ''];
				hubspot.store.removeFromList(LIST, leaving);
				expect(told(await polls(2))).toEqual(leaving.map((id) => [id, 'removed']).sort());
			},
		);
	});

	describe('held back', () => {
		it('HB-08: nobody counts as gone while HubSpot works the members out anew; who is still gone then is', async () => {
			await start({ members: 300 });
			const [stays = '', leaves = '', searched = ''] = members();
			hubspot.store.lists.editFilters(Number(LIST), undefined, 'PROCESSING');
			hubspot.store.removeFromList(LIST, [stays, leaves, searched]);
			hubspot.store.changeContact(searched, { firstname: 'Seen by the search' });
			expect(told(await polls(8))).toEqual([[searched, 'updated']]);
			hubspot.store.setProcessingStatus(LIST, 'COMPLETE');
			hubspot.store.addToList(LIST, [stays]);
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
				hubspot.store.lists.editFilters(Number(LIST));
				hubspot.store.removeFromList(LIST, [second]);
			});
			hubspot.store.removeFromList(LIST, [first]);
			hubspot.store.changeContact(first, { lastname: 'Searched' });
			expect(told(await polls(4))).toEqual([[first, 'updated']]);
			expect(told(await polls(4))).toEqual(
				[
					[first, 'removed'],
					[second, 'removed'],
				].sort(),
			);
		});

		it('promise 1: an opt-out is handed on at once even then, and the removal afterwards', async () => {
			await start({ members: 300 });
			const [id = ''] = members();
			hubspot.store.setProcessingStatus(LIST, 'PROCESSING');
			hubspot.store.optOut(id);
			hubspot.store.removeFromList(LIST, [id]);
			const [change, ...more] = await polls(3);
			expect(more).toEqual([]);
			expect(change).toMatchObject({ source: { id }, change: 'optedOut', optedOut: true });
			hubspot.store.setProcessingStatus(LIST, 'COMPLETE');
			expect(told(await polls(2))).toEqual([[id, 'removed']]);
		});
	});

	describe('batches whose outcome was lost', () => {
		it.each(['failed', 'killed'] as const)(
			'promise 2: who may have been told and has left since is handed on as removed (the run was %s)',
			async (how) => {
				hubspot = await startHubSpot({ members: 60 });
				follower = new ListFollower(hubspot);
				follower.outcome = async () =>
					await (how === 'failed' ? Promise.resolve('failed' as const) : new Promise<never>(() => undefined));
				await follower.next();
				const [leaves = '', optsOut = '', deleted = ''] = members();
				follower.take();
				if (how === 'killed') follower.kill();
				follower.outcome = () => 'succeeded';
				hubspot.store.removeFromList(LIST, [leaves, optsOut]);
				hubspot.store.optOut(optsOut);
				hubspot.store.archive(deleted);
				const changes = await polls(8);
				const gone = changes.filter(({ change }) => change !== 'added');
				expect(told(gone)).toEqual(
					[
						[leaves, 'removed'],
						[optsOut, 'removed'],
						[deleted, 'deleted'],
					].sort(),
				);
				expect(gone.find(({ source }) => source.id === optsOut)?.optedOut).toBe(true);
				expect(changes.length - gone.length).toBe(57);
			},
		);
	});

	it('a member whose run failed before the members were known does not keep walks going', async () => {
		await start({ members: 300 });
		// As an older version left it, which remembered nobody.
		follower.editState((state) => {
			for (const name of ['memory', 'removals', 'edits']) delete state.cursor[name];
			return state;
		});
		const [changed = ''] = members();
		hubspot.store.changeContact(changed, { firstname: 'Ada' });
		follower.outcome = () => 'failed';
		await follower.next();
		follower.outcome = () => 'succeeded';
		expect([...new Set(told(await polls(6)).map(String))]).toEqual([`${changed},updated`]);
		hubspot.requests.clear();
		expect(await polls(10)).toEqual([]);
		expect(walks()).toBe(0);
	});

	describe('former members', () => {
		it('promise 1: an unsubscribe that takes somebody out of a filtered list is handed on', async () => {
			await start({ members: 300 });
			const [id = ''] = members();
			hubspot.store.optOut(id);
			hubspot.store.removeFromList(LIST, [id]);
			const [change] = await polls(2);
			expect(change).toMatchObject({ source: { id }, change: 'removed', optedOut: true });
		});

		it('promise 1: who left and unsubscribes later is handed on once more, with the opt-out; nothing else of them is', async () => {
			await start({ members: 300 });
			const [id = '', other = ''] = members();
			hubspot.store.removeFromList(LIST, [id, other]);
			await polls(3);
			hubspot.store.changeContact(other, { firstname: 'Not followed any more' });
			hubspot.store.optOut(id);
			const [change, ...more] = await polls(4);
			expect(more).toEqual([]);
			expect(change).toMatchObject({ source: { id }, change: 'removed', optedOut: true });
			hubspot.store.pageView(id);
			expect(await polls(4)).toEqual([]);
		});
	});

	describe('deleted', () => {
		it.each([false, true])(
			'HB-08: a deleted contact is handed on as deleted (it stays in the list: %s)',
			async (archivedStayInLists) => {
				await start({ members: 300, archivedStayInLists });
				const [id = ''] = members();
				const { email } = hubspot.store.contact(id).properties;
				hubspot.store.archive(id);
				if (archivedStayInLists) await follower.next(DAY_MS);
				const [change, ...more] = await polls(6);
				expect(more).toEqual([]);
				expect(change).toMatchObject({ key: `hubspot:24813579:contact:${id}`, change: 'deleted', fields: { email } });
				hubspot.store.restoreContact(id);
				if (!archivedStayInLists) hubspot.store.addToList(LIST, [id]);
				expect(told(await polls(3))).toEqual([[id, 'added']]);
			},
		);

		it('HB-08: one restored before it was told is not told at all', async () => {
			await start({ members: 300 });
			const [id = ''] = members();
			hubspot.store.archive(id);
			expect(await polls(1)).toEqual([]);
			hubspot.store.restoreContact(id);
			hubspot.store.addToList(LIST, [id]);
			expect(await polls(6)).toEqual([]);
		});
	});

	describe('merged', () => {
		const variants = [false, true].flatMap((mergeKeepsPrimaryId) =>
			(['missing', 'redirect'] as const).flatMap((mergedIds) =>
				[0, 90_000].map((indexingDelayMs) => ({ mergeKeepsPrimaryId, mergedIds, indexingDelayMs })),
			),
		);

		it.each(variants)(
			'HB-24: a merge of two members is one update of the survivor ($mergeKeepsPrimaryId, $mergedIds, index $indexingDelayMs)',
			async (variant) => {
				await start({ members: 300, ...variant });
				const [primary = '', loser = ''] = members();
				const survivor = hubspot.store.merge(primary, loser);
				const changes = await polls(8);
				expect(told(changes)).toEqual([[survivor, 'updated']]);
				const keys = [primary, loser].filter((id) => id !== survivor).map((id) => `hubspot:24813579:contact:${id}`);
				expect([...(changes[0]?.mergedFrom ?? [])].sort()).toEqual(keys.sort());
				expect(changes[0]?.fields).not.toHaveProperty('hs_merged_object_ids');
			},
		);

		it.each(variants)(
			'HB-24: when the survivor is not in the list, both are gone ($mergeKeepsPrimaryId, $mergedIds, index $indexingDelayMs)',
			async (variant) => {
				await start({ members: 300, mergeKeepsLists: false, ...variant });
				const [primary = '', loser = ''] = members();
				const survivor = hubspot.store.merge(primary, loser);
				expect(told(await polls(8))).toEqual(
					[
						[primary, survivor === primary ? 'removed' : 'deleted'],
						[loser, 'deleted'],
					].sort(),
				);
				// The people behind the old records are followed on.
				hubspot.store.optOut(survivor);
				const out = await polls(5);
				expect(told(out)).toEqual([[survivor, 'removed']]);
				expect(out[0]?.optedOut).toBe(true);
			},
		);

		it('HB-24: a merge that happens while a walk is going on does not come out as a deletion', async () => {
			await start({ members: 300, indexingDelayMs: 60_000, listStatsDelayMs: 60_000 });
			const [leaves = '', primary = '', loser = ''] = members();
			hubspot.store.removeFromList(LIST, [leaves]);
			let survivor = '';
			before(/memberships$/, () => {
				survivor = hubspot.store.merge(primary, loser);
			});
			expect(told(await polls(10))).toEqual(
				[
					[leaves, 'removed'],
					[survivor, 'updated'],
				].sort(),
			);
		});

		it('HB-24: merged into a contact that was not in the list, the survivor is what was updated', async () => {
			await start({ members: 300, extraContacts: 5 });
			const [loser = ''] = members();
			const outside = hubspot.store.addContact({ email: 'outside@example.com' });
			const survivor = hubspot.store.merge(outside, loser);
			expect(told(await polls(6))).toEqual([[survivor, 'updated']]);
		});
	});
});
