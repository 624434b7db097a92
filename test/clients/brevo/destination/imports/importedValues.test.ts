import type { MappedContact } from '../../../../../core/contact/contact';
import type { Clock } from '../../../../../core/ports';
import { newAccount, statusCounts, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { realClock } from '../../../../support/manualClock';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { told, useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

const run = async (contacts: readonly MappedContact[], account = newAccount(), clock?: Clock) =>
	await upsertIntoBrevo(sandbox.brevo, contacts, { list: { id: sandbox.list }, account, clock });
const counts = () => sandbox.brevo.requests.counts();

const VALUES = { IS_CUSTOMER: false, BIRTHDAY: '1990-02-03', INTERESTS: ['Events'] };
const crowdWith = (attributes: MappedContact['contact']['attributes'], first = 1) =>
	mappedCrowd(35, first).map((one) => mapped(one.source.id, { ...one.contact, attributes }));

describe('a value that imports drop', () => {
	it.each([
		['importBooleans', 'IS_CUSTOMER'],
		['importDates', 'BIRTHDAY'],
		['importChoices', 'INTERESTS'],
	] as const)(
		'is written singly once (%s)',
		async (setting, name) => {
			for (const one of ['importBooleans', 'importDates', 'importChoices'] as const)
				sandbox.brevo.settings[one] = one === setting ? 'ignored' : 'stored';
			const report = await run(crowdWith({ CITY: 'Bonn', ...VALUES }));
			expect([...new Set(told(report))]).toEqual(['created']);
			for (const { attributes } of sandbox.brevo.store.contacts.values())
				expect(attributes).toEqual({ CITY: 'Bonn', ...VALUES });
			expect([counts()['POST /contacts/import'], counts()['PUT /contacts/:id']]).toEqual([1, 35]);
			expect(sandbox.brevo.store.dropped.every((dropped) => dropped.name === name)).toBe(true);
		},
		30_000,
	);

	it('is remembered: the next rows that set it are one single call each, and the others an import', async () => {
		const account = newAccount();
		await run(crowdWith({ CITY: 'Bonn', IS_CUSTOMER: true }), account);
		const before = { ...counts() };
		expect(statusCounts(await run(crowdWith({ CITY: 'Bonn', IS_CUSTOMER: false }), account))).toEqual({ updated: 35 });
		expect(statusCounts(await run(crowdWith({ CITY: 'Rom', IS_CUSTOMER: false }, 40), account))).toEqual({
			created: 35,
		});
		expect(counts()['POST /contacts/import']).toBe(before['POST /contacts/import']);
		expect(counts()['POST /contacts']).toBe(35);
		expect(statusCounts(await run(crowdWith({ CITY: 'Rom' }), account))).toEqual({ updated: 35 });
		expect(counts()['POST /contacts/import']).toBe(2);
		expect([...sandbox.brevo.store.contacts.values()].map(({ attributes }) => attributes.IS_CUSTOMER)).toEqual(
			Array.from({ length: 70 }, () => false),
		);
	}, 60_000);

	it('costs no call more where imports store it', async () => {
		sandbox.brevo.settings.importBooleans = 'stored';
		await run(crowdWith({ CITY: 'Bonn', IS_CUSTOMER: true }));
		expect([counts()['POST /contacts/import'], counts()['PUT /contacts/:id']]).toEqual([1, undefined]);
	});

	it('is not tried singly when it is of a form that Brevo stores on no path', async () => {
		const report = await run(crowdWith({ CITY: 'Bonn', IS_CUSTOMER: 'maybe', BIRTHDAY: '24/12/1970' }));
		expect([...new Set(told(report))]).toEqual(['created IS_CUSTOMER:VALUE_DROPPED BIRTHDAY:VALUE_DROPPED']);
		expect(counts()['PUT /contacts/:id']).toBeUndefined();
	});

	it('keeps the block of a contact that is blocked while the import runs', async () => {
		sandbox.brevo.settings.importDelayMs = 1_500;
		const running = run(crowdWith({ IS_CUSTOMER: true }), newAccount(), realClock);
		while (sandbox.brevo.store.contacts.size < 35) await new Promise((resolve) => setTimeout(resolve, 20));
		const contact = sandbox.contact('person7@crowd.example');
		if (contact) sandbox.brevo.store.changeContact(contact, { emailBlocked: true }, 'control');
		expect(statusCounts(await running)).toEqual({ created: 35 });
		expect(contact).toMatchObject({ emailBlocked: true, attributes: { IS_CUSTOMER: true } });
	}, 30_000);
});

describe('an import meets no other contact', () => {
	const OFFICE = '+493012345678';

	it.each(['LANDLINE_NUMBER', 'WHATSAPP'] as const)(
		'whose %s is the one of a row: both stay, and so does the block',
		async (name) => {
			const boss = sandbox.brevo.store.createContact(
				{ identifiers: { email: 'boss@x.example', [name]: OFFICE.slice(1) }, emailBlocked: true },
				'seed',
			);
			const account = newAccount();
			const report = await run(crowdWith({ CITY: 'Bonn', [name]: OFFICE }), account);
			expect([...new Set(told(report))]).toEqual([`created ${name}:PHONE_SHARED`]);
			expect(sandbox.brevo.store.contacts.get(boss.id)).toMatchObject({ emailBlocked: true });
			// Brevo is not asked about a number that is known to be taken.
			expect(counts()['POST /contacts']).toBe(35);
			expect([...new Set(told(await run(crowdWith({ CITY: 'Bonn', [name]: OFFICE }), account)))]).toEqual([
				`unchanged ${name}:PHONE_SHARED`,
			]);
			expect(counts()['PUT /contacts/:id']).toBeUndefined();
		},
		30_000,
	);

	it('of the same batch that has the same landline: one gets it, all of them stay', async () => {
		const report = await run(crowdWith({ CITY: 'Bonn', LANDLINE_NUMBER: OFFICE }));
		expect(statusCounts(report)).toEqual({ created: 35 });
		expect(told(report).filter((one) => one.endsWith('PHONE_SHARED'))).toHaveLength(34);
		expect(sandbox.brevo.store.contacts.size).toBe(35);
	}, 30_000);

	it('that got an address or number after the account was read', async () => {
		const account = newAccount();
		await run(mappedCrowd(35), account);
		const { store } = sandbox.brevo;
		const address = 'person50@crowd.example';
		const added = store.createContact({ identifiers: { email: address }, emailBlocked: true }, 'control');
		const report = await run(mappedCrowd(35, 40), account);
		expect(report.failure).toBeUndefined();
		expect(store.contacts.get(added.id)).toMatchObject({ emailBlocked: true, identifiers: { email: address } });
		const number = store.owner('email', 'person1@crowd.example');
		if (number) store.changeContact(number, { identifiers: { SMS: '4915100000099' }, emailBlocked: true }, 'control');
		await run(mappedCrowd(35, 90), account);
		expect(number && store.contacts.has(number.id)).toBe(true);
	}, 30_000);
});

describe('a value that Brevo refuses', () => {
	it.each([
		['a phone number', { phone: '+123' }, 'SMS'],
		['a landline', { attributes: { LANDLINE_NUMBER: '+123' } }, 'LANDLINE_NUMBER'],
	] as const)('costs that value and not the contact, on the single path: %s', async (_name, contact, name) => {
		const one = mapped(1, {
			email: 'a@x.example',
			...contact,
			attributes: { CITY: 'Bonn', ...('attributes' in contact ? contact.attributes : {}) },
		});
		expect(told(await run([one]))).toEqual([`created ${name}:VALUE_REFUSED`]);
		expect(sandbox.contact('a@x.example')).toMatchObject({ attributes: { CITY: 'Bonn' } });
	});

	it.each(['keepRow', 'skipRow'] as const)(
		'costs that value on the import path (importBadPhone: %s)',
		async (setting) => {
			sandbox.brevo.settings.importBadPhone = setting;
			const bad = mapped(1, { email: 'a@x.example', phone: '+123', attributes: { CITY: 'Bonn' } });
			const report = await run([bad, ...mappedCrowd(35, 10)]);
			expect(told(report)[0]).toBe(setting === 'keepRow' ? 'created SMS:VALUE_DROPPED' : 'created SMS:VALUE_REFUSED');
			expect(statusCounts(report)).toEqual({ created: 36 });
			expect(sandbox.contact('a@x.example')).toMatchObject({ attributes: { CITY: 'Bonn' } });
		},
		30_000,
	);

	it('fails the contact when it is all that the contact has', async () => {
		expect(told(await run([mapped(1, { phone: '+123', attributes: {} })]))).toEqual(['failed DESTINATION_REFUSED']);
	});
});
