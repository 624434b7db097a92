import { linkedContacts } from '../../../demo/flows/linkedContacts';
import { NODE_TYPES, readTemplate } from '../../../demo/n8n/importTemplate';
import type { StoredWorkflow } from '../../../demo/n8n/n8nApi';
import { pollsEvery } from '../../../demo/n8n/quickPolls';
import { operate } from '../../clients/salesforce/support/organisation';
import type { E2e } from '../support/startE2e';
import { startE2e } from '../support/startE2e';
import { waitFor } from '../support/waitFor';

type Attributes = Record<string, string | null>;

/**
 * What happens in Brevo comes back to HubSpot and Salesforce, on a real n8n, from the four templates, beside the two syncs that run
 * into Brevo. One of them alone would be no test: each must not undo, echo or blank what the others do.
 */
describe('what happens in Brevo comes back', () => {
	let e2e: E2e;
	const workflows: Record<string, StoredWorkflow> = {};
	const within = { withinMs: 90_000 };

	beforeAll(async () => {
		e2e = await startE2e({ members: 12, salesforce: { contacts: 20, leads: 4 }, editor: false });
		const pollTimes = pollsEvery(2);
		const options = { lookbackMinutes: 0.5 };
		const polls: Record<string, Record<string, unknown>> = {
			[NODE_TYPES.trigger]: { pollTimes },
			[NODE_TYPES.salesforceTrigger]: { pollTimes, options },
			[NODE_TYPES.brevoTrigger]: { pollTimes, options },
		};
		workflows.hubspot = await e2e.importSync(polls);
		workflows.salesforce = await e2e.importSync(polls, 'Contact');
		const back = async (name: string, map: Record<string, unknown> = {}) =>
			await e2e.importTemplate(readTemplate(name), { ...polls, [NODE_TYPES.map]: map });
		workflows.unsubscribesToHubSpot = await back('brevo-unsubscribes-to-hubspot');
		workflows.unsubscribesToSalesforce = await back('brevo-unsubscribes-to-salesforce');
		// Emptied values are carried as well, so that what must not be emptied shows.
		const map = (value: Record<string, string>) => ({
			mapping: { mappingMode: 'defineBelow', value },
			options: { emptyValues: 'clear' },
		});
		workflows.editsToHubSpot = await back(
			'brevo-edits-to-hubspot',
			map({ email: 'EMAIL', firstname: 'FIRSTNAME', lastname: 'LASTNAME', jobtitle: 'JOB_TITLE' }),
		);
		workflows.editsToSalesforce = await back(
			'brevo-edits-to-salesforce',
			map({ Email: 'EMAIL', FirstName: 'FIRSTNAME', LastName: 'LASTNAME', Birthdate: 'BIRTHDAY' }),
		);
		for (const name of ['hubspot', 'salesforce'] as const) {
			const workflow = workflows[name] as StoredWorkflow;
			await e2e.api.publish(workflow.id);
			await e2e.finishSync(workflow);
		}
		for (const name of Object.keys(workflows).filter((one) => /To/.test(one)))
			await e2e.api.publish(workflows[name]?.id ?? '');
		// The first walk of each, after which changes from now on are emitted.
		await waitForPolls(4);
	});
	afterAll(async () => await e2e?.close());

	const brevo = () => e2e.sandbox.brevo;
	const hubspot = () => e2e.sandbox.hubspot.store;
	const records = () => [...e2e.sandbox.salesforce.store.table('Contact').rows.values()];
	const record = (id: string) => e2e.sandbox.salesforce.store.must('Contact', id);
	const waitForPolls = async (count: number) => {
		const asked = () => brevo().requests.counts()['GET /contacts'] ?? 0;
		const before = asked();
		await waitFor('polls of Brevo', () => asked() >= before + 4 * count, within);
	};
	const inBrevo = async (op: string, args: Record<string, unknown>) => {
		const headers = { 'content-type': 'application/json' };
		const body = JSON.stringify({ op, ...args });
		const answer = await fetch(`${brevo().origin}/_sandbox/do`, { method: 'POST', headers, body });
		expect(answer.status).toBe(200);
	};
	const edit = async (id: number, attributes: Attributes) => await inBrevo('editContact', { id, attributes });
	const taken = new Set<number>();
	const next = (system: 'hubspot' | 'salesforce') => {
		const found = linkedContacts(e2e.sandbox, system).find(({ id }) => !taken.has(id));
		if (!found) throw new Error(`No contact of ${system} is left`);
		taken.add(found.id);
		return found;
	};
	/** Everything that executions of a workflow put out, as text. */
	const told = async (name: string) => {
		const executions = await e2e.api.listExecutions(workflows[name]?.id ?? '');
		return JSON.stringify(await Promise.all(executions.map(async ({ id }) => await e2e.api.getExecution(id))));
	};

	it('HB-22, HB-23: an unsubscribe in Brevo reaches HubSpot, and unblocking there is carried nowhere', async () => {
		const person = next('hubspot');
		const properties = () => hubspot().contact(person.record).properties;
		const before = { ...properties() };
		await inBrevo('unsubscribe', { id: person.id });
		await waitFor('the opt-out in HubSpot', () => properties().hs_email_optout === 'true', within);
		await inBrevo('resubscribe', { id: person.id });
		await waitForPolls(4);
		expect(properties().hs_email_optout).toBe('true');
		expect(properties()).toMatchObject({ email: before.email, firstname: before.firstname, lastname: before.lastname });
	});

	it('HB-23: the same in Salesforce, for the contact and every lead with the address', async () => {
		const person = next('salesforce');
		const lead = e2e.sandbox.salesforce.store.insert('Lead', {
			Email: person.email,
			LastName: 'Twin',
			Company: 'Twins',
		});
		await inBrevo('unsubscribe', { id: person.id });
		const leads = () => e2e.sandbox.salesforce.store.must('Lead', String(lead['Id']));
		await waitFor('both opt-outs', () => record(person.record)['HasOptedOutOfEmail'] === true && leads()['HasOptedOutOfEmail'] === true, within); // prettier-ignore
		await inBrevo('resubscribe', { id: person.id });
		await waitForPolls(4);
		expect(record(person.record)['HasOptedOutOfEmail']).toBe(true);
	});

	it('HB-21: a contact created in Brevo is created nowhere else, and says why', async () => {
		await inBrevo('createContact', {
			email: 'only-here@example.org',
			attributes: { FIRSTNAME: 'Only', LASTNAME: 'Here' },
		});
		await waitForPolls(4);
		expect(hubspot().contacts.holderOf('only-here@example.org')).toBeUndefined();
		expect(records().some(({ Email }) => Email === 'only-here@example.org')).toBe(false);
		expect(await told('editsToHubSpot')).toContain('UPDATE_ONLY');
	});

	it('an edit in Brevo reaches HubSpot and stays, and the sync into Brevo leaves it there', async () => {
		const person = next('hubspot');
		const properties = () => hubspot().contact(person.record).properties;
		await edit(person.id, { FIRSTNAME: 'Renamed', JOB_TITLE: 'Edited in Brevo' });
		await waitFor('the edit in HubSpot', () => properties().jobtitle === 'Edited in Brevo', within);
		await waitForPolls(3);
		expect(properties()).toMatchObject({ firstname: 'Renamed', email: person.email });
		expect(brevo().store.contacts.get(person.id)?.attributes).toMatchObject({ FIRSTNAME: 'Renamed' });
	});

	it('SB-19: a date edited in Brevo reaches Salesforce as the day it is', async () => {
		const person = next('salesforce');
		await edit(person.id, { BIRTHDAY: '1990-09-25' });
		await waitFor('the day in Salesforce', () => record(person.record)['Birthdate'] === '1990-09-25', within);
	});

	it('SB-21: a last name emptied in Brevo is kept, and the other edits are carried', async () => {
		const person = next('salesforce');
		const lastName = record(person.record)['LastName'];
		await edit(person.id, { LASTNAME: null, FIRSTNAME: 'Kept' });
		await waitFor('the first name', () => record(person.record)['FirstName'] === 'Kept', within);
		expect(record(person.record)['LastName']).toBe(lastName);
		await waitFor('the warning', async () => (await told('editsToSalesforce')).includes('REQUIRED_VALUE_KEPT'), within);
	});

	it('SB-25: a first name of more than 40 characters is left out by name, and the other edits are carried', async () => {
		const person = next('salesforce');
		const firstName = record(person.record)['FirstName'];
		await edit(person.id, { FIRSTNAME: 'x'.repeat(41), BIRTHDAY: '1980-01-02' });
		await waitFor('the day', () => record(person.record)['Birthdate'] === '1980-01-02', within);
		expect(record(person.record)['FirstName']).toBe(firstName);
		await waitFor('the warning', async () => (await told('editsToSalesforce')).includes('VALUE_TOO_LONG'), within);
	});

	it('SB-27: a contact deleted in Brevo stays in Salesforce, with or without a case', async () => {
		const person = next('salesforce');
		await operate(e2e.sandbox.salesforce, 'openCase', { contactId: person.record });
		await inBrevo('deleteContact', { id: person.id });
		await waitForPolls(6);
		expect(record(person.record)['IsDeleted']).toBe(false);
	});

	it("SB-27: takes its record to the recycle bin where 'Contacts That Leave' says so; one with a case stays, and says why", async () => {
		const [person, kept] = [next('salesforce'), next('salesforce')];
		const { id } = workflows.editsToSalesforce as StoredWorkflow;
		const stored = await e2e.api.getWorkflow(id);
		const nodes = stored.nodes.map((node) =>
			node.type === NODE_TYPES.upsert ? { ...node, parameters: { ...node.parameters, leavers: 'delete' } } : node,
		);
		await e2e.api.unpublish(id);
		await e2e.api.updateWorkflow(id, { ...stored, nodes });
		await e2e.api.publish(id);
		// The next walk through all contacts learns which records they are linked to.
		await waitForPolls(4);
		await operate(e2e.sandbox.salesforce, 'openCase', { contactId: kept.record });
		for (const one of [kept, person]) await inBrevo('deleteContact', { id: one.id });
		await waitFor('the deletion', () => record(person.record)['IsDeleted'] === true, within);
		await waitFor('the outcome', async () => (await told('editsToSalesforce')).includes('DELETE_REFUSED'), within);
		expect(record(kept.record)['IsDeleted']).toBe(false);
	});

	it('no write made anyone mailable again, and all goes quiet', async () => {
		expect(brevo().store.resubscriptions).toEqual([]);
		await waitForPolls(4);
		const writes = () => [brevo().store.writes.length, e2e.sandbox.hubspot.requests.counts()['POST /crm/objects/2026-09/contacts/batch/update'] ?? 0]; // prettier-ignore
		const before = writes();
		await waitForPolls(4);
		expect(writes()).toEqual(before);
	});
});
