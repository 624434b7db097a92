import type { IDataObject } from 'n8n-workflow';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot, TOKEN_WITHOUT_CONTACTS, TOKEN_WITHOUT_LISTS } from '../../../sandbox/hubspot';
import { writesOf } from '../../support/hubSpotAccount';
import { testNode } from '../../support/n8n/engine';
import { codesOf, hubSpotCredential, idsOf, MAP, picked, readNode, run } from './readRun';

const LIST = '101';
const MEMBERS = { contacts: 'list', list: picked(LIST), returnAll: true };
const NAMED = { contacts: 'named' };

describe('Read Contacts from HubSpot', () => {
	let hubspot: RunningHubSpot;

	beforeEach(async () => void (hubspot = await startHubSpot({ members: 320, extraLists: 0 })));
	// Read only, whatever was asked.
	afterEach(async () => {
		expect(writesOf(hubspot)).toEqual({});
		await hubspot.close();
	});

	const read = async (parameters: IDataObject, input?: readonly IDataObject[], more: Parameters<typeof run>[2] = {}) =>
		await run(hubSpotCredential(hubspot), parameters, { ...(input ? { input } : {}), ...more });
	const members = (): string[] => [...hubspot.store.list(LIST).members.ids()].map(String);
	const emailOf = (id: string): string => hubspot.store.contact(id).properties.email ?? '';
	const portal = async (): Promise<string> => {
		const [first] = (await read({ ...MEMBERS, returnAll: false, limit: 1 })).json('Read');
		return (first?.source as IDataObject).account as string;
	};

	describe('members of a list', () => {
		it('IS-07: reads every member once, however many items come in, as contact items of the phase resync', async () => {
			const before = Date.now();
			const result = await read(MEMBERS, [{}, {}, {}]);
			expect(result.error).toBeUndefined();
			expect(idsOf(result).sort()).toEqual(members().sort());
			const [item] = result.items('Read');
			expect(item).toMatchObject({
				json: {
					key: expect.stringMatching(/^hubspot:\d+:contact:\d+$/) as string,
					change: 'updated',
					source: { system: 'hubspot', object: 'contact', list: LIST, uniqueEmails: true },
					fields: { email: expect.any(String) as string },
					delivery: { phase: 'resync', sequence: 0 },
				},
				pairedItem: { item: 0 },
			});
			const at = Date.parse((item?.json.delivery as IDataObject).at as string);
			expect(at).toBeGreaterThanOrEqual(before);
			expect(at).toBeLessThanOrEqual(Date.now());
			expect(result.hints).toContain('320 contacts read');
			// The account, the list, two pages of members, the properties, and four reads of a hundred contacts.
			expect(hubspot.requests.total).toBeLessThanOrEqual(9);
		});

		it('promise 1: opt-outs that were hidden a moment ago end the run by name, for a list, ids and addresses', async () => {
			const [id = ''] = members();
			expect((await read(MEMBERS)).error).toBeUndefined();
			hubspot.store.archiveProperty('hs_email_optout');
			for (const [parameters, input] of [
				[MEMBERS, {}],
				[NAMED, { id }],
				[NAMED, { email: emailOf(id) }],
			] as const) {
				const result = await read(parameters, [input]);
				expect(result.error?.message).toMatch(/hs_email_optout/);
				expect(result.json('Read')).toEqual([]);
			}
		});

		it.each([true, '0x10', '1e3', ' '])('refuses a limit of %p by name', async (limit) => {
			const result = await read({ ...MEMBERS, returnAll: false, limit });
			expect(result.error?.message).toContain("'Limit'");
		});

		it('ends at the limit and says that there are more', async () => {
			const result = await read({ ...MEMBERS, returnAll: false, limit: 70 });
			expect(idsOf(result)).toHaveLength(70);
			expect(result.hints).toEqual(['70 contacts read: the limit of 70 was reached, and there are more']);
			const all = await read({ ...MEMBERS, returnAll: false, limit: 320 });
			expect(all.hints).toEqual(['320 contacts read']);
		});

		it('goes on after the last record of the run before, so that portions add up to the list', async () => {
			const seen: string[] = [];
			for (let portion = 0; portion < 4; portion++) {
				const options = { continueAfter: seen.at(-1) ?? '' };
				seen.push(...idsOf(await read({ ...MEMBERS, returnAll: false, limit: 100, options })));
			}
			expect(seen).toHaveLength(320);
			expect([...seen].sort()).toEqual(members().sort());
		});

		it('with Only Changed Since reads members that were changed or joined since', async () => {
			hubspot.clock.advance(3_600_000);
			const since = new Date(hubspot.clock.now() - 1_000).toISOString();
			const [changed = ''] = members();
			hubspot.store.changeContact(changed, { lastname: 'Ünlü' });
			const joined = hubspot.store.addContact({ email: 'joined@x.example' }, [LIST]);
			const result = await read({ ...MEMBERS, options: { changedSince: since } });
			expect(idsOf(result).sort()).toEqual([changed, joined].sort());
			expect(result.hints[0]).toMatch(/^2 contacts read that changed since /);
			const limited = await read({ ...MEMBERS, returnAll: false, limit: 1, options: { changedSince: since } });
			expect(limited.hints[0]).toContain('there are more');
		});

		it('takes a time without a zone for one of the time zone of the workflow', async () => {
			const { hints } = await read({ ...MEMBERS, options: { changedSince: '2030-01-01T10:00:00' } }, [{}], {
				timezone: 'America/New_York',
			});
			expect(hints[0]).toContain('2030-01-01T15:00:00');
		});

		it('reads the properties that the mapping after it uses', async () => {
			const mapping = { value: { EMAIL: 'email', FIRSTNAME: 'firstname' } };
			const after = [testNode('Map', MAP, { source: 'hubSpot', mapping })];
			const result = await read({ ...MEMBERS, returnAll: false, limit: 1 }, [{}], { after });
			expect(Object.keys(result.json('Read')[0]?.fields as object).sort()).toEqual(['email', 'firstname']);
		});

		it('reads the properties that are picked, and names one that is gone', async () => {
			const picks = { ...MEMBERS, returnAll: false, limit: 1, propertySelection: 'selected' };
			const one = await read({ ...picks, properties: ['city'] });
			expect(Object.keys(one.json('Read')[0]?.fields as object)).toEqual(['city']);
			const gone = await read({ ...picks, properties: ['city', 'gone_away'] });
			expect(gone.error?.message).toContain("'gone_away'");
		});
	});

	describe('named contacts', () => {
		it('a thousand e-mail addresses cost twelve calls', async () => {
			const big = await startHubSpot({ members: 1_000, extraLists: 0 });
			const input = [...big.store.list(LIST).members.ids()].map((id) => ({ email: big.store.contact(id).properties.email })); // prettier-ignore
			const withEmail = input.filter(({ email }) => (email ?? '') !== '') as IDataObject[];
			const result = await run(hubSpotCredential(big), NAMED, { input: withEmail });
			expect(result.error).toBeUndefined();
			// The account, the properties, ten reads of a hundred.
			expect(big.requests.total).toBeLessThanOrEqual(12);
			const malformed = codesOf(result).filter((code) => code === 'NO_CONTACT_NAMED').length;
			expect(result.items('Read').length + malformed).toBe(withEmail.length);
			await big.close();
		});

		it('finds by key, record ID and address, and links each contact to all items that named it', async () => {
			const [a = '', b = ''] = members().filter((id) => emailOf(id).includes('@'));
			const account = await portal();
			const input = [
				{ id: a },
				{ email: emailOf(b).toUpperCase() },
				{ key: `hubspot:${account}:contact:${a}`, source: {}, fields: {} },
				{ id: Number(b) },
			];
			const result = await read(NAMED, input);
			const linked = result.items('Read').map(({ json, pairedItem }) => [(json.source as IDataObject).id, pairedItem]);
			expect(new Map(linked as [string, unknown][])).toEqual(
				new Map([
					[a, [{ item: 0 }, { item: 2 }]],
					[b, [{ item: 1 }, { item: 3 }]],
				]),
			);
			expect((result.json('Read')[0]?.source as IDataObject).list).toBeUndefined();
			expect(result.hints).toEqual(['4 of 4 items led to 2 contacts']);
		});

		it('what is not found leaves by Not Found with the reason, and the counts add up', async () => {
			const [a = ''] = members();
			const input = [{ id: a }, { email: 'missing@x.example' }, { id: '999999999999' }, { note: 'no name' }, { email: 'bad' }]; // prettier-ignore
			const result = await read(NAMED, input);
			expect(idsOf(result)).toEqual([a]);
			expect(codesOf(result)).toEqual(['CONTACT_NOT_FOUND', 'CONTACT_NOT_FOUND', 'NO_CONTACT_NAMED', 'NO_CONTACT_NAMED']); // prettier-ignore
			expect(result.items('Read', 1).map(({ pairedItem }) => pairedItem)).toEqual([1, 2, 3, 4].map((item) => ({ item }))); // prettier-ignore
			expect(result.json('Read', 1)[0]).toMatchObject({ email: 'missing@x.example', outcome: { status: 'excluded' } });
			expect(result.hints).toEqual(['1 of 5 items led to 1 contact, 4 not found']);
		});

		it('a deleted contact comes as deleted, a merged one leads to its survivor, one deleted for good is not found', async () => {
			const [deleted = '', loser = '', primary = '', gone = ''] = members();
			hubspot.store.archive(deleted);
			const survivor = hubspot.store.merge(primary, loser);
			hubspot.store.gdprDelete(gone);
			const result = await read(NAMED, [{ id: deleted }, { id: loser }, { id: survivor }, { id: gone }]);
			expect(result.json('Read').map(({ change, source }) => [(source as IDataObject).id, change])).toEqual(
				expect.arrayContaining([
					[deleted, 'deleted'],
					[survivor, 'updated'],
				]),
			);
			expect(result.items('Read')).toHaveLength(2);
			const merged = result.items('Read').find(({ json }) => json.change === 'updated');
			expect(merged?.json.mergedFrom).toContain(`hubspot:${await portal()}:contact:${loser}`);
			expect(merged?.pairedItem).toEqual([{ item: 1 }, { item: 2 }]);
			expect(codesOf(result)).toEqual(['CONTACT_NOT_FOUND']);
		});

		it.each(['member', 'id', 'address', 'old id'] as const)(
			'promise 1: a survivor names records of a chain that HubSpot does not name (read as %s)',
			async (by) => {
				const [first = '', second = '', third = ''] = members();
				const between = hubspot.store.merge(second, first);
				const survivor = hubspot.store.merge(third, between);
				const wanted = {
					member: undefined,
					id: { id: survivor },
					address: { email: emailOf(survivor) },
					'old id': { id: first },
				}[by];
				const result = await (wanted ? read(NAMED, [wanted]) : read(MEMBERS));
				const item = result.json('Read').find(({ source }) => (source as IDataObject).id === survivor);
				expect(item?.mergedFrom).toContain(`hubspot:${await portal()}:contact:${first}`);
			},
		);

		it('of many unknown IDs a hundred are looked up among the merged ones, and the others say so', async () => {
			const input = Array.from({ length: 130 }, (_, index) => ({ id: String(900_000_000_000 + index) }));
			const result = await read(NAMED, input);
			const messages = result.json('Read', 1).map(({ outcome }) => (outcome as IDataObject).message as string);
			expect(messages).toHaveLength(130);
			expect(messages.filter((message) => message.includes('was not looked up'))).toHaveLength(30);
		});

		it('an expression names the contact of each item; one that fails leaves by Not Found', async () => {
			const [a = '', b = ''] = members();
			const parameters = { ...NAMED, namedBy: 'expression', contactName: '={{ $json.who.trim() }}' };
			const result = await read(parameters, [{ who: ` ${a} ` }, { who: b }, {}]);
			expect(idsOf(result).sort()).toEqual([a, b].sort());
			expect(codesOf(result)).toEqual(['NO_CONTACT_NAMED']);
		});

		it('with Only Changed Since those that did not change are left out and counted', async () => {
			hubspot.clock.advance(3_600_000);
			const [a = '', b = ''] = members();
			const since = new Date(hubspot.clock.now() - 1_000).toISOString();
			hubspot.store.changeContact(a, { lastname: 'Ünlü' });
			const result = await read({ ...NAMED, options: { changedSince: since } }, [{ id: a }, { id: b }]);
			expect(idsOf(result)).toEqual([a]);
			expect(result.items('Read', 1)).toEqual([]);
			expect(result.hints[0]).toMatch(/^1 of 2 items led to 1 contact, 1 not changed since/);
		});
	});

	describe('what is wrong is named', () => {
		it.each<[string, IDataObject, string]>([
			['a list that is not there', { contacts: 'list', list: picked('987654') }, '987654'],
			['a limit of none', { ...MEMBERS, returnAll: false, limit: 0 }, "'Limit'"],
			['a time that is none', { ...MEMBERS, options: { changedSince: 'soon' } }, "'Only Changed Since'"],
			['a place that is no ID', { ...MEMBERS, options: { continueAfter: 'x' } }, "'Continue After'"],
			['a reserve of all calls', { ...MEMBERS, options: { dailyReserve: 100 } }, "'Daily Call Reserve'"],
		])('%s', async (_name, parameters, says) => {
			expect((await read(parameters)).error?.message).toContain(says);
		});

		it.each([
			['crm.lists.read', TOKEN_WITHOUT_LISTS],
			['crm.objects.contacts.read', TOKEN_WITHOUT_CONTACTS],
		])('a key without the scope %s', async (scope, token) => {
			const { error } = await run(hubSpotCredential(hubspot, token), MEMBERS);
			expect(`${error?.message} ${error?.description}`).toContain(scope);
		});

		it('HB-28: fewer calls left than the daily reserve end the reading, before a contact is read', async () => {
			const poor = await startHubSpot({ members: 300, extraLists: 0, dailyLimit: 12 });
			const { error } = await run(hubSpotCredential(poor), { ...MEMBERS, options: { dailyReserve: 80 } });
			expect(error?.message).toContain('fewer than the reserve of 80 %');
			expect(Object.keys(poor.requests.counts()).some((route) => route.endsWith('/batch/read'))).toBe(false);
			await poor.close();
		});

		it('goes on in spite of it where the node is set so: every item as failed on Not Found', async () => {
			const change = { onError: 'continueRegularOutput' as const };
			const result = await read({ ...MEMBERS, list: picked('987654') }, [{ a: 1 }, { a: 2 }], { change });
			expect(result.error).toBeUndefined();
			expect(result.json('Read', 1)).toMatchObject([
				{ a: 1, outcome: { status: 'failed', code: 'LIST_NOT_FOUND' } },
				{ a: 2, outcome: { status: 'failed', code: 'LIST_NOT_FOUND' } },
			]);
		});
	});

	it('reads nothing where no item comes in', async () => {
		const result = await read(MEMBERS, []);
		expect(result.error).toBeUndefined();
		expect(hubspot.requests.total).toBe(0);
	});

	it('a credential that was not chosen is named', async () => {
		const node = readNode(MEMBERS, { credentials: {} });
		const result = await run(hubSpotCredential(hubspot), MEMBERS, { change: { credentials: node.credentials } });
		expect(result.error?.message).toContain('credential');
	});
});
