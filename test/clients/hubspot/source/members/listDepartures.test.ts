import { DAY_MS, FollowedList, LIST, told } from '../../support/followedList';

const list = new FollowedList();
const { start, members, polls, before, walks } = list;

afterEach(list.end);

describe('contacts that are gone from a HubSpot list in another way', () => {
	describe('batches whose outcome was lost', () => {
		it.each(['failed', 'killed'] as const)(
			'promise 2: a pending contact that has left since is emitted as removed (the run was %s)',
			async (how) => {
				await list.begin({ members: 60 });
				list.follower.outcome = async () =>
					await (how === 'failed' ? Promise.resolve('failed' as const) : new Promise<never>(() => undefined));
				await list.follower.next();
				const [leaves = '', optsOut = '', deleted = ''] = members();
				list.follower.take();
				if (how === 'killed') list.follower.kill();
				list.follower.outcome = () => 'succeeded';
				list.hubspot.store.removeFromList(LIST, [leaves, optsOut]);
				list.hubspot.store.optOut(optsOut);
				list.hubspot.store.archive(deleted);
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

		it.each(['failed', 'killed'] as const)(
			'promise 2: a contact that may have been emitted as removed and is back since is emitted as added (the run was %s)',
			async (how) => {
				await start({ members: 60 });
				const [back = ''] = members();
				list.hubspot.store.removeFromList(LIST, [back]);
				list.follower.outcome = async () =>
					await (how === 'failed' ? Promise.resolve('failed' as const) : new Promise<never>(() => undefined));
				expect(told(await polls(4)).at(-1)).toEqual([back, 'removed']);
				if (how === 'killed') list.follower.kill();
				list.follower.outcome = () => 'succeeded';
				list.hubspot.store.addToList(LIST, [back]);
				expect(told(await polls(6))).toEqual([[back, 'added']]);
			},
		);
	});

	it('a member whose run failed before the members were known does not keep walks going', async () => {
		await start({ members: 300 });
		// As an older version left it, which remembered no member.
		list.follower.editState((state) => {
			for (const name of ['memory', 'removals', 'edits']) delete state.cursor[name];
			return state;
		});
		const [changed = ''] = members();
		list.hubspot.store.changeContact(changed, { firstname: 'Ada' });
		list.follower.outcome = () => 'failed';
		await list.follower.next();
		list.follower.outcome = () => 'succeeded';
		expect([...new Set(told(await polls(6)).map(String))]).toEqual([`${changed},updated`]);
		list.hubspot.requests.clear();
		expect(await polls(10)).toEqual([]);
		expect(walks()).toBe(0);
	});

	describe('former members', () => {
		it('promise 1: an unsubscribe that takes a contact out of a filtered list is emitted', async () => {
			await start({ members: 300 });
			const [id = ''] = members();
			list.hubspot.store.optOut(id);
			list.hubspot.store.removeFromList(LIST, [id]);
			const [change] = await polls(2);
			expect(change).toMatchObject({ source: { id }, change: 'removed', optedOut: true });
		});

		it('promise 1: a contact that left and unsubscribes later is emitted once more, with the opt-out; nothing else of it is', async () => {
			await start({ members: 300 });
			const [id = '', other = ''] = members();
			list.hubspot.store.removeFromList(LIST, [id, other]);
			await polls(3);
			list.hubspot.store.changeContact(other, { firstname: 'Not followed any more' });
			list.hubspot.store.optOut(id);
			const [change, ...more] = await polls(4);
			expect(more).toEqual([]);
			expect(change).toMatchObject({ source: { id }, change: 'removed', optedOut: true });
			list.hubspot.store.pageView(id);
			expect(await polls(4)).toEqual([]);
		});
	});

	describe('deleted', () => {
		it.each([false, true])(
			'HB-08: a deleted contact is emitted as deleted (it stays in the list: %s)',
			async (archivedStayInLists) => {
				await start({ members: 300, archivedStayInLists });
				const [id = ''] = members();
				const { email } = list.hubspot.store.contact(id).properties;
				list.hubspot.store.archive(id);
				if (archivedStayInLists) await list.follower.next(DAY_MS);
				const [change, ...more] = await polls(6);
				expect(more).toEqual([]);
				expect(change).toMatchObject({ key: `hubspot:24813579:contact:${id}`, change: 'deleted', fields: { email } });
				list.hubspot.store.restoreContact(id);
				if (!archivedStayInLists) list.hubspot.store.addToList(LIST, [id]);
				expect(told(await polls(3))).toEqual([[id, 'added']]);
			},
		);

		it('HB-08: one restored before it was emitted is not emitted at all', async () => {
			await start({ members: 300 });
			const [id = ''] = members();
			list.hubspot.store.archive(id);
			expect(await polls(1)).toEqual([]);
			list.hubspot.store.restoreContact(id);
			list.hubspot.store.addToList(LIST, [id]);
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
				const survivor = list.hubspot.store.merge(primary, loser);
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
				const survivor = list.hubspot.store.merge(primary, loser);
				expect(told(await polls(8))).toEqual(
					[
						[primary, survivor === primary ? 'removed' : 'deleted'],
						[loser, 'deleted'],
					].sort(),
				);
				// The people behind the old records are followed on.
				list.hubspot.store.optOut(survivor);
				const out = await polls(5);
				expect(told(out)).toEqual([[survivor, 'removed']]);
				expect(out[0]?.optedOut).toBe(true);
			},
		);

		it.each(
			[false, true].flatMap((keeps) =>
				[0, 90_000].flatMap((lag) => [false, true].map((redirects) => [keeps, lag, redirects] as const)),
			),
		)(
			'promise 1: of two merges between two polls the survivor stands for all records that it does not name (keeps the id: %s, index %i, batches redirect: %s)',
			async (mergeKeepsPrimaryId, indexingDelayMs, batchReadsRedirect) => {
				await start({ members: 300, mergeKeepsPrimaryId, indexingDelayMs, batchReadsRedirect });
				const [first = '', second = '', third = ''] = members();
				const between = list.hubspot.store.merge(first, second);
				const last = list.hubspot.store.merge(third, between);
				const changes = await polls(8);
				expect(new Set(told(changes).map(String))).toEqual(new Set([`${last},updated`]));
				const named = new Set(changes.flatMap(({ mergedFrom = [] }) => mergedFrom));
				for (const id of [first, second, third].filter((one) => one !== last)) {
					expect(named).toContain(`hubspot:24813579:contact:${id}`);
				}
				// Nothing of it is left to be found out.
				list.hubspot.requests.clear();
				expect(await polls(4)).toEqual([]);
				expect(list.hubspot.requests.counts()['GET /crm/objects/2026-09/contacts/:id']).toBeUndefined();
			},
		);

		it('promise 1: where the survivor of two merges is outside of the list, its opt-out is heard of', async () => {
			await start({ members: 300, mergeKeepsLists: false });
			const [first = '', second = '', third = ''] = members();
			const last = list.hubspot.store.merge(third, list.hubspot.store.merge(first, second));
			const gone = await polls(8);
			expect(told(gone)).toEqual([first, second, third].map((id) => [id, 'deleted']).sort());
			list.hubspot.store.optOut(last);
			expect(await polls(4)).toEqual([expect.objectContaining({ change: 'removed', optedOut: true })]);
		});

		it('HB-28: many deletions cost no call each while no contact was merged', async () => {
			await start({ members: 300, extraContacts: 5 });
			const deleted = members().slice(0, 250);
			for (const id of deleted) list.hubspot.store.archive(id);
			expect(told(await polls(6))).toEqual(deleted.map((id) => [id, 'deleted']).sort());
			expect(list.hubspot.requests.counts()['GET /crm/objects/2026-09/contacts/:id']).toBeUndefined();
		});

		it.each([
			[80, 80],
			[150, 0],
		])('HB-28: after a merge %i deletions cost %i calls to look where they lead to', async (count, calls) => {
			await start({ members: 300, extraContacts: 5 });
			const [primary = '', loser = '', ...others] = members();
			const survivor = list.hubspot.store.merge(primary, loser);
			const deleted = others.slice(0, count);
			for (const id of deleted) list.hubspot.store.archive(id);
			expect(told(await polls(8))).toEqual([...deleted.map((id) => [id, 'deleted']), [survivor, 'updated']].sort());
			const asked = list.hubspot.requests.counts()['GET /crm/objects/2026-09/contacts/:id'] ?? 0;
			expect(asked).toBe(calls);
		});

		it('HB-24: a merge that happens while a walk is going on does not come out as a deletion', async () => {
			await start({ members: 300, indexingDelayMs: 60_000, listStatsDelayMs: 60_000 });
			const [leaves = '', primary = '', loser = ''] = members();
			list.hubspot.store.removeFromList(LIST, [leaves]);
			let survivor = '';
			before(/memberships$/, () => {
				survivor = list.hubspot.store.merge(primary, loser);
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
			const outside = list.hubspot.store.addContact({ email: 'outside@example.com' });
			const survivor = list.hubspot.store.merge(outside, loser);
			expect(told(await polls(6))).toEqual([[survivor, 'updated']]);
		});
	});
});
