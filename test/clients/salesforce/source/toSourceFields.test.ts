import { withRequired } from '../../../../clients/salesforce/source/requireFields';
import { relatedFields, typeOfPath } from '../../../../clients/salesforce/api/fields/relatedFields';
import { select } from '../../../../clients/salesforce/soql/buildSoql';
import { toSourceFields } from '../../../../clients/salesforce/source/toSourceFields';
import type { SalesforceObject } from '../../../../clients/salesforce/api/types';
import type { SourceField } from '../../../../core/mapping/fields';
import { offeredFields } from '../../../../core/mapping/fields';
import type { Failure } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { clientOf, operate, valueOf } from '../support/organisation';

let salesforce: RunningSalesforce;
let contact: SalesforceObject;
let lead: SalesforceObject;

beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 3, leads: 1 });
	contact = valueOf(await clientOf(salesforce).describe('Contact'));
	lead = valueOf(await clientOf(salesforce).describe('Lead'));
});
afterAll(() => salesforce.close());

const fieldOf = (name: string, object = contact): SourceField | undefined =>
	toSourceFields(object).find((field) => field.name === name);
const offered = (object: SalesforceObject): string[] => offeredFields(toSourceFields(object)).map(({ name }) => name);

describe('the fields of Salesforce in the mapping', () => {
	it('SB-20: formula fields are not offered, nor what Salesforce changes without a stamp', () => {
		for (const [object, name] of [
			[contact, 'Account_Rating__c'],
			[contact, 'Days_Since_Visit__c'],
			[lead, 'Days_Open__c'],
		] as const) {
			expect(fieldOf(name, object)).toMatchObject({ readOnly: true });
			expect(offered(object)).not.toContain(name);
		}
	});

	it('the date of the last activity moves the stamp of its record, so it is offered', () => {
		expect(fieldOf('LastActivityDate')).toMatchObject({ readOnly: false });
		expect(offered(contact)).toContain('LastActivityDate');
	});

	it('ids, stamps and leftovers are hidden, and still known', () => {
		for (const name of [
			'Id',
			'AccountId',
			'OwnerId',
			'IsDeleted',
			'MasterRecordId',
			'SystemModstamp',
			'LastModifiedDate',
			'PhotoUrl',
		]) {
			expect(fieldOf(name)).toMatchObject({ hidden: true });
			expect(offered(contact)).not.toContain(name);
		}
	});

	it.each<[string, string]>([
		['FirstName', 'text'],
		['Name', 'text'],
		['Email', 'email'],
		['MobilePhone', 'phone'],
		['LeadSource', 'category'],
		['Interests__c', 'multipleChoice'],
		['Newsletter__c', 'boolean'],
		['Birthdate', 'date'],
		['CreatedDate', 'datetime'],
		['Loyalty_Points__c', 'number'],
		['Credit_Limit__c', 'number'],
		['Description', 'text'],
		['MailingAddress', 'text'],
		['MailingCity', 'text'],
		['HasOptedOutOfEmail', 'boolean'],
	])('%s is offered as %s', (name, type) => {
		expect(fieldOf(name)).toMatchObject({ type });
		expect(offered(contact)).toContain(name);
	});

	it('SB-28: picklists have their active options, by value and label', async () => {
		expect(fieldOf('Customer_Tier__c')?.options).toEqual([
			{ value: 'Bronze', label: 'Bronze' },
			{ value: 'Silver', label: 'Silver' },
			{ value: 'Gold', label: 'Gold' },
		]);
		const tier = contact.fields.find(({ name }) => name === 'Customer_Tier__c');
		const picklistValues = [
			{ value: 'G', label: 'Gold', active: true },
			{ value: 'P', label: 'Platinum', active: false },
		];
		const changed = { ...contact, fields: tier ? [{ ...tier, picklistValues }] : [] };
		expect(fieldOf('Customer_Tier__c', changed)?.options).toEqual([{ value: 'G', label: 'Gold' }]);
	});

	it('related records give their names, and each can be read', async () => {
		const labels = Object.fromEntries(
			toSourceFields(contact)
				.filter(({ name }) => name.includes('.'))
				.map(({ name, label, type }) => [name, `${label}: ${type}`]),
		);
		expect(labels).toEqual({
			'Owner.Name': 'Owner Name: text',
			'Owner.Email': 'Owner Email: email',
			'Account.Name': 'Account Name: text',
			'Account.Website': 'Account Website: text',
			'Account.Phone': 'Account Phone: phone',
			'Account.Industry': 'Account Industry: text',
			'ReportsTo.Name': 'Reports To Name: text',
		});
		const client = clientOf(salesforce);
		const soql = (object: SalesforceObject) =>
			select({ fields: ['Id', ...relatedFields(object).map(({ path }) => path)], from: object.name });
		expect(await client.query(soql(contact))).toMatchObject({ kind: 'ok', value: { totalSize: 3 } });
		expect(await client.query(soql(lead))).toMatchObject({ kind: 'ok', value: { totalSize: 1 } });
		expect(relatedFields(lead).map(({ path }) => path)).toEqual(['Owner.Name', 'Owner.Email']);
	});

	it('every field that is offered can be read in one query', async () => {
		for (const object of [contact, lead]) {
			const soql = select({ fields: offered(object), from: object.name });
			expect(await clientOf(salesforce).query(soql)).toMatchObject({ kind: 'ok' });
		}
	});

	it('fields stand in groups: those of an address, custom ones, the others', () => {
		expect(fieldOf('MailingCity')?.group).toBe(fieldOf('MailingAddress')?.group);
		expect(fieldOf('Newsletter__c')?.group).toBe('Custom fields');
		expect(fieldOf('FirstName')?.group).toBe('Contact fields');
		expect(fieldOf('Account.Name')?.group).toBe('Related records');
	});
});

describe('fields that must be there', () => {
	it('are there, by name or by path', () => {
		expect(withRequired(ok(contact), ['Email', 'Account.Name', 'Id'], 'the mapping')).toEqual(ok(contact));
		expect(typeOfPath(contact, 'Account.Phone')).toBe('phone');
		expect(typeOfPath(contact, 'Account.Nix')).toBeUndefined();
	});

	it('are named where they are gone or hidden by field-level security', async () => {
		await operate(salesforce, 'setAccess', { object: 'Contact', field: 'Title', access: 'hidden' });
		const described = await clientOf(salesforce).describe('Contact');
		const checked = withRequired(described, ['Email', 'Title', 'Old__c', 'Owner.Nix'], 'the trigger');
		expect(checked).toMatchObject({ kind: 'stop', code: 'SOURCE_FIELD_MISSING' });
		expect((checked as Failure).reason).toMatch(/'Title', 'Old__c', 'Owner\.Nix'.*the trigger.*field-level security/);
		expect((checked as Failure).reason).not.toContain("'Email'");
	});

	it('a description that could not be read stays the failure it is', () => {
		const failure: Failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'down' };
		expect(withRequired(failure, ['Email'], 'the mapping')).toBe(failure);
	});
});
