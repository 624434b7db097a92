import fc from 'fast-check';
import type { Scope } from '../../../../clients/salesforce/scope/scope';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { beginnings, propertyRuns } from '../../../support/propertyRuns';
import { quickHttp } from '../../../support/http/quickHttp';
import { ContactFollower } from '../support/contactFollower';
import type { ScopeKind } from '../support/contactWorld';
import { contactHistories, ContactWorld, FIELDS } from '../support/contactWorld';
import { MINUTE_MS } from '../support/followedOrg';
import { ToldState } from '../support/toldState';

describe('promises 1 and 2 over whole histories of a Salesforce organisation', () => {
	let salesforce: RunningSalesforce;
	beforeAll(async () => {
		salesforce = await startSalesforce({ contacts: 14, leads: 14, awkward: false });
	});
	afterAll(async () => {
		await salesforce.close();
	});

	it.each(beginnings({ seed: 20_261_122 }, { seed: 1_050_611_296, path: '40' }))(
		'SB-02 SB-29: in the end the destination knows what Salesforce holds, whatever happened %j',
		async (beginning) => {
			const runs = propertyRuns('Salesforce histories', 30);
			await fc.assert(
				fc.asyncProperty(contactHistories, async ({ object, scope: kind, events, settings, firstSync, convertedLeads, batchSize, fails }) => {
					salesforce.reset();
					Object.assign(salesforce.settings, settings);
					salesforce.clock.set(Date.UTC(2026, 10, 22, 9, 30));
					salesforce.clock.freeze();
					const { id: view } = salesforce.listViews.add({
						objectName: object, label: 'Followed', developerName: 'Followed', columns: ['Name'], orderBy: 'Name ASC', scope: 'everything', soqlCompatible: true,
						where: kind === 'relativeDates' ? 'EmailBouncedDate = LAST_N_DAYS:3' : 'Newsletter__c = true',
					}); // prettier-ignore
					const scopes: Record<ScopeKind, Scope> = {
						object: { kind: 'object' },
						listView: { kind: 'listView', id: view },
						relativeDates: { kind: 'listView', id: view },
						campaign: { kind: 'campaign', id: salesforce.ids.campaigns.newsletter },
						conditions: { kind: 'conditions', combine: 'all', conditions: [{ field: 'Newsletter__c', operator: 'isTrue' }] },
					};
					const world = new ContactWorld(salesforce, object, kind, view);
					const follower = new ContactFollower(salesforce);
					const http = quickHttp(salesforce.url, {}, () => salesforce.store.now());
					follower.transport = http;
					follower.settings = { object, scope: scopes[kind], fields: FIELDS, firstSync, convertedLeads, batchSize };
					const told = new ToldState();
					let batches = 0;
					let over = false;
					follower.outcome = (batch) => {
						const run = batches++;
						if (!over && fails[run % fails.length]) {
							told.takePart(batch, (run % 3) / 2);
							return 'failed';
						}
						told.take(batch);
						return 'succeeded';
					};
					try {
						const start = new Set(world.rows.filter((row) => world.isMember(row)).map((row) => String(row['Id'])));
						const before = new Map(world.rows.map((row) => [String(row['Id']), row]));
						if (firstSync === 'fromNow') {
							await follower.next(5_000);
							await follower.next(5_000);
						}
						for (const { do: what, pick } of events) {
							if (what === 'poll') await follower.next(20_000 + (pick % 60_000));
							else if (what === 'kill') {
								// n8n stores nothing before the first run: a start from now on would begin again.
								if (firstSync === 'all' || follower.changes.length > 0) follower.kill();
							}
							else if (what === 'expireLocators') follower.expireLocators = 1 + (pick % 3);
							else world.play(what, pick);
							salesforce.clock.advance(500);
						}
						over = true;
						salesforce.faults.clear();
						for (const minutes of [16, 16, 16, 1, 16, 61, 1, 61, 25 * 60, 1, 61, 1]) await follower.next(minutes * MINUTE_MS);
						follower.take();
						expect(await follower.polls(1)).toEqual([]);
						if (!events.some(({ do: what }) => what === 'kill')) expect(told.addedTwice).toEqual([]);
						const members = world.rows.filter((row) => world.isMember(row));
						for (const row of members) {
							const id = String(row['Id']);
							const expected = Object.fromEntries(FIELDS.map((name) => [name, row[name] ?? null]));
							const untouched = firstSync === 'fromNow' && start.has(id) && before.get(id)?.['SystemModstamp'] === row['SystemModstamp'];
							if (untouched && !told.last.has(id)) continue;
							expect([id, told.last.get(id)?.fields]).toEqual([id, expected]);
						}
						const there = new Set(members.map((row) => String(row['Id'])));
						const kept = (id: string) => convertedLeads === 'keep' && told.last.get(id)?.convertedTo !== undefined;
						expect(told.members.filter((id) => !there.has(id) && !kept(id))).toEqual([]);
						expect([...there].filter((id) => told.isGone(id))).toEqual([]);
						for (const row of world.live) {
							const id = String(row['Id']);
							if (row['HasOptedOutOfEmail'] === true && told.last.has(id)) expect([id, told.optedOut.has(id)]).toEqual([id, true]);
						}
						const failures = salesforce.requests.entries.filter(({ status }) => status >= 400 && status !== 503 && status !== 401);
						expect(failures.filter(({ path }) => !/query\/0r8/.test(path))).toEqual([]);
					} finally {
						http.close();
						runs.count();
					}
				}),
				{ ...runs.parameters, ...beginning },
			); // prettier-ignore
		},
		3_600_000,
	);
});
