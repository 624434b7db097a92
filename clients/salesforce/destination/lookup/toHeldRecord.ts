import type { FieldValue } from '../../../../core/contact/contact';
import { setOwnValue } from '../../../../core/contact/ownValues';
import { addressForm } from '../../../../core/contact/email';
import { textOf } from '../../../../core/json';
import type { HeldContact } from '../../../../core/upsert/destination';
import { idOf, OPT_OUT_FIELD, optedOutOf, STAMP_FIELD } from '../../api/fields/recordFields';
import { toFieldValue } from '../../api/fields/toFieldValue';
import type { SalesforceObject, SalesforceRecord } from '../../api/types';
import { addressesOf, addressNames } from '../values/addressFields';
import { EMAIL } from '../toDestinationFields';

export const CREATED_FIELD = 'CreatedDate';
export const ACCOUNT_FIELD = 'AccountId';
/** True: the contact is one half of a person account. */
export const PERSON_FLAG = 'IsPersonAccount';

/** How the records of one object are read. */
export interface RecordForm {
	readonly object: SalesforceObject;
	/** The fields in use that the object has. */
	readonly attributes: readonly string[];
	/** Absent: the object has no field for keys. */
	readonly keyField?: string;
}

/** The form of an object's records, with the fields in use and the rest of addresses of which one is used. */
export function recordForm(object: SalesforceObject, names: readonly string[], keyField?: string): RecordForm {
	const known = new Set(object.fields.map(({ name }) => name));
	const wanted = names.filter((name) => name !== EMAIL && known.has(name));
	const addresses = addressesOf(object).map(addressNames);
	const beside = addresses.filter((all) => all.some((name) => wanted.includes(name))).flat();
	return {
		object,
		attributes: [...new Set([...wanted, ...beside.filter((name) => known.has(name))])],
		...(keyField !== undefined && known.has(keyField) ? { keyField } : {}),
	};
}

/** Everything that is read of a record. */
export function fieldsToRead({ object, attributes, keyField }: RecordForm): readonly string[] {
	const known = new Set(object.fields.map(({ name }) => name));
	const own = [OPT_OUT_FIELD, ACCOUNT_FIELD, PERSON_FLAG, 'IsConverted', 'ConvertedContactId'].filter((name) =>
		known.has(name),
	);
	return ['Id', EMAIL, STAMP_FIELD, CREATED_FIELD, ...own, ...(keyField ? [keyField] : []), ...attributes];
}

/** A record as the upsert engine sees it. Where the user may not see the opt-out, it counts as none. */
export function toHeldRecord(record: SalesforceRecord, form: RecordForm, onList: boolean): HeldContact {
	const { object, attributes, keyField } = form;
	const types = new Map(object.fields.map(({ name, type }) => [name, type]));
	const values: Record<string, FieldValue> = {};
	for (const name of attributes) setOwnValue(values, name, toFieldValue(record[name], types.get(name) ?? 'string'));
	const spelled = textOf(record[EMAIL]);
	const email = addressForm(spelled);
	const key = keyField === undefined ? '' : textOf(record[keyField]);
	return {
		id: idOf(record),
		...(email === '' ? {} : { email }),
		...(email === '' || email === spelled ? {} : { spelledEmail: spelled }),
		...(key === '' ? {} : { sourceKey: key }),
		optedOut: optedOutOf(record) === true,
		onList,
		version: textOf(record[STAMP_FIELD]),
		attributes: values,
	};
}
