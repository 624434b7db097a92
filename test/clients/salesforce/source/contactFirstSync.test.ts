import type { PollSettings } from '../../../../core/polling/pollParts';
import { idsOf, liveIds } from '../support/contactFollower';
import { FollowedOrg } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

describe('first sync of Salesforce records', () => {
	it.each(['Contact', 'Lead'] as const)('SB-29: hands every %s on once, the oldest stamp first', async (object) => {
		await org.start({ contacts: 120, leads: 120, awkward: true }, { object, batchSize: 50 });
		expect((await org.follower.next()).end).toBe('upToDate');
		const { batches, changes } = org.follower;
		expect(idsOf(changes).sort()).toEqual(liveIds(org.salesforce, object));
		expect(changes.every(({ change, delivery }) => change === 'added' && delivery?.phase === 'firstSync')).toBe(true);
		expect(batches.map(({ length }) => length).slice(0, 2)).toEqual([50, 50]);
		const instants = changes.map(({ changedAt }) => changedAt);
		expect(instants).toEqual([...instants].sort());
		org.follower.take();
		expect(await org.polls(3)).toEqual([]);
	});

	it('emits fields by name and type, of related records too, and whether the contact opted out', async () => {
		await org.start({ contacts: 0 }, {
			fields: ['Email', 'Birthdate', 'Interests__c', 'Newsletter__c', 'Last_Visit__c', 'Credit_Limit__c', 'Owner.Name', 'Account.Name', 'Gone__c', 'MailingAddress'],
		}); // prettier-ignore
		const id = org.add({
			Email: 'ada@example.com',
			Birthdate: '1990-09-25',
			Interests__c: 'Wine;Travel',
			Newsletter__c: true,
			Last_Visit__c: '2026-01-02T03:04:05Z',
			Credit_Limit__c: 12.5,
			MailingCity: 'Lyon',
			MailingCountry: 'France',
			HasOptedOutOfEmail: true,
		});
		const [change] = await org.polls(1);
		expect(change).toMatchObject({
			key: `salesforce:${org.salesforce.store.organizationId}:Contact:${id}`,
			source: { system: 'salesforce', account: org.salesforce.store.organizationId, object: 'Contact', id },
			change: 'added',
			optedOut: true,
		});
		expect(change?.fields).toEqual({
			Email: 'ada@example.com',
			Birthdate: '1990-09-25',
			Interests__c: ['Wine', 'Travel'],
			Newsletter__c: true,
			Last_Visit__c: '2026-01-02T03:04:05.000Z',
			Credit_Limit__c: 12.5,
			'Owner.Name': 'Contact Sync',
			'Account.Name': null,
			MailingAddress: 'Lyon, France',
		});
	});

	it('does not say whether a contact opted out when the user may not see it', async () => {
		await org.start({ contacts: 3, hiddenFields: ['Contact.HasOptedOutOfEmail'] });
		const changes = await org.polls(1);
		expect(changes.map(({ optedOut }) => optedOut)).toEqual([null, null, null]);
		org.do('setAccess', { object: 'Contact', field: 'HasOptedOutOfEmail', access: 'full' });
		const [id = ''] = idsOf(changes);
		org.change(id, { HasOptedOutOfEmail: true });
		expect(await org.polls(1)).toMatchObject([{ change: 'updated', optedOut: true }]);
	});

	it('starts from now on: no record that is there is emitted, everything afterwards is', async () => {
		await org.start({ contacts: 30 }, { firstSync: 'fromNow' });
		org.change(liveIds(org.salesforce)[3] ?? '', { FirstName: 'Before' });
		org.salesforce.clock.advance(5_000);
		expect(await org.polls(2)).toEqual([]);
		const [first = '', second = ''] = liveIds(org.salesforce);
		org.do('deleteRecord', { object: 'Contact', id: first });
		org.change(second, { FirstName: 'Changed' });
		const third = org.add({});
		const told = (await org.polls(2)).map(({ change, source }) => [source.id, change]);
		expect(told.sort()).toEqual([[first, 'deleted'], [second, 'updated'], [third, 'added']].sort()); // prettier-ignore
	});

	describe('SB-13: batches that may be larger than 1,000', () => {
		const growing = { batchSizes: { first: 5_000, most: 5_000, afterFailure: 1_000 } };
		const sizesWith = async (characters: number, poll: Partial<PollSettings>): Promise<number[]> => {
			await org.start({ contacts: 1_200 }, { batchSize: 1_100, fields: ['Email', 'Description'] });
			const { store } = org.salesforce;
			for (const row of store.table('Contact').rows.values())
				Object.assign(row, { Description: 'x'.repeat(characters) });
			org.follower.poll = poll;
			await org.follower.settle(2);
			expect(new Set(idsOf(org.follower.changes)).size).toBe(1_200);
			return org.follower.batches.map(({ length }) => length);
		};

		it('hold fewer where the records are large', async () => {
			const [first = 0] = await sizesWith(6_500, growing);
			expect(first).toBeGreaterThan(1_000);
			expect(first).toBeLessThan(8_000_000 / 6_500);
		});

		it('hold all of small ones', async () => {
			expect(await sizesWith(10, growing)).toEqual([1_200]);
		});

		it('hold 1,000 however large they are', async () => {
			expect((await sizesWith(20_000, growing))[0]).toBe(1_000);
		});

		it('hold as many as are set', async () => {
			expect((await sizesWith(20_000, { batchSizes: { first: 1_100, most: 1_100 } }))[0]).toBe(1_100);
		});
	});

	it('goes on where it was after a kill, also on pages that the server makes small', async () => {
		await org.start({ contacts: 900, settings: { maxPageSize: 200 } }, { batchSize: 150 });
		let runs = 0;
		org.follower.outcome = () => {
			runs += 1;
			if (runs === 3) throw new Error('killed');
			return 'succeeded';
		};
		await org.follower.next();
		org.follower.kill();
		await org.follower.next();
		const told = idsOf(org.follower.changes);
		expect(new Set(told)).toEqual(new Set(liveIds(org.salesforce)));
		// The batch that was under way, and the one before, which was not saved.
		expect(told.length).toBeLessThanOrEqual(900 + 300);
		expect(await (org.follower.take(), org.polls(20))).toEqual([]);
	});

	it.each([200, 350, 2_000])(
		'calls: %i rows a page feed batches of 1,000 without another call',
		async (maxPageSize) => {
			await org.start({ contacts: 4_000, settings: { maxPageSize } });
			await org.follower.next();
			const { requests } = org.salesforce;
			expect(requests.count(({ route }) => route.includes('/query'))).toBeLessThanOrEqual(4_000 / maxPageSize + 5);
			expect(idsOf(org.follower.changes)).toHaveLength(4_000);
		},
	);

	it('SB-29: names the lead of a contact also when it was converted while the others were read', async () => {
		await org.start({ contacts: 600, settings: { maxPageSize: 200 } }, { batchSize: 200 });
		const leadId = org.add({ Email: 'lead@example.com' }, 'Lead');
		let contactId = '';
		let pages = 0;
		org.follower.before = ({ path }) => {
			if (!/query\/\w/.test(path) || ++pages !== 2) return;
			org.salesforce.clock.advance(5_000);
			({ contactId } = org.do('convertLead', { id: leadId }) as { contactId: string });
			org.salesforce.clock.advance(5_000);
		};
		// The query sent in place of the lost one shows the new contact.
		org.follower.expireLocators = 2;
		// The first poll of a process leaves early.
		await org.follower.settle(2);
		expect(org.follower.changes.length).toBe(601);
		const added = org.follower.changes.find(({ source }) => source.id === contactId);
		const lead = `salesforce:${org.salesforce.store.organizationId}:Lead:${leadId}`;
		expect(added).toMatchObject({ change: 'added', delivery: { phase: 'firstSync' }, mergedFrom: [lead] });
	});

	it.each(['snapshot', 'live'] as const)(
		'trap: a %s page that ends in a record with a new stamp does not move the place',
		async (locatorRows) => {
			await org.start({ contacts: 1_500, settings: { maxPageSize: 300, locatorRows } }, { batchSize: 300 });
			const byStamp = [...org.salesforce.store.table('Contact').rows.values()]
				.map((row) => `${String(row['SystemModstamp'])} ${String(row['Id'])}`)
				.sort();
			const [, last = ''] = byStamp[899]?.split(' ') ?? [];
			// Visible when the third page is asked for, with a stamp from before the query; the fourth is asked for in vain.
			org.do('commitLate', { object: 'Contact', id: last, values: { FirstName: 'Late' }, afterMs: 70_000 });
			let pages = 0;
			org.follower.before = ({ path }) => {
				if (/query\/\w/.test(path) && ++pages === 2) org.salesforce.clock.advance(20_000);
			};
			org.follower.expireLocators = 3;
			await org.follower.settle(2);
			expect(org.salesforce.requests.statuses()['400']).toBe(1);
			expect(new Set(idsOf(org.follower.changes))).toEqual(new Set(liveIds(org.salesforce)));
			const told = await org.polls(20);
			expect(told.filter(({ source }) => source.id === last).at(-1)?.fields.FirstName).toBe('Late');
		},
	);
});
