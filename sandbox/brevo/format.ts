import type { Attribute, AttributeValue, Contact, ContactList, Folder, Segment } from './entities';
import type { BrevoSettings } from './settings';
import type { BrevoStore } from './store';

/** An instant in the account's own offset, such as `2026-08-01T19:45:17.088+02:00`; never in UTC. */
export function timestamp(at: number, accountOffset: string): string {
	return new Date(at + offsetMs(accountOffset)).toISOString().replace('Z', accountOffset);
}

/**
 * Milliseconds since 1970 of a date-time in a query, or undefined when it is malformed (a `+` that was not URL-encoded
 * arrives as a blank and is malformed). Without an offset it is read in the account's time zone.
 */
export function instant(text: string, accountOffset: string): number | undefined {
	const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
	if (match === null) return undefined;
	const [, date, time = '00:00:00', zone = accountOffset] = match;
	const at = Date.parse(`${date}T${time}${zone}`);
	return Number.isNaN(at) ? undefined : at;
}

/** A contact as every read gives it. Phones are digits without plus; the external id is echoed where the settings say. */
export function contactBody(contact: Contact, store: BrevoStore, settings: BrevoSettings): Record<string, unknown> {
	const { email, ext_id: extId, SMS, WHATSAPP, LANDLINE_NUMBER } = contact.identifiers;
	const attributes: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(contact.attributes)) {
		attributes[name] = readableValue(store.attribute(name), value, settings);
	}
	Object.assign(
		attributes,
		SMS === undefined ? {} : { SMS },
		WHATSAPP === undefined ? {} : { WHATSAPP },
		LANDLINE_NUMBER === undefined ? {} : { LANDLINE_NUMBER },
		extId === undefined || settings.extIdReadAs !== 'attribute' ? {} : { EXT_ID: extId },
	);
	return {
		...(email === undefined ? {} : { email }),
		...(extId === undefined || settings.extIdReadAs !== 'field' ? {} : { ext_id: extId }),
		id: contact.id,
		emailBlacklisted: contact.emailBlocked,
		smsBlacklisted: contact.smsBlocked,
		whatsappBlacklisted: false,
		createdAt: timestamp(contact.createdAt, settings.accountOffset),
		modifiedAt: timestamp(shownModification(contact, settings), settings.accountOffset),
		listIds: [...contact.listIds],
		...(contact.listsLeft.size === 0 ? {} : { listUnsubscribed: [...contact.listsLeft] }),
		attributes,
	};
}

/** `modifiedAt` as a read shows it. */
export const shownModification = (
	{ modifiedAt }: Contact,
	{ modifiedWholeSeconds }: Pick<BrevoSettings, 'modifiedWholeSeconds'>,
): number => (modifiedWholeSeconds ? Math.floor(modifiedAt / 1_000) * 1_000 : modifiedAt);

/** The modification that `modifiedSince` goes by at the instant `now`; undefined while it shows none of a new contact. */
export function listedModification(contact: Contact, settings: BrevoSettings, now: number): number | undefined {
	if (now - contact.modifiedAt >= settings.modifiedLagMs) return shownModification(contact, settings);
	return contact.modifiedBefore;
}

/** How many members a list is said to have: those of a while ago. */
export function countedMembers({ sizes, members }: ContactList, { countLagMs }: BrevoSettings, now: number): number {
	if (countLagMs === 0) return members.size;
	return sizes.filter(({ at }) => at <= now - countLagMs).at(-1)?.size ?? 0;
}

export function contactStatistics(contact: Contact, settings: BrevoSettings): Record<string, unknown> {
	if (contact.unsubscribedAt === undefined) return {};
	const eventTime = timestamp(contact.unsubscribedAt, settings.accountOffset);
	return {
		unsubscriptions: {
			userUnsubscription: [{ campaignId: 1, eventTime, ip: '192.0.2.1' }],
			adminUnsubscription: [],
		},
	};
}

/** The two old counters are still there and always 0. */
export function listBody(list: ContactList, settings: BrevoSettings, now: number): Record<string, unknown> {
	return {
		id: list.id,
		name: list.name,
		folderId: list.folderId,
		uniqueSubscribers: countedMembers(list, settings, now),
		totalSubscribers: 0,
		totalBlacklisted: 0,
	};
}

export function folderBody(folder: Folder, store: BrevoStore): Record<string, unknown> {
	const people = new Set<number>();
	for (const list of store.lists.values()) {
		if (list.folderId === folder.id) for (const id of list.members) people.add(id);
	}
	return { id: folder.id, name: folder.name, uniqueSubscribers: people.size, totalSubscribers: 0, totalBlacklisted: 0 };
}

export function segmentBody(segment: Segment, settings: BrevoSettings): Record<string, unknown> {
	const { id, segmentName, categoryName, updatedAt } = segment;
	return { id, segmentName, categoryName, updatedAt: timestamp(updatedAt, settings.accountOffset) };
}

export function attributeBody(attribute: Attribute): Record<string, unknown> {
	const { name, category, type, enumeration, multiCategoryOptions, calculatedValue } = attribute;
	return {
		name,
		category,
		...(type === undefined ? {} : { type }),
		...(enumeration === undefined
			? {}
			: {
					enumeration: enumeration.map(({ value, label }) => ({ value: wholeNumber(value), valueStr: value, label })),
				}),
		...(multiCategoryOptions === undefined ? {} : { multiCategoryOptions }),
		...(calculatedValue === undefined ? {} : { calculatedValue }),
	};
}

function readableValue(
	attribute: Attribute | undefined,
	value: AttributeValue,
	{ categoryReadAs }: Pick<BrevoSettings, 'categoryReadAs'>,
): AttributeValue {
	if (attribute?.category !== 'category' || typeof value !== 'string') return value;
	if (categoryReadAs === 'label') return attribute.enumeration?.find((item) => item.value === value)?.label ?? value;
	return /^\d+$/.test(value) ? Number(value) : value;
}

/** 0 when the stored value is not numeric, as Brevo documents it. */
function wholeNumber(value: string): number {
	return /^-?\d+$/.test(value) ? Number(value) : 0;
}

function offsetMs(offset: string): number {
	const match = /^([+-])(\d{2}):?(\d{2})$/.exec(offset);
	if (match === null) return 0;
	const minutes = Number(match[2]) * 60 + Number(match[3]);
	return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
