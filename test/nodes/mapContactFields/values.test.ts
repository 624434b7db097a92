import type { IDataObject } from 'n8n-workflow';
import { change, mappingOf, runMap, startVendors } from './mapNode';
import type { Vendors } from './mapNode';

let vendors: Vendors;

beforeAll(async () => {
	vendors = await startVendors();
});
afterAll(async () => await vendors.close());

const attributesOf = (item: IDataObject | undefined): unknown => (item?.contact as IDataObject).attributes;
const codesOf = (item: IDataObject | undefined): unknown[] =>
	(item?.warnings as IDataObject[]).map(({ field, code }) => [field, code]);

describe('HB-27 lifted: yes/no, category and multiple-choice attributes', () => {
	const mapping = mappingOf({
		EMAIL: 'email',
		IS_CUSTOMER: 'vip',
		LIFECYCLE: 'lifecyclestage',
		INTERESTS: 'interests',
	});
	const map = async (fields: IDataObject) => {
		const run = await runMap(vendors, { mapping }, [change(1, { email: 'a@b.co', ...fields })]);
		expect(run.error).toBeUndefined();
		return run.json('Map')[0];
	};

	it('HubSpot’s internal values become Brevo’s options, found by their labels', async () => {
		const item = await map({ vip: 'true', lifecyclestage: 'marketingqualifiedlead', interests: 'coffee;tea' });
		const stage = vendors.brevo.store.attribute('LIFECYCLE');
		const option = stage?.enumeration?.find(({ label }) => /marketing qualified/i.test(label));
		expect(option).toBeDefined();
		expect(attributesOf(item)).toEqual({
			IS_CUSTOMER: true,
			LIFECYCLE: Number(option?.value),
			INTERESTS: ['Coffee', 'Tea'],
		});
		expect(item?.warnings).toEqual([]);
	});

	it('an option that Brevo does not have is named in a warning, and the contact goes on with the rest', async () => {
		const item = await map({ vip: 'perhaps', lifecyclestage: 'abducted', interests: 'coffee;chess' });
		expect(attributesOf(item)).toEqual({ INTERESTS: ['Coffee'] });
		expect(codesOf(item)).toEqual([
			['IS_CUSTOMER', 'VALUE_NOT_CONVERTIBLE'],
			['LIFECYCLE', 'OPTION_UNKNOWN'],
			['INTERESTS', 'OPTION_UNKNOWN'],
		]);
	});

	it('an option renamed in HubSpot is found by its internal value; renamed in Brevo too, it is named', async () => {
		const [half, both] = await Promise.all([startVendors(), startVendors()]);
		try {
			for (const { hubSpot } of [half, both]) {
				const interests = hubSpot.store.definitions.get('interests');
				for (const option of interests?.options ?? []) {
					if (option.value === 'tea') Object.assign(option, { label: 'Fine teas' });
				}
			}
			both.brevo.store.attribute('INTERESTS')?.multiCategoryOptions?.splice(0, Infinity, 'Coffee', 'Infusions');
			const input = [change(1, { email: 'a@b.co', interests: 'coffee;tea' })];
			const [first] = (await runMap(half, { mapping }, input)).json('Map');
			expect([attributesOf(first), first?.warnings]).toEqual([{ INTERESTS: ['Coffee', 'Tea'] }, []]);
			const [second] = (await runMap(both, { mapping }, input)).json('Map');
			expect(attributesOf(second)).toEqual({ INTERESTS: ['Coffee'] });
			expect(second?.warnings).toMatchObject([
				{ code: 'OPTION_UNKNOWN', message: expect.stringContaining("has no option 'Fine teas'") as string },
			]);
		} finally {
			await Promise.all([half.close(), both.close()]);
		}
	});
});

describe('empty values and expressions', () => {
	const expressions = {
		EMAIL: 'email',
		FIRSTNAME: '={{ null }}',
		LASTNAME: "={{ '' }}",
		CITY: '={{ undefined }}',
		COUNTRY: '={{ $json.fields.nothing }}',
		NOTES: "={{ $json.fields.a ?? 'fallback' }}",
		BIRTHDAY: "={{ DateTime.fromISO('1990-09-25') }}",
		ANNUAL_REVENUE: '={{ 1 / 3 > 0 ? 12.5 : 0 }}',
		INTERESTS: "={{ ['Coffee', 'Tea'] }}",
		IS_CUSTOMER: '={{ 1 === 1 }}',
	};
	const input = [change(1, { email: 'a@b.co', a: null })];
	const values = {
		NOTES: 'fallback',
		BIRTHDAY: '1990-09-25',
		ANNUAL_REVENUE: 12.5,
		INTERESTS: ['Coffee', 'Tea'],
		IS_CUSTOMER: true,
	};

	it('SB-23: an expression that gives null or nothing leaves its attribute alone', async () => {
		const run = await runMap(vendors, { mapping: mappingOf(expressions) }, input);
		expect(attributesOf(run.json('Map')[0])).toEqual(values);
		expect(run.json('Map')[0]?.warnings).toEqual([]);
	});

	it('SB-23: with "Clear the Attribute", null and empty text clear it; undefined is no value at all', async () => {
		const run = await runMap(vendors, { mapping: mappingOf(expressions), options: { emptyValues: 'clear' } }, input);
		expect(attributesOf(run.json('Map')[0])).toEqual({ ...values, FIRSTNAME: null, LASTNAME: null });
	});

	it.each<[string, string, unknown]>([
		['asSet', 'leave', undefined],
		['asSet', 'clear', null],
		['leave', 'clear', undefined],
		['clear', 'leave', null],
	])("a row of 'More Mappings' with %s, all others %s", async (ofRow, ofAll, expected) => {
		const parameters = {
			mapping: mappingOf({ EMAIL: 'email', NOTES: 'message', CITY: 'city' }),
			moreMappings: { row: [{ destinationField: 'NOTES', sourceField: 'message', emptyValues: ofRow }] },
			options: { emptyValues: ofAll },
		};
		const run = await runMap(vendors, parameters, [change(1, { email: 'a@b.co', message: '', city: '' })]);
		const attributes = attributesOf(run.json('Map')[0]) as IDataObject;
		expect(attributes.NOTES).toBe(expected);
		expect(attributes.CITY).toBe(ofAll === 'clear' ? null : undefined);
	});
});

describe('promise 1: nothing keeps an opt-out from being carried', () => {
	const OPTED_OUT = { optedOut: true, change: 'optedOut' };
	const input = [
		change(1, { email: 'broken', firstname: 'Ada' }, OPTED_OUT),
		change(2, { email: '', phone: '' }, OPTED_OUT),
		change(3, {}, OPTED_OUT),
		change(4, { email: '', phone: '12' }, OPTED_OUT),
		change(5, { email: 'broken' }, { optedOut: false }),
		change(6, { email: 'broken' }, { optedOut: null }),
	];

	it('whatever is wrong with the contact, it is mapped with the reason as a warning', async () => {
		const run = await runMap(vendors, {}, input);
		expect(run.json('Map').map((item) => [item.key, item.optedOut, codesOf(item)])).toEqual([
			['hubspot:1:contact:1', true, [['EMAIL', 'EMAIL_MALFORMED']]],
			['hubspot:1:contact:2', true, [['EMAIL', 'NO_IDENTIFIER']]],
			['hubspot:1:contact:3', true, [['EMAIL', 'NO_IDENTIFIER']]],
			['hubspot:1:contact:4', true, [['SMS', 'PHONE_LEFT_OUT']]],
		]);
		expect(run.json('Map')[0]?.contact).toEqual({ attributes: { FIRSTNAME: 'Ada' } });
		expect(run.json('Map', 1)).toHaveLength(2);
	});

	describe('nor does an expression that copes with all contacts but one', () => {
		/** Throws for the contact whose first name is 'broken'. */
		const fails = "={{ $json.fields.firstname === 'broken' ? $('Nowhere').item.json.x : $json.fields.email }}";
		const broken = { email: 'a@b.co', firstname: 'broken' };
		const items = [
			change(1, { email: 'one@b.co', firstname: 'Ada' }),
			change(2, broken),
			change(3, { email: 'three@b.co' }, OPTED_OUT),
			change(4, broken, OPTED_OUT),
			change(5, broken, { change: 'removed' }),
		];

		it.each([{}, { onError: 'continueRegularOutput' }] as const)(
			'its value is left out with a warning that names the row, the item and the fault (%j)',
			async (more) => {
				const run = await runMap(vendors, { mapping: mappingOf({ EMAIL: 'email', CITY: fails }) }, items, more);
				expect(run.error).toBeUndefined();
				expect(run.json('Map').map((item) => [item.change, item.contact, codesOf(item)])).toEqual([
					['updated', { email: 'one@b.co', attributes: { CITY: 'one@b.co' } }, []],
					['updated', { email: 'a@b.co', attributes: {} }, [['CITY', 'EXPRESSION_FAILED']]],
					['optedOut', { email: 'three@b.co', attributes: { CITY: 'three@b.co' } }, []],
					['optedOut', { email: 'a@b.co', attributes: {} }, [['CITY', 'EXPRESSION_FAILED']]],
					['removed', { email: 'a@b.co', attributes: {} }, []],
				]);
				const [warning] = run.json('Map')[1]?.warnings as IDataObject[];
				expect(warning?.message).toMatch(/^CITY: the value of its expression cannot be worked out \[item 1\]: .+/);
			},
		);

		it('without its address it is excluded, unless it opted out or leaves', async () => {
			const run = await runMap(vendors, { mapping: mappingOf({ EMAIL: fails, SMS: 'phone' }) }, items);
			expect(run.json('Map').map((item) => [item.key, item.contact])).toEqual([
				['hubspot:1:contact:1', { email: 'one@b.co', attributes: {} }],
				['hubspot:1:contact:3', { email: 'three@b.co', attributes: {} }],
				['hubspot:1:contact:4', { attributes: {} }],
				['hubspot:1:contact:5', { attributes: {} }],
			]);
			expect(run.json('Map', 1)).toMatchObject([
				{
					key: 'hubspot:1:contact:2',
					outcome: {
						status: 'excluded',
						code: 'IDENTIFIER_NOT_COMPUTED',
						message: expect.stringMatching(
							/Email: the value of its expression cannot be worked out \[item 1\]/,
						) as string,
					},
				},
			]);
		});

		it.each([change(9, {}, OPTED_OUT), change(9, {}, { change: 'removed' })])(
			'nor one that fails for all of them, beside %j',
			async (mustPass) => {
				const mapping = mappingOf({ EMAIL: 'email', CITY: "={{ $('Nowhere').item.json.x }}" });
				const run = await runMap(vendors, { mapping }, [change(1, { email: 'one@b.co' }), mustPass]);
				expect(run.json('Map').map(({ key }) => key)).toEqual(['hubspot:1:contact:1', 'hubspot:1:contact:9']);
			},
		);

		it('nor an item that another node spoiled', async () => {
			const run = await runMap(vendors, {}, [
				change(1, broken, { ...OPTED_OUT, fields: null }),
				change(2, broken, { change: 'deleted', changedAt: 'yesterday' }),
			]);
			expect(run.json('Map').map(({ key }) => key)).toEqual(['hubspot:1:contact:1', 'hubspot:1:contact:2']);
		});
	});

	it('nor does a mapping that cannot be had, when the node goes on: the key is enough', async () => {
		const mapping = mappingOf({ FIRSTNAME: 'firstname' });
		const run = await runMap(vendors, { mapping }, input, { onError: 'continueRegularOutput' });
		expect(run.json('Map')).toHaveLength(4);
		expect(run.json('Map')[0]).toMatchObject({
			key: 'hubspot:1:contact:1',
			optedOut: true,
			contact: { attributes: {} },
			warnings: [{ code: 'NO_IDENTIFIER_MAPPED' }],
		});
		expect(run.json('Map', 1)).toHaveLength(2);
		const linked = [...run.items('Map'), ...run.items('Map', 1)].map(({ pairedItem }) => pairedItem);
		expect(linked).toEqual(input.map((_item, item) => ({ item })));
	});
});
