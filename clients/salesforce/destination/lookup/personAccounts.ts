import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { textOf } from '../../../../core/json';
import { fullId } from '../../api/fields/recordIds';
import { idOf } from '../../api/fields/recordFields';
import type { SalesforceField, SalesforceObject, SalesforceRecord } from '../../api/types';
import { ACCOUNT_FIELD, PERSON_FLAG } from './toHeldRecord';

/** Fields that the account of a person has under the name of the contact's. */
const SAME_NAME: ReadonlySet<string> = new Set([
	'FirstName',
	'LastName',
	'Salutation',
	'MiddleName',
	'Suffix',
	'Phone',
	'Fax',
]);

/**
 * Contacts that are one half of a person account. Salesforce takes changes of such a contact for certain through its account alone,
 * under other names: `PersonEmail`, `Custom__pc`; the names of persons as they are, and never `Name` or `AccountId` (S17).
 */
export class PersonAccounts {
	private account: SalesforceObject | undefined;
	private readonly accountIds = new Map<string, string>();

	/** `describeAccount`: the object Account; undefined where the user may not change accounts. */
	constructor(private readonly describeAccount: () => Promise<Result<SalesforceObject | undefined>>) {}

	/** Takes over which of these contacts belong to person accounts. Where accounts cannot be changed, contacts are written as they are. */
	async note(contacts: readonly SalesforceRecord[]): Promise<Result<unknown>> {
		const people = contacts.filter((record) => record[PERSON_FLAG] === true);
		if (people.length === 0) return ok(undefined);
		const account = this.account ? ok(this.account) : await this.describeAccount();
		if (account.kind !== 'ok' || !account.value) return account;
		this.account = account.value;
		for (const person of people) this.accountIds.set(idOf(person), fullId(textOf(person[ACCOUNT_FIELD])));
		return ok(undefined);
	}

	/** The account that a contact is written through; undefined for any other contact. */
	accountOf(contactId: string): { readonly id: string; readonly object: SalesforceObject } | undefined {
		const id = this.accountIds.get(contactId);
		return id === undefined || !this.account ? undefined : { id, object: this.account };
	}

	/** The account's field for one of the contact; undefined where there is none that can be written. */
	fieldFor(contactField: string): SalesforceField | undefined {
		const name = accountName(contactField);
		return this.account?.fields.find((field) => field.name === name && field.updateable);
	}
}

const accountName = (contactField: string): string => {
	if (contactField.endsWith('__c')) return contactField.replace(/__c$/, '__pc');
	return SAME_NAME.has(contactField) ? contactField : `Person${contactField}`;
};

/** The contact's field behind one of the account, as errors name it. */
export const contactName = (accountField: string): string =>
	accountField.endsWith('__pc') ? accountField.replace(/__pc$/, '__c') : accountField.replace(/^Person(?=[A-Z])/, '');
