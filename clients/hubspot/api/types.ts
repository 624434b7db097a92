import { z } from 'zod';
import { instantOf as isoInstantOf } from '../../../core/instant';

/**
 * HubSpot's JSON, as far as this package reads it. Ids arrive as text or numbers depending on the endpoint and leave here
 * as text; instants leave as ms since 1970. Unknown keys are ignored, so that HubSpot may add some.
 */

const id = z.union([z.string().min(1), z.number().int()]).transform(String);

/** Ids of contacts are whole numbers; they are kept packed and compared by size. */
const contactId = id.refine((text) => /^[1-9]\d*$/.test(text), 'not a record id');

/** The last instant of the year 9999: later ones have no text that a vendor reads, and dates of JavaScript end before long. */
const LAST_INSTANT = 253_402_300_799_999;

/** An instant as HubSpot writes it: ISO 8601, or ms since 1970 as a number or a text. */
export function instantOf(value: unknown): number | undefined {
	if (typeof value === 'number') return Math.abs(value) <= LAST_INSTANT ? Math.trunc(value) : undefined;
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	return instantOf(/^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : isoInstantOf(value));
}

const instant = z.union([z.string(), z.number()]).transform((value, context) => {
	const at = instantOf(value);
	if (at !== undefined) return at;
	context.addIssue({ code: z.ZodIssueCode.custom, message: 'not an instant' });
	return z.NEVER;
});

/** No page has more rows; longer answers are none of HubSpot's. */
const MOST_ROWS = 1_000;

const paging = z
	.object({ next: z.object({ after: id }).nullish() })
	.nullish()
	.transform((value) => value?.next?.after);

export const accountAnswer = z.object({
	portalId: id,
	timeZone: z.string().nullish(),
	accountType: z.string().nullish(),
});

/** The account a credential belongs to. */
export interface HubSpotAccount {
	readonly portalId: string;
	readonly timeZone?: string;
}

const listEntry = z.object({
	listId: id,
	name: z.string(),
	objectTypeId: z.string().nullish(),
	processingType: z.string(),
	processingStatus: z.string().nullish(),
	listVersion: z.number().nullish(),
	filtersUpdatedAt: z.unknown(),
	deletedAt: z.unknown(),
	size: z.number().nullish(),
	additionalProperties: z.record(z.unknown()).nullish(),
});

export const listSearchAnswer = z.object({
	lists: z.array(listEntry).max(MOST_ROWS),
	hasMore: z.boolean().nullish(),
	offset: z.number().nullish(),
	total: z.number().nullish(),
});

/** A list ("segment" in HubSpot's pages) as the list search shows it. */
export interface HubSpotList {
	readonly id: string;
	readonly name: string;
	/** `0-1` is contacts. */
	readonly objectTypeId?: string;
	/** `MANUAL`, `SNAPSHOT` or `DYNAMIC`, which HubSpot calls an active list. */
	readonly processingType: string;
	/** `COMPLETE`, `PROCESSING` or `PAUSED`. */
	readonly processingStatus?: string;
	readonly version?: number;
	readonly filtersUpdatedAt?: number;
	readonly size?: number;
	readonly lastAddedAt?: number;
	readonly lastRemovedAt?: number;
}

export function toList(entry: z.output<typeof listEntry>): HubSpotList {
	const more = entry.additionalProperties ?? {};
	const size =
		more.hs_list_size === undefined || more.hs_list_size === null || more.hs_list_size === ''
			? NaN
			: Number(more.hs_list_size);
	return {
		id: entry.listId,
		name: entry.name,
		objectTypeId: entry.objectTypeId ?? undefined,
		processingType: entry.processingType,
		processingStatus: entry.processingStatus ?? undefined,
		version: entry.listVersion ?? undefined,
		filtersUpdatedAt: instantOf(entry.filtersUpdatedAt),
		size: Number.isFinite(size) ? size : (entry.size ?? undefined),
		lastAddedAt: instantOf(more.hs_last_record_added_at),
		lastRemovedAt: instantOf(more.hs_last_record_removed_at),
	};
}

export const membersAnswer = z.object({
	results: z.array(z.object({ recordId: contactId, membershipTimestamp: instant })).max(MOST_ROWS),
	paging,
});

/** One line of a list's membership log. */
export interface Member {
	readonly id: string;
	/** When it joined, ms since 1970. */
	readonly at: number;
}

export const membershipsAnswer = z.object({
	results: z
		.array(
			z.object({
				recordId: contactId,
				// Null is no word about lists: a contact in none would have left the one that is followed.
				recordListMemberships: z.array(z.object({ listId: id })).optional(),
			}),
		)
		.max(MOST_ROWS),
});

const historyEntry = z.object({ value: z.string().nullish(), timestamp: instant });

/** Checked by hand: a schema for each single value took a good part of the time of reading many contacts. */
const valuesByName = z.custom<Readonly<Record<string, string | null>>>(
	(values: unknown) =>
		typeof values === 'object' &&
		values !== null &&
		!Array.isArray(values) &&
		Object.values(values).every((value) => value === null || typeof value === 'string'),
	'not values by name',
);

const contactRecord = z.object({
	id: contactId,
	properties: valuesByName,
	updatedAt: z.unknown(),
	archived: z.boolean().nullish(),
	archivedAt: z.unknown(),
	propertiesWithHistory: z.record(z.array(historyEntry)).nullish(),
});

/** A contact in the answer to a batch of writes. */
export const writtenRecord = contactRecord.extend({ objectWriteTraceId: z.string().nullish() });

export const batchReadAnswer = z.object({ results: z.array(contactRecord).max(MOST_ROWS) });

export const contactIdAnswer = z.object({ id: contactId });

export const contactsAnswer = z.object({ results: z.array(z.object({ id: contactId })).max(MOST_ROWS), paging });

export const searchAnswer = z.object({
	total: z.number().nullish(),
	results: z.array(contactRecord).max(MOST_ROWS),
	paging,
});

export interface PropertyVersion {
	readonly value: string | null;
	/** ms since 1970. */
	readonly at: number;
}

/** A contact as read. `changedAt` is HubSpot's last-modified stamp in ms since 1970. */
export interface HubSpotContact {
	readonly id: string;
	readonly properties: Readonly<Record<string, string | null>>;
	readonly changedAt?: number;
	/** When it was deleted, of contacts in the recycle bin. */
	readonly archivedAt?: number;
	/** Newest version first. */
	readonly history: Readonly<Record<string, readonly PropertyVersion[]>>;
	/** Ids of records that had been merged into those that were merged into this one, and that it does not name itself. */
	readonly chainIds?: readonly string[];
}

export function toContact(record: z.output<typeof contactRecord>): HubSpotContact {
	const history = Object.entries(record.propertiesWithHistory ?? {}).map(([name, versions]) => [
		name,
		versions.map(({ value, timestamp }) => ({ value: value ?? null, at: timestamp })).sort((a, b) => b.at - a.at),
	]);
	return {
		id: record.id,
		properties: record.properties,
		changedAt: instantOf(record.properties.lastmodifieddate) ?? instantOf(record.updatedAt),
		archivedAt: instantOf(record.archivedAt),
		history: Object.fromEntries(history) as HubSpotContact['history'],
	};
}

const option = z.object({ label: z.string(), value: z.string(), hidden: z.boolean().nullish() });

export const propertiesAnswer = z.object({
	results: z.array(
		z.object({
			name: z.string().min(1),
			label: z.string().nullish(),
			description: z.string().nullish(),
			groupName: z.string().nullish(),
			type: z.string(),
			fieldType: z.string().nullish(),
			options: z.array(option).nullish(),
			hidden: z.boolean().nullish(),
			archived: z.boolean().nullish(),
			calculated: z.boolean().nullish(),
			calculationFormula: z.string().nullish(),
			hasUniqueValue: z.boolean().nullish(),
			hubspotDefined: z.boolean().nullish(),
			modificationMetadata: z.object({ readOnlyValue: z.boolean().nullish() }).nullish(),
		}),
	),
});

/** The definition of a contact property. */
export interface HubSpotProperty {
	readonly name: string;
	readonly label: string;
	readonly description?: string;
	readonly groupName?: string;
	/** `string number date datetime enumeration bool phone_number …` */
	readonly type: string;
	/** `text textarea number date select radio checkbox booleancheckbox …`; `checkbox` is a multiple choice. */
	readonly fieldType: string;
	readonly options: ReadonlyArray<{ readonly label: string; readonly value: string; readonly hidden: boolean }>;
	readonly hidden: boolean;
	/** Worked out by HubSpot, built in or by a formula. */
	readonly calculated: boolean;
	/** HubSpot's API cannot change its value. */
	readonly readOnly: boolean;
	readonly hubspotDefined: boolean;
	readonly unique: boolean;
}

/** Archived definitions are left out. */
export function toProperties(answer: z.output<typeof propertiesAnswer>): HubSpotProperty[] {
	return answer.results
		.filter((definition) => definition.archived !== true)
		.map((definition) => ({
			name: definition.name,
			label: definition.label?.trim() || definition.name,
			description: definition.description || undefined,
			groupName: definition.groupName ?? undefined,
			type: definition.type,
			fieldType: definition.fieldType ?? '',
			options: (definition.options ?? []).map(({ label, value, hidden }) => ({
				label,
				value,
				hidden: hidden === true,
			})),
			hidden: definition.hidden === true,
			calculated: definition.calculated === true || Boolean(definition.calculationFormula),
			readOnly: definition.modificationMetadata?.readOnlyValue === true,
			hubspotDefined: definition.hubspotDefined === true,
			unique: definition.hasUniqueValue === true,
		}));
}
