import fc from 'fast-check';
import type { ContactChange } from '../../../../core/contact/contact';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { propertyRuns } from '../../../support/propertyRuns';
import { ListFollower } from '../support/listFollower';

const LIST = '101';
const FIELDS = ['email', 'firstname', 'lastname'] as const;

const WEIGHTS = {
	change: 3,
	bulk: 1,
	email: 1,
	view: 1,
	join: 2,
	leave: 2,
	leaveAfterChange: 1,
	create: 1,
	optOut: 2,
	delete: 1,
	restore: 1,
	merge: 1,
	editFilters: 1,
	processing: 1,
	fault: 1,
	expire: 1,
	kill: 1,
	poll: 8,
} as const;

type Kind = keyof typeof WEIGHTS;

/** What can happen between two polls; `pick` chooses among the contacts there are. */
const event = fc.oneof(
	...(Object.keys(WEIGHTS) as Kind[]).map((kind) => ({
		weight: WEIGHTS[kind],
		arbitrary: fc.record({ do: fc.constant(kind), pick: fc.nat(10_000) }),
	})),
);

const history = fc.record({
	events: fc.array(event, { minLength: 5, maxLength: 45 }),
	options: fc.record({
		joinOrder: fc.constantFrom('oldestFirst' as const, 'newestFirst' as const),
		indexingDelayMs: fc.constantFrom(0, 30_000, 90_000),
		listStatsDelayMs: fc.constantFrom(0, 120_000),
		archivedStayInLists: fc.boolean(),
		mergedIds: fc.constantFrom('missing' as const, 'redirect' as const),
		mergeKeepsPrimaryId: fc.boolean(),
		rejoinKeepsFirstTimestamp: fc.boolean(),
	}),
	batchSize: fc.constantFrom(1, 7, 40, 1_000),
	fails: fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
});

/** Plays one event in the account. Returns the merge it made, if any. */
function play(
	hubspot: RunningHubSpot,
	kind: Kind,
	pick: number,
	count: number,
): { merged: string[]; into: string } | void {
	const { store } = hubspot;
	const contacts = [...store.contacts.contacts.values()];
	const live = contacts.filter(({ archivedAt }) => archivedAt === undefined).map(({ id }) => String(id));
	const members = [...store.list(LIST).members.ids()].map(String).filter((id) => live.includes(id));
	const id = live[pick % live.length] ?? '';
	const member = members[pick % Math.max(1, members.length)];
	switch (kind) {
		case 'change':
			return store.changeContact(id, { firstname: `First ${count}` });
		case 'bulk':
			return store.bulkChange(
				live.filter((_, n) => (n + pick) % 3 > 0),
				{ lastname: `Last ${count}` },
			);
		case 'email':
			return store.changeContact(id, { email: `moved${count}@example.com` });
		case 'view':
			return store.pageView(id);
		case 'join':
			return store.addToList(LIST, [id]);
		case 'leave':
			return member === undefined ? undefined : store.removeFromList(LIST, [member]);
		case 'leaveAfterChange':
			if (member === undefined) return undefined;
			store.changeContact(member, { firstname: `Left ${count}` });
			return store.removeFromList(LIST, [member]);
		case 'create':
			return void store.addContact({ email: `new${count}@example.com` }, pick % 2 ? [LIST] : []);
		case 'optOut':
			return store.optOut(id);
		case 'delete':
			return live.length > 5 ? store.archive(id) : undefined;
		case 'restore': {
			const deleted = contacts.filter(({ archivedAt, mergedInto }) => archivedAt !== undefined && !mergedInto);
			const back = deleted[pick % Math.max(1, deleted.length)];
			const taken =
				back?.properties.email !== undefined && store.contacts.holderOf(back.properties.email) !== undefined;
			return back && !taken ? store.restoreContact(back.id) : undefined;
		}
		case 'merge': {
			const other = live[(pick + 1 + (pick % 5)) % live.length] ?? '';
			if (other === id || live.length < 6) return undefined;
			return { merged: [id, other], into: store.merge(id, other) };
		}
		case 'editFilters':
			return store.lists.editFilters(Number(LIST));
		case 'processing':
			return store.setProcessingStatus(LIST, pick % 2 ? 'PROCESSING' : 'COMPLETE');
		case 'fault':
			return hubspot.faults.next('*', { status: 503, times: 1 + (pick % 6) });
		case 'expire':
			store.lists.cursorGeneration++;
			return undefined;
		default:
			return undefined;
	}
}

describe('promises 1 and 2 over whole histories of a list', () => {
	it('HB-08 HB-24: in the end the destination knows what HubSpot holds, whatever happened', async () => {
		const runs = propertyRuns('HubSpot list histories', 15, 0.1);
		await fc.assert(
			fc.asyncProperty(history, async ({ events, options, batchSize, fails }) => {
				const hubspot = await startHubSpot({ members: 24, extraContacts: 12, ...options });
				try {
					const { store } = hubspot;
					const follower = new ListFollower(hubspot);
					follower.settings = { fields: FIELDS, batchSize };
					/** What was delivered last of each contact. */
					const last = new Map<string, ContactChange>();
					/** Contacts of which an opt-out was ever delivered. */
					const toldOptedOut = new Set<string>();
					/** Records that were merged into a member, with the number of the delivery after which that was known. */
					const merges: Array<{ loser: string; survivor: string }> = [];
					const goneAfterMerge: string[] = [];
					let batches = 0;
					let over = false;
					follower.outcome = (batch) => {
						if (!over && fails[batches++ % fails.length]) return 'failed';
						for (const change of batch) {
							const { id } = change.source;
							last.set(id, change);
							if (change.optedOut === true) toldOptedOut.add(id);
							for (const key of change.mergedFrom ?? []) {
								if (change.change !== 'removed') last.delete(key.split(':').at(-1) ?? '');
							}
							const isGone = change.change === 'removed' || change.change === 'deleted';
							if (isGone && merges.some(({ loser }) => loser === id)) goneAfterMerge.push(id);
						}
						return 'succeeded';
					};
					const leftTheList = new Set<string>();
					let count = 0;
					for (const { do: what, pick } of events) {
						count++;
						const before = new Set([...store.list(LIST).members.ids()].map(String));
						const merge = play(hubspot, what, pick, count);
						const after = new Set([...store.list(LIST).members.ids()].map(String));
						for (const id of before) if (!after.has(id)) leftTheList.add(id);
						if (merge && after.has(merge.into)) {
							for (const loser of merge.merged) {
								// A contact that had left before may rightly be emitted as gone.
								if (loser === merge.into || !before.has(loser) || leftTheList.has(`${loser} earlier`)) continue;
								merges.push({ loser, survivor: merge.into });
							}
						}
						if (what === 'leave' || what === 'leaveAfterChange' || what === 'delete') {
							for (const id of before) if (!after.has(id)) leftTheList.add(`${id} earlier`);
						}
						if (what === 'kill') follower.kill();
						if (what === 'poll') await follower.next(20_000 + (pick % 60_000));
						hubspot.clock.advance(500);
					}
					over = true;
					hubspot.faults.clear();
					store.setProcessingStatus(LIST, 'COMPLETE');
					// Failed runs lead to pauses of a quarter of an hour at most; figures and index need their time too, and what only
					// the recycle bin tells is found within a day.
					for (let polls = 0; polls < 30; polls++) await follower.next(polls < 10 ? 60_000 : 16 * 60_000);
					await follower.next(24 * 60 * 60_000);
					for (let polls = 0; polls < 6; polls++) await follower.next();

					const live = (id: string): boolean => {
						const contact = store.contacts.contacts.get(Number(id));
						return contact !== undefined && contact.archivedAt === undefined;
					};
					const inList = new Set([...store.list(LIST).members.ids()].map(String).filter(live));
					const told = (id: string): unknown[] => {
						const change = last.get(id);
						const gone = change?.change === 'removed' || change?.change === 'deleted';
						return [id, gone ? 'gone' : change?.fields];
					};
					for (const id of inList) {
						const { properties } = store.contact(id);
						const expected = Object.fromEntries(FIELDS.map((name) => [name, properties[name] || null]));
						expect(told(id)).toEqual([id, expected]);
					}
					for (const id of last.keys()) if (!inList.has(id)) expect(told(id)).toEqual([id, 'gone']);
					for (const id of last.keys()) {
						if (!live(id) || store.contact(id).properties.hs_email_optout !== 'true') continue;
						expect([id, last.get(id)?.optedOut]).toEqual([id, true]);
						expect(toldOptedOut.has(id)).toBe(true);
					}
					// A survivor that left the list takes its parts with it.
					const stayed = merges.filter(({ survivor }) => inList.has(survivor) && !leftTheList.has(survivor));
					expect(goneAfterMerge.filter((id) => stayed.some(({ loser }) => loser === id))).toEqual([]);
					expect(hubspot.requests.statuses()['429']).toBeUndefined();
				} finally {
					await hubspot.close();
					runs.count();
				}
			}),
			runs.parameters,
		);
	}, 3_600_000);
});
