import { storedNumber } from '../../../core/plainNumber';
import type { ChangeKind, ContactChange, ContactSource, FieldValue } from '../../../core/contact/contact';
import { ownValue, setOwnValue } from '../../../core/contact/ownValues';
import { contactKey, isContactKey } from '../../../core/contact/contact';
import {
	EMAIL_PROPERTY,
	KEY_PROPERTY,
	MERGE_PROPERTIES,
	mergedIdsOf,
	OPT_OUT_PROPERTY,
	OTHER_EMAILS_PROPERTY,
	otherEmailsOf,
	STAMP_PROPERTY,
} from '../api/propertyNames';
import type { HubSpotContact, HubSpotProperty, PropertyVersion } from '../api/types';

/** What a trigger reads of each contact. */
export interface ReadSettings {
	readonly portalId: string;
	/** The list that is followed or read; absent: single contacts are read. */
	readonly listId?: string;
	/** Names of the properties to emit. */
	readonly fields: readonly string[];
	/** Definitions by name, as far as they exist. */
	readonly definitions: ReadonlyMap<string, HubSpotProperty>;
}

/** Properties of a read: the wanted ones and those every change needs. */
export const propertiesToRead = ({ fields, definitions }: Pick<ReadSettings, 'fields' | 'definitions'>): string[] => [
	...new Set([
		...fields,
		EMAIL_PROPERTY,
		OTHER_EMAILS_PROPERTY,
		OPT_OUT_PROPERTY,
		STAMP_PROPERTY,
		...keyProperties(definitions),
		...MERGE_PROPERTIES,
	]),
];

/**
 * Properties that may carry the key of the record of another system: the one of the default name, and any text that has to be unique, of
 * which an account has few.
 */
function keyProperties(definitions: ReadSettings['definitions']): readonly string[] {
	const unique = [...definitions.values()].filter(({ unique: isUnique, type }) => isUnique && type === 'string');
	// An account without a property leaves it out of its answers.
	return [...new Set([KEY_PROPERTY, ...unique.map(({ name }) => name)])].filter((name) => name !== EMAIL_PROPERTY);
}

/** Properties whose change makes a contact worth emitting. */
export const watchedProperties = (fields: readonly string[]): string[] =>
	[...new Set([...fields, OPT_OUT_PROPERTY])].filter((name) => name !== STAMP_PROPERTY);

/** Properties that are read with their earlier values: also those that tell which records were merged since. */
export const historyToRead = (fields: readonly string[]): string[] => [
	...new Set([...watchedProperties(fields), ...MERGE_PROPERTIES]),
];

export interface ChangeDetails {
	readonly change: ChangeKind;
	/** ms since 1970. */
	readonly at: number;
	readonly changedFields?: readonly string[];
	readonly previousEmail?: string;
	/** See `ContactChange`. */
	readonly optOutOnly?: true;
}

/** The opt-out of a contact that is none of those that are followed. */
export const OUTSIDE_OPT_OUT = {
	change: 'optedOut',
	changedFields: [OPT_OUT_PROPERTY] as readonly string[],
	optOutOnly: true,
} as const;

/** A contact as read now, as the item that a trigger emits. */
export function toContactChange(
	contact: HubSpotContact,
	details: ChangeDetails,
	settings: ReadSettings,
): ContactChange {
	const source = sourceOf(contact.id, settings);
	const { changedFields, previousEmail, optOutOnly } = details;
	const mergedFrom = mergedIdsOf(contact).map((id) => contactKey({ ...source, id }));
	const otherEmails = otherEmailsOf(contact);
	const linkedTo = keyProperties(settings.definitions)
		.map((name) => ownValue(contact.properties, name) ?? '')
		.filter(isContactKey);
	return {
		key: contactKey(source),
		change: details.change,
		source,
		changedAt: new Date(details.at).toISOString(),
		fields: fieldsOf(contact, settings),
		...(changedFields ? { changedFields } : {}),
		...(previousEmail ? { previousEmail } : {}),
		...(mergedFrom.length > 0 ? { mergedFrom } : {}),
		...(otherEmails.length > 0 ? { otherEmails } : {}),
		...(linkedTo.length > 0 ? { linkedTo } : {}),
		...(optOutOnly ? { optOutOnly } : {}),
		optedOut: optedOutOf(contact.properties[OPT_OUT_PROPERTY]),
	};
}

/** A contact that no longer exists; of one that is not in the recycle bin either only the key is left. */
export function toDeletion(
	id: string,
	archived: HubSpotContact | undefined,
	noticedAt: number,
	settings: ReadSettings,
): ContactChange {
	const details = { change: 'deleted', at: archived?.archivedAt ?? noticedAt } as const;
	return toContactChange(archived ?? { id, properties: {}, history: {} }, details, settings);
}

const sourceOf = (id: string, { portalId, listId }: ReadSettings): ContactSource => ({
	system: 'hubspot',
	account: portalId,
	object: 'contact',
	id,
	...(listId === undefined ? {} : { list: listId }),
	// A second record with the same address is refused (https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide).
	uniqueEmails: true,
});

/** Whether a contact is unsubscribed from all e-mail, and was not yet at `since` (ms since 1970). */
export const optedOutSince = (contact: HubSpotContact, since: number): boolean =>
	contact.properties[OPT_OUT_PROPERTY] === 'true' &&
	lastChange(contact.history[OPT_OUT_PROPERTY] ?? [], since, false) !== undefined;

/**
 * What changed in the watched properties after `since` (ms since 1970), or undefined when nothing did. HubSpot notes a
 * version for every write, also of the same value, and calculated properties get a new stamp whenever they are read; so
 * only a value that differs from the one before counts.
 */
export function changesSince(
	contact: HubSpotContact,
	since: number,
	{ fields, definitions }: Pick<ReadSettings, 'fields' | 'definitions'>,
): ChangeDetails | undefined {
	const changedFields: string[] = [];
	let at = 0;
	for (const name of watchedProperties(fields)) {
		const changed = lastChange(contact.history[name] ?? [], since, definitions.get(name)?.calculated === true);
		if (changed === undefined) continue;
		changedFields.push(name);
		at = Math.max(at, changed);
	}
	if (changedFields.length === 0) return undefined;
	const onlyOptOut = changedFields.length === 1 && changedFields[0] === OPT_OUT_PROPERTY;
	return {
		change: onlyOptOut && contact.properties[OPT_OUT_PROPERTY] === 'true' ? 'optedOut' : 'updated',
		at,
		changedFields: changedFields.filter((name) => name !== OPT_OUT_PROPERTY || fields.includes(name) || onlyOptOut),
		previousEmail: changedFields.includes(EMAIL_PROPERTY)
			? valueBefore(contact.history[EMAIL_PROPERTY] ?? [], since)
			: undefined,
	};
}

/** Instant of the newest version after `since`, if the value really is another one than before. Newest version first. */
function lastChange(versions: readonly PropertyVersion[], since: number, calculated: boolean): number | undefined {
	const newest = versions[0];
	if (!newest || newest.at <= since) return undefined;
	const before = versions.find((version) => version.at <= since);
	if (!before) return calculated ? undefined : newest.at;
	// A value that went there and back counts too: the one in between may have been emitted.
	const passed = versions.some((version) => version.at > since && (version.value ?? '') !== (before.value ?? ''));
	return passed ? newest.at : undefined;
}

const valueBefore = (versions: readonly PropertyVersion[], since: number): string | undefined =>
	versions.find((version) => version.at <= since)?.value?.trim() || undefined;

/** Null only when HubSpot did not send the property; one that was never set means not unsubscribed. */
function optedOutOf(value: string | null | undefined): boolean | null {
	return value === undefined ? null : value === 'true';
}

function fieldsOf(contact: HubSpotContact, { fields, definitions }: ReadSettings): Record<string, FieldValue> {
	const typed: Record<string, FieldValue> = {};
	for (const name of fields) {
		const value = ownValue(contact.properties, name);
		if (value !== undefined) setOwnValue(typed, name, typedValue(value, definitions.get(name)));
	}
	return typed;
}

/** HubSpot sends every value as text; `""` and null are both empty. */
export function typedValue(
	value: string | null,
	definition: Pick<HubSpotProperty, 'type' | 'fieldType'> | undefined,
): FieldValue {
	if (value === null || value === '') return null;
	switch (definition?.type) {
		case 'number': {
			const number = storedNumber(value);
			// Long numbers, such as ids, would lose digits.
			return number !== undefined && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : value;
		}
		case 'bool':
			return value === 'true' ? true : value === 'false' ? false : value;
		case 'enumeration':
			if (definition.fieldType === 'checkbox')
				return value
					.split(';')
					.map((entry) => entry.trim())
					.filter((entry) => entry !== '');
			return definition.fieldType === 'booleancheckbox' && (value === 'true' || value === 'false')
				? value === 'true'
				: value;
		default:
			return value;
	}
}
