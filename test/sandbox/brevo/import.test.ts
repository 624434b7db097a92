import { callsTo, startEmptyBrevo, type Call } from './brevoCalls';
import type { RunningBrevo } from '../../../sandbox/brevo';

let brevo: RunningBrevo;
let call: Call;
beforeEach(async () => {
	brevo = await startEmptyBrevo();
	call = callsTo(brevo);
});
afterEach(() => brevo.close());

type Rows = { email?: string; ext_id?: string; attributes?: Record<string, unknown> }[];

const importRows = async (jsonBody: Rows, more: object = {}) => {
	const answer = await call('POST', '/contacts/import', { jsonBody, listIds: [1], disableNotification: true, ...more });
	expect(answer.status).toBe(202);
	await brevo.idle();
	return (await call('GET', `/processes/${answer.body.processId}`)).body.info.import;
};
const read = async (email: string) => (await call('GET', `/contacts/${encodeURIComponent(email)}`)).body;
const csvOf = async (url: string | null | undefined) => (url ? (await fetch(url)).text() : url);

describe('Brevo sandbox: POST /contacts/import', () => {
	it('answers 202 at once, stores later, and shows queued, in_process, completed', async () => {
		brevo.settings.importDelayMs = 1_000;
		brevo.clock.freeze();
		const jsonBody = Array.from({ length: 100 }, (_unused, n) => ({ email: `p${n}@example.com` }));
		const { body } = await call('POST', '/contacts/import', { jsonBody, listIds: [1] });
		const status = async () => (await call('GET', `/processes/${body.processId}`)).body.status;
		expect(await status()).toBe('queued');
		brevo.clock.advance(400);
		expect([await status(), brevo.store.contacts.size]).toEqual(['in_process', 0]);
		brevo.clock.advance(400);
		expect(await status()).toBe('in_process');
		const halfWay = brevo.store.contacts.size;
		expect(halfWay).toBeGreaterThan(0);
		expect(halfWay).toBeLessThan(100);
		brevo.clock.advance(400);
		expect([await status(), brevo.store.contacts.size]).toEqual(['completed', 100]);
	});

	it('runs imports into one list one after the other, others side by side', async () => {
		brevo.settings.importDelayMs = 1_000;
		brevo.settings.importMsPerRow = 0;
		brevo.clock.freeze();
		for (const list of [1, 1, 2]) {
			await call('POST', '/contacts/import', { jsonBody: [{ email: 'a@example.com' }], listIds: [list] });
		}
		const statuses = async () => (await call('GET', '/processes?sort=asc')).body.processes.map(({ status }) => status);
		brevo.clock.advance(500);
		expect(await statuses()).toEqual(['in_process', 'queued', 'in_process']);
		brevo.clock.advance(600);
		expect(await statuses()).toEqual(['completed', 'queued', 'completed']);
		brevo.clock.advance(1_100);
		expect(await statuses()).toEqual(['completed', 'completed', 'completed']);
	});

	it('carries the imports of an account out one after the other, each in another time, where it is set so', async () => {
		Object.assign(brevo.settings, {
			importDelayMs: 5_000,
			longestImportMs: 300_000,
			importMsPerRow: 0,
			importsOneByOne: true,
		});
		brevo.clock.freeze();
		for (const list of [1, 2, 1]) {
			await call('POST', '/contacts/import', { jsonBody: [{ email: 'a@example.com' }], listIds: [list] });
		}
		const ended: number[] = [];
		for (let seconds = 0; ended.length < 3 && seconds < 1_000; seconds++) {
			brevo.clock.advance(1_000);
			const { processes } = (await call('GET', '/processes?sort=asc')).body;
			const running = processes.filter(({ status }) => status === 'in_process');
			expect(running.length).toBeLessThan(2);
			const done = processes.filter(({ status }) => status === 'completed').length;
			while (ended.length < done) ended.push(seconds);
		}
		const lengths = ended.map((at, index) => at - (ended[index - 1] ?? 0));
		expect(lengths).toHaveLength(3);
		expect(new Set(lengths).size).toBe(3);
		for (const seconds of lengths) {
			expect(seconds).toBeGreaterThanOrEqual(4);
			expect(seconds).toBeLessThanOrEqual(301);
		}
	});

	it('creates and updates, adds to the list, and says nothing about what it dropped', async () => {
		await call('POST', '/contacts', { email: 'known@example.com', attributes: { CITY: 'Lyon', FIRSTNAME: 'Ada' } });
		const report = await importRows([
			{ email: 'Known@example.com', attributes: { CITY: 'Paris', NOT_THERE: 1, BIRTHDAY: 'soon', FIRSTNAME: '' } },
			{ email: 'fresh@example.com', attributes: { CITY: 'Rome' } },
		]);
		expect(Object.values(report).every((url) => url === null)).toBe(true);
		expect(await read('known@example.com')).toMatchObject({ id: 1, listIds: [1] });
		expect((await read('known@example.com')).attributes).toEqual({ CITY: 'Paris', FIRSTNAME: 'Ada' });
		expect((await read('fresh@example.com')).attributes).toEqual({ CITY: 'Rome' });
	});

	it('erases with empty values only when emptyContactsAttributes is on', async () => {
		await call('POST', '/contacts', { email: 'a@example.com', attributes: { CITY: 'Lyon', NOTES: 'x' } });
		await importRows([{ email: 'a@example.com', attributes: { CITY: '', NOTES: null } }]);
		expect((await read('a@example.com')).attributes).toEqual({ CITY: 'Lyon', NOTES: 'x' });
		await importRows([{ email: 'a@example.com', attributes: { CITY: '', NOTES: null } }], {
			emptyContactsAttributes: true,
		});
		expect((await read('a@example.com')).attributes).toEqual({});
	});

	it('leaves existing contacts alone with updateExistingContacts false, but adds them to the list', async () => {
		await call('POST', '/contacts', { email: 'a@example.com', attributes: { CITY: 'Lyon' } });
		await importRows([{ email: 'a@example.com', attributes: { CITY: 'Rome' } }], { updateExistingContacts: false });
		expect(await read('a@example.com')).toMatchObject({ attributes: { CITY: 'Lyon' }, listIds: [1] });
	});

	it('reports invalid addresses, and stores the rest', async () => {
		const report = await importRows([{ email: 'bad@@example' }, { email: 'no-at' }, { email: 'ok@example.com' }]);
		expect(await csvOf(report.invalid_emails)).toBe('EMAIL;EXT_ID;SMS\nbad@@example;;\nno-at;;\n');
		expect([...brevo.store.contacts.values()].map(({ identifiers }) => identifiers.email)).toEqual(['ok@example.com']);
	});

	it('reports a phone, and an external id, that belongs to another contact; the row is not stored (importClash: report)', async () => {
		brevo.settings.importClash = 'report';
		await call('POST', '/contacts', { email: 'a@example.com', ext_id: 'key-1', attributes: { SMS: '33612345678' } });
		const report = await importRows([
			{ email: 'b@example.com', attributes: { SMS: '+33612345678' } },
			{ email: 'c@example.com', attributes: { EXT_ID: 'key-1' } },
			{ email: 'd@example.com', ext_id: 'key-1' },
			{ email: 'e@example.com', attributes: { SMS: '33700000001' } },
			{ email: 'f@example.com', attributes: { SMS: '33700000001' } },
		]);
		expect(await csvOf(report.duplicate_phone_id)).toBe(
			'EMAIL;EXT_ID;SMS\nb@example.com;;+33612345678\nf@example.com;;33700000001\n',
		);
		expect(await csvOf(report.duplicate_ext_id)).toBe('EMAIL;EXT_ID;SMS\nc@example.com;key-1;\nd@example.com;key-1;\n');
		expect([...brevo.store.contacts.values()].map(({ identifiers }) => identifiers.email)).toEqual([
			'a@example.com',
			'e@example.com',
		]);
	});

	it('takes the external id in both spellings, or as the account is set', async () => {
		await importRows([
			{ email: 'a@example.com', ext_id: 'key-1' },
			{ email: 'b@example.com', attributes: { EXT_ID: 'key-2' } },
		]);
		expect((await call('GET', '/contacts/key-1?identifierType=ext_id')).body.email).toBe('a@example.com');
		expect((await call('GET', '/contacts/key-2?identifierType=ext_id')).body.email).toBe('b@example.com');
		brevo.settings.importExtId = 'none';
		await importRows([{ email: 'c@example.com', ext_id: 'key-3', attributes: { EXT_ID: 'key-3' } }]);
		expect((await call('GET', '/contacts/key-3?identifierType=ext_id')).status).toBe(404);
		expect((await read('c@example.com')).attributes).toEqual({});
	});

	it('keeps a row with a bad phone without the phone, or loses it without a report, as the account is set', async () => {
		const rows = [{ email: 'a@example.com', attributes: { SMS: '12345', CITY: 'Lyon' } }];
		brevo.settings.importBadPhone = 'skipRow';
		await importRows(rows);
		expect(brevo.store.contacts.size).toBe(0);
		brevo.settings.importBadPhone = 'keepRow';
		await importRows(rows);
		expect((await read('a@example.com')).attributes).toEqual({ CITY: 'Lyon' });
	});

	it('keeps the first of two rows with one address and reports the other, or lets the last win', async () => {
		const rows = [
			{ email: 'a@example.com', attributes: { CITY: 'Lyon' } },
			{ email: 'A@example.com', attributes: { CITY: 'Rome' } },
		];
		const report = await importRows(rows);
		expect(await csvOf(report.duplicate_email_id)).toContain('A@example.com');
		expect((await read('a@example.com')).attributes.CITY).toBe('Lyon');
		brevo.settings.importDuplicateRows = 'lastWins';
		await importRows(rows);
		expect((await read('a@example.com')).attributes.CITY).toBe('Rome');
	});

	it('does not touch a contact whose row changes nothing', async () => {
		const rows = [{ email: 'a@example.com', attributes: { CITY: 'Lyon' } }];
		await importRows(rows);
		const before = (await read('a@example.com')).modifiedAt;
		brevo.clock.advance(60_000);
		await importRows(rows);
		expect((await read('a@example.com')).modifiedAt).toBe(before);
		expect(brevo.store.writes).toHaveLength(1);
	});

	it('merges the contacts that a row shares identifiers with: the external id ranks first, the landline last', async () => {
		const landline = { LANDLINE_NUMBER: '+493012345678' };
		await call('POST', '/contacts', { email: 'boss@example.com', attributes: landline, emailBlacklisted: true });
		const { body: keyed } = await call('POST', '/contacts', { email: 'keyed@example.com', ext_id: 'key-1' });
		const { body: known } = await call('POST', '/contacts', { email: 'known@example.com' });
		await importRows([
			{ email: 'known@example.com', ext_id: 'key-1', attributes: { CITY: 'Lyon' } },
			{ email: 'new@example.com', attributes: { CITY: 'Bonn' } },
			{ email: 'new@example.org', attributes: landline },
		]);
		expect(await read('known@example.com')).toMatchObject({ id: keyed.id, attributes: { CITY: 'Lyon' } });
		expect(brevo.store.contacts.has(known.id)).toBe(false);
		expect((await read('boss@example.com')).code).toBe('document_not_found');
		expect((await read('new@example.org')).emailBlacklisted).toBe(true);
		brevo.settings.importDuplicateRows = 'lastWins';
		await importRows([{ email: 'new@example.com', attributes: landline }]);
		expect((await read('new@example.com')).emailBlacklisted).toBe(false);
		expect(brevo.store.resubscriptions).toMatchObject([{ via: 'import', cause: 'merged' }]);
	});

	it.each(['importBooleans', 'importDates', 'importChoices'] as const)('can leave out what %s names', async (name) => {
		const attributes = { CITY: 'Lyon', IS_CUSTOMER: true, BIRTHDAY: '1990-02-03', INTERESTS: ['Events'] };
		const dropped = { importBooleans: 'IS_CUSTOMER', importDates: 'BIRTHDAY', importChoices: 'INTERESTS' }[name];
		for (const setting of ['importBooleans', 'importDates', 'importChoices'] as const)
			brevo.settings[setting] = setting === name ? 'ignored' : 'stored';
		await importRows([{ email: 'a@example.com', attributes }]);
		const { [dropped as 'CITY']: _left, ...rest } = attributes;
		expect((await read('a@example.com')).attributes).toEqual(rest);
		expect(brevo.store.dropped).toMatchObject([{ name: dropped, why: 'not in imports' }]);
	});

	it('makes the list of newList in its folder', async () => {
		await importRows([{ email: 'a@example.com' }], { listIds: undefined, newList: { listName: 'Fresh', folderId: 2 } });
		const { body } = await call('GET', '/contacts/folders/2/lists');
		expect(body).toMatchObject({ count: 1, lists: [{ name: 'Fresh', uniqueSubscribers: 1 }] });
	});

	it('reads CSV text with semicolons, quotes, and typed columns', async () => {
		brevo.settings.importBooleans = 'stored';
		const fileBody =
			'EMAIL;FIRSTNAME;IS_CUSTOMER;ANNUAL_REVENUE;INTERESTS;SMS;EXT_ID\r\n' +
			'a@example.com;"Ada; ""the first""";yes;12.5;"Events,Offers";+33612345678;key-1\r\n' +
			'b@example.com;Bo;maybe;much;;;\n';
		await importRows([], { jsonBody: undefined, fileBody });
		expect((await read('a@example.com')).attributes).toEqual({
			FIRSTNAME: 'Ada; "the first"',
			IS_CUSTOMER: true,
			ANNUAL_REVENUE: 12.5,
			INTERESTS: ['Events', 'Offers'],
			SMS: '33612345678',
			EXT_ID: 'key-1',
		});
		expect((await read('b@example.com')).attributes).toEqual({ FIRSTNAME: 'Bo' });
	});

	it.each([
		[{ listIds: [1] }, 'missing_parameter'],
		[{ listIds: [1], jsonBody: [{ email: 'a@example.com' }], fileBody: 'EMAIL\na@example.com' }, 'invalid_parameter'],
		[{ jsonBody: [{ email: 'a@example.com' }] }, 'missing_parameter'],
		[{ jsonBody: [{ email: 'a@example.com' }], listIds: [] }, 'missing_parameter'],
		[{ jsonBody: [{ email: 'a@example.com' }], listIds: [999] }, 'invalid_parameter'],
		[{ jsonBody: [{ email: 'a@example.com' }], listIds: '1' }, 'invalid_parameter'],
		[{ jsonBody: { email: 'a@example.com' }, listIds: [1] }, 'invalid_parameter'],
		[{ jsonBody: [{ email: 5 }], listIds: [1] }, 'invalid_parameter'],
		[{ jsonBody: [{ email: 'a@example.com', attributes: 'x' }], listIds: [1] }, 'invalid_parameter'],
		[{ jsonBody: [], listIds: [1] }, 'invalid_parameter'],
		[{ jsonBody: [{ email: 'a@example.com' }], newList: { listName: 'x', folderId: 99 } }, 'document_not_found'],
		[{ jsonBody: [{ email: 'a@example.com' }], listIds: [1], updateExistingContacts: 'yes' }, 'invalid_parameter'],
	])('refuses %j with %s', async (body, code) => {
		const answer = await call('POST', '/contacts/import', body);
		expect([answer.status < 500, answer.body.code]).toEqual([true, code]);
		expect((await call('GET', '/processes')).body.count).toBe(0);
	});

	it('refuses a body above 10 MB and takes one of 9 MB', async () => {
		const rows = (bytes: number) => [{ email: 'a@example.com', attributes: { NOT_THERE: 'x'.repeat(bytes) } }];
		const tooBig = await call('POST', '/contacts/import', { jsonBody: rows(10_000_000), listIds: [1] });
		expect([tooBig.status, tooBig.body.code]).toEqual([400, 'out_of_range']);
		expect((await call('POST', '/contacts/import', { jsonBody: rows(9_000_000), listIds: [1] })).status).toBe(202);
	});

	it('can fail as a whole: status failed, nothing stored', async () => {
		brevo.settings.failImports = 1;
		const { body } = await call('POST', '/contacts/import', { jsonBody: [{ email: 'a@example.com' }], listIds: [1] });
		await brevo.idle();
		expect((await call('GET', `/processes/${body.processId}`)).body).toEqual({
			id: body.processId,
			name: 'IMPORTUSER',
			status: 'failed',
		});
		expect(brevo.store.contacts.size).toBe(0);
	});

	it('answers unknown processes with 404, at most 50 in a listing', async () => {
		expect((await call('GET', '/processes/77')).body.code).toBe('document_not_found');
		const wrong = await call('GET', '/processes/abc');
		expect([wrong.status, wrong.body.code]).toEqual([404, 'invalid_parameter']);
		expect((await call('GET', '/processes?limit=51')).body.code).toBe('out_of_range');
	});
});
