import { RecordError } from '../errors';
import type { SalesforceStore, Values } from '../records/store';
import type { Row, Value } from '../schema/fields';
import { fullName } from '../schema/people';
import type { SObject } from '../schema/objects';

/** Fields of the account and of its contact that hold one value. */
const SHARED: ReadonlyArray<readonly [account: string, contact: string]> = [
	['FirstName', 'FirstName'],
	['LastName', 'LastName'],
	['PersonEmail', 'Email'],
	['PersonMobilePhone', 'MobilePhone'],
	['PersonTitle', 'Title'],
	['PersonHasOptedOutOfEmail', 'HasOptedOutOfEmail'],
];
const NAME_FIELDS = ['FirstName', 'LastName', 'Salutation', 'MiddleName', 'Suffix'];

/** Whether a write makes a person account, or changes one: a last name or a person's record type says so. */
export function isPersonAccount(
	store: SalesforceStore,
	object: SObject,
	values: Values,
	existing: Row | undefined,
): boolean {
	if (!store.settings.personAccounts || object.name !== 'Account') return false;
	if (existing !== undefined) return existing['IsPersonAccount'] === true;
	const type = store.lookup('RecordType', values['RecordTypeId']);
	return (values['LastName'] ?? null) !== null || type?.['IsPersonType'] === true;
}

/** Refuses what the rules of person accounts do not let a write do (S17, S18). */
export function checkPersonAccount(
	store: SalesforceStore,
	object: SObject,
	values: Values,
	existing: Row | undefined,
): void {
	if (!store.settings.personAccounts) return;
	if (object.name === 'Account') checkAccount(values, existing, isPersonAccount(store, object, values, existing));
	if (object.name === 'Contact') checkContact(store, values, existing);
}

function checkAccount(values: Values, existing: Row | undefined, isPerson: boolean): void {
	const given = Object.keys(values);
	if (!isPerson) {
		const ofPersons = given.filter((name) => SHARED.some(([field]) => field === name) && values[name] !== null);
		if (ofPersons.length > 0) throw badNames(ofPersons);
		return;
	}
	if (given.includes('Name')) throw existing === undefined ? unableTo(['Name']) : badNames(['Name']);
	if (existing === undefined && (values['LastName'] ?? null) === null) {
		throw new RecordError('REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName]', ['LastName']);
	}
	if (existing !== undefined && given.includes('RecordTypeId') && given.length > 1) {
		const message = 'A change of the record type of a person account cannot be combined with other field updates';
		throw new RecordError('INVALID_FIELD_FOR_INSERT_UPDATE', message, ['RecordTypeId']);
	}
}

function checkContact(store: SalesforceStore, values: Values, existing: Row | undefined): void {
	if (existing?.['IsPersonAccount'] !== true) {
		if (store.lookup('Account', values['AccountId'])?.['IsPersonAccount'] !== true) return;
		throw new RecordError('FIELD_INTEGRITY_EXCEPTION', 'Account ID: a person account has no other contacts', [
			'AccountId',
		]);
	}
	const { personContactWrites } = store.settings;
	if (personContactWrites === 'refused' || values['RecordTypeId'] !== undefined) throw readOnlyRecord();
	const names = personContactWrites === 'exceptNames' ? NAME_FIELDS : [];
	const refused = ['AccountId', ...names].filter((name) => values[name] !== undefined);
	if (refused.length > 0) throw badNames(refused);
}

/** The contact of a person account goes with its account alone. */
export function checkPersonDeletion(row: Row, object: SObject): void {
	if (object.name === 'Contact' && row['IsPersonAccount'] === true) throw readOnlyRecord();
}

export const readOnlyRecord = (): RecordError =>
	new RecordError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', []);

const badNames = (names: readonly string[]): RecordError =>
	new RecordError('INVALID_FIELD_FOR_INSERT_UPDATE', `Account: bad field names on insert/update call: ${names.join(', ')}`, names); // prettier-ignore

/** Fields that the user may not write, as field-level security and the kind of the record have it. */
export const unableTo = (names: readonly string[]): RecordError =>
	new RecordError('INVALID_FIELD_FOR_INSERT_UPDATE', `Unable to create/update fields: ${names.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`, names); // prettier-ignore

/** Makes a person account: an account and its contact. Returns both ids. */
export function addPersonAccount(
	store: SalesforceStore,
	values: Values,
	options: { at?: number; by?: string } = {},
): { accountId: string; contactId: string } {
	const account = store.insert('Account', { ...values, Name: fullName(values), IsPersonAccount: true }, options);
	const accountId = account['Id'] as string;
	const contact = store.insert('Contact', { ...shared(account, 0), AccountId: accountId, IsPersonAccount: true }, options); // prettier-ignore
	const contactId = contact['Id'] as string;
	store.change('Account', accountId, { PersonContactId: contactId }, options);
	return { accountId, contactId };
}

/** Carries a change of one half of a person account to the other. */
export function mirrorPerson(store: SalesforceStore, object: string, row: Row, by?: string): void {
	if (row['IsPersonAccount'] !== true) return;
	const options = by === undefined ? {} : { by };
	const account = object === 'Account' ? row : store.must('Account', row['AccountId'] as string);
	if (object === 'Contact')
		store.change('Account', account['Id'] as string, { ...shared(row, 1), Name: fullName(row) }, options); // prettier-ignore
	else {
		store.change('Account', account['Id'] as string, { Name: fullName(account) }, options);
		store.change('Contact', account['PersonContactId'] as string, shared(account, 0), options);
	}
}

/** The shared values of a half, under the names of the other one: 0 = of the account, 1 = of the contact. */
function shared(row: Row, half: 0 | 1): Record<string, Value> {
	return Object.fromEntries(SHARED.map((pair) => [pair[1 - half] as string, row[pair[half]] ?? null]));
}
