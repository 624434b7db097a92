import type { ContactWrite } from '../../../core/upsert/destination';
import { OPT_OUT_FIELD } from '../api/fields/recordFields';
import type { RecordToWrite, RecordValue } from '../api/salesforceWriter';
import type { PersonAccounts } from './lookup/personAccounts';
import type { RecordForm } from './lookup/toHeldRecord';
import { EMAIL } from './toDestinationFields';
import { toSalesforceValue } from './values/toSalesforceValue';

type Values = Readonly<Record<string, RecordValue>>;

/**
 * The record of a write: mapped fields only, with the key, an opt-out and a new address (S27). Nothing ever takes an opt-out back.
 * The contact of a person account is written as its account (S17).
 */
export function toRecord(write: ContactWrite, { object, keyField }: RecordForm, people: PersonAccounts): RecordToWrite {
	const { held, email, sourceKey, block, attributes } = write;
	const fields = new Map(object.fields.map((field) => [field.name, field]));
	const mapped = Object.entries(attributes).map(([name, value]) => [name, toSalesforceValue(fields.get(name), value)]);
	const values: Values = {
		...(Object.fromEntries(mapped) as Values),
		...(email === undefined ? {} : { [EMAIL]: email }),
		...(sourceKey === undefined || keyField === undefined ? {} : { [keyField]: sourceKey }),
		...(block && held?.optedOut !== true ? { [OPT_OUT_FIELD]: true } : {}),
	};
	const account = held && people.accountOf(held.id);
	const onAccount = account && valuesOnAccount(values, people);
	if (onAccount) return { type: account.object.name, id: account.id, values: onAccount };
	return { type: object.name, ...(held ? { id: held.id } : {}), values };
}

/** The values under the names of the account; undefined where it has no place for an opt-out or an address. */
function valuesOnAccount(values: Values, people: PersonAccounts): Values | undefined {
	if ([OPT_OUT_FIELD, EMAIL].some((name) => name in values && !people.fieldFor(name))) return undefined;
	const named = Object.entries(values).flatMap(([name, value]) => {
		const field = people.fieldFor(name);
		return field ? [[field.name, value] as const] : [];
	});
	return Object.fromEntries(named);
}
