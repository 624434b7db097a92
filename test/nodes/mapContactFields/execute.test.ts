import type { IDataObject } from 'n8n-workflow';
import { readMappedContact } from '../../../core/contact/readMappedContact';
import { change, mappingOf, runMap, startVendors } from './mapNode';
import type { Vendors } from './mapNode';

let vendors: Vendors;

beforeAll(async () => {
	vendors = await startVendors();
});
afterAll(async () => await vendors.close());

const codes = (items: IDataObject[]): unknown[] => items.map(({ outcome }) => (outcome as IDataObject).code);

describe('Map Contact Fields', () => {
	it('HB-09, HB-10: maps contacts to Brevo’s names and types, and links every item to its input', async () => {
		const run = await runMap(vendors, {}, [
			change(1, {
				email: 'ADA@B.co',
				phone: '+49 30 1234567',
				firstname: 'Ada',
				birthday: '1990-09-25',
				lifetime_value: '12.50',
				city: 'Köln',
			}),
			change(2, { email: 'bob@b.co', phone: '', firstname: null }),
		]);
		expect(run.error).toBeUndefined();
		expect(run.json('Map')).toEqual([
			{
				...change(1, {}),
				fields: undefined,
				contact: {
					email: 'ada@b.co',
					phone: '+49301234567',
					attributes: { FIRSTNAME: 'Ada', BIRTHDAY: '1990-09-25', ANNUAL_REVENUE: 12.5 },
				},
				warnings: [],
			},
			{ ...change(2, {}), fields: undefined, contact: { email: 'bob@b.co', attributes: {} }, warnings: [] },
		]);
		expect(run.items('Map').map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it('every item leaves once, mapped or excluded with its reason and as it came', async () => {
		const input = [
			change(1, { email: 'a@b.co' }),
			change(2, { email: 'broken' }),
			change(3, { email: '', phone: '' }),
			change(4, { email: 'b@b.co', phone: '12345' }),
			change(5, { email: 'c@b.co', phone: '+12345678901234567' }),
			{ hello: 'world' },
			change(6, { phone: 'x' }, { change: 'removed' }),
			change(7, { email: 'd@b.co', phone: '12345' }, { optedOut: true, change: 'optedOut' }),
		];
		const run = await runMap(vendors, { options: { unusablePhone: 'excludeContact' } }, input);
		const excluded = run.json('Map', 1);
		expect(run.json('Map').map(({ key }) => key)).toEqual([1, 6, 7].map((id) => `hubspot:1:contact:${id}`));
		expect(codes(excluded)).toEqual([
			'EMAIL_MALFORMED',
			'NO_IDENTIFIER',
			'PHONE_INVALID',
			'PHONE_INVALID',
			'NOT_A_CONTACT',
		]);
		expect(excluded[0]).toEqual({
			...input[1],
			outcome: {
				status: 'excluded',
				code: 'EMAIL_MALFORMED',
				message:
					"Email: the value of 'Email' (email) has no @. Correct the e-mail address of the contact in the source.",
				retryable: false,
				nextTry: 'With the next change of the contact in the source',
				contact: { attributes: {} },
			},
		});
		expect(excluded.slice(1, 4).map(({ outcome }) => (outcome as IDataObject).message)).toEqual([
			expect.stringMatching(/^Email and SMS are empty\. Give the contact an e-mail address or a phone number/),
			expect.stringMatching(
				/^SMS: the value of 'Phone Number' \(phone\) has 5 digits; it must have 6 to 16\. Correct the/,
			),
			expect.stringMatching(
				/^SMS: the value of 'Phone Number' \(phone\) has 17 digits; it must have 6 to 16\. Correct the/,
			),
		]);
		expect(excluded.map(({ outcome }) => (outcome as IDataObject).rule)).toEqual([
			undefined,
			'HB-11',
			'HB-25',
			'HB-25',
			undefined,
		]);
		expect(excluded[3]).toMatchObject({ outcome: { contact: { email: 'c@b.co', attributes: {} } } });
		expect(excluded[4]).toMatchObject({ hello: 'world' });
		// No node takes an excluded item for a mapped contact.
		for (const item of excluded) expect(readMappedContact(item)).toBeUndefined();
		const linked = [...run.items('Map'), ...run.items('Map', 1)].map(
			({ pairedItem }) => (pairedItem as { item: number }).item,
		);
		expect(linked.sort()).toEqual(input.map((_item, index) => index));
		expect(run.hints.join()).toMatch(/5 of 8 contacts were excluded.*2 × PHONE_INVALID/);
	});

	it.each<[string, IDataObject | undefined]>([
		['as nothing is set', {}],
		['without options', undefined],
		['as set', { unusablePhone: 'leaveOut' }],
	])('HB-25 softened, %s: the contact goes on without a number that cannot be used', async (_name, options) => {
		const input = [
			change(1, { email: 'a@b.co', phone: '12345' }),
			change(2, { email: '', phone: '030 1234567' }),
			change(3, { email: 'b@b.co', phone: '030 1234567' }),
		];
		const run = await runMap(vendors, { options }, input);
		expect(run.json('Map')).toMatchObject(
			['a@b.co', 'b@b.co'].map((email) => ({
				contact: { email },
				warnings: [{ field: 'SMS', code: 'PHONE_LEFT_OUT' }],
			})),
		);
		expect(codes(run.json('Map', 1))).toEqual(['PHONE_INVALID']);
	});

	it('HB-25 as the vendor has it, when set so: the contact is skipped', async () => {
		const parameters = { options: { unusablePhone: 'excludeContact' } };
		const run = await runMap(vendors, parameters, [change(1, { email: 'a@b.co', phone: '12345' })]);
		expect(codes(run.json('Map', 1))).toEqual(['PHONE_INVALID']);
	});

	it('takes national numbers of the default country', async () => {
		const input = [change(2, { email: 'b@b.co', phone: '030 1234567' })];
		const run = await runMap(vendors, { options: { defaultCountry: 'DE' } }, input);
		expect(run.json('Map')).toMatchObject([{ contact: { email: 'b@b.co', phone: '+49301234567' }, warnings: [] }]);
		expect(run.json('Map', 1)).toEqual([]);
	});

	describe('what is said about a number that cannot be used', () => {
		const messageOf = async (options: IDataObject, fields: IDataObject): Promise<[unknown, string]> => {
			const run = await runMap(vendors, { options }, [change(1, fields)]);
			return [(run.json('Map', 1)[0]?.outcome as IDataObject).message, run.hints.join()];
		};

		it('names the settings that would let the contact through', async () => {
			const [message, hint] = await messageOf(
				{ unusablePhone: 'excludeContact' },
				{ email: 'a@b.co', phone: '0301234567' },
			);
			const advice =
				"Correct the phone number in the source (6 to 16 digits, with its country code), or pick the country of such numbers under 'Default Country'. With 'When a Phone Number Cannot Be Used' on 'Leave the Number Out' the contact goes on without it, if it has an e-mail address.";
			expect(message).toContain(advice);
			expect(hint).toContain(`1 × PHONE_INVALID: ${advice}`);
		});

		it('of a contact that has no address', async () => {
			const [message] = await messageOf({}, { email: '', phone: '12345' });
			expect(message).toContain(
				"under 'Default Country'. 'When a Phone Number Cannot Be Used' leaves the number out, but then",
			);
			expect(message).toContain('nothing says whose contact it is: give it an e-mail address.');
		});

		it('where a default country is set', async () => {
			const [message] = await messageOf({ defaultCountry: 'DE' }, { email: '', phone: '12345' });
			expect(message).toContain("'Default Country' (DE) is only for numbers without a country code");
		});
	});

	it('keeps emoji, right-to-left text, quotes, angle brackets and 5,000 characters as they are', async () => {
		const names = ['Zoë 👩‍👩‍👧', 'שלום עולם', '"Bob" <b>O’Neill</b> & co', 'x'.repeat(5_000)];
		const run = await runMap(
			vendors,
			{},
			names.map((firstname, index) => change(index, { email: `p${index}@b.co`, firstname })),
		);
		expect(
			run.json('Map').map(({ contact }) => ((contact as IDataObject).attributes as IDataObject).FIRSTNAME),
		).toEqual(names);
	});

	it('an expression row is a value worked out per item, never a field name', async () => {
		const mapping = mappingOf({
			EMAIL: 'email',
			COMPANY_NAME: '={{ $json.fields.firstname.toUpperCase() }} & Co',
			FIRSTNAME: '={{ "email" }}',
		});
		const run = await runMap(vendors, { mapping }, [
			change(1, { email: 'a@b.co', firstname: 'Ada' }),
			change(2, { email: 'b@b.co', firstname: 'Bob' }),
		]);
		expect(run.json('Map').map(({ contact }) => contact)).toEqual([
			{ email: 'a@b.co', attributes: { COMPANY_NAME: 'ADA & Co', FIRSTNAME: 'email' } },
			{ email: 'b@b.co', attributes: { COMPANY_NAME: 'BOB & Co', FIRSTNAME: 'email' } },
		]);
	});

	it("'More Mappings' reaches any field and wins over the table", async () => {
		const parameters = {
			mapping: mappingOf({ EMAIL: 'email', CITY: 'city' }),
			moreMappings: {
				row: [
					{ destinationField: 'CITY', sourceField: 'state', emptyValues: 'asSet' },
					{ destinationField: 'NOTES', sourceField: 'customer_notes', emptyValues: 'clear' },
				],
			},
		};
		const run = await runMap(vendors, parameters, [
			change(1, { email: 'a@b.co', city: 'Köln', state: 'NRW', customer_notes: '' }),
		]);
		expect(run.json('Map')).toMatchObject([{ contact: { attributes: { CITY: 'NRW', NOTES: null } } }]);
	});

	it('reads the definitions of both sides once for several runs', async () => {
		const before = [vendors.hubSpot, vendors.brevo].map(({ requests }) => requests.total);
		await runMap(vendors, {}, [change(1, { email: 'a@b.co' })]);
		await runMap(vendors, {}, [change(1, { email: 'a@b.co' })]);
		expect([vendors.hubSpot, vendors.brevo].map(({ requests }) => requests.total)).toEqual(before);
	});
});
