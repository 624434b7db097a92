import type { Contact, PropertyDefinition, Version } from '../entities';

/** Values HubSpot computes itself; they are never stored. */
const COMPUTED: Readonly<Record<string, (contact: ComputedFrom) => string | undefined>> = {
	hs_object_id: ({ id }) => String(id),
	createdate: ({ createdAt }) => iso(createdAt),
	lastmodifieddate: ({ updatedAt }) => iso(updatedAt),
	hs_email_domain: ({ properties }) => properties['email']?.split('@')[1],
	hs_is_contact: () => 'true',
	hs_full_name_or_email: ({ properties }) =>
		[properties['firstname'], properties['lastname']].filter(Boolean).join(' ') || properties['email'],
	hs_calculated_phone_number: ({ properties }) =>
		properties['phone'] !== undefined && /^\+\d{6,16}$/.test(properties['phone']) ? properties['phone'] : undefined,
};

type ComputedFrom = Pick<Contact, 'id' | 'createdAt' | 'updatedAt' | 'properties'>;

/** Properties every contact answer holds, asked for or not. */
const ALWAYS = ['createdate', 'hs_object_id', 'lastmodifieddate'];
/** What an answer holds when no property is asked for (https://developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm). */
const DEFAULTS = ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'];

export function iso(at: number): string {
	return new Date(at).toISOString();
}

/** The value of one property; undefined when it is empty. */
export function valueOf(contact: ComputedFrom, name: string): string | undefined {
	const computed = Object.hasOwn(COMPUTED, name) ? COMPUTED[name] : undefined;
	return computed === undefined ? contact.properties[name] : computed(contact);
}

/**
 * Values by name as HubSpot answers them: unknown names are silently absent, defined but empty ones null. Naming any
 * property replaces the default set.
 */
function pickProperties(
	definitions: ReadonlyMap<string, PropertyDefinition>,
	contact: ComputedFrom,
	asked: readonly string[],
): Record<string, string | null> {
	const names = asked.length === 0 ? DEFAULTS : [...new Set([...asked, ...ALWAYS])].sort();
	const values: Record<string, string | null> = {};
	for (const name of names) {
		const definition = definitions.get(name);
		if (definition === undefined || definition.archivedAt !== undefined) continue;
		values[name] = valueOf(contact, name) ?? null;
	}
	return values;
}

/** All versions of a property, the newest first; a property that never had a value has none. */
function versionsOf(contact: Contact, name: string): readonly Version[] {
	const recorded = contact.history?.[name];
	if (recorded !== undefined) return recorded;
	const value = valueOf(contact, name);
	if (value === undefined) return [];
	const at = name === 'lastmodifieddate' ? contact.updatedAt : contact.createdAt;
	return [{ value, at, sourceType: 'IMPORT' }];
}

/** A contact in the form of HubSpot's answers. */
export function contactToJson(
	definitions: ReadonlyMap<string, PropertyDefinition>,
	contact: Contact,
	asked: readonly string[],
	withHistory: readonly string[] = [],
): Record<string, unknown> {
	const history: Record<string, unknown> = {};
	for (const name of withHistory) {
		if (!definitions.has(name)) continue;
		history[name] = versionsOf(contact, name).map(({ value, at, sourceType, sourceId }) => ({
			value,
			timestamp: iso(at),
			sourceType,
			...(sourceId !== undefined && { sourceId }),
		}));
	}
	return {
		id: String(contact.id),
		properties: pickProperties(definitions, contact, asked),
		...(withHistory.length > 0 && { propertiesWithHistory: history }),
		createdAt: iso(contact.createdAt),
		updatedAt: iso(contact.updatedAt),
		archived: contact.archivedAt !== undefined,
		...(contact.archivedAt !== undefined && { archivedAt: iso(contact.archivedAt) }),
	};
}
