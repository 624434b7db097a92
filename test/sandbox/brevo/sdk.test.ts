import { Brevo, BrevoClient } from '@getbrevo/brevo';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { startEmptyBrevo } from './brevoCalls';

let brevo: RunningBrevo;
let client: BrevoClient;
beforeEach(async () => {
	brevo = await startEmptyBrevo({ settings: { limits: true } });
	client = new BrevoClient({ apiKey: brevo.apiKey, baseUrl: brevo.url, maxRetries: 0 });
});
afterEach(() => brevo.close());

const failure = async (work: PromiseLike<unknown>): Promise<Brevo.BadRequestError> =>
	Promise.resolve(work).then(
		() => {
			throw new Error('expected a refusal');
		},
		(error: Brevo.BadRequestError) => error,
	);

describe('Brevo sandbox, seen by Brevo’s own SDK', () => {
	it('attributes: create, read, widen, delete', async () => {
		await client.contacts.createAttribute({
			attributeCategory: 'category',
			attributeName: 'SIZE',
			type: 'category',
			enumeration: [{ value: 1, label: 'Small' }],
		});
		await client.contacts.updateAttribute({
			attributeCategory: 'category',
			attributeName: 'SIZE',
			enumeration: [{ value: 2, label: 'Large' }],
		});
		const { attributes } = await client.contacts.getAttributes();
		expect(attributes.find(({ name }) => name === 'SIZE')?.enumeration?.map(({ label }) => label)).toEqual([
			'Small',
			'Large',
		]);
		await client.contacts.deleteAttribute({ attributeCategory: 'category', attributeName: 'SIZE' });
		const after = await client.contacts.getAttributes();
		expect(after.attributes.some(({ name }) => name === 'SIZE')).toBe(false);
	});

	it('folders and lists: create, find, fill, empty, delete', async () => {
		const folder = await client.contacts.createFolder({ name: 'HubSpot contacts' });
		const list = await client.contacts.createList({ name: 'Fans', folderId: folder.id });
		const { lists, count } = await client.contacts.getLists({ limit: 50, sort: 'asc' });
		expect([count, lists?.at(-1)?.name]).toEqual([3, 'Fans']);
		const contact = await client.contacts.createContact({ email: 'a@example.com', ext_id: 'key-1' });
		const added = await client.contacts.addContactToList({ listId: list.id, body: { extIds: ['key-1'] } });
		expect(added.contacts).toMatchObject({ success: ['key-1'], failure: [] });
		const members = await client.contacts.getContactsFromList({ listId: list.id });
		expect(members.contacts.map(({ id }) => id)).toEqual([contact?.id]);
		await client.contacts.removeContactFromList({ listId: list.id, body: { emails: ['a@example.com'] } });
		expect((await client.contacts.getList({ listId: list.id })).uniqueSubscribers).toBe(0);
		await client.contacts.deleteFolder({ folderId: folder.id });
		expect((await failure(client.contacts.getList({ listId: list.id }))).statusCode).toBe(404);
	});

	it('contacts: create, update, change the e-mail, read by every kind of name, delete', async () => {
		const created = await client.contacts.createContact({
			email: 'ada+test@example.com',
			ext_id: 'hubspot:1:contact:5',
			attributes: {
				FIRSTNAME: 'Ada',
				SMS: '+33612345678',
				INTERESTS: ['Events'],
				ANNUAL_REVENUE: 3.5,
				IS_CUSTOMER: true,
			},
			listIds: [1],
		});
		const again = await client.contacts.createContact({
			email: 'ada+test@example.com',
			updateEnabled: true,
			attributes: { CITY: 'Łódź' },
		});
		expect([created?.id, again?.id]).toEqual([1, undefined]);
		await client.contacts.updateContact({
			identifier: 'hubspot:1:contact:5',
			identifierType: 'ext_id',
			attributes: { EMAIL: 'ada@example.org' },
		});
		for (const request of [
			{ identifier: 'ada@example.org' },
			{ identifier: 1 },
			{ identifier: '33612345678', identifierType: 'phone_id' as const },
			{ identifier: 'hubspot:1:contact:5', identifierType: 'ext_id' as const },
		]) {
			const contact = await client.contacts.getContactInfo(request);
			expect(contact).toMatchObject({ id: 1, email: 'ada@example.org', listIds: [1], emailBlacklisted: false });
			expect(contact.attributes).toEqual({
				FIRSTNAME: 'Ada',
				SMS: '33612345678',
				INTERESTS: ['Events'],
				ANNUAL_REVENUE: 3.5,
				IS_CUSTOMER: true,
				CITY: 'Łódź',
				EXT_ID: 'hubspot:1:contact:5',
			});
		}
		await client.contacts.deleteContact({ identifier: 'ada@example.org' });
		const gone = await failure(client.contacts.getContactInfo({ identifier: 1 }));
		expect([gone.statusCode, gone.body]).toEqual([
			404,
			{ code: 'document_not_found', message: 'Contact does not exist' },
		]);
	});

	it('listings: ids, lists, modifiedSince and filter as the SDK spells them', async () => {
		for (const n of [1, 2, 3])
			await client.contacts.createContact({ email: `c${n}@example.com`, listIds: [n === 3 ? 2 : 1] });
		const ids = async (request: Brevo.GetContactsRequest) =>
			(await client.contacts.getContacts({ ...request, sort: 'asc' })).contacts.map(({ id }) => id);
		expect(await ids({ ids: [1, 3] })).toEqual([1, 3]);
		expect(await ids({ listIds: [1] })).toEqual([1, 2]);
		expect(await ids({ listIds: [1, 2], limit: 1, offset: 2 })).toEqual([3]);
		const { contacts } = await client.contacts.getContacts({ ids: 2 });
		expect(await ids({ modifiedSince: contacts[0]?.modifiedAt })).toEqual(expect.arrayContaining([2, 3]));
		brevo.clock.advance(2_000);
		expect(await ids({ filter: 'equals(EMAIL,"c2@example.com")' })).toEqual([2]);
	});

	it('import: process, report links as text or null', async () => {
		brevo.settings.importDelayMs = 60_000;
		const { processId } = await client.contacts.importContacts({
			jsonBody: [{ email: 'a@example.com', attributes: { FIRSTNAME: 'Ada' } }, { email: 'bad' }],
			listIds: [1],
			disableNotification: true,
		});
		expect((await client.process.getProcess({ processId })).info).toBeUndefined();
		brevo.clock.advance(60_000);
		await brevo.idle();
		const done = await client.process.getProcess({ processId });
		expect(done).toMatchObject({ id: processId, name: 'IMPORTUSER', status: 'completed' });
		expect(done.info?.import?.duplicate_email_id).toBeNull();
		expect(await (await fetch(done.info?.import?.invalid_emails ?? '')).text()).toContain('bad');
		expect((await client.process.getProcesses({ limit: 50 })).count).toBe(1);
		expect((await client.contacts.getContactInfo({ identifier: 'a@example.com' })).listIds).toEqual([1]);
	});

	it('errors: a duplicate with its metadata, a wrong key, the account', async () => {
		await client.contacts.createContact({ email: 'a@example.com' });
		const duplicate = await failure(client.contacts.createContact({ email: 'a@example.com' }));
		expect(duplicate).toBeInstanceOf(Brevo.BadRequestError);
		expect(duplicate.body).toMatchObject({
			code: 'duplicate_parameter',
			metadata: { duplicate_identifiers: ['email'] },
		});
		const stranger = new BrevoClient({ apiKey: 'xkeysib-wrong', baseUrl: brevo.url, maxRetries: 0 });
		const unauthorized = await failure(stranger.account.getAccount());
		expect([unauthorized.statusCode, unauthorized.body]).toEqual([
			401,
			{ code: 'unauthorized', message: 'Key not found' },
		]);
		expect((await client.account.getAccount()).plan[0]?.type).toBe('free');
	});

	it('429: thrown with the reset header, and passed by the SDK’s own retries', async () => {
		brevo.settings.contactsPerSecond = 2;
		await client.contacts.getSegments();
		await client.contacts.getSegments();
		const refused = await failure(client.contacts.getSegments());
		expect(refused.statusCode).toBe(429);
		expect(refused.rawResponse?.headers.get('x-sib-ratelimit-reset')).toBe('1');
		const patient = new BrevoClient({ apiKey: brevo.apiKey, baseUrl: brevo.url, maxRetries: 3 });
		expect((await patient.contacts.getSegments()).count).toBe(1);
		expect(brevo.requests.statuses()['429']).toBeGreaterThanOrEqual(2);
	});
});
