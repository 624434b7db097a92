import { toDestinationFields } from '../../../../clients/salesforce/destination/toDestinationFields';
import { sameSalesforceValue } from '../../../../clients/salesforce/destination/values/sameValue';
import { toSalesforceValue } from '../../../../clients/salesforce/destination/values/toSalesforceValue';
import type { SalesforceField, SalesforceObject } from '../../../../clients/salesforce/api/types';
import type { FieldValue, MappedContact } from '../../../../core/contact/contact';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { statusCounts } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';
import { clientOf, operate, valueOf } from '../support/organisation';
import { recordsOf, upsertIntoSalesforce, writesIn } from './upsertIntoSalesforce';

let salesforce: RunningSalesforce;
let contact: SalesforceObject;
let lead: SalesforceObject;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
	contact = valueOf(await clientOf(salesforce).describe('Contact'));
	lead = valueOf(await clientOf(salesforce).describe('Lead'));
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const field = (name: string): SalesforceField | undefined => contact.fields.find((one) => one.name === name);

describe('the fields that can be mapped', () => {
	it('begin with Email and leave out what is not for people to fill', () => {
		const fields = toDestinationFields(contact);
		expect(fields[0]).toMatchObject({ name: 'Email', type: 'email', identifier: 'email', maxLength: 80 });
		const names = fields.map(({ name }) => name);
		for (const name of [
			'Name',
			'AccountId',
			'OwnerId',
			'HasOptedOutOfEmail',
			'Account_Rating__c',
			'MailingAddress',
			'Id',
		])
			expect(names).not.toContain(name);
		expect(names).toEqual(expect.arrayContaining(['LastName', 'Phone', 'Birthdate', 'Interests__c', 'DoNotCall']));
	});

	it('say what a new record needs (S25)', () => {
		const required = (object: SalesforceObject): string[] =>
			toDestinationFields(object).filter((one) => one.required).map(({ name }) => name); // prettier-ignore
		expect(required(contact)).toEqual(['LastName']);
		expect(required(lead).sort()).toEqual(['Company', 'LastName']);
	});

	it('have their types, lengths and options', () => {
		const byName = new Map(toDestinationFields(contact).map((one) => [one.name, one]));
		expect(byName.get('FirstName')).toMatchObject({ type: 'text', maxLength: 40 });
		expect(byName.get('Customer_Tier__c')).toMatchObject({ type: 'category', options: [{ value: 'Bronze', label: 'Bronze' }, {}, {}] }); // prettier-ignore
		expect(byName.get('Interests__c')?.type).toBe('multipleChoice');
		expect(byName.get('Credit_Limit__c')).toMatchObject({ type: 'number', below: 1e14 });
		expect(byName.get('Last_Visit__c')?.type).toBe('datetime');
		expect(byName.get('Newsletter__c')?.type).toBe('boolean');
	});
});

describe('values', () => {
	it('are stored as they are wanted and compare as unchanged afterwards', async () => {
		const attributes: Record<string, FieldValue> = {
			LastName: '  Lovelace ',
			Description: 'one\ntwo',
			Phone: '+49 (30) 123-45',
			LeadSource: 'web',
			Interests__c: ['Running', 'Tea'],
			Newsletter__c: true,
			DoNotCall: null,
			Loyalty_Points__c: 12,
			Credit_Limit__c: 10.005,
			Birthdate: '1815-12-10',
			Last_Visit__c: '2026-11-20T10:00:00.750+02:00',
			Customer_Tier__c: 'gold',
			Title: '',
		};
		const batch = [mapped(1, { email: 'Ada@X.example', attributes })];
		const report = await upsertIntoSalesforce(salesforce, batch);
		expect(statusCounts(report)).toEqual({ created: 1 });
		expect(report.results[0]?.warnings).toEqual([]);
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([
			{
				Customer_Tier__c: 'Gold',
				Newsletter__c: true,
				DoNotCall: false,
				Birthdate: '1815-12-10',
				Last_Visit__c: Date.UTC(2026, 10, 20, 8),
			},
		]);
		salesforce.requests.clear();
		expect(statusCounts(await upsertIntoSalesforce(salesforce, batch))).toEqual({ unchanged: 1 });
		expect(writesIn(salesforce)).toBe(0);
	});

	it('that do not fit are left out, with a warning (SB-25)', async () => {
		const attributes = { LastName: 'Lovelace', FirstName: 'A'.repeat(41), Customer_Tier__c: 'Platinum' };
		const report = await upsertIntoSalesforce(salesforce, [mapped(1, { email: 'a@x.example', attributes })]);
		expect(report.results[0]?.outcome.status).toBe('created');
		expect(report.results[0]?.warnings.map((one) => `${one.field} ${one.code}`)).toEqual([
			'FirstName VALUE_TOO_LONG',
			'Customer_Tier__c OPTION_UNKNOWN',
		]);
	});

	it('cost a restricted multi-select picklist the choices it does not know, and not the others', async () => {
		const options = ['Tea', 'Running'];
		await operate(salesforce, 'setField', { object: 'Contact', name: 'Likes__c', type: 'multipicklist', options, restricted: true }); // prettier-ignore
		const likes = (Likes__c: FieldValue): MappedContact[] => [
			mapped(1, { email: 'a@x.example', attributes: { LastName: 'Lovelace', Likes__c } }),
		];
		for (const value of [['running', 'Chess', 'Tea'], 'Chess; running;Tea'] as const) {
			const report = await upsertIntoSalesforce(salesforce, likes(value));
			expect(report.results[0]?.warnings).toMatchObject([{ field: 'Likes__c', code: 'OPTION_UNKNOWN' }]);
			expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ Likes__c: 'Tea;Running' }]);
		}
		const none = await upsertIntoSalesforce(salesforce, likes(['Chess']));
		expect(none.results[0]).toMatchObject({ outcome: { status: 'unchanged' }, warnings: [{ code: 'OPTION_UNKNOWN' }] });
	});

	it.each<[string, string, FieldValue]>([
		['int', 'a part of a whole number', 3.7],
		['int', 'a number beyond four bytes', 99_999_999_999],
		['int', 'a number beyond all', '1e400'],
		['double', 'a number beyond all', '1e400'],
		['datetime', 'a list', ['2026-11-20']],
		['date', 'a list', ['2026-11-20', '2026-11-21']],
		['boolean', 'a list', ['true']],
		['double', 'a list', ['1']],
	] as const)('of the type %s that Salesforce cannot read cost the value alone: %s', async (type, _what, value) => {
		await operate(salesforce, 'setField', { object: 'Contact', name: 'Odd__c', type });
		const batch = [1, 2].map((id) =>
			mapped(id, { email: `p${id}@x.example`, attributes: { LastName: 'L', ...(id === 1 ? { Odd__c: value } : {}) } }),
		);
		const report = await upsertIntoSalesforce(salesforce, batch);
		expect(statusCounts(report)).toEqual({ created: 2 });
		expect(report.results[0]?.warnings).toMatchObject([{ field: 'Odd__c', code: 'VALUE_NOT_CONVERTIBLE' }]);
		expect(writesIn(salesforce)).toBe(1);
	});

	it.each<[string, FieldValue | undefined, FieldValue, boolean]>([
		['Phone', '(030) 123', '030123', true],
		['Phone', '+49 30 123', '0049 30 123', true],
		['Phone', 'n/a', 'none', false],
		['Email', 'A@x.example', 'a@X.example', true],
		['Interests__c', ['Tea', 'Books'], ['Books', 'Tea'], true],
		['Interests__c', ['Tea'], ['Books', 'Tea'], false],
		['Credit_Limit__c', 10.01, '10.009', true],
		['Credit_Limit__c', 10.01, 10.02, false],
		['Loyalty_Points__c', null, 0, false],
		['Birthdate', '1815-12-10', '1815-12-10T00:00:00.000Z', true],
		['Last_Visit__c', '2026-11-20T10:00:00.000Z', '2026-11-20T12:00:00.400+02:00', true],
		['Last_Visit__c', '2026-11-20T10:00:00.000Z', '2026-11-20T10:00:01.000Z', false],
		['Description', 'one\r\ntwo', 'one\ntwo ', true],
		['Newsletter__c', undefined, false, true],
		['Title', 'Lady', 'lady', false],
	])('of %s: %p and %p compare as %p', (name, held, wanted, same) => {
		expect(sameSalesforceValue(field(name), held, wanted)).toBe(same);
	});

	it.each<[string, FieldValue, unknown]>([
		['Title', '', null],
		['Title', 5, '5'],
		['Title', ['a', 'b'], 'a; b'],
		['Interests__c', ['Tea', 'Books'], 'Tea;Books'],
		['Interests__c', [], null],
		['Loyalty_Points__c', '12', 12],
		['Newsletter__c', 'true', true],
		['Newsletter__c', null, false],
		['Birthdate', '1815-12-10T00:00:00Z', '1815-12-10'],
		['Last_Visit__c', '2026-11-20T10:00:00+02:00', '2026-11-20T08:00:00.000Z'],
	])('of %s: %p is written as %p', (name, value, json) => {
		expect(toSalesforceValue(field(name), value)).toBe(json);
	});
});
