import { addKeyProperty } from '../support/hubSpotAccount';
import { startSandbox, type Sandbox } from '../../sandbox/startSandbox';

interface Side {
	readonly contacts: ReadonlyArray<{ readonly id: string; readonly email: string | null; readonly why: string }>;
}

interface State {
	readonly source: Side;
	readonly target: Side;
	readonly former: ReadonlyArray<Record<string, unknown>>;
	readonly log: ReadonlyArray<{ readonly side: string; readonly who: string; readonly what: string }>;
}

describe('what the page gets and does', () => {
	let sandbox: Sandbox;
	let target: number;
	beforeEach(async () => {
		sandbox = await startSandbox({ members: 60 });
		target = sandbox.brevo.store.createList('From HubSpot', 1).id;
		await state();
	});
	afterEach(async () => await sandbox.close());

	const state = async (query = ''): Promise<State> =>
		(await (await fetch(`${sandbox.page.url}state${query}`)).json()) as State;
	const act = async (body: object): Promise<number> => {
		const headers = { 'content-type': 'application/json' };
		return (await fetch(`${sandbox.page.url}act`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
	};
	const list = '101';
	const two = async (): Promise<[string, string]> => {
		const mailed = (await state()).source.contacts.filter(({ email }) => email !== null);
		return [mailed[0]?.id ?? '', mailed[1]?.id ?? ''];
	};
	/** Puts a HubSpot contact where a sync would. */
	const synced = (id: string) => {
		const { firstname = '', email } = sandbox.hubspot.store.contact(id).properties;
		const extId = `hubspot:${sandbox.hubspot.settings.portalId}:contact:${id}`;
		return sandbox.brevo.store.createContact(
			{
				identifiers: { email: `${id}.${email}`, ext_id: extId },
				attributes: { FIRSTNAME: firstname },
				addTo: [target],
			},
			'post',
		);
	};

	it('shows the Brevo list that most of the members are on, whichever was made last, or the one that is asked for', async () => {
		const shown = async (query?: string) => ((await state(query)).target as { list?: { id: string } }).list?.id;
		for (const id of [...sandbox.hubspot.store.list(list).members.ids()].slice(-5)) synced(String(id));
		const empty = sandbox.brevo.store.createList('Something else', 1).id;
		expect(await shown()).toBe(String(target));
		expect(await shown(`?target=${empty}`)).toBe(String(empty));
	});

	it('tells what changed on both sides, the newest first', async () => {
		const [person] = await two();
		await act({ action: 'change', person, field: 'firstname', value: 'Alexandra' });
		const contact = synced(person);
		const [inBrevo, inHubSpot] = (await state()).log;
		expect(inBrevo).toMatchObject({ side: 'Brevo', who: expect.stringContaining('Alexandra') });
		expect(inBrevo?.what).toBe('created: email, ext_id, FIRSTNAME, put on “From HubSpot”');
		expect(inHubSpot).toMatchObject({ side: 'HubSpot', what: 'firstname changed' });
		await act({ action: 'optOutAndLeave', person, list });
		await act({ action: 'unsubscribe', contact: String(contact.id) });
		expect((await state()).log.slice(0, 2).map(({ what }) => what)).toEqual([
			'updated by hand: blocked',
			'unsubscribed, off the list',
		]);
	});

	it('tells the number alone when many change at once', async () => {
		for (const { id } of (await state()).source.contacts.slice(0, 40)) synced(id);
		expect((await state()).log).toEqual([
			expect.objectContaining({ side: 'Brevo', who: '40 contacts', what: 'created or changed at once' }),
		]);
	});

	it('shows who left, how, and what Brevo should have done about it', async () => {
		const [one, other] = await two();
		const contact = synced(one);
		synced(other);
		await act({ action: 'optOutAndLeave', person: one, list });
		await act({ action: 'delete', person: other });
		const former = async () => (await state()).former;
		expect(await former()).toEqual([
			expect.objectContaining({ id: other, how: 'deleted', brevo: { onList: true, blocked: false }, isFine: false }),
			expect.objectContaining({ id: one, how: 'left', optedOut: true, isFine: false }),
		]);
		expect((await state()).target.contacts.map(({ why }) => why)).toEqual([
			'deleted in HubSpot',
			'is not in the HubSpot list',
		]);
		const { store } = sandbox.brevo;
		for (const held of store.contacts.values()) store.changeContact(held, { removeFrom: [target] }, 'lists');
		expect((await former()).map(({ isFine }) => isFine)).toEqual([true, false]);
		store.changeContact(contact, { emailBlocked: true }, 'put');
		expect((await former()).map(({ isFine }) => isFine)).toEqual([true, true]);
	});

	it('merges, swaps and moves in one instant', async () => {
		const [one, other] = await two();
		const emailOf = (id: string) => sandbox.hubspot.store.contact(id).properties['email'];
		const [first, second] = [emailOf(one), emailOf(other)];
		expect(await act({ action: 'swap', person: one, other })).toBe(200);
		expect([emailOf(one), emailOf(other)]).toEqual([second, first]);
		await act({ action: 'moveTen', list });
		expect((await state()).source.contacts.filter(({ email }) => email?.startsWith('moved.'))).toHaveLength(10);
		await act({ action: 'merge', person: one, other });
		expect(() => sandbox.hubspot.store.contact(other)).toThrow();
		expect((await state()).former.map(({ how }) => how)).toEqual(['merged', 'merged']);
	});

	it('compares Salesforce contacts, leads and members of a campaign with Brevo, and tells what changed', async () => {
		const { salesforce, brevo } = sandbox;
		const { newsletter } = salesforce.ids.campaigns;
		const rowOf = (object: 'Contact' | 'Lead') => {
			const row = [...salesforce.store.table(object).rows.values()].find(
				({ IsDeleted, IsConverted }) => IsDeleted === false && IsConverted !== true,
			);
			return row as NonNullable<typeof row>;
		};
		for (const object of ['Contact', 'Lead'] as const) {
			const { Id, Email, FirstName, LastName } = rowOf(object);
			const identifiers = {
				email: String(Email),
				ext_id: `salesforce:${salesforce.store.organizationId}:${object}:${String(Id)}`,
			};
			const attributes = { FIRSTNAME: String(FirstName), LASTNAME: String(LastName) };
			const known = brevo.store.owner('email', String(Email));
			if (known) brevo.store.deleteContact(known, 'control');
			brevo.store.createContact({ identifiers, attributes, addTo: [target] }, 'control');
			const seen = async (list: string) => {
				const { contacts } = (await state(`?source=${object}&limit=200&list=${list}`)).source;
				return contacts.find(({ id }) => id === Id);
			};
			expect(await seen('all')).toMatchObject({ match: 'same' });
			salesforce.store.change(object, String(Id), { FirstName: 'Alexandra', HasOptedOutOfEmail: true });
			expect(await seen(newsletter)).toMatchObject({
				match: 'differs',
				why: 'firstname differs, opted out in Salesforce, mailable in Brevo',
			});
			salesforce.store.remove(object, String(Id));
			const after = await state(`?source=${object}`);
			expect(after.former).toContainEqual(expect.objectContaining({ id: Id, how: 'deleted', isFine: false }));
			expect(after.target.contacts.map(({ why }) => why)).toContain('deleted in Salesforce');
			expect(after.log.filter(({ side }) => side === 'Salesforce').map(({ what }) => what)).toEqual(
				expect.arrayContaining(['deleted', 'FirstName changed, opted out of e-mail', 'off a campaign']),
			);
		}
	});

	it('refuses what makes no sense', async () => {
		const [one] = await two();
		expect(await act({ action: 'merge', person: one, other: one })).toBe(400);
		expect(await act({ action: 'optOut', person: '' })).toBe(400);
		expect(await act({ action: 'change', person: one, field: 'no_such_field', value: 'x' })).toBe(400);
		expect(await act({ action: 'anything' })).toBe(400);
		expect((await state()).log).toEqual([]);
	});

	it('shows HubSpot and Salesforce beside each other: linked by a key on either side, else by address', async () => {
		const { hubspot, salesforce } = sandbox;
		await addKeyProperty(hubspot);
		const insert = (values: Record<string, string>): string =>
			String(salesforce.store.insert('Contact', { LastName: 'Lovelace', ...values })['Id']);
		const add = (properties: Record<string, string>): string =>
			hubspot.store.addContact({ lastname: 'Lovelace', ...properties }, [list]);
		const byKey = insert({ Email: 'moved@example.org' });
		const org = salesforce.store.organizationId;
		const ids = [
			add({ email: 'ada@example.org', contact_sync_key: `salesforce:${org}:Contact:${byKey}` }),
			add({ email: 'bea@example.org', hs_email_optout: 'true' }),
			add({ email: 'only-here@example.org' }),
		];
		insert({ Email: 'bea@example.org' });
		const { source, target: other, former } = await state('?source=hubspot&beside=Contact');
		const whyOf = (id: string) => source.contacts.find((one) => one.id === id)?.why;
		expect(ids.map(whyOf)).toEqual([
			'email differs',
			'opted out in HubSpot, mailable in Salesforce',
			'not in Salesforce',
		]);
		expect(other.contacts.find(({ id }) => id === byKey)?.why).toBe('email differs');
		expect(former).toEqual([]);
	});
});
