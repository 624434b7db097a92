import { addKeyFields } from '../../demo/flows/keyFields';
import { NODE_TYPES, readTemplate } from '../../demo/n8n/importTemplate';
import type { StoredWorkflow } from '../../demo/n8n/n8nApi';
import { pollsEvery } from '../../demo/n8n/quickPolls';
import { writesOf } from '../support/hubSpotAccount';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';
import { untilStill } from './support/untilStill';
import { waitFor } from './support/waitFor';

/** The active list of the stand-in, whose members are moved by hand. */
const SEGMENT = '101';
const MEMBERS = 20;

/**
 * HubSpot's inclusion segment for Salesforce (IS-01 to IS-18) on a real n8n, from the four templates, with both stand-ins: what the
 * vendor's page says of a contact, and what becomes of it here.
 */
describe('the inclusion segment between HubSpot and Salesforce', () => {
	let e2e: E2e;
	const workflows: Record<string, StoredWorkflow> = {};

	beforeAll(async () => {
		e2e = await startE2e({ members: MEMBERS, salesforce: { contacts: 12, leads: 2 }, editor: false });
		await addKeyFields(e2e.sandbox);
		e2e.sandbox.hubspot.requests.clear();
		e2e.sandbox.salesforce.requests.clear();
		const segment = { __rl: true, mode: 'list', value: SEGMENT };
		const pollTimes = pollsEvery(2);
		const parameters: Record<string, Record<string, unknown>> = {
			[NODE_TYPES.trigger]: { list: segment, pollTimes, options: { activeListsOnly: true, accountOptOuts: true } },
			[NODE_TYPES.salesforceTrigger]: { pollTimes, options: { lookbackMinutes: 0.5 } },
		};
		for (const name of ['hubspot-to-salesforce', 'salesforce-to-hubspot', 'joined-segment-later', 'resync-now']) {
			const upsert = name === 'hubspot-to-salesforce' ? {} : { inclusionSegment: segment };
			const all = { ...parameters, [NODE_TYPES.upsert]: upsert };
			workflows[name] = await e2e.importTemplate(readTemplate(name), all);
		}
	});
	afterAll(async () => await e2e?.close());

	const publish = async (name: string): Promise<void> => await e2e.api.publish(workflows[name]?.id ?? '');
	const hubspot = () => e2e.sandbox.hubspot.store;
	const salesforce = () => e2e.sandbox.salesforce.store;
	const members = () => [...hubspot().list(SEGMENT).members.ids()];
	const contact = (id: number | string) => hubspot().contact(id).properties;
	const contactAt = (email: string) => {
		const id = hubspot().contacts.holderOf(email);
		return id === undefined ? undefined : contact(id);
	};
	const records = (email: string | undefined) =>
		[...salesforce().table('Contact').rows.values()].filter(
			({ Email, IsDeleted }) => email !== undefined && Email === email && IsDeleted === false,
		);
	/** A member with an address and a last name, which Salesforce wants. */
	const complete = () => members().filter((id) => contact(id).email && contact(id).lastname);

	it('IS-06: a segment that is picked starts nothing: the drafts read and write nothing', () => {
		expect(Object.values(workflows).map(({ active }) => active)).toEqual([false, false, false, false]);
		expect([e2e.sandbox.hubspot.requests.total, e2e.sandbox.salesforce.requests.total]).toEqual([0, 0]);
	});

	it('IS-01, IS-02, IS-04, IS-11, IS-17: members of an active list go to Salesforce, with all their fields, in any edition', async () => {
		await publish('hubspot-to-salesforce');
		const missing = () =>
			complete().filter((id) => {
				const { email, lastname, firstname } = contact(id);
				const [record] = records(email);
				return record?.['LastName'] !== lastname || (firstname && record?.['FirstName'] !== firstname);
			});
		await waitFor('every member in Salesforce', () => missing().length === 0, { withinMs: 60_000 });
		expect(complete().length).toBeGreaterThan(MEMBERS / 2);
	});

	it('IS-08, IS-15, IS-16, IS-18: a record of Salesforce comes to HubSpot with its address alone', async () => {
		const id = String(
			salesforce().insert('Contact', { Email: 'newcomer@example.com', FirstName: 'New', LastName: 'Comer' })['Id'],
		);
		await publish('salesforce-to-hubspot');
		await waitFor('the newcomer', () => contactAt('newcomer@example.com') !== undefined, { withinMs: 60_000 });
		expect(contactAt('newcomer@example.com')?.firstname ?? '').toBe('');
		expect(salesforce().must('Contact', id)['FirstName']).toBe('New');
	});

	it('IS-03, IS-09: edits of a contact outside wait on both sides; those of a member cross', async () => {
		const [member = 0] = complete();
		const outsider = hubspot().contacts.holderOf('newcomer@example.com') ?? 0;
		const [record] = records('newcomer@example.com');
		salesforce().change('Contact', String(record?.['Id']), { FirstName: 'Not yet' });
		hubspot().changeContact(outsider, { jobtitle: 'Not yet' });
		hubspot().changeContact(member, { jobtitle: 'Countess' });
		await waitFor('the title', () => records(contact(member).email)[0]?.['Title'] === 'Countess', { withinMs: 60_000 });
		const [there] = records(contact(member).email);
		salesforce().change('Contact', String(there?.['Id']), { FirstName: 'Augusta' });
		await waitFor('the first name', () => contact(member).firstname === 'Augusta', { withinMs: 60_000 });
		expect(contact(outsider).firstname ?? '').toBe('');
		expect(records('newcomer@example.com')[0]?.['Title'] ?? null).toBeNull();
	});

	it('an opt-out outside of the segment crosses all the same', async () => {
		const [record] = records('newcomer@example.com');
		salesforce().change('Contact', String(record?.['Id']), { HasOptedOutOfEmail: true });
		await waitFor('the opt-out', () => contactAt('newcomer@example.com')?.hs_email_optout === 'true', {
			withinMs: 60_000,
		});
	});

	it('IS-03: the opt-out of a HubSpot contact that was never in the segment crosses, and nothing else of it', async () => {
		const inSegment = new Set(members().map(String));
		const [record] = [...salesforce().table('Contact').rows.values()].filter(
			({ Email, IsDeleted, HasOptedOutOfEmail }) => {
				const id = hubspot().contacts.holderOf(String(Email ?? ''));
				const isOutside = id !== undefined && !inSegment.has(String(id));
				return isOutside && IsDeleted === false && HasOptedOutOfEmail === false;
			},
		);
		const email = String(record?.['Email']);
		const before = { ...records(email)[0] };
		const id = hubspot().contacts.holderOf(email) ?? 0;
		hubspot().changeContact(id, { jobtitle: 'Secret' });
		hubspot().optOut(id);
		await waitFor('the opt-out', () => records(email)[0]?.['HasOptedOutOfEmail'] === true, { withinMs: 60_000 });
		expect(records(email)).toMatchObject([{ FirstName: before['FirstName'], Title: before['Title'] }]);
	});

	it('IS-05, IS-17: a contact that joins later gets its fields from Salesforce with the next polls', async () => {
		await publish('joined-segment-later');
		const polls = e2e.sandbox.hubspot.requests.total;
		await waitFor('a poll', () => e2e.sandbox.hubspot.requests.total > polls + 12, { withinMs: 60_000 });
		hubspot().addToList(SEGMENT, [hubspot().contacts.holderOf('newcomer@example.com') ?? 0]);
		await waitFor('its fields', () => contactAt('newcomer@example.com')?.firstname === 'Not yet', { withinMs: 60_000 });
		expect(contactAt('newcomer@example.com')?.lastname).toBe('Comer');
	});

	it('IS-07: contacts are synced anew by hand, from a form with their addresses', async () => {
		await publish('resync-now');
		const id = hubspot().contacts.holderOf('newcomer@example.com') ?? 0;
		// A poll under way would carry the change to Salesforce.
		const others = ['hubspot-to-salesforce', 'salesforce-to-hubspot', 'joined-segment-later'];
		for (const name of others) await e2e.api.unpublish(workflows[name]?.id ?? '');
		await untilStill(e2e, workflows['hubspot-to-salesforce']?.id ?? '');
		hubspot().changeContact(id, { lastname: 'Overwritten' });
		const form = workflows['resync-now']?.nodes.find(({ name }) => name === 'Which Contacts') as { webhookId?: string };
		const address = `${e2e.n8n.url}/form/${form.webhookId ?? ''}`;
		await waitFor('the form', async () => (await fetch(address)).status === 200, { withinMs: 30_000 });
		const body = new FormData();
		body.set('field-0', 'newcomer@example.com\nnowhere@example.com');
		expect((await fetch(address, { method: 'POST', body })).status).toBe(200);
		await waitFor('the last name of Salesforce', () => contact(id).lastname === 'Comer', { withinMs: 60_000 });
		for (const name of others) await publish(name);
	});

	it('a contact that leaves the segment stops both ways, and nothing is blanked', async () => {
		const [, leaver = 0] = complete();
		const before = { ...contact(leaver) };
		hubspot().removeFromList(SEGMENT, [leaver]);
		hubspot().changeContact(leaver, { jobtitle: 'Gone' });
		const [record] = records(before.email);
		salesforce().change('Contact', String(record?.['Id']), { FirstName: 'Late' });
		const calls = e2e.sandbox.hubspot.requests.total;
		await waitFor('some polls', () => e2e.sandbox.hubspot.requests.total > calls + 30, { withinMs: 90_000 });
		expect(records(before.email)).toMatchObject([{ FirstName: 'Late', LastName: before.lastname ?? '' }]);
		expect(records(before.email)[0]?.['Title']).not.toBe('Gone');
		expect(contact(leaver).firstname ?? '').toBe(before.firstname ?? '');
	});

	it('goes quiet: nothing is written and no execution begins once nothing changes', async () => {
		const executions = async () => {
			const lists = await Promise.all(Object.values(workflows).map(async ({ id }) => await e2e.api.listExecutions(id)));
			return lists.flat().length;
		};
		const states = (): string =>
			JSON.stringify([writesOf(e2e.sandbox.hubspot), [...salesforce().table('Contact').rows.values()]]);
		let before = { count: await executions(), state: states() };
		await waitFor(
			'quiet',
			async () => {
				const polled = e2e.sandbox.hubspot.requests.total;
				await waitFor('polls', () => e2e.sandbox.hubspot.requests.total > polled + 12, { withinMs: 60_000 });
				const now = { count: await executions(), state: states() };
				const isQuiet = now.count === before.count && now.state === before.state;
				before = now;
				return isQuiet;
			},
			{ withinMs: 120_000 },
		);
	});
});
