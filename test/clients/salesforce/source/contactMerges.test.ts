import { contactKey } from '../../../../core/contact/contact';
import { idsOf, liveIds, told } from '../support/contactFollower';
import { DAY_MS, FollowedOrg, HOUR_MS, MINUTE_MS } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

const keyOf = (id: string, object = 'Contact'): string =>
	contactKey({ system: 'salesforce', account: org.salesforce.store.organizationId, object, id });

const merge = (masterId: string, ...loserIds: string[]): unknown =>
	org.do('merge', { object: 'Contact', masterId, loserIds });

const convert = (id: string, contactId?: string) =>
	org.do('convertLead', { id, ...(contactId === undefined ? {} : { contactId }) }) as { contactId: string };

describe('merges', () => {
	it('a merge is one update of the survivor that names the losers, never a deletion', async () => {
		await org.follow({ contacts: 10 });
		const [winner = '', one = '', two = ''] = liveIds(org.salesforce);
		merge(winner, one, two);
		const changes = await org.polls(20);
		expect(told(changes)).toEqual([[winner, 'updated']]);
		expect([...(changes[0]?.mergedFrom ?? [])].sort()).toEqual([keyOf(one), keyOf(two)].sort());
		// By which contacts are found whose key another tool has overwritten.
		const addresses = [one, two].map((id) => String(org.salesforce.store.find('Contact', id)?.['Email']).toLowerCase());
		expect([...(changes[0]?.otherEmails ?? [])].sort()).toEqual(addresses.sort());
	});

	it('a chain of merges ends at the last winner', async () => {
		await org.follow({ contacts: 10 });
		const [first = '', second = '', third = ''] = liveIds(org.salesforce);
		merge(second, first);
		org.salesforce.clock.advance(2_000);
		merge(third, second);
		const changes = await org.polls(2);
		expect(told(changes)).toEqual([[third, 'updated']]);
		expect([...(changes[0]?.mergedFrom ?? [])].sort()).toEqual([keyOf(first), keyOf(second)].sort());
	});

	it.each([1, 1_000])('winner and losers in different batches, of %i, come to the same', async (batchSize) => {
		await org.follow({ contacts: 10 }, { batchSize });
		const [loser = '', , winner = ''] = liveIds(org.salesforce);
		merge(winner, loser);
		const changes = await org.polls(3);
		expect(changes.every(({ change }) => change === 'updated')).toBe(true);
		expect(new Set(idsOf(changes))).toEqual(new Set([winner]));
		expect(changes.flatMap(({ mergedFrom = [] }) => mergedFrom)).toEqual([keyOf(loser)]);
	});

	it('promise 1: members of a first sync name the records that were merged into them lately, links of a chain included', async () => {
		await org.start({ contacts: 6, leads: 2 }, { batchSize: 2 });
		const [first = '', second = '', third = '', other = '', loser = ''] = liveIds(org.salesforce);
		const [lead = ''] = liveIds(org.salesforce, 'Lead');
		const { contactId } = convert(lead);
		merge(second, first);
		org.salesforce.clock.advance(2_000);
		merge(third, second);
		merge(other, loser, contactId);
		org.salesforce.clock.advance(5_000);
		const changes = await org.polls(1);
		const namedBy = (id: string) =>
			new Set(changes.filter(({ source }) => source.id === id).flatMap(({ mergedFrom = [] }) => mergedFrom));
		expect(namedBy(third)).toEqual(new Set([keyOf(first), keyOf(second)]));
		expect(namedBy(other)).toEqual(new Set([keyOf(loser), keyOf(contactId), keyOf(lead, 'Lead')]));
		expect(org.salesforce.requests.count(({ query }) => /MasterRecordId(\+|%20)!/.test(query))).toBe(1);
	});

	it('promise 1: one that is merged while the first sync runs is named by its survivor all the same', async () => {
		await org.start({ contacts: 6 }, { batchSize: 2 });
		await org.follower.next();
		const [loser = '', winner = ''] = liveIds(org.salesforce).slice(-2);
		merge(winner, loser);
		org.salesforce.clock.advance(5_000);
		const changes = await org.polls(3);
		expect(changes.flatMap(({ mergedFrom = [] }) => mergedFrom)).toEqual([keyOf(loser)]);
	});

	it('a survivor outside of the scope: the merged record is emitted as deleted, and its opt-out follows the survivor', async () => {
		const conditions = [{ field: 'Newsletter__c', operator: 'isTrue' as const }];
		await org.start({ contacts: 4 }, { scope: { kind: 'conditions', combine: 'all', conditions } });
		const [winner = '', loser = '', inside = '', outside = ''] = liveIds(org.salesforce);
		for (const id of [winner, outside]) org.change(id, { Newsletter__c: false });
		for (const id of [loser, inside]) org.change(id, { Newsletter__c: true });
		org.salesforce.clock.advance(5_000);
		await org.follower.firstSync();
		merge(winner, loser);
		merge(inside, outside);
		const changes = await org.polls(2);
		expect(told(changes)).toEqual([[loser, 'deleted'], [inside, 'updated']].sort()); // prettier-ignore
		expect(changes.flatMap(({ mergedFrom = [] }) => mergedFrom)).toEqual([]);
		org.change(winner, { HasOptedOutOfEmail: true });
		expect(await org.polls(2)).toMatchObject([{ source: { id: winner }, change: 'removed', optedOut: true }]);
	});

	it('promise 1: a survivor that leaves at once is emitted as having left, with its merged records, whose blocks are its own now', async () => {
		const conditions = [{ field: 'Newsletter__c', operator: 'isTrue' as const }];
		await org.start({ contacts: 2 }, { scope: { kind: 'conditions', combine: 'all', conditions } });
		const [winner = '', loser = ''] = liveIds(org.salesforce);
		for (const id of [winner, loser]) org.change(id, { Newsletter__c: true });
		org.salesforce.clock.advance(5_000);
		await org.follower.firstSync();
		merge(winner, loser);
		org.change(winner, { Newsletter__c: false });
		expect(await org.polls(2)).toMatchObject([
			{ source: { id: winner }, change: 'removed', mergedFrom: [keyOf(loser)] },
		]);
	});

	it('promise 1: a contact that opted out and was merged into one outside of the scope is emitted once, and again as part of that one', async () => {
		const conditions = [{ field: 'Newsletter__c', operator: 'isTrue' as const }];
		await org.start({ contacts: 2 }, { scope: { kind: 'conditions', combine: 'all', conditions } });
		const [winner = '', loser = ''] = liveIds(org.salesforce);
		org.change(winner, { Newsletter__c: false });
		org.change(loser, { Newsletter__c: true });
		org.salesforce.clock.advance(5_000);
		await org.follower.firstSync();
		org.change(loser, { HasOptedOutOfEmail: true, Newsletter__c: false });
		expect(told(await org.polls(2))).toEqual([[loser, 'removed']]);
		merge(winner, loser);
		expect(await org.polls(4, DAY_MS)).toEqual([]);
		org.change(winner, { Newsletter__c: true });
		expect(await org.polls(2)).toMatchObject([{ source: { id: winner }, change: 'added', mergedFrom: [keyOf(loser)] }]);
	});

	it('a merge that moved no stamp of the merged record is found by the daily look into the recycle bin', async () => {
		await org.follow({ contacts: 10, settings: { deleteMovesStamp: false } });
		// As in an organisation whose walk takes many calls, and is due in some weeks.
		org.follower.editState((state) => ({ ...state, cursor: { ...state.cursor, walked: { at: org.salesforce.clock.now(), calls: 1_000 } } })); // prettier-ignore
		const [winner = '', loser = ''] = liveIds(org.salesforce);
		merge(winner, loser);
		await org.polls(2);
		const changes = await org.polls(3, DAY_MS);
		expect(changes).toMatchObject([{ source: { id: winner }, change: 'updated', mergedFrom: [keyOf(loser)] }]);
	});
});

describe('deleted and restored', () => {
	it('a deletion is emitted once, and coming back too', async () => {
		await org.follow({ contacts: 10 });
		const [id = ''] = liveIds(org.salesforce);
		org.do('deleteRecord', { object: 'Contact', id });
		expect(await org.polls(20)).toMatchObject([{ source: { id }, change: 'deleted' }]);
		org.do('undelete', { object: 'Contact', id });
		expect(await org.polls(20)).toMatchObject([{ source: { id }, change: 'added' }]);
		org.do('deleteRecord', { object: 'Contact', id });
		org.salesforce.clock.advance(2_000);
		org.do('undelete', { object: 'Contact', id });
		expect(await org.polls(20)).toMatchObject([{ source: { id }, change: 'updated' }]);
	});

	it('a record that was created and deleted between two polls was never there', async () => {
		await org.follow({ contacts: 10 });
		const id = org.add({});
		org.do('deleteRecord', { object: 'Contact', id });
		expect(await org.polls(20)).toEqual([]);
	});
});

describe('converted leads', () => {
	it.each([
		['remove', 'removed'],
		['keep', 'updated'],
	] as const)('SB-29: a converted lead is emitted with the contact it became (%s)', async (convertedLeads, change) => {
		await org.follow({ contacts: 4, leads: 10 }, { object: 'Lead', convertedLeads });
		const [lead = '', , other = ''] = liveIds(org.salesforce, 'Lead');
		const { contactId } = convert(lead);
		expect(await org.polls(2)).toMatchObject([{ source: { id: lead }, change, convertedTo: keyOf(contactId) }]);
		const [existing = ''] = liveIds(org.salesforce);
		convert(other, existing);
		org.do('deleteRecord', { object: 'Lead', id: other });
		expect(await org.polls(2)).toMatchObject([{ source: { id: other }, change, convertedTo: keyOf(existing) }]);
		expect(await org.polls(3, DAY_MS)).toEqual([]);
	});

	it.each([1, 1_000])(
		'promise 1: a lead that is converted names those that were merged into it just before, in batches of %i',
		async (batchSize) => {
			await org.follow({ contacts: 0, leads: 6 }, { object: 'Lead', batchSize });
			const [first = '', second = '', third = '', fourth = ''] = liveIds(org.salesforce, 'Lead');
			org.do('merge', { object: 'Lead', masterId: first, loserIds: [second] });
			org.do('merge', { object: 'Lead', masterId: fourth, loserIds: [third] });
			const becomes = { [first]: convert(first).contactId, [fourth]: convert(fourth).contactId };
			const changes = await org.polls(3);
			expect(new Set(idsOf(changes))).toEqual(new Set([first, fourth]));
			for (const { change, source, convertedTo } of changes)
				expect([change, convertedTo]).toEqual(['removed', keyOf(becomes[source.id] ?? '')]);
			expect(
				changes.flatMap(({ source, mergedFrom = [] }) => mergedFrom.map((key) => [source.id, key])).sort(),
			).toEqual([
				[first, keyOf(second, 'Lead')],
				[fourth, keyOf(third, 'Lead')],
			]);
			expect(await org.polls(2, DAY_MS)).toEqual([]);
		},
	);

	it.each([
		['is read', [], true],
		['is not known where the user may not see it', ['Contact.HasOptedOutOfEmail'], null],
	] as const)('promise 1: the opt-out of the contact that a lead became %s', async (name, hiddenFields, optedOut) => {
		await org.follow({ contacts: 4, leads: 4, hiddenFields }, { object: 'Lead', credential: name });
		const [lead = '', other = ''] = liveIds(org.salesforce, 'Lead');
		const [contact = ''] = liveIds(org.salesforce);
		org.change(contact, { HasOptedOutOfEmail: true });
		convert(lead, contact);
		expect(await org.polls(2)).toMatchObject([{ source: { id: lead }, change: 'removed', optedOut }]);
		const asked = () => org.salesforce.requests.count(({ query }) => /FROM(\+|%20)Contact/.test(query));
		const before = asked();
		convert(other);
		await org.polls(2);
		expect(asked() - before).toBe(optedOut ? 1 : 0);
	});

	it('promise 1: a converted lead that stays is held back until the opt-out of its contact can be read', async () => {
		await org.follow({ contacts: 4, leads: 4 }, { object: 'Lead', convertedLeads: 'keep', credential: 'kept' });
		const [lead = '', other = ''] = liveIds(org.salesforce, 'Lead');
		const [contact = ''] = liveIds(org.salesforce);
		const access = (shown: string) =>
			org.do('setAccess', { object: 'Contact', field: 'HasOptedOutOfEmail', access: shown });
		access('hidden');
		org.change(contact, { HasOptedOutOfEmail: true });
		convert(lead, contact);
		convert(other);
		const refused = await org.follower.next();
		expect(refused).toMatchObject({ end: 'failed', failure: { code: 'OPT_OUTS_HIDDEN' } });
		expect(org.follower.take()).toEqual([]);
		access('full');
		const changes = await org.polls(2);
		expect(new Map(changes.map(({ source, optedOut }) => [source.id, optedOut]))).toEqual(
			new Map([
				[lead, true],
				[other, false],
			]),
		);
		access('hidden');
		org.follower.settings = { ...org.follower.settings, ignoresOptOuts: true };
		const ignored = org.add({ Email: 'ignored@example.com' }, 'Lead');
		await org.polls(2);
		convert(ignored);
		expect(await org.polls(2)).toMatchObject([{ source: { id: ignored }, change: 'updated', optedOut: null }]);
	});

	it('promise 1: the opt-out of a contact outside of the scope that a lead became is emitted', async () => {
		const scope = {
			kind: 'conditions' as const,
			combine: 'all' as const,
			conditions: [{ field: 'Newsletter__c', operator: 'isTrue' as const }],
		};
		await org.follow({ contacts: 4, leads: 4 }, { scope });
		const [lead = ''] = liveIds(org.salesforce, 'Lead');
		const [outside, stranger] = [org.add({ Newsletter__c: false }), org.add({ Newsletter__c: false })];
		convert(lead, outside);
		await org.polls(2);
		for (const id of [outside, stranger]) org.change(id, { HasOptedOutOfEmail: true });
		expect(await org.polls(2)).toMatchObject([
			{ source: { id: outside }, change: 'removed', optedOut: true, mergedFrom: [keyOf(lead, 'Lead')] },
		]);
	});

	it('the contact of a converted lead names the lead whose place it takes', async () => {
		await org.follow({ contacts: 4, leads: 4 });
		const [one = '', two = ''] = liveIds(org.salesforce, 'Lead');
		const { contactId } = convert(one);
		convert(two, contactId);
		const plain = org.add({});
		const changes = await org.polls(2);
		expect(told(changes)).toEqual([[contactId, 'added'], [plain, 'added']].sort()); // prettier-ignore
		const merged = changes.find(({ source }) => source.id === contactId)?.mergedFrom ?? [];
		expect([...merged].sort()).toEqual([keyOf(one, 'Lead'), keyOf(two, 'Lead')].sort());
		expect(changes.find(({ source }) => source.id === plain)?.mergedFrom).toBeUndefined();
	});

	it('where leads cannot be read contacts go on without, and they are not read again', async () => {
		await org.start(
			{ contacts: 4, leads: 4, hiddenFields: ['Lead.ConvertedContactId'] },
			{ credential: 'without leads' },
		);
		const askedForLeads = () => org.salesforce.requests.count(({ query }) => /FROM(\+|%20)Lead/.test(query));
		expect(await org.polls(1)).toHaveLength(4);
		expect(askedForLeads()).toBe(1);
		for (let round = 0; round < 2; round++) {
			org.add({});
			expect((await org.polls(1)).map(({ change }) => change)).toEqual(['added']);
			expect(askedForLeads()).toBe(1);
		}
	});

	it('SB-29: contacts of the first sync name the leads they were until lately, with one call', async () => {
		await org.start({ contacts: 4, leads: 3 }, { batchSize: 2 });
		const [old = '', lead = ''] = liveIds(org.salesforce, 'Lead');
		convert(old);
		org.salesforce.clock.advance(8 * DAY_MS);
		const { contactId: contact } = convert(lead);
		org.salesforce.clock.advance(5_000);
		const told = await org.polls(1);
		expect(told).toHaveLength(6);
		expect(told.filter(({ mergedFrom }) => mergedFrom)).toMatchObject([
			{ source: { id: contact }, mergedFrom: [`salesforce:${org.salesforce.store.organizationId}:Lead:${lead}`] },
		]);
		expect(org.salesforce.requests.count(({ query }) => /FROM(\+|%20)Lead/.test(query))).toBe(1);
	});

	it('a lead that was converted before the first sync is not emitted', async () => {
		await org.start({ contacts: 0, leads: 6 }, { object: 'Lead' });
		const [lead = ''] = liveIds(org.salesforce, 'Lead');
		convert(lead);
		org.salesforce.clock.advance(5_000);
		expect(idsOf(await org.polls(3)).sort()).toEqual(liveIds(org.salesforce, 'Lead'));
	});
});

describe('trying it out', () => {
	it('shows the members that were added last, and touches nothing', async () => {
		await org.start({ contacts: 30, leads: 4 });
		org.salesforce.clock.advance(HOUR_MS);
		const newest = org.add({ FirstName: 'Newest' });
		org.salesforce.clock.advance(MINUTE_MS);
		const sample = await org.follower.open().sample(3);
		expect(sample.kind === 'ok' && sample.value).toHaveLength(3);
		expect(sample.kind === 'ok' && sample.value[0]).toMatchObject({ source: { id: newest }, change: 'added' });
	});
});
