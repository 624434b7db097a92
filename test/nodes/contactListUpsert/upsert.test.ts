import type { IDataObject, INode } from 'n8n-workflow';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { callMethod, runNodes } from '../../support/n8n/engine';
import { mapped, mappedCrowd } from '../../support/mappedContacts';
import type { EmptyBrevo } from './upsertRun';
import { locator, outcomes, startEmptyBrevo, types } from './upsertRun';

let account: EmptyBrevo;
let brevo: RunningBrevo;
let list: number;

beforeEach(async () => {
	account = await startEmptyBrevo();
	({ brevo, list } = account);
});
afterEach(async () => await brevo.close());

const run: EmptyBrevo['run'] = async (...args) => await account.run(...args);

describe('Contact List Upsert', () => {
	it('puts new contacts on the list and links every item to its input', async () => {
		const result = await run(mappedCrowd(3));
		expect(result.error).toBeUndefined();
		expect(outcomes(result.json('Upsert'))).toEqual(['created', 'created', 'created']);
		expect(result.items('Upsert').map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(result.json('Upsert')[1]).toMatchObject({
			key: 'hubspot:1:contact:2',
			contact: { email: 'person2@crowd.example' },
			outcome: { status: 'created', destinationId: expect.any(String) as string },
		});
		expect(brevo.store.lists.get(list)?.members.size).toBe(3);
		expect(result.hints).toEqual(['3 contacts: 3 created.']);
	});

	it('Summary Output tells the run as numbers, in sentences and as a page, with the mark of its batch (#12)', async () => {
		const delivery = { phase: 'firstSync', sequence: 1, members: 3, endsFirstSync: true };
		const contacts = mappedCrowd(4).map((one) => ({ ...one, delivery }));
		const nobody = { ...contacts[3], contact: { attributes: {} } };
		const result = await run([...contacts.slice(0, 3), nobody], { options: { summary: true } });
		expect(result.json('Upsert', 2)).toEqual([
			expect.objectContaining({
				...{ node: 'Upsert', contacts: 4, statuses: { created: 3, excluded: 1 }, delivery },
				message: expect.stringMatching(/^4 contacts: 3 created\. 1 left out: /) as string,
				subject: 'The first sync is complete: 4 contacts for Brevo, 1 left out',
				html: expect.stringMatching(
					/^<div[^>]*><h2[^>]*>The first sync is complete<.*Left out.*NO_IDENTIFIER/,
				) as string,
			}),
		]);
	});

	it.each(['soon', 0, -5, true, '0x10', ' ', '1e3'])('a longest wait of %p is refused by name', async (longestWait) => {
		const result = await run(mappedCrowd(1), { options: { longestWait } });
		expect(result.error?.message).toContain("'Longest Wait'");
	});

	it("'Dry Run' of an expression that gives a text writes nothing either, and one that is neither yes nor no is refused by name", async () => {
		for (const dryRun of ['true', ' True ']) {
			const dry = await run(mappedCrowd(1), { options: { dryRun } });
			expect([dry.error, outcomes(dry.json('Upsert'))]).toEqual([undefined, ['planned']]);
		}
		const unclear = await run(mappedCrowd(1), { options: { dryRun: 'maybe' } });
		expect(unclear.error?.message).toContain("'Dry Run'");
		expect(brevo.store.lists.get(list)?.members.size).toBe(0);
		expect(outcomes((await run(mappedCrowd(1), { options: { dryRun: 'false' } })).json('Upsert'))).toEqual(['created']);
	});

	it('keeps who left one source list and is still in another that fills this one, and refuses anything but IDs', async () => {
		await run(mappedCrowd(2));
		const leavers = mappedCrowd(2).map((one, n) => ({ ...one, change: 'removed', stillIn: n === 0 ? ['102'] : [] }));
		const result = await run(leavers, { options: { otherLists: ' 102,248 ' } });
		expect(outcomes(result.json('Upsert'))).toEqual(['unchanged STILL_IN_OTHER_LIST', 'removed']);
		const refused = await run(leavers, { options: { otherLists: '102, Customers' } });
		expect(refused.error?.message).toContain("'Other Source Lists'");
	});

	it('a key exchanged in the same credential for the key of another account: nothing known of the one is used for the other', async () => {
		const crowd = mappedCrowd(10);
		await run(crowd);
		brevo.store.clear();
		const production = brevo.store.createList('Production', brevo.store.createFolder('Lists').id).id;
		const strangers = crowd.map((_one, n) =>
			brevo.store.createContact({ identifiers: { email: `stranger${n}@x.example` } }, 'seed', Date.now() - 3_600_000),
		);
		brevo.settings.apiKey = 'xkeysib-of-another-account';
		const moved = crowd.map((_one, n) => mapped(n + 1, { email: `moved${n}@x.example` }));
		const result = await runNodes([account.node({ destinationList: locator('list', String(production)) })], {
			types,
			credentials: { contactSyncBrevoApi: { apiKey: brevo.settings.apiKey, baseUrl: brevo.url } },
			input: moved as unknown as IDataObject[],
		});
		expect(strangers.map(({ identifiers }) => identifiers.email)).toEqual(
			crowd.map((_one, n) => `stranger${n}@x.example`),
		);
		expect(outcomes(result.json('Upsert'))).toEqual(crowd.map(() => 'created'));
	});

	it('every contact is accounted for: refused ones, doubles and other items leave by the second output', async () => {
		brevo.store.createContact({ identifiers: { email: 'known@x.example' }, attributes: { CITY: 'Köln' } }, 'seed');
		const result = await run([
			mapped(1, { email: 'fine@x.example' }),
			{ hello: 'world' },
			mapped(2, { email: 'bad address' }),
			mapped(3, { email: 'twice@x.example' }, { changedAt: '2026-11-20T09:00:00.000Z' }),
			mapped(4, { email: 'twice@x.example' }),
			mapped(5, { attributes: { CITY: 'Bonn' } }),
			mapped(6, { email: 'known@x.example', attributes: { CITY: 'Köln', ANNUAL_REVENUE: 'much' } }),
			mapped(7, {}, { change: 'removed' }),
		]);
		expect(result.error).toBeUndefined();
		expect(outcomes(result.json('Upsert', 0))).toEqual([
			'created',
			'created',
			'updated',
			'unchanged NOT_IN_DESTINATION',
		]);
		expect(outcomes(result.json('Upsert', 1))).toEqual([
			'excluded NOT_A_CONTACT',
			'failed DESTINATION_REFUSED',
			'excluded SAME_ADDRESS_TWICE',
			'excluded NO_IDENTIFIER',
		]);
		expect(result.items('Upsert', 1).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 1 },
			{ item: 2 },
			{ item: 3 },
			{ item: 5 },
		]);
		expect(result.json('Upsert', 0)[2]?.warnings).toMatchObject([{ field: 'ANNUAL_REVENUE', code: 'VALUE_DROPPED' }]);
		expect(result.hints[0]).toBe(
			'8 contacts: 2 created, 1 updated, 1 unchanged. 3 left out: 1 because the item is no contact as the nodes of this package ' +
				'pass them on (NOT_A_CONTACT), 1 SAME_ADDRESS_TWICE, 1 because the contact has neither an e-mail address nor a phone ' +
				'number (NO_IDENTIFIER). 1 not synced: DESTINATION_REFUSED.',
		);
	});

	it('an item whose contact is malformed is no contact', async () => {
		const odd = [
			{ ...mapped(1, { email: 'a@x.example' }), key: '' },
			{ ...mapped(1, { email: 'a@x.example' }), change: 'exploded' },
			{ ...mapped(1, {}), contact: { email: 7 } },
			{ ...mapped(1, {}), contact: { email: 'a@x.example', attributes: { CITY: { deep: true } } } },
		];
		const result = await run(odd);
		expect(outcomes(result.json('Upsert', 1))).toEqual(Array(4).fill('excluded NOT_A_CONTACT'));
		expect(brevo.store.writes).toEqual([]);
	});

	it('HB-25: a number that Brevo refuses takes along neither the other contacts nor its own', async () => {
		const result = await run([
			mapped(1, { email: 'a@x.example', phone: '+12345' }),
			mapped(2, { email: 'b@x.example' }),
			mapped(3, { phone: '+12346' }),
		]);
		expect(outcomes(result.json('Upsert', 0))).toEqual(['created', 'created']);
		expect(outcomes(result.json('Upsert', 1))).toEqual(['failed DESTINATION_REFUSED']);
	});
});

describe('settings', () => {
	const refused = async (parameters: INode['parameters'], contact = mapped(1, { email: 'a@x.example' })) => {
		const result = await run([contact], parameters);
		expect(brevo.store.writes).toEqual([]);
		return `${result.error?.message} | ${result.error?.description}`;
	};

	it('name what is wrong and what to do, before the first write', async () => {
		expect(await refused({ destinationList: locator('list', '={{ "" }}') })).toContain("No list is picked in 'List'");
		expect(await refused({ destinationList: locator('id', '={{ "twelve" }}') })).toContain("and not 'twelve'");
		expect(await refused({ destinationList: locator('id', '424242') })).toMatch(
			/no Brevo list with ID 424242.*pick a list again/s,
		);
		expect(await refused({}, mapped(1, { email: 'a@x.example', attributes: { GHOST: 'x' } }))).toMatch(
			/'GHOST'.*Create the attribute again/s,
		);
	});

	it('a wrong key and a blocked address of this n8n are told apart', async () => {
		const contact = mapped(1, { email: 'a@x.example' });
		brevo.settings.blockIp = true;
		const blocked = await run([contact]);
		expect(blocked.error?.message).toContain('does not accept calls from the IP address');
		brevo.settings.blockIp = false;
		brevo.settings.apiKey = 'xkeysib-other';
		const wrong = await run([contact]);
		expect(wrong.error?.message).toContain('does not accept the API key');
	});

	it('HB-12: a list by name is created in its folder and found again', async () => {
		const folder = brevo.store.createFolder('Syncs').id;
		const byName = { destinationList: locator('name', 'From HubSpot'), folder: locator('list', String(folder)) };
		await run(mappedCrowd(1), byName);
		await run(mappedCrowd(1, 2), byName);
		const lists = [...brevo.store.lists.values()].filter(({ name }) => name === 'From HubSpot');
		expect(lists).toMatchObject([{ folderId: folder }]);
		expect(lists[0]?.members.size).toBe(2);
	});

	it('a dry run does not create the list it names; the real run does', async () => {
		const parameters = { destinationList: locator('name', 'Brand New') };
		const exists = () => [...brevo.store.lists.values()].some(({ name }) => name === 'Brand New');
		const dry = await run([mapped(1, { email: 'new@x.example' })], { ...parameters, options: { dryRun: true } });
		expect(outcomes(dry.json('Upsert'))).toEqual(['planned']);
		expect([exists(), brevo.store.contacts.size]).toEqual([false, 0]);
		const real = await run([mapped(1, { email: 'new@x.example' })], parameters);
		expect(outcomes(real.json('Upsert'))).toEqual(['created']);
		expect(exists()).toBe(true);
	});

	it('a dry run tells for each contact what it would become, and in the hint what the real run would take', async () => {
		brevo.store.createContact(
			{ identifiers: { email: 'old@x.example' }, attributes: { CITY: 'Bonn' }, addTo: [list] },
			'seed',
		);
		const batch = [
			...mappedCrowd(2),
			mapped(8, { email: 'old@x.example', attributes: { CITY: 'Köln' } }),
			{ hello: 'world' },
		];
		const dry = await run(batch, { options: { dryRun: true } });
		expect(outcomes(dry.json('Upsert'))).toEqual(['planned', 'planned', 'planned']);
		expect(dry.json('Upsert').map(({ outcome }) => (outcome as IDataObject).wouldBe)).toEqual([
			'created',
			'created',
			'updated',
		]);
		expect(dry.json('Upsert')[2]?.outcome).toMatchObject({ changes: { CITY: { from: 'Bonn', to: 'Köln' } } });
		expect(dry.hints[0]).toMatch(
			/^Nothing was written\. The real run would create 2 and update 1 contacts, with about \d+ calls and 3 tasks\. 1 would be left out: /,
		);
		expect(brevo.store.writes).toEqual([]);
		expect(outcomes((await run(batch)).json('Upsert'))).toEqual(['created', 'created', 'updated']);
	});

	it('a workflow made before there was an operation goes on as before; no contacts cost no call', async () => {
		expect(outcomes((await run(mappedCrowd(1), { operation: undefined })).json('Upsert'))).toEqual(['created']);
		brevo.requests.clear();
		const none = await run([]);
		expect(none.error).toBeUndefined();
		expect(brevo.requests.total).toBe(0);
	});

	it('contacts that leave follow their rule', async () => {
		brevo.store.createContact(
			{ identifiers: { email: 'left@x.example', ext_id: 'hubspot:1:contact:2' }, addTo: [list] },
			'seed',
		);
		const leaver = [mapped(2, {}, { change: 'removed' })];
		const kept = await run(leaver, { leavers: 'keep' });
		expect(outcomes(kept.json('Upsert'))).toEqual(['unchanged KEPT_ON_LIST']);
		const left = await run(leaver);
		expect(outcomes(left.json('Upsert'))).toEqual(['removed']);
		expect(brevo.store.owner('email', 'left@x.example')?.listIds.size).toBe(0);
	});
});

describe('temporary failures', () => {
	beforeEach(() => brevo.faults.next('POST /contacts', { status: 503, times: 0 }));

	it('fail the run, so that the trigger keeps the batch', async () => {
		const result = await run(mappedCrowd(2));
		expect(result.error?.message).toBe('Brevo answered with status 503');
		expect(result.error?.description).toContain('the sync tries again');
	}, 60_000);

	it.each([
		['the option says so', { options: { onTemporaryFailure: 'notSynced' } }, {}],
		['the node goes on after a failure', {}, { onError: 'continueRegularOutput' as const }],
	])(
		'leave by the second output when %s',
		async (_when, parameters, change) => {
			const result = await run(mappedCrowd(2), parameters, change);
			expect(result.error).toBeUndefined();
			expect(outcomes(result.json('Upsert', 1))).toEqual(['failed UNAVAILABLE', 'failed UNAVAILABLE']);
			expect(result.json('Upsert', 1)[0]?.outcome).toMatchObject({ retryable: true });
		},
		60_000,
	);
});

describe('list picker', () => {
	it('finds lists by name, beyond the first page', async () => {
		for (let n = 1; n <= 70; n++) brevo.store.createList(`Campaign ${n}`, 1);
		const search = async (name: string, ...args: unknown[]) =>
			(await callMethod(account.node(), 'listSearch', name, { types, credentials: account.credentials, args })) as {
				results: IDataObject[];
			};
		expect((await search('searchLists')).results.length).toBeGreaterThan(70);
		expect((await search('searchLists', 'campaign 70')).results).toMatchObject([{ name: 'Campaign 70 (0)' }]);
		expect((await search('searchFolders', 'first')).results).toMatchObject([{ name: 'Your first folder', value: '1' }]);
	});

	it('says what is wrong with the key', async () => {
		const wrong = { contactSyncBrevoApi: { apiKey: 'xkeysib-wrong', baseUrl: brevo.url } };
		await expect(
			callMethod(account.node(), 'listSearch', 'searchLists', { types, credentials: wrong }),
		).rejects.toThrow('does not accept the API key');
	});
});
