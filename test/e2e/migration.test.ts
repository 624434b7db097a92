import { findLastIndex } from 'lodash';
import { constantContactFile, mailchimpZip, person } from '../../demo/migration/authoredFiles';
import type { DroppedFile } from '../../demo/migration/formVisitor';
import type { PublishedMigration } from '../../demo/migration/migrationForm';
import { choose, publishMigration, SET_MARKETING } from '../../demo/migration/migrationForm';
import { parse } from 'papaparse';
import type { InboxMessage } from '../../sandbox/inbox';
import { writesOf } from '../support/hubSpotAccount';
import type { E2e } from './support/startE2e';
import { startE2e } from './support/startE2e';

const LIST = 'Moved newsletter';
const people = (...names: string[]) => names.map(person);
const at = (name: string): string => `${name.toLowerCase()}@example.com`;
const textFile = (name: string, text: string): DroppedFile => ({ name, bytes: Buffer.from(text) });

interface Change {
	readonly id: string;
	readonly what: string;
	readonly property: string;
	readonly before: string;
	readonly after: string;
}

/** The rows of changes.csv, as n8n's Extract From File gives them; texts that look like formulas without their apostrophe. */
const changesOf = (mail: InboxMessage | undefined): Change[] => {
	const text = mail?.attachments?.find(({ name }) => name === 'changes.csv')?.text ?? '';
	return parse<Change>(text.replace(/^\uFEFF/, ''), {
		header: true,
		skipEmptyLines: true,
		transform: (value) => value.replace(/^'(?=[=+\-@\t\r])/, ''),
	}).data;
};

/** Both migrations on a real n8n, from the form with the files to HubSpot and back to the report (MG-01 to MG-28). */
describe('a migration into HubSpot', () => {
	let e2e: E2e;
	let mailchimp: PublishedMigration;
	let constantContact: PublishedMigration;

	beforeAll(async () => {
		e2e = await startE2e({ members: 5, editor: false });
		mailchimp = await publishMigration(e2e, 'mailchimp-to-hubspot');
		constantContact = await publishMigration(e2e, 'constant-contact-to-hubspot');
	});
	afterAll(async () => await e2e?.close());
	beforeEach(() => {
		e2e.sandbox.hubspot.requests.clear();
		e2e.sandbox.inbox.clear();
	});

	const hubspot = () => e2e.sandbox.hubspot.store;
	const contact = (name: string) => {
		const id = hubspot().contacts.holderOf(at(name));
		return id === undefined ? undefined : hubspot().contact(id).properties;
	};
	const isOptedOut = (name: string) => hubspot().preferences.optedOutAt(at(name)) !== undefined;
	const membersOf = (list: string) => {
		const found = hubspot().lists.byName(list);
		return found ? [...found.members.ids()].map((id) => hubspot().contact(id).properties.email).sort() : undefined;
	};
	const firstCall = (pattern: RegExp): number =>
		e2e.sandbox.hubspot.requests.entries.findIndex(({ path, status }) => pattern.test(path) && status < 400);
	const lastCall = (pattern: RegExp): number =>
		findLastIndex(e2e.sandbox.hubspot.requests.entries, ({ path, status }) => pattern.test(path) && status < 400);
	/** A cell of a table: its count stands before, or after, its words. */
	const says = (page: string, count: number, words: string): boolean =>
		page.includes(`<td>${count}</td><td>${words}`) || page.includes(`<td>${words}</td><td>${count}</td>`);

	/** Changes a contact as n8n's HTTP Request would. */
	const patch = async (id: string, properties: Readonly<Record<string, string>>): Promise<void> => {
		const { url, token } = e2e.sandbox.hubspot;
		const reply = await fetch(`${url}/crm/objects/2026-09/contacts/${id}`, {
			method: 'PATCH',
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' },
			body: JSON.stringify({ properties }),
		});
		expect(reply.status).toBe(200);
	};

	const audience = {
		subscribed: people('Ada', 'Bea', 'Cy', 'Hal'),
		unsubscribed: people('Bea', 'Dan', 'Ida'),
		cleaned: people('Eve'),
	};

	it('MG-01, MG-02, MG-08, MG-10, MG-14, MG-15, MG-23, MG-25: a zip of Mailchimp is previewed, and imported opt-outs first', async () => {
		hubspot().addContact({ email: at('Hal'), firstname: 'Harold', lastname: 'Example', phone: '+33472000000' });
		hubspot().addContact({ email: at('Ida'), firstname: 'Ida' });
		const { page, visitor } = await mailchimp.upload([mailchimpZip(audience)], LIST);
		expect(says(page, 3, 'new contacts are created')).toBe(false);
		expect(says(page, 2, 'new contacts are created')).toBe(true);
		expect(says(page, 4, 'addresses are unsubscribed in HubSpot')).toBe(true);
		expect(page).toContain('cleaned_email_audience_export');
		expect(page).toContain('Workflows of HubSpot may fire');
		expect(page).toContain('creates companies automatically');
		expect(page).toMatch(/It takes about \d+ calls/);
		expect(page).toContain('3 contacts may be mailed and are no marketing contacts yet');
		expect(writesOf(e2e.sandbox.hubspot)).toEqual({});
		expect(membersOf(LIST)).toBeUndefined();

		// While a person looks: one contact is made by hand, another one unsubscribes.
		hubspot().addContact({ email: at('Cy'), firstname: 'Cyrus' });
		hubspot().optOut(hubspot().contacts.holderOf(at('Hal')) ?? 0, true);
		const report = await visitor.submit(choose('import'));

		expect(membersOf(LIST)).toEqual([at('Ada'), at('Cy'), at('Hal')]);
		expect(contact('Ada')).toMatchObject({ firstname: 'Ada', lastname: 'Example', phone: '+33472000000' });
		expect(contact('Cy')?.firstname).toBe('Cy');
		expect(contact('Hal')).toMatchObject({ firstname: 'Hal', hs_email_optout: 'true' });
		for (const name of ['Bea', 'Dan', 'Eve', 'Ida'])
			expect({ name, out: isOptedOut(name) }).toEqual({ name, out: true });
		for (const name of ['Bea', 'Dan', 'Eve']) expect({ name, held: contact(name) }).toEqual({ name, held: undefined });
		expect(isOptedOut('Ada')).toBe(false);
		expect(lastCall(/unsubscribe-all$/)).toBeGreaterThan(0);
		expect(lastCall(/unsubscribe-all$/)).toBeLessThan(firstCall(/contacts\/batch\/(create|update)$/));
		expect(report).toContain('Everything arrived as it should.');
		expect(report).toContain('Every contact is accounted for: 7 of the files, 7 here.');
		expect(hubspot().imports.imports.size).toBe(0);

		// The way back in docs/migration-report.md, by hand: values of contacts that were there before.
		const changes = changesOf(e2e.sandbox.inbox.messages()[0]);
		const created = new Set(changes.filter(({ what }) => what === 'created').map(({ id }) => id));
		const values = changes.filter(({ id, what }) => what === 'value' && !created.has(id));
		for (const { id, property, before } of values) await patch(id, { [property]: before });
		expect(contact('Hal')).toMatchObject({ firstname: 'Harold', hs_email_optout: 'true' });
		expect(contact('Cy')).toMatchObject({ firstname: 'Cyrus' });
		expect(contact('Cy')?.lastname ?? '').toBe('');
		for (const { id, property, after } of values) await patch(id, { [property]: after });
		expect(contact('Hal')?.firstname).toBe('Hal');
	});

	it('MG-09, MG-28: the report comes by mail, with the rows left out and every change', async () => {
		const zip = mailchimpZip(
			{ subscribed: people('Jo'), unsubscribed: people('Kim'), cleaned: [] },
			{
				'nonsubscribed_email_audience_export_x.csv': 'Email Address,First Name\nlea@example.com,Lea\nno address,Max\n',
			},
		);
		const { visitor } = await mailchimp.upload([zip], LIST);
		const report = await visitor.submit(choose('import'));
		const [mail] = e2e.sandbox.inbox.messages();
		expect(mail?.subject).toBe('Import into HubSpot: 2 contacts, all as they should be');
		expect(mail?.html).toContain('Everything arrived as it should.');
		expect(report).toContain('e-mail settings, footer and sending domain, then images');
		const file = (name: string): string => mail?.attachments?.find((one) => one.name === name)?.text ?? '';
		expect(file('left-out.csv')).toMatch(/nonsubscribed\S*,3,,row refused,\w+,/);
		expect(file('left-out.csv')).toContain('lea@example.com,no consent,NO_CONSENT');
		const id = String(hubspot().contacts.holderOf(at('Jo')));
		expect(file('changes.csv')).toContain(`${id},jo@example.com,created`);
		expect(file('changes.csv')).toContain(',kim@example.com,opted out');
		expect(file('changes.csv')).not.toContain('ada@example.com');
		expect(file('opt-outs-for-hubspot.csv')).toContain('kim@example.com');
		expect(contact('Lea')).toBeUndefined();
	});

	it('F15: a newer export carries only what differs, opt-outs first', async () => {
		const newer = {
			subscribed: people('Bea', 'Cy', 'Hal', 'Nia'),
			unsubscribed: people('Ada', 'Dan', 'Ida'),
			cleaned: people('Eve'),
		};
		const { page, visitor } = await mailchimp.upload([mailchimpZip(newer)], LIST);
		expect(says(page, 1, 'opted out and come off the list')).toBe(true);
		await visitor.submit(choose('import'));
		expect(membersOf(LIST)).toEqual([at('Bea'), at('Cy'), at('Hal'), at('Jo'), at('Nia')]);
		expect(contact('Ada')?.hs_email_optout).toBe('true');
		// It subscribed anew in Mailchimp; in HubSpot only the contact itself can.
		expect(contact('Bea')?.hs_email_optout).toBe('true');
		const written = writesOf(e2e.sandbox.hubspot);
		expect(Object.keys(written).filter((route) => route.endsWith('/batch/update'))).toEqual([]);
		expect(lastCall(/unsubscribe-all$/)).toBeLessThan(firstCall(/contacts\/batch\/create$/));
	});

	it('MG-17, MG-18, MG-20, MG-21, MG-24: a file of Constant Contact for each status, as CSV and as Excel', async () => {
		const files = [
			constantContactFile('Active', people('Oda')),
			constantContactFile('Implied', people('Pia'), 'xlsx'),
			constantContactFile('Express', people('Quin')),
			constantContactFile('Unsubscribed', people('Ray', 'Oda')),
			constantContactFile('Awaiting confirmation', people('Sue'), 'xlsx'),
			constantContactFile('No permissions set', people('Tim')),
		];
		const { page, visitor } = await constantContact.upload(files, 'From Constant Contact');
		expect(says(page, 2, 'never agreed to get e-mail and are left out')).toBe(true);
		expect(page).toContain('Of 1 subscribed contact the only evidence is');
		const report = await visitor.submit(choose('import'));
		expect(membersOf('From Constant Contact')).toEqual([at('Pia'), at('Quin')]);
		for (const name of ['Oda', 'Ray']) expect({ name, out: isOptedOut(name) }).toEqual({ name, out: true });
		for (const name of ['Oda', 'Ray', 'Sue', 'Tim'])
			expect({ name, held: contact(name) }).toEqual({ name, held: undefined });
		expect(report).toContain('Everything arrived as it should.');
	});

	it('F18: contacts become marketing contacts where the page with the preview is answered so, and none that opted out', async () => {
		Object.assign(e2e.sandbox.hubspot.settings, { importTakesMs: 0 });
		const zip = mailchimpZip({ subscribed: people('Ulf', 'Vera'), unsubscribed: people('Vera'), cleaned: [] });
		const { page, visitor } = await mailchimp.upload([zip], 'Marketing');
		expect(page).toContain('1 contact may be mailed and is no marketing contact yet');
		const report = await visitor.submit(choose('import', SET_MARKETING));
		expect(report).toContain('Everything arrived as it should.');
		expect(contact('Ulf')?.hs_marketable_status).toBe('true');
		expect(hubspot().imports.imports.size).toBe(1);
		expect(report).toContain('1 contact was set as a marketing contact, which HubSpot bills.');
	});

	it('F18: the page says how many contacts HubSpot did not set as marketing contacts, and why; all else arrived', async () => {
		e2e.sandbox.hubspot.faults.next('POST /crm/imports/*', { status: 403, times: 50 });
		const zip = mailchimpZip({ subscribed: people('Walt', 'Xena'), unsubscribed: [], cleaned: [] });
		const { visitor } = await mailchimp.upload([zip], 'Marketing');
		const report = await visitor.submit(choose('import', SET_MARKETING));
		e2e.sandbox.hubspot.faults.clear();
		expect(report).toContain('0 contacts were set as marketing contacts, which HubSpot bills.');
		expect(report).toMatch(/2 contacts were not: \S.*crm\.import/);
		expect(report).toContain('Not everything arrived as it should');
		expect(membersOf('Marketing')).toEqual([at('Ulf'), at('Walt'), at('Xena')]);
		expect(contact('Walt')?.hs_marketable_status).not.toBe('true');
	});

	it("writes nothing when the person stops, and hands out the file for HubSpot's own import of opt-outs", async () => {
		const zip = mailchimpZip({ subscribed: people('Uma'), unsubscribed: people('Vic'), cleaned: [] });
		const stopped = await mailchimp.upload([zip], 'Nowhere');
		expect(await stopped.visitor.submit(choose('stop'))).toContain('Nothing was written');
		const asked = await mailchimp.upload([zip], 'Nowhere');
		const page = await asked.visitor.submit(choose('file'));
		expect(page).toContain('opt-outs-for-hubspot.csv');
		expect(writesOf(e2e.sandbox.hubspot)).toEqual({});
		expect([contact('Uma'), isOptedOut('Vic'), membersOf('Nowhere')]).toEqual([undefined, false, undefined]);
	});

	it.each([
		[
			'MG-20: without a column of addresses',
			textFile('contacts.csv', 'First Name,Phone\nAda,1\n'),
			'A file cannot be read',
		],
		['a zip that is damaged', textFile('audience.zip', 'PK\u0003\u0004 and then nothing'), 'A file cannot be read'],
		[
			'nobody who subscribed or opted out',
			textFile('names.csv', 'Email Address,First Name\nada@example.com,Ada\n'),
			'No contact to import',
		],
	])('a file that cannot be imported ends with a page that says why: %s', async (_what, file, words) => {
		const { page } = await mailchimp.upload([file], 'Nowhere');
		expect(page).toContain(words);
		expect(page).toContain('Nothing was written');
		expect(writesOf(e2e.sandbox.hubspot)).toEqual({});
	});

	it('HubSpot that does not answer is told on the page, and no contact is written before an opt-out', async () => {
		const zip = mailchimpZip({ subscribed: people('Wim'), unsubscribed: people('Xia'), cleaned: [] });
		const { visitor } = await mailchimp.upload([zip], LIST);
		e2e.sandbox.hubspot.faults.next('POST /communication-preferences/*', { status: 403, times: 50 });
		const report = await visitor.submit(choose('import'));
		e2e.sandbox.hubspot.faults.clear();
		expect(report).toContain('Not everything arrived as it should');
		expect([contact('Wim'), isOptedOut('Xia')]).toEqual([undefined, false]);
	});
});
