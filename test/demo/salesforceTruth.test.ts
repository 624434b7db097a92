import { fillTemplate, syncTemplate, type SourceName } from '../../demo/n8n/importTemplate';
import { readExpectation, sourceTruth } from '../../demo/truth/sandboxTruth';
import { salesforceTruth } from '../../demo/truth/salesforceTruth';
import type { WorkflowJson } from '../../demo/n8n/n8nApi';
import { startSandbox, type Sandbox } from '../../sandbox/startSandbox';

/** What the demo expects of Salesforce, by hand. */
describe('the second reading of Salesforce', () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox({ members: 10, salesforce: { contacts: 20, leads: 10, awkward: false } });
	});
	afterAll(async () => await sandbox.close());

	const workflowOf = (source: SourceName, mapping: Record<string, string> = {}): WorkflowJson => {
		const credential = { id: '1', name: 'One' };
		const credentials = { contactSyncSalesforceJwtApi: credential, contactSyncBrevoApi: credential };
		return fillTemplate(syncTemplate(source), { credentials, mapping, destinationList: { id: '9', name: 'From' } });
	};
	const add = (object: 'Contact' | 'Lead', values: Record<string, string | number | boolean | null>): string =>
		sandbox.salesforce.store.insert(object, { LastName: 'Last', Company: 'Firm', ...values })['Id'] as string;
	const expectedOf = (source: 'Contact' | 'Lead', id: string, mapping?: Record<string, string>) => {
		const { contacts, excluded, leavers } = readExpectation(sandbox, workflowOf(source, mapping));
		const key = salesforceTruth(sandbox, source).keyOf(id);
		return {
			contact: contacts.find((contact) => contact.key === key),
			reason: excluded[key],
			leaver: leavers.find((leaver) => leaver.key === key),
		};
	};

	it('reads fields of every type and of related records', () => {
		const account = sandbox.salesforce.store.insert('Account', { Name: 'Müller & Söhne' })['Id'] as string;
		const id = add('Contact', {
			FirstName: 'Ann',
			Email: 'Ann@Example.com',
			MobilePhone: '+33 6 12 34 56 78',
			AccountId: account,
			Birthdate: '1990-09-25',
			Credit_Limit__c: -1.5,
			Newsletter__c: false,
			Interests__c: 'Tea;Running',
			Last_Visit__c: Date.UTC(2025, 4, 6),
		});
		const mapping = {
			COMPANY_NAME: 'Account.Name',
			BIRTHDAY: 'Birthdate',
			ANNUAL_REVENUE: 'Credit_Limit__c',
			IS_CUSTOMER: 'Newsletter__c',
			INTERESTS: 'Interests__c',
			CITY: 'Last_Visit__c',
			NOTES: 'Notes__c',
		};
		expect(expectedOf('Contact', id, mapping).contact).toMatchObject({
			email: 'ann@example.com',
			phone: '33612345678',
			optedOut: false,
			attributes: {
				FIRSTNAME: 'Ann',
				LASTNAME: 'Last',
				COMPANY_NAME: 'Müller & Söhne',
				BIRTHDAY: '1990-09-25',
				ANNUAL_REVENUE: -1.5,
				IS_CUSTOMER: false,
				INTERESTS: ['Tea'],
				CITY: '2025-05-06T00:00:00.000Z',
			},
		});
		expect(() => readExpectation(sandbox, workflowOf('Contact', { CITY: 'Nowhere__c' }))).toThrow('Nowhere__c');
	});

	it('of two records with one address the newer goes on, opted out when one of them is', () => {
		const older = add('Lead', { Email: 'office@example.com', HasOptedOutOfEmail: true });
		const newer = add('Lead', { Email: 'Office@example.com' });
		sandbox.salesforce.store.change('Lead', newer, { Title: 'Boss' }, { at: Date.now() + 60_000 });
		expect(expectedOf('Lead', older).reason).toBe('SAME_ADDRESS_TWICE');
		expect(expectedOf('Lead', newer).contact).toMatchObject({ optedOut: true });
	});

	it('knows who was deleted, merged and converted, and the key a merged record goes on under', () => {
		const { store } = sandbox.salesforce;
		const [master, loser, gone] = ['m', 'l', 'g'].map((name) => add('Contact', { Email: `${name}@example.com` }));
		store.remove('Contact', loser ?? '', { MasterRecordId: master ?? null });
		store.remove('Contact', gone ?? '');
		const truth = salesforceTruth(sandbox, 'Contact');
		expect(expectedOf('Contact', master ?? '').contact?.formerKeys).toEqual([truth.keyOf(loser ?? '')]);
		const how = new Map(truth.former().map((former) => [former.id, former.how]));
		expect([how.get(loser ?? ''), how.get(gone ?? '')]).toEqual(['merged', 'deleted']);
		const lead = add('Lead', { Email: 'lead@example.com', IsConverted: true });
		expect(expectedOf('Lead', lead)).toMatchObject({ contact: undefined, leaver: { email: 'lead@example.com' } });
		expect(sourceTruth(sandbox, workflowOf('Contact')).size()).toBe(truth.size());
	});
});
