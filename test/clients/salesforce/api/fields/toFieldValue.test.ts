import type { FieldValue } from '../../../../../core/contact/contact';
import { toFieldValue } from '../../../../../clients/salesforce/api/fields/toFieldValue';
import type { RunningSalesforce } from '../../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../../sandbox/salesforce';
import { clientOf, operate, valueOf } from '../../support/organisation';

const address = (parts: object): object => ({ city: null, country: null, postalCode: null, state: null, street: null, latitude: null, geocodeAccuracy: null, ...parts }); // prettier-ignore

describe("Salesforce's values in the contact item", () => {
	it.each<[string, unknown, FieldValue]>([
		['string', 'Zoë', 'Zoë'],
		['string', '', null],
		['string', null, null],
		['string', undefined, null],
		['string', 42, 42],
		['string', { unknown: true }, null],
		['picklist', 'Gold', 'Gold'],
		['multipicklist', 'Tea;Books', ['Tea', 'Books']],
		['multipicklist', 'Chess, online', ['Chess, online']],
		['multipicklist', ';', null],
		['boolean', false, false],
		['double', 0, 0],
		['currency', 12.5, 12.5],
		['int', 1e21, 1e21],
		['date', '1990-09-25', '1990-09-25'],
		['datetime', '2026-01-01T10:00:00.000+0000', '2026-01-01T10:00:00.000Z'],
		['datetime', '2026-01-01T10:00:00.000+02:00', '2026-01-01T08:00:00.000Z'],
		['datetime', '2026-01-01T10:00:00.000-0330', '2026-01-01T13:30:00.000Z'],
		['datetime', 'some day', null],
		['time', '13:45:00.000Z', '13:45:00'],
		['address', address({}), null],
		['address', address({ city: 'Lyon' }), 'Lyon'],
		[
			'address',
			address({
				street: '1 rue X\r\nBâtiment B',
				postalCode: '69001',
				city: 'Lyon',
				state: 'Rhône',
				country: 'France',
			}),
			'1 rue X, Bâtiment B, 69001 Lyon, Rhône, France',
		],
		['address', address({ street: ' ', postalCode: '69001', country: 'France' }), '69001, France'],
	])('%s %j becomes %j', (type, raw, expected) => {
		expect(toFieldValue(raw, type)).toEqual(expected);
	});

	describe('as the organisation sends them', () => {
		let salesforce: RunningSalesforce;
		beforeAll(async () => {
			salesforce = await startSalesforce({ contacts: 0, leads: 0 });
		});
		afterAll(() => salesforce.close());

		it('every value of a contact has the form of its field', async () => {
			const values = {
				LastName: 'Lefèvre',
				Interests__c: 'Tea;Opéra',
				Newsletter__c: true,
				Loyalty_Points__c: 12,
				Birthdate: '1990-09-25',
				Last_Visit__c: '2025-03-04T05:06:07Z',
				MailingStreet: '1 rue X',
				MailingPostalCode: '69001',
				MailingCity: 'Lyon',
			};
			await operate(salesforce, 'addRecord', { object: 'Contact', values });
			const client = clientOf(salesforce);
			const { fields } = valueOf(await client.describe('Contact'));
			const names = [...Object.keys(values), 'Name', 'MailingAddress', 'OtherAddress', 'FirstName'];
			const [record = {}] = valueOf(await client.query(`SELECT ${names.join(',')} FROM Contact`)).records;
			const read = names.map((name) => [name, toFieldValue(record[name], fields.find((one) => one.name === name)?.type ?? '')]); // prettier-ignore
			expect(Object.fromEntries(read)).toEqual({
				...values,
				Interests__c: ['Tea', 'Opéra'],
				Last_Visit__c: '2025-03-04T05:06:07.000Z',
				Name: 'Lefèvre',
				MailingAddress: '1 rue X, 69001 Lyon',
				OtherAddress: null,
				FirstName: null,
			});
		});
	});
});
