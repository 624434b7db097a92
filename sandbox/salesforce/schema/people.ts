import {
	address,
	checkbox,
	field,
	formula,
	longText,
	phone,
	picklist,
	READ_ONLY,
	readOnly,
	reference,
	systemFields,
	text,
	type Field,
	type Row,
} from './fields';

const DAY_MS = 86_400_000;
export const INTERESTS = ['Tea', 'Books', 'Running', 'Cheese & wine', 'Opéra', 'Chess, online'];
export const TIERS = ['Bronze', 'Silver', 'Gold'];
const LEAD_SOURCES = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];

/** The parts of a name joined by blanks, as Salesforce shows them. */
export const fullName = (row: Row): string =>
	[row['FirstName'], row['MiddleName'], row['LastName'], row['Suffix']].filter(Boolean).join(' ');

export const recordType = (): Field =>
	reference('RecordTypeId', 'Record Type ID', 'RecordType', 'RecordType', { needs: 'recordTypes' });

/** Fields of Account, those of its person too. */
export function accountFields(): Field[] {
	const ofPerson = { needs: 'personAccounts' } as const;
	return [
		...systemFields({ owned: true, deletable: true }),
		text('Name', 'Account Name', 255, { nillable: false }),
		picklist('Rating', 'Account Rating', ['Hot', 'Warm', 'Cold']),
		field('Website', 'Website', 'url', { length: 255 }),
		phone('Phone', 'Account Phone'),
		picklist('Industry', 'Industry', ['Agriculture', 'Banking', 'Education', 'Retail', 'Other']),
		recordType(),
		checkbox('IsPersonAccount', 'Is Person Account', { ...READ_ONLY, ...ofPerson }),
		text('FirstName', 'First Name', 40, ofPerson),
		text('LastName', 'Last Name', 80, ofPerson),
		reference('PersonContactId', 'Contact ID', 'Contact', 'PersonContact', { ...READ_ONLY, ...ofPerson }),
		field('PersonEmail', 'Email', 'email', { length: 80, ...ofPerson }),
		field('PersonMobilePhone', 'Mobile', 'phone', { length: 40, ...ofPerson }),
		text('PersonTitle', 'Title', 80, ofPerson),
		checkbox('PersonHasOptedOutOfEmail', 'Email Opt Out', ofPerson),
	];
}

/** Fields that contacts and leads share. */
function personFields(): Field[] {
	return [
		text('LastName', 'Last Name', 80, { nillable: false, partOf: 'Name' }),
		text('FirstName', 'First Name', 40, { partOf: 'Name' }),
		picklist('Salutation', 'Salutation', ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.', 'Mx.'], { length: 40, partOf: 'Name' }),
		text('MiddleName', 'Middle Name', 40, { partOf: 'Name', needs: 'middleNames' }),
		text('Suffix', 'Suffix', 40, { partOf: 'Name', needs: 'middleNames' }),
		readOnly('Name', 'Full Name', 'string', { length: 121, nillable: false, compute: fullName }),
		field('Email', 'Email', 'email', { length: 80, idLookup: true }),
		phone('Phone', 'Business Phone'),
		phone('MobilePhone', 'Mobile Phone'),
		phone('Fax', 'Business Fax'),
		text('Title', 'Title', 128),
		picklist('LeadSource', 'Lead Source', LEAD_SOURCES),
		longText('Description', 'Description', 32_000),
		checkbox('HasOptedOutOfEmail', 'Email Opt Out'),
		checkbox('DoNotCall', 'Do Not Call'),
		text('HubSpot_Id__c', 'HubSpot Id', 255, { externalId: true, idLookup: true, unique: true }),
		text('Legacy_Code__c', 'Legacy Code', 40, { externalId: true, idLookup: true }),
		field('Interests__c', 'Interests', 'multipicklist', {
			length: 4_099,
			options: INTERESTS.map((value) => ({ value, active: true, isDefault: false })),
			restricted: true,
		}),
		checkbox('Newsletter__c', 'Newsletter'),
		recordType(),
		reference('MasterRecordId', 'Master Record ID', 'Contact', 'MasterRecord', {
			createable: false,
			updateable: false,
		}),
		readOnly('LastActivityDate', 'Last Activity', 'date'),
		readOnly('PhotoUrl', 'Photo URL', 'url', { length: 255 }),
		readOnly('IsEmailBounced', 'Is Email Bounced', 'boolean', {
			nillable: false,
			compute: (row) => row['EmailBouncedDate'] !== null && row['EmailBouncedDate'] !== undefined,
		}),
	];
}

/** Standard fields of Contact, and custom ones of every type a mapping meets. */
export function contactFields(): Field[] {
	return [
		...systemFields({ owned: true, deletable: true }),
		...personFields(),
		reference('AccountId', 'Account ID', 'Account', 'Account'),
		checkbox('IsPersonAccount', 'Is Person Account', { ...READ_ONLY, needs: 'personAccounts' }),
		reference('ReportsToId', 'Reports To ID', 'Contact', 'ReportsTo'),
		phone('HomePhone', 'Home Phone'),
		phone('OtherPhone', 'Other Phone'),
		phone('AssistantPhone', 'Asst. Phone'),
		text('AssistantName', "Assistant's Name", 40),
		text('Department', 'Department', 80),
		field('Birthdate', 'Birthdate', 'date', { ignoresYear: true }),
		...address('Mailing', 'Mailing'),
		...address('Other', 'Other'),
		field('EmailBouncedDate', 'Email Bounced Date', 'datetime'),
		text('EmailBouncedReason', 'Email Bounced Reason', 255),
		picklist('Customer_Tier__c', 'Customer Tier', TIERS, { restricted: true }),
		field('Loyalty_Points__c', 'Loyalty Points', 'double', { precision: 8, scale: 0 }),
		field('Credit_Limit__c', 'Credit Limit', 'currency', { precision: 16, scale: 2 }),
		field('Member_Since__c', 'Member Since', 'date'),
		field('Last_Visit__c', 'Last Visit', 'datetime'),
		longText('Notes__c', 'Notes', 32_768),
		longText('Bio__c', 'Bio', 32_768),
		formula('Account_Rating__c', 'Account Rating', 'string', 'TEXT(Account.Rating)', (row, around) =>
			around.lookup('Account', row['AccountId'])?.['Rating'] ?? null, { length: 1_300 }), // prettier-ignore
		formula('Days_Since_Visit__c', 'Days Since Visit', 'double', 'TODAY() - DATEVALUE(Last_Visit__c)', (row, around) =>
			typeof row['Last_Visit__c'] === 'number' ? dayOf(around.now()) - dayOf(row['Last_Visit__c']) : null, { precision: 18, scale: 0 }), // prettier-ignore
	];
}

/** Standard and custom fields of Lead. */
export function leadFields(): Field[] {
	const outcome = (name: string, label: string, to: string) =>
		reference(name, label, to, name.replace('Id', ''), { createable: false, updateable: false });
	return [
		...systemFields({ owned: true, deletable: true }),
		...personFields().map((one) => (one.name === 'MasterRecordId' ? { ...one, referenceTo: 'Lead' } : one)),
		text('Company', 'Company', 255, { nillable: false }),
		field('Website', 'Website', 'url', { length: 255 }),
		...address('', ''),
		picklist('Status', 'Status', ['Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'], { nillable: false, defaultedOnCreate: true, initial: 'Open - Not Contacted' }), // prettier-ignore
		picklist('Industry', 'Industry', ['Agriculture', 'Banking', 'Education', 'Retail', 'Other']),
		picklist('Rating', 'Rating', ['Hot', 'Warm', 'Cold']),
		field('AnnualRevenue', 'Annual Revenue', 'currency', { precision: 18, scale: 0 }),
		field('NumberOfEmployees', 'Employees', 'int', { precision: 8 }),
		checkbox('IsConverted', 'Converted', { updateable: false }),
		readOnly('ConvertedDate', 'Converted Date', 'date'),
		outcome('ConvertedAccountId', 'Converted Account ID', 'Account'),
		outcome('ConvertedContactId', 'Converted Contact ID', 'Contact'),
		field('EmailBouncedDate', 'Email Bounced Date', 'datetime', { createable: false }),
		text('EmailBouncedReason', 'Email Bounced Reason', 255, { createable: false }),
		formula('Days_Open__c', 'Days Open', 'double', 'TODAY() - DATEVALUE(CreatedDate)', (row, around) =>
			typeof row['CreatedDate'] === 'number' ? dayOf(around.now()) - dayOf(row['CreatedDate']) : null, { precision: 18, scale: 0 }), // prettier-ignore
	];
}

const dayOf = (at: number): number => Math.floor(at / DAY_MS);
