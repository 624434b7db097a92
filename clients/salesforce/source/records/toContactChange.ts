import type { ChangeKind, ContactChange, ContactSource, FieldValue } from '../../../../core/contact/contact';
import { ownValue, setOwnValue } from '../../../../core/contact/ownValues';
import { contactKey, isContactKey } from '../../../../core/contact/contact';
import { textOf } from '../../../../core/json';
import { idOf, isKeyField, OPT_OUT_FIELD, optedOutOf, STAMP_FIELD } from '../../api/fields/recordFields';
import { fullId } from '../../api/fields/recordIds';
import { typeOfPath } from '../../api/fields/relatedFields';
import { isFieldPath } from '../../soql/buildSoql';
import type { SalesforceObject, SalesforceObjectName, SalesforceRecord } from '../../api/types';
import { toFieldValue } from '../../api/fields/toFieldValue';

/** What a trigger reads of each record. */
export interface ReadSettings {
	/** Id of the organisation. */
	readonly account: string;
	readonly object: SalesforceObjectName;
	/** Id of the list view or campaign that is followed. */
	readonly list?: string | undefined;
	/** Names and paths of the fields to emit. */
	readonly fields: readonly string[];
	readonly described: SalesforceObject;
}

/** Fields of a query: the wanted ones as far as the user may see them, and those every change needs. */
export function fieldsToRead(wanted: readonly string[], described: SalesforceObject): string[] {
	const names = new Set(described.fields.map(({ name }) => name));
	const relations = new Set(described.fields.map(({ relationshipName }) => relationshipName));
	const isThere = (path: string): boolean =>
		isFieldPath(path) && (path.includes('.') ? relations.has(path.split('.')[0]) : names.has(path));
	const optional = ['MasterRecordId', 'IsConverted', 'ConvertedContactId', OPT_OUT_FIELD];
	const own = ['Id', STAMP_FIELD, 'IsDeleted', ...optional.filter((name) => names.has(name))];
	return [...new Set([...own, ...keyFieldsIn(described), ...wanted.filter(isThere)])];
}

/**
 * Fields that may carry the key of the record of another system: the one of the default name, and any text marked as external id.
 * An object has few of those.
 */
const keyFieldsIn = ({ fields }: SalesforceObject): readonly string[] => [
	...new Set([
		...fields.filter(isKeyField).map(({ name }) => name),
		...fields.filter(({ externalId, type }) => externalId && type === 'string').map(({ name }) => name),
	]),
];

export interface ChangeDetails {
	readonly change: ChangeKind;
	/** ms since 1970. */
	readonly at: number;
	/** Ids of records that were merged into this one. */
	readonly mergedFrom?: readonly string[] | undefined;
	/** Addresses of those, where they were read: another tool may have overwritten the key of a contact that is still there. */
	readonly otherEmails?: readonly string[] | undefined;
	/** Ids of the leads that became this contact. */
	readonly leads?: readonly string[] | undefined;
	/** Id of the contact that a converted lead became. */
	readonly convertedTo?: string | undefined;
}

/** A record as read now, as the item that a trigger emits. Salesforce does not show which fields changed. */
export function toContactChange(
	record: SalesforceRecord,
	{ change, at, mergedFrom = [], otherEmails = [], leads = [], convertedTo }: ChangeDetails,
	settings: ReadSettings,
): ContactChange {
	const { account, object, list } = settings;
	const place = { system: 'salesforce', account };
	const source: ContactSource = { ...place, object, id: idOf(record), ...(list === undefined ? {} : { list }) };
	const keyOf = (of: SalesforceObjectName, id: string): string => contactKey({ ...place, object: of, id: fullId(id) });
	const places = [...mergedFrom.map((id) => keyOf(object, id)), ...leads.map((id) => keyOf('Lead', id))];
	const linkedTo = keyFieldsIn(settings.described)
		.map((name) => textOf(record[name]))
		.filter(isContactKey);
	return {
		key: contactKey(source),
		change,
		source,
		changedAt: new Date(at).toISOString(),
		fields: fieldsOf(record, settings),
		...(places.length > 0 ? { mergedFrom: places } : {}),
		...(otherEmails.length > 0 ? { otherEmails } : {}),
		...(convertedTo === undefined ? {} : { convertedTo: keyOf('Contact', convertedTo) }),
		...(linkedTo.length > 0 ? { linkedTo } : {}),
		optedOut: optedOutOf(record),
	};
}

function fieldsOf(record: SalesforceRecord, { fields, described }: ReadSettings): Record<string, FieldValue> {
	const types = typesOf(described);
	const typed: Record<string, FieldValue> = {};
	for (const name of fields) {
		const value = ownValue(record, name);
		// Of an empty relation no fields are sent at all.
		if (value === undefined && !name.includes('.')) continue;
		let type = types.get(name);
		if (type === undefined) types.set(name, (type = typeOfPath(described, name) ?? 'string'));
		setOwnValue(typed, name, toFieldValue(value, type));
	}
	return typed;
}

const known = new WeakMap<SalesforceObject, Map<string, string>>();

/** Types by name and path, as far as they were looked up. */
function typesOf(described: SalesforceObject): Map<string, string> {
	const types = known.get(described) ?? new Map<string, string>();
	known.set(described, types);
	return types;
}
