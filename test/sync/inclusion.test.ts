import { INCLUDED, Pair } from '../support/pipeline/pair/pair';

/** The two workflows of the inclusion segment, rule by rule, over both stand-ins. */
describe('contacts between HubSpot and Salesforce with an inclusion segment', () => {
	let pair: Pair;
	afterEach(async () => await pair.close());

	const inHubSpot = (email: string, more: Record<string, string> = {}): string =>
		pair.hubspot.store.addContact({ email, firstname: 'Hub', lastname: 'Spot', ...more });
	const inSalesforce = (email: string, more: Record<string, string | boolean> = {}): string =>
		String(
			pair.salesforce.store.insert('Contact', { Email: email, FirstName: 'Sales', LastName: 'Force', ...more })['Id'],
		);

	/** A member that both sides hold and no run has left to write; then one edit on each side, between two polls. */
	const editedOnBothSides = async (record: Record<string, string>, contact: Record<string, string>): Promise<void> => {
		pair = await Pair.start();
		const id = inHubSpot('in@example.com', { company: INCLUDED, jobtitle: 'Countess' });
		await pair.untilQuiet();
		const [held] = pair.records('in@example.com');
		pair.salesforce.store.change('Contact', String(held?.['Id']), record);
		pair.hubspot.store.changeContact(id, contact);
	};

	it('an edit that is taken back in Salesforce before that is polled again is taken back in HubSpot too', async () => {
		pair = await Pair.start();
		const id = inHubSpot('in@example.com', { company: INCLUDED, jobtitle: 'Countess' });
		await pair.untilQuiet();
		const [held] = pair.records('in@example.com');
		pair.hubspot.store.changeContact(id, { jobtitle: 'Edited' });
		await pair.fromHubSpot.next();
		pair.salesforce.store.change('Contact', String(held?.['Id']), { Title: 'Countess' });
		await pair.fromSalesforce.next(120_000);
		await pair.untilQuiet();
		expect(pair.hubSpotContact('in@example.com')?.jobtitle).toBe('Countess');
		expect(pair.records('in@example.com')).toMatchObject([{ Title: 'Countess' }]);
	});

	it('IS-02, IS-03: members go to Salesforce with their fields, and no other contact does', async () => {
		pair = await Pair.start();
		inHubSpot('in@example.com', { company: INCLUDED, jobtitle: 'Countess' });
		inHubSpot('out@example.com');
		await pair.rounds(3);
		expect(pair.records('in@example.com')).toMatchObject([{ FirstName: 'Hub', LastName: 'Spot', Title: 'Countess' }]);
		expect(pair.records('out@example.com')).toEqual([]);
	});

	it('IS-08, IS-16, IS-18: a record of Salesforce comes to HubSpot with its address alone', async () => {
		pair = await Pair.start();
		inSalesforce('new@example.com');
		await pair.rounds(3);
		expect(pair.hubSpotContact('new@example.com')).toBeDefined();
		expect(pair.hubSpotContact('new@example.com')?.firstname ?? '').toBe('');
	});

	it('IS-08: or not at all, where the option says so', async () => {
		pair = await Pair.start({ newContacts: 'hold' });
		inSalesforce('new@example.com');
		await pair.rounds(3);
		expect(pair.hubSpotContact('new@example.com')).toBeUndefined();
		expect(pair.reports.at(-1)?.results[0]?.outcome).toMatchObject({ status: 'excluded', code: 'OUTSIDE_SEGMENT' });
	});

	it('IS-09: edits of contacts outside wait on both sides', async () => {
		pair = await Pair.start();
		inHubSpot('both@example.com', { firstname: 'Old' });
		const record = inSalesforce('both@example.com', { FirstName: 'Old' });
		await pair.untilQuiet();
		pair.salesforce.store.change('Contact', record, { FirstName: 'From Salesforce' });
		pair.hubspot.store.changeContact(pair.hubspot.store.contacts.holderOf('both@example.com') ?? 0, {
			lastname: 'From HubSpot',
		});
		await pair.untilQuiet();
		expect(pair.hubSpotContact('both@example.com')?.firstname).toBe('Old');
		expect(pair.records('both@example.com')).toMatchObject([{ FirstName: 'From Salesforce', LastName: 'Force' }]);
	});

	it('IS-05, IS-09: an edit that ends the membership does not leak, nor does one that comes with it', async () => {
		pair = await Pair.start();
		const id = inHubSpot('in@example.com', { company: INCLUDED });
		await pair.untilQuiet();
		pair.hubspot.store.changeContact(id, { company: 'Elsewhere', jobtitle: 'Secret' });
		pair.hubspot.clock.advance(10_000);
		const [record] = pair.records('in@example.com');
		pair.salesforce.store.change('Contact', String(record?.['Id']), { FirstName: 'Late' });
		await pair.untilQuiet();
		expect(pair.records('in@example.com')).toMatchObject([{ Title: null, FirstName: 'Late' }]);
		expect(pair.hubSpotContact('in@example.com')?.firstname).toBe('Hub');
	});

	it.each([
		[60_000, null],
		[0, 'Secret'],
	])(
		'IS-09, the race: HubSpot is late with the membership, and changes are held back for %i ms',
		async (settleMs, title) => {
			pair = await Pair.start({ settleMs });
			const id = inHubSpot('in@example.com', { company: INCLUDED });
			await pair.rounds(4);
			pair.hubspot.settings.activeListDelayMs = 45_000;
			pair.hubspot.store.changeContact(id, { company: 'Elsewhere', jobtitle: 'Secret' });
			await pair.rounds(5);
			expect(pair.records('in@example.com')).toMatchObject([{ Title: title }]);
		},
	);

	it('changes that are held back arrive, and an opt-out does not wait', async () => {
		pair = await Pair.start({ settleMs: 60_000 });
		const id = inHubSpot('in@example.com', { company: INCLUDED });
		await pair.rounds(4);
		pair.hubspot.store.changeContact(id, { jobtitle: 'Countess' });
		pair.hubspot.store.optOut(id);
		await pair.round();
		expect(pair.records('in@example.com')).toMatchObject([{ HasOptedOutOfEmail: true }]);
		pair.hubspot.store.changeContact(id, { firstname: 'Ada' });
		await pair.rounds(3);
		expect(pair.records('in@example.com')).toMatchObject([{ Title: 'Countess', FirstName: 'Ada' }]);
	});

	it('a contact that leaves the segment stops both ways, and nothing is blanked', async () => {
		pair = await Pair.start();
		const id = inHubSpot('in@example.com', { company: INCLUDED, jobtitle: 'Countess' });
		await pair.untilQuiet();
		pair.hubspot.store.changeContact(id, { company: 'Elsewhere' });
		await pair.untilQuiet();
		pair.hubspot.store.changeContact(id, { jobtitle: 'Duchess' });
		await pair.untilQuiet();
		expect(pair.records('in@example.com')).toMatchObject([{ Title: 'Countess', FirstName: 'Hub' }]);
	});

	it.each([
		['', 'in@example.com'],
		[', with another address', 'moved@example.com'],
	])(
		'a contact that leaves right after the filters were edited, is edited in Salesforce and comes back%s is the same on both sides',
		async (_how, email) => {
			pair = await Pair.start();
			const id = inHubSpot('in@example.com', { company: INCLUDED });
			await pair.rounds(2);
			const [record] = pair.records('in@example.com');
			pair.hubspot.store.changeContact(id, { company: 'Elsewhere' });
			pair.salesforce.store.change('Contact', String(record?.['Id']), { FirstName: 'Held' });
			await pair.round();
			expect(pair.reports.at(-1)?.results[0]?.outcome).toMatchObject({ code: 'OUTSIDE_SEGMENT' });
			pair.hubspot.store.changeContact(id, { email, company: INCLUDED });
			await pair.untilQuiet();
			expect(pair.hubSpotContact(email)?.firstname).toBe('Hub');
			expect(pair.records(email)).toMatchObject([{ FirstName: 'Hub' }]);
		},
	);

	it('members are edited from both sides, and the two go quiet', async () => {
		pair = await Pair.start();
		const id = inHubSpot('in@example.com', { company: INCLUDED });
		await pair.untilQuiet();
		const [record] = pair.records('in@example.com');
		pair.salesforce.store.change('Contact', String(record?.['Id']), { Title: 'Countess' });
		await pair.untilQuiet();
		expect(pair.hubSpotContact('in@example.com')?.jobtitle).toBe('Countess');
		pair.hubspot.store.changeContact(id, { firstname: 'Ada' });
		await pair.untilQuiet();
		expect(pair.records('in@example.com')).toMatchObject([{ FirstName: 'Ada', Title: 'Countess' }]);
	});

	it('two edits of one contact between two polls, in different fields, are both kept', async () => {
		await editedOnBothSides({ Title: 'Duchess' }, { firstname: 'Ada' });
		await pair.untilQuiet();
		expect(pair.records('in@example.com')).toMatchObject([{ FirstName: 'Ada', Title: 'Duchess' }]);
		expect(pair.hubSpotContact('in@example.com')).toMatchObject({ firstname: 'Ada', jobtitle: 'Duchess' });
	});

	it('the same where Salesforce is read first, which does not tell what changed', async () => {
		await editedOnBothSides({ Title: 'Duchess' }, { firstname: 'Ada' });
		await pair.fromSalesforce.next(30_000);
		expect(pair.hubSpotContact('in@example.com')).toMatchObject({ firstname: 'Ada', jobtitle: 'Duchess' });
		await pair.untilQuiet();
		expect(pair.records('in@example.com')).toMatchObject([{ FirstName: 'Ada', Title: 'Duchess' }]);
		expect(pair.hubSpotContact('in@example.com')).toMatchObject({ firstname: 'Ada', jobtitle: 'Duchess' });
	});

	it('a field that nobody maps changes in Salesforce, and no edit of HubSpot is lost by it', async () => {
		await editedOnBothSides({ Department: 'Engines' }, { jobtitle: 'Duchess' });
		await pair.fromSalesforce.next(30_000);
		await pair.untilQuiet();
		expect(pair.hubSpotContact('in@example.com')?.jobtitle).toBe('Duchess');
		expect(pair.records('in@example.com')).toMatchObject([{ Title: 'Duchess' }]);
	});

	it('an opt-out in HubSpot takes no edit of Salesforce back that was made meanwhile', async () => {
		pair = await Pair.start();
		const id = inHubSpot('in@example.com', { company: INCLUDED, jobtitle: 'Countess' });
		await pair.untilQuiet();
		const [record] = pair.records('in@example.com');
		pair.salesforce.store.change('Contact', String(record?.['Id']), { Title: 'Duchess' });
		pair.hubspot.store.optOut(id);
		await pair.untilQuiet();
		expect(pair.records('in@example.com')).toMatchObject([{ HasOptedOutOfEmail: true, Title: 'Duchess' }]);
		expect(pair.hubSpotContact('in@example.com')?.jobtitle).toBe('Duchess');
	});

	it('an address that changes on either side follows on the other', async () => {
		pair = await Pair.start();
		const id = inHubSpot('in@example.com', { company: INCLUDED });
		await pair.untilQuiet();
		pair.hubspot.store.changeContact(id, { email: 'hub@example.com' });
		await pair.untilQuiet();
		const [record] = pair.records('hub@example.com');
		expect(record).toBeDefined();
		pair.salesforce.store.change('Contact', String(record?.['Id']), { Email: 'sales@example.com' });
		await pair.untilQuiet();
		expect(pair.hubSpotContact('sales@example.com')?.firstname).toBe('Hub');
		expect(pair.salesforce.store.table('Contact').rows.size).toBe(1);
	});

	it('an address that both had from the beginning, edited in Salesforce while the contact is outside, is alike once it is back', async () => {
		pair = await Pair.start();
		const id = inHubSpot('in@example.com', { company: INCLUDED });
		const record = inSalesforce('in@example.com');
		await pair.round();
		pair.salesforce.store.change('Contact', record, { Email: 'moved@example.com' });
		pair.hubspot.store.changeContact(id, { company: 'Elsewhere' });
		await pair.round();
		pair.hubspot.store.changeContact(id, { company: INCLUDED });
		await pair.untilQuiet();
		const { email } = pair.hubspot.store.contact(id).properties;
		expect(pair.salesforce.store.must('Contact', record)['Email']).toBe(email);
	});

	it.each(['hubspot', 'salesforce'] as const)('a field for keys in %s alone is enough for both ways', async (keys) => {
		pair = await Pair.start({ keys });
		const id = inHubSpot('in@example.com', { company: INCLUDED });
		await pair.untilQuiet();
		const [record] = pair.records('in@example.com');
		pair.salesforce.store.change('Contact', String(record?.['Id']), { Title: 'Countess' });
		await pair.untilQuiet();
		pair.hubspot.store.changeContact(id, { email: 'hub@example.com' });
		await pair.untilQuiet();
		expect(pair.records('hub@example.com')).toMatchObject([{ Id: record?.['Id'], Title: 'Countess' }]);
		pair.salesforce.store.change('Contact', String(record?.['Id']), { Email: 'sales@example.com' });
		await pair.untilQuiet();
		expect(pair.hubspot.store.contact(id).properties.email).toBe('sales@example.com');
		expect(pair.salesforce.store.table('Contact').rows.size).toBe(1);
	});

	it.each(['hubspot', 'salesforce', 'both'] as const)(
		'fields for keys of other names in %s are links as well',
		async (keys) => {
			pair = await Pair.start({ keys, keyNames: { hubspot: 'crm_id', salesforce: 'Marketing_Id__c' } });
			const id = inHubSpot('in@example.com', { company: INCLUDED });
			await pair.untilQuiet();
			pair.hubspot.store.changeContact(id, { email: 'hub@example.com' });
			await pair.untilQuiet();
			const [record] = pair.records('hub@example.com');
			expect(record).toBeDefined();
			pair.salesforce.store.change('Contact', String(record?.['Id']), { Email: 'sales@example.com' });
			await pair.untilQuiet();
			expect(pair.hubspot.store.contact(id).properties.email).toBe('sales@example.com');
			expect(pair.salesforce.store.table('Contact').rows.size).toBe(1);
		},
	);

	it('IS-03: the opt-out of a contact that was never in the segment crosses within one round, and nothing else of it', async () => {
		pair = await Pair.start();
		const id = inHubSpot('both@example.com', { firstname: 'Hub' });
		const stranger = inHubSpot('hubspot-only@example.com');
		inSalesforce('both@example.com', { FirstName: 'Sales' });
		inHubSpot('in@example.com', { company: INCLUDED });
		await pair.untilQuiet();
		for (const one of [id, stranger]) pair.hubspot.store.optOut(one);
		pair.hubspot.store.changeContact(id, { jobtitle: 'Secret' });
		await pair.round();
		expect(pair.records('both@example.com')).toMatchObject([
			{ HasOptedOutOfEmail: true, FirstName: 'Sales', Title: null },
		]);
		expect(pair.records('both@example.com')[0]?.['Contact_Sync_Key__c'] ?? null).toBeNull();
		expect(pair.records('hubspot-only@example.com')).toEqual([]);
		expect(pair.records('in@example.com')).toMatchObject([{ HasOptedOutOfEmail: false }]);
		await pair.untilQuiet();
		expect(pair.salesforce.store.table('Contact').rows.size).toBe(2);
	});

	it('opt-outs that were there before the sync began cross with it', async () => {
		pair = await Pair.start();
		pair.hubspot.store.optOut(inHubSpot('both@example.com'));
		inSalesforce('both@example.com');
		await pair.untilQuiet();
		expect(pair.records('both@example.com')).toMatchObject([{ HasOptedOutOfEmail: true }]);
	});

	it('a contact that joins after its opt-out crossed gets all of its fields, and stays opted out', async () => {
		pair = await Pair.start();
		const id = inHubSpot('both@example.com', { jobtitle: 'Countess' });
		inSalesforce('both@example.com');
		await pair.untilQuiet();
		pair.hubspot.store.optOut(id);
		await pair.untilQuiet();
		pair.hubspot.store.changeContact(id, { company: INCLUDED });
		await pair.untilQuiet();
		expect(pair.records('both@example.com')).toMatchObject([{ HasOptedOutOfEmail: true, Title: 'Countess' }]);
	});

	it('opt-outs outside of the segment cross within one round, from Salesforce', async () => {
		pair = await Pair.start();
		inHubSpot('both@example.com');
		const record = inSalesforce('both@example.com');
		await pair.untilQuiet();
		pair.salesforce.store.change('Contact', record, { HasOptedOutOfEmail: true });
		await pair.round();
		expect(pair.hubSpotContact('both@example.com')?.hs_email_optout).toBe('true');
	});

	it('a member that opts out in HubSpot gets Email Opt Out, and it is never lifted', async () => {
		pair = await Pair.start();
		const id = inHubSpot('in@example.com', { company: INCLUDED });
		await pair.untilQuiet();
		pair.hubspot.store.optOut(id);
		await pair.untilQuiet();
		expect(pair.records('in@example.com')).toMatchObject([{ HasOptedOutOfEmail: true }]);
		pair.hubspot.store.optOut(id, false);
		pair.hubspot.store.changeContact(id, { firstname: 'Ada' });
		await pair.untilQuiet();
		expect(pair.records('in@example.com')).toMatchObject([{ HasOptedOutOfEmail: true, FirstName: 'Ada' }]);
	});

	it('costs an idle round a handful of calls, and no write', async () => {
		pair = await Pair.start();
		for (let n = 0; n < 20; n++) inHubSpot(`in${n}@example.com`, { company: INCLUDED });
		await pair.untilQuiet();
		pair.hubspot.requests.clear();
		pair.salesforce.requests.clear();
		const before = pair.written;
		await pair.rounds(10);
		expect(pair.written).toBe(before);
		expect(pair.hubspot.requests.total).toBeLessThanOrEqual(25);
		expect(pair.salesforce.requests.total).toBeLessThanOrEqual(15);
	});
});
