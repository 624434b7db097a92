import { BrevoClient } from '../../../../clients/brevo/api/brevoClient';
import { brevoLimiters } from '../../../../clients/brevo/api/limits';
import { toDestinationFields } from '../../../../clients/brevo/destination/toDestinationFields';
import type { DestinationField } from '../../../../core/mapping/fields';
import { startBrevo } from '../../../../sandbox/brevo';
import { plainHttp } from '../../../support/http/plainHttp';
import { realClock } from '../../../support/manualClock';

const named = (fields: readonly DestinationField[], name: string): DestinationField | undefined =>
	fields.find((field) => field.name === name);

describe('toDestinationFields', () => {
	it('reads the attributes of an account: Email and SMS first, formulas and orders left out', async () => {
		const brevo = await startBrevo({ people: [], strangers: 0, extraAttributes: 6 });
		try {
			const client = new BrevoClient(
				plainHttp(brevo.url, { 'api-key': brevo.apiKey }),
				realClock,
				brevoLimiters('toDestinationFields', realClock),
			);
			const attributes = await client.listAttributes();
			if (attributes.kind !== 'ok') throw new Error(attributes.reason);
			const fields = toDestinationFields(attributes.value);
			expect(fields.slice(0, 2)).toEqual([
				{ name: 'EMAIL', label: 'Email', type: 'email', identifier: 'email' },
				{ name: 'SMS', label: 'SMS', type: 'phone', identifier: 'phone' },
			]);
			expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
			for (const name of ['BLACKLIST', 'READERS', 'ORDERS_LAST_YEAR', 'ORDER_ID', 'EXT_ID', 'DOUBLE_OPT-IN']) {
				expect(named(fields, name)).toBeUndefined();
			}
			expect(named(fields, 'FIRSTNAME')).toMatchObject({ type: 'text', maxLength: 10_000 });
			expect(named(fields, 'BIRTHDAY')).toMatchObject({
				type: 'date',
				days: { first: '1900-01-01', last: '2050-12-31' },
			});
			expect(named(fields, 'ANNUAL_REVENUE')).toMatchObject({ type: 'number', below: 1e15 });
			expect(named(fields, 'IS_CUSTOMER')).toMatchObject({ type: 'boolean' });
			expect(named(fields, 'WHATSAPP')).toMatchObject({ type: 'phone', unique: true });
			expect(named(fields, 'LIFECYCLE')?.options).toContainEqual({ label: 'Lead', value: 2 });
			expect(named(fields, 'INTERESTS')).toMatchObject({
				type: 'multipleChoice',
				options: expect.arrayContaining([{ label: 'Coffee', value: 'Coffee' }]) as unknown,
			});
			// `value` reads 0 for each of these; `valueStr` tells the words.
			expect(named(fields, 'EXTRA_06')?.options).toEqual([
				{ label: 'EN', value: 'en' },
				{ label: 'FR', value: 'fr' },
				{ label: 'DE', value: 'de' },
			]);
		} finally {
			await brevo.close();
		}
	});

	it('takes the number of an option as number, unless that would change it', () => {
		const [, , field] = toDestinationFields([
			{
				name: 'SIZE',
				category: 'category',
				enumeration: [
					{ value: 1, label: 'S' },
					{ value: 7, valueStr: '007', label: 'M' },
					{ valueStr: '12345678901234567890', label: 'L' },
					{ label: 'XL' },
				],
			},
		]);
		expect(field?.options?.map(({ value }) => value)).toEqual([1, '007', '12345678901234567890', 'XL']);
	});

	it('leaves out types it does not know', () => {
		const odd = [
			{ name: 'OWNER', category: 'normal', type: 'user' },
			{ name: 'NEW', category: 'normal', type: 'hologram' },
		];
		expect(toDestinationFields(odd).map(({ name }) => name)).toEqual(['EMAIL', 'SMS']);
	});
});
