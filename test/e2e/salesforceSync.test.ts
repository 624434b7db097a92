import { NODE_TYPES, nodeOfType } from '../../demo/n8n/importTemplate';
import { itemsOf, type StoredWorkflow } from '../../demo/n8n/n8nApi';
import { pollsEvery } from '../../demo/n8n/quickPolls';
import { readExpectation } from '../../demo/truth/sandboxTruth';
import { scaled } from '../../demo/process/slowness';
import { salesforceTruth } from '../../demo/truth/salesforceTruth';
import { type E2e, startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

type Values = Parameters<E2e['sandbox']['salesforce']['store']['change']>[2];

/**
 * Contacts and leads of one organisation into two Brevo lists, by the two templates on one n8n: the first sync, then what
 * happens to records in real life, then trouble. After each, Brevo holds what Salesforce says.
 */
describe('Salesforce contacts and leads into Brevo', () => {
	const OBJECTS = ['Contact', 'Lead'] as const;
	type PersonObject = (typeof OBJECTS)[number];
	let e2e: E2e;
	let workflows: Record<PersonObject, StoredWorkflow>;
	/** Without the consent. */
	let unsure: StoredWorkflow;
	/** Everything as it was seeded; and what this test itself changed, by hand as it were. */
	let seeded: Map<string, unknown>;
	const touched = new Set<string>();

	beforeAll(async () => {
		e2e = await startE2e({ members: 1, salesforce: { contacts: 160, leads: 60 }, editor: false });
		// Of people who share an address one is excluded, and who that is depends on the scope: here everybody has their own.
		const { store } = e2e.sandbox.salesforce;
		const emails = new Set<unknown>();
		for (const object of OBJECTS) {
			for (const { Id, Email } of rowsOf(object)) {
				const email = String(Email).toLowerCase();
				if (emails.has(email) && Email !== null)
					store.change(object, String(Id), { Email: `${String(Id)}@own.example` });
				emails.add(email);
			}
		}
		seeded = new Map(OBJECTS.flatMap((object) => [...store.table(object).rows]));
		// The searches look back half a minute instead of a quarter of an hour: nothing here commits late.
		const trigger = { options: { batchSize: 50, lookbackMinutes: 0.5 }, pollTimes: pollsEvery(2) };
		unsure = await e2e.importSync({ [NODE_TYPES.salesforceTrigger]: { consentConfirmed: false } }, 'Contact');
		const imported = async (object: PersonObject) =>
			await e2e.importSync({ [NODE_TYPES.salesforceTrigger]: trigger }, object);
		workflows = { Contact: await imported('Contact'), Lead: await imported('Lead') };
	});

	afterAll(async () => {
		await e2e?.close();
	});

	const rowsOf = (object: PersonObject) =>
		[...e2e.sandbox.salesforce.store.table(object).rows.values()].filter(
			({ IsDeleted, IsConverted }) => IsDeleted === false && IsConverted !== true,
		);
	const keyOf = (object: PersonObject, id: string) => salesforceTruth(e2e.sandbox, object).keyOf(id);
	const held = (object: PersonObject, id: string) => e2e.sandbox.brevo.store.owner('ext_id', keyOf(object, id));
	const change = (object: PersonObject, id: string, values: Values, at?: number): void => {
		touched.add(id);
		e2e.sandbox.salesforce.store.change(object, id, values, at === undefined ? {} : { at });
	};
	const listOf = (object: PersonObject): number => {
		const { destinationList } = nodeOfType(workflows[object], NODE_TYPES.upsert).parameters;
		return Number((destinationList as { value: string }).value);
	};

	/** People who are mailable in Brevo under their own key; each is given out once. */
	const given = new Set<string>();
	const pick = (object: PersonObject, count: number): string[] => {
		const found = rowsOf(object)
			.map(({ Id }) => String(Id))
			.filter((id) => {
				const contact = held(object, id);
				const isOwn = contact?.identifiers.email !== undefined && contact.identifiers.SMS !== undefined;
				return isOwn && !contact.emailBlocked && !given.has(id);
			})
			.slice(0, count);
		if (found.length < count) throw new Error(`Brevo holds too few people: ${found.length} of ${count}`);
		for (const id of found) given.add(id);
		return found;
	};
	const one = (object: PersonObject): string => pick(object, 1)[0] ?? '';

	const differences = () => OBJECTS.flatMap((object) => e2e.differences(workflows[object]));
	const untilEqual = async (withinMs = 90_000): Promise<void> => {
		try {
			await waitFor('both sides to agree', () => differences().length === 0, { withinMs, everyMs: 250 });
		} catch {
			expect(differences()).toEqual([]);
		}
	};
	/** Items that left the outputs for contacts that were not synced. */
	const leftOut = async (object: PersonObject, key: string) => {
		const workflow = workflows[object];
		const executions = await e2e.api.listExecutions(workflow.id);
		const items = [];
		for (const { id } of executions.slice(-6)) {
			const execution = await e2e.api.getExecution(id);
			items.push(...itemsOf(execution, nodeOfType(workflow, NODE_TYPES.map).name, 1));
		}
		return items.flatMap(({ json }) => (json.key === key ? [json.outcome as { code: string; message: string }] : []));
	};

	it('SB-12: imported templates are drafts that read and write nothing', () => {
		expect(Object.values(workflows).map(({ active }) => active)).toEqual([false, false]);
		const { salesforce, brevo } = e2e.sandbox;
		expect([salesforce.requests.total, salesforce.login.requests.total, brevo.requests.total]).toEqual([0, 0, 0]);
	});

	it('SB-02, SB-05 to SB-11, SB-29: both objects come over with every mapped field, each to its list', async () => {
		for (const { id } of [...Object.values(workflows), unsure]) await e2e.api.publish(id);
		const tallies = await Promise.all(OBJECTS.map(async (object) => await e2e.finishSync(workflows[object])));
		expect(differences()).toEqual([]);
		for (const { failed, excluded, created, updated } of tallies)
			expect({ failed, excluded: excluded > 0, created: created > 0, updated: updated > 0 }).toEqual({
				...{ failed: 0, excluded: true, created: true, updated: true },
			});
	});

	it('SB-18, SB-19, SB-23, SB-28: changes arrive as updates; an empty phone leaves the number that is there', async () => {
		const { store } = e2e.sandbox.brevo;
		const moved = pick('Contact', 50);
		const [changed, blanked] = pick('Contact', 2) as [string, string];
		const lead = one('Lead');
		const number = e2e.sandbox.salesforce.store.must('Contact', blanked)['MobilePhone'] ?? null;
		const [phoneBefore, contactsBefore] = [held('Contact', blanked)?.identifiers.SMS, store.contacts.size];
		// One bulk edit: the same stamp for all.
		const at = e2e.sandbox.salesforce.store.now();
		moved.forEach((id, index) => change('Contact', id, { Email: `moved.${index}@example.org` }, at));
		change('Contact', blanked, { MobilePhone: null, FirstName: 'Without a phone' });
		const fields = {
			Newsletter__c: true,
			Customer_Tier__c: 'Silver',
			Interests__c: 'Books;Tea',
			Birthdate: '1990-09-25',
		};
		change('Contact', changed, { ...fields, FirstName: 'Alexandra' });
		change('Lead', lead, { Company: 'Café “Zoë” & fils', LastName: "O'Brien\\" });
		const firstName = () => held('Contact', blanked)?.attributes.FIRSTNAME;
		await waitFor('the blanked phone', () => firstName() === 'Without a phone');
		expect(held('Contact', blanked)?.identifiers.SMS).toBe(phoneBefore);
		change('Contact', blanked, { MobilePhone: number });
		await untilEqual();
		expect(held('Contact', changed)?.attributes).toMatchObject({
			...{ FIRSTNAME: 'Alexandra', IS_CUSTOMER: true, CUSTOMER_TIER: '2', BIRTHDAY: '1990-09-25' },
			INTERESTS: expect.arrayContaining(['Books', 'Tea']) as unknown,
		});
		expect(held('Contact', moved[49] ?? '')?.identifiers.email).toBe('moved.49@example.org');
		expect(store.contacts.size).toBe(contactsBefore);
	});

	it('SB-22: without e-mail and phone nothing more is synced, for a visible reason, until the e-mail is back', async () => {
		const id = one('Contact');
		const { Email: email = null, MobilePhone: phone = null } = e2e.sandbox.salesforce.store.must('Contact', id);
		const before = structuredClone(held('Contact', id)?.attributes);
		change('Contact', id, { Email: null, MobilePhone: null, FirstName: 'Unsynced' });
		const [outcome] = await waitFor('the reason', async () => {
			const found = await leftOut('Contact', keyOf('Contact', id));
			return found.length > 0 && found;
		});
		expect(outcome?.code).toBe('NO_IDENTIFIER');
		expect(held('Contact', id)?.attributes).toEqual(before);
		change('Contact', id, { Email: email, MobilePhone: phone });
		await untilEqual();
		expect(held('Contact', id)?.attributes).toMatchObject({ FIRSTNAME: 'Unsynced' });
	});

	it('promise 1, SB-29: opted out is blocked; deleted and merged leave the list; a converted lead goes on as a contact', async () => {
		const { salesforce, brevo } = e2e.sandbox;
		const { operate } = controlOf(salesforce.origin);
		const [optedOut, deleted, master, loser] = pick('Contact', 4) as [string, string, string, string];
		const [converted, gone] = pick('Lead', 2) as [string, string];
		const lead = held('Lead', converted);
		const before = [held('Contact', deleted), held('Contact', loser), held('Lead', gone)];
		for (const id of [deleted, master, loser, converted, gone]) touched.add(id);
		change('Contact', optedOut, { HasOptedOutOfEmail: true });
		await operate({ op: 'deleteRecord', object: 'Contact', id: deleted });
		await operate({ op: 'deleteRecord', object: 'Lead', id: gone });
		await operate({ op: 'merge', object: 'Contact', masterId: master, loserIds: [loser] });
		const { contactId } = (await operate({ op: 'convertLead', id: converted })) as { contactId: string };
		touched.add(contactId);
		await untilEqual();
		expect(held('Contact', optedOut)?.emailBlocked).toBe(true);
		for (const contact of before) {
			expect(brevo.store.contacts.has(contact?.id ?? 0)).toBe(true);
			expect([...(contact?.listIds ?? [])]).not.toContain(listOf('Contact'));
			expect([...(contact?.listIds ?? [])]).not.toContain(listOf('Lead'));
		}
		// The same Brevo contact, under the key of what the lead became.
		expect(held('Contact', contactId)?.id).toBe(lead?.id);
		expect([...(lead?.listIds ?? [])]).toEqual(expect.arrayContaining([listOf('Contact')]));
		expect([...(lead?.listIds ?? [])]).not.toContain(listOf('Lead'));
		expect(brevo.store.resubscriptions).toEqual([]);
	});

	it('promise 2: a session that ends in the middle, Brevo that fails and an n8n that is killed lose and double nothing', async () => {
		const { salesforce, brevo } = e2e.sandbox;
		const people = pick('Contact', 60);
		const contacts = brevo.store.contacts.size;
		const failures = async () =>
			(await e2e.api.listExecutions(workflows.Contact.id)).filter(({ status }) => status === 'error').length;
		const failed = await failures();
		brevo.faults.next('*', { status: 500, times: 0 });
		const at = salesforce.store.now();
		for (const id of people) change('Contact', id, { FirstName: 'Older' }, at);
		await waitFor('an execution that fails with Brevo', async () => (await failures()) > failed);
		for (const id of people) change('Contact', id, { FirstName: 'Newest' });
		salesforce.sessions.expireAfterCalls = 1;
		brevo.faults.clear();
		// Slow enough that the power goes while a batch is being written.
		brevo.faults.next('*', { kind: 'delay', delayMs: scaled(400), times: 0 });
		await waitFor('the first new value', () => newest(people) > 0, { everyMs: 20 });
		await e2e.n8n.kill();
		brevo.faults.clear();
		expect(newest(people)).toBeLessThan(people.length);
		salesforce.sessions.expireAll();
		await e2e.n8n.start();
		await untilEqual();
		expect(newest(people)).toBe(people.length);
		expect(brevo.store.contacts.size).toBe(contacts);
		expect(brevo.store.resubscriptions).toEqual([]);
	});

	it('SB-24: four more workflows share the account, each with its own scope and list', async () => {
		const { salesforce, brevo } = e2e.sandbox;
		const { store, ids } = salesforce;
		const scopes: Array<[PersonObject, Record<string, unknown>, (id: string) => boolean]> = [
			['Contact', { scope: 'campaign', campaign: locator(ids.campaigns.newsletter) }, isIn('ContactId')],
			['Lead', { scope: 'campaign', campaign: locator(ids.campaigns.newsletter) }, isIn('LeadId')],
			[
				'Contact',
				{ scope: 'listView', listView: locator(ids.listViews.newsletterContacts) },
				(id) => store.must('Contact', id)['Newsletter__c'] === true && store.must('Contact', id)['Email'] !== null,
			],
			[
				'Contact',
				{
					scope: 'conditions',
					conditions: { row: [{ field: 'Customer_Tier__c', operator: 'isAnyOf', value: 'Gold;Silver' }] },
				},
				(id) => ['Gold', 'Silver'].includes(String(store.must('Contact', id)['Customer_Tier__c'])),
			],
		];
		const lists = [];
		for (const [object, scope, belongs] of scopes) {
			const { id, name } = brevo.store.createList(`Scope ${lists.length}`, 1);
			const parameters = {
				[NODE_TYPES.salesforceTrigger]: { ...scope, pollTimes: pollsEvery(2) },
				[NODE_TYPES.upsert]: { destinationList: { ...locator(String(id)), cachedResultName: name } },
			};
			const workflow = await e2e.importSync(parameters, object);
			await e2e.api.publish(workflow.id);
			const wanted = readExpectation(e2e.sandbox, workflow).contacts.filter(({ key }) =>
				belongs(key.split(':')[3] ?? ''),
			);
			const owners = wanted.map(({ email, phone }) =>
				email === undefined ? brevo.store.owner('SMS', phone ?? '') : brevo.store.owner('email', email),
			);
			lists.push({ list: id, expected: owners.map((owner) => owner?.id).sort() });
		}
		const actual = ({ list }: { list: number }) => [...(brevo.store.lists.get(list)?.members ?? [])].sort();
		for (const one of lists) {
			expect(one.expected.length).toBeGreaterThan(10);
			await waitFor('a list of its own', () => actual(one).length >= one.expected.length);
			expect(actual(one)).toEqual(one.expected);
		}
		expect(differences()).toEqual([]);
		expect(salesforce.requests.statuses()['403']).toBeUndefined();
	});

	it('SB-07: without the consent nothing is synced, and n8n says why', async () => {
		await waitFor('the refusal', () => e2e.n8n.readLog().includes("'Confirm Consent' is off"));
		expect(await e2e.api.listExecutions(unsure.id)).toEqual([]);
	});

	it('SB-17, SB-21, SB-25, SB-27: nothing was ever written to Salesforce', () => {
		const { salesforce } = e2e.sandbox;
		const routes = Object.keys(salesforce.requests.counts());
		const writes = routes.filter((route) => !/^(GET |POST .*\/(composite|services\/oauth2\/token)$)/.test(route));
		expect(writes).toEqual([]);
		// A composite call could hold writes; the records show that none did.
		for (const object of OBJECTS) {
			for (const [id, row] of salesforce.store.table(object).rows) {
				if (!touched.has(id)) expect(row).toBe(seeded.get(id));
			}
		}
		expect(salesforce.store.table('Lead').rows.size + salesforce.store.table('Contact').rows.size).toBe(
			seeded.size + 1,
		);
	});

	const locator = (value: string) => ({ __rl: true, mode: 'id', value });
	const isIn = (key: 'ContactId' | 'LeadId') => (id: string) => {
		const { store, ids } = e2e.sandbox.salesforce;
		return store
			.table('CampaignMember')
			.having(key, id)
			.some((row) => row['CampaignId'] === ids.campaigns.newsletter && row['IsDeleted'] === false);
	};
	const newest = (people: readonly string[]): number =>
		people.filter((id) => held('Contact', id)?.attributes.FIRSTNAME === 'Newest').length;
});

/** What people at work in the organisation do. */
function controlOf(origin: string): { operate: (body: object) => Promise<unknown> } {
	return {
		operate: async (body) => {
			const headers = { 'content-type': 'application/json' };
			const reply = await fetch(`${origin}/_sandbox/do`, { method: 'POST', headers, body: JSON.stringify(body) });
			const answer = (await reply.json()) as { result?: unknown; message?: string };
			if (!reply.ok) throw new Error(answer.message);
			return answer.result;
		},
	};
}
