import type { MappedContact } from '../../../../../core/contact/contact';
import { newAccount, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { mapped, mappedCrowd, mappedFromSalesforce } from '../../../../support/mappedContacts';
import { told, useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

/** A record of Salesforce, which never tells a former address. */
const record = (id: number, email: string | undefined, more: Partial<MappedContact> = {}): MappedContact =>
	mappedFromSalesforce(id, email === undefined ? {} : { email }, more);

const hold = (email: string, extId: string): void =>
	void sandbox.brevo.store.createContact({ identifiers: { email, ext_id: extId } }, 'seed');

const block = (email: string): void => {
	const contact = sandbox.contact(email);
	if (contact) sandbox.brevo.store.changeContact(contact, { emailBlocked: true }, 'control');
};

const isOnList = (email: string): boolean => sandbox.contact(email)?.listIds.has(sandbox.list) === true;

/** One batch of its own; `many` beside 40 others, so that the account is read as a whole. */
const batches = (many: boolean) => {
	const account = newAccount();
	return async (...batch: MappedContact[]) =>
		told(
			await upsertIntoBrevo(sandbox.brevo, [...batch, ...(many ? mappedCrowd(40, 1_000) : [])], {
				list: { id: sandbox.list },
				account,
			}),
		).slice(0, batch.length);
};

describe.each([
	['read one by one', false],
	['read as a whole', true],
])('a contact that carries an id of another tool, %s', (_how, many) => {
	it.each(['shop-77', 'hubspot:1:contact:9'])('promise 1: (%s) stays blocked at its next address', async (extId) => {
		hold('a@x.example', extId);
		const send = batches(many);
		await send(record(1, 'a@x.example'));
		const { id } = sandbox.contact('a@x.example') ?? {};
		block('a@x.example');
		await send(record(1, 'b@x.example'));
		expect(sandbox.contact('b@x.example')).toMatchObject({ id, emailBlocked: true, identifiers: { ext_id: extId } });
	});

	it('promise 1: hears of an opt-out that comes without an address', async () => {
		hold('a@x.example', 'shop-77');
		const send = batches(many);
		await send(record(1, 'a@x.example'));
		await send(record(1, undefined, { optedOut: true }));
		expect(sandbox.contact('a@x.example')?.emailBlocked).toBe(true);
	});

	it('promise 2: leaves the list when its record is gone without a trace', async () => {
		hold('a@x.example', 'shop-77');
		const send = batches(many);
		await send(record(1, 'a@x.example'));
		expect(await send(record(1, undefined, { change: 'deleted' }))).toEqual(['removed']);
		expect(isOnList('a@x.example')).toBe(false);
	});

	it('promise 1: blocks what remains of a merge, and leaves the list itself', async () => {
		hold('a@x.example', 'shop-77');
		const send = batches(many);
		await send(mapped(1, { email: 'a@x.example' }), mapped(2, { email: 'b@x.example' }));
		block('a@x.example');
		await send(mapped(2, { email: 'b@x.example' }, { mergedFrom: ['hubspot:1:contact:1'] }));
		expect(sandbox.contact('b@x.example')?.emailBlocked).toBe(true);
		expect(isOnList('a@x.example')).toBe(false);
	});

	it('swaps its address with another one', async () => {
		hold('a@x.example', 'shop-77');
		const send = batches(many);
		await send(mapped(1, { email: 'a@x.example' }), mapped(2, { email: 'b@x.example' }));
		const { id } = sandbox.contact('a@x.example') ?? {};
		expect(await send(mapped(1, { email: 'b@x.example' }), mapped(2, { email: 'a@x.example' }))).toEqual([
			'updated',
			'updated',
		]);
		expect(sandbox.contact('b@x.example')?.id).toBe(id);
	});

	it('is unchanged when it comes again', async () => {
		hold('a@x.example', 'shop-77');
		const send = batches(many);
		await send(record(1, 'a@x.example'));
		expect(await send(record(1, 'a@x.example'))).toEqual(['unchanged']);
	});
});

describe.each([
	['in one batch', true],
	['one after the other', false],
])('two records with one address, delivered %s', (_how, together) => {
	const both = [record(1, 'family@x.example'), record(2, 'family@x.example')] as const;
	const share = async () => {
		const send = batches(false);
		if (together) await send(...both);
		else for (const one of both) await send(one);
		return send;
	};

	it.each([1, 2])(
		'promise 2: record %d is deleted, and the address stays on the list for the other one',
		async (id) => {
			const send = await share();
			expect(await send(record(id, 'family@x.example', { change: 'deleted' }))).toEqual([
				'updated listIds:ADDRESS_STILL_USED',
			]);
			expect(isOnList('family@x.example')).toBe(true);
			expect(await send(record(3 - id, 'family@x.example', { change: 'deleted' }))).toEqual(['removed']);
			expect(isOnList('family@x.example')).toBe(false);
		},
	);

	it.each([1, 2])('promise 1: record %d goes to an address of its own and stays blocked', async (id) => {
		const send = await share();
		const shared = sandbox.contact('family@x.example')?.id;
		block('family@x.example');
		await send(record(id, 'own@x.example'));
		expect(sandbox.contact('own@x.example')?.emailBlocked).toBe(true);
		expect(sandbox.contact('family@x.example')).toMatchObject({ id: shared, emailBlocked: true });
		expect([isOnList('own@x.example'), isOnList('family@x.example')]).toEqual([true, true]);
		// Both are found by their own keys from now on.
		await send(record(id, 'own2@x.example'), record(3 - id, 'family2@x.example'));
		expect(sandbox.contact('family2@x.example')?.id).toBe(shared);
		expect(sandbox.brevo.store.contacts.size).toBe(2);
	});

	it('both go to one new address, and the contact goes along', async () => {
		const send = await share();
		await send(record(1, 'new@x.example'), record(2, 'new@x.example'));
		expect(sandbox.brevo.store.contacts.size).toBe(1);
		expect(isOnList('new@x.example')).toBe(true);
	});

	it('both go to addresses of their own, and nothing stays behind', async () => {
		const send = await share();
		await send(record(1, 'one@x.example'), record(2, 'two@x.example'));
		expect([isOnList('one@x.example'), isOnList('two@x.example')]).toEqual([true, true]);
		expect(sandbox.brevo.store.contacts.size).toBe(2);
	});

	it('come again, in turns, without a write', async () => {
		const send = await share();
		for (const one of [...both, ...both]) expect(await send(one)).toEqual(['unchanged']);
	});
});

describe.each([
	['Salesforce', record, false],
	['Salesforce, beside forty others', record, true],
	[
		'HubSpot',
		(id: number, email: string | undefined, more = {}) => mapped(id, email === undefined ? {} : { email }, more),
		false,
	],
	[
		'HubSpot, beside forty others',
		(id: number, email: string | undefined, more = {}) => mapped(id, email === undefined ? {} : { email }, more),
		true,
	],
] as const)(
	'a blocked contact whose record left the list, and whose address another one of %s has by now',
	(_source, of, many) => {
		const takenOver = async () => {
			const send = batches(many);
			await send(of(2, 'a@x.example'));
			block('a@x.example');
			await send(of(2, 'a@x.example', { change: 'removed' }));
			await send(of(1, 'a@x.example'));
			expect(isOnList('a@x.example')).toBe(true);
			return send;
		};

		it('promise 1: is blocked at the address its record comes back with', async () => {
			const send = await takenOver();
			const { id } = sandbox.contact('a@x.example') ?? {};
			await send(of(2, 'b@x.example'));
			expect(sandbox.contact('b@x.example')).toMatchObject({ emailBlocked: true });
			expect(sandbox.contact('a@x.example')).toMatchObject({ id, emailBlocked: true });
			expect([isOnList('a@x.example'), isOnList('b@x.example')]).toEqual([true, true]);
		});

		it('promise 1: the same, where its record first comes back without one, and opts out', async () => {
			const send = await takenOver();
			await send(of(2, undefined, { optedOut: true }));
			await send(of(2, 'b@x.example'));
			expect(sandbox.contact('b@x.example')).toMatchObject({ emailBlocked: true });
		});

		it('promise 2: leaves the list with the record that has the address', async () => {
			const send = await takenOver();
			await send(of(1, 'a@x.example', { change: 'removed' }));
			expect(isOnList('a@x.example')).toBe(false);
		});

		it('comes again without a write', async () => {
			const send = await takenOver();
			expect(await send(of(1, 'a@x.example'))).toEqual(['unchanged']);
		});
	},
);

it('says what is at risk where the account takes no attribute, and writes no more than without', async () => {
	hold('a@x.example', 'shop-77');
	const refusal = { code: 'invalid_parameter', message: 'Maximum number of attributes reached' };
	sandbox.brevo.faults.next('POST /contacts/attributes/:id/:id', { status: 400, times: 10, body: refusal });
	sandbox.brevo.faults.next('POST /contacts/attributes/normal/:id', { status: 400, times: 10, body: refusal });
	const send = batches(false);
	expect(await send(record(1, 'a@x.example'))).toEqual([expect.stringContaining('updated ext_id:NOTE_NOT_KEPT')]);
	expect(await send(record(1, 'a@x.example'))).toEqual(['unchanged ext_id:NOTE_NOT_KEPT']);
});

it('costs no call where no contact carries a foreign id', async () => {
	const send = batches(false);
	const one = mapped(1, { email: 'a@x.example', attributes: { CITY: 'Bonn' } });
	await send(one);
	sandbox.brevo.requests.clear();
	await send(one);
	expect(sandbox.brevo.requests.counts()['GET /contacts']).toBeUndefined();
	expect(sandbox.brevo.store.attributes.some(({ name }) => name.startsWith('CONTACT_SYNC_'))).toBe(false);
});
