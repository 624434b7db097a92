import { z } from 'zod';

/** What Brevo answers, as far as this package reads it. Unknown keys are let through; missing ones are refused. */

/**
 * Read by hand: zod's union of forms notes for each form that does not fit why, which was a third of the time an account
 * takes to read.
 */
const attributeValues = z.unknown().transform((values): Readonly<Record<string, AttributeValue>> => {
	if (typeof values !== 'object' || values === null || Array.isArray(values)) return {};
	const entries: Array<[string, unknown]> = Object.entries(values);
	return Object.fromEntries(entries.map(([name, value]) => [name, isAttributeValue(value) ? value : null]));
});

const isAttributeValue = (value: unknown): value is AttributeValue =>
	value === null ||
	typeof value === 'string' ||
	typeof value === 'number' ||
	typeof value === 'boolean' ||
	(Array.isArray(value) && value.every((entry) => typeof entry === 'string'));

export const brevoContact = z.object({
	id: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
	email: z.string().nullish(),
	/** Where a contact's external id is echoed is undocumented; `attributes.EXT_ID` is the other place. */
	ext_id: z.string().nullish(),
	emailBlacklisted: z.boolean(),
	smsBlacklisted: z.boolean().catch(false),
	/** With the account's own offset, such as `2026-08-01T19:45:17.088+02:00`. */
	modifiedAt: z.string(),
	/** Required: without it a member of the list would count as not being on it, and would be neither taken off nor kept off. */
	listIds: z.array(z.number()),
	/** Lists the person unsubscribed from; only in accounts with unsubscription from single lists. */
	listUnsubscribed: z.array(z.number()).nullish(),
	attributes: attributeValues,
});
export type BrevoContact = z.infer<typeof brevoContact>;

/** No page has more rows; longer answers are none of Brevo's. */
const MOST_ROWS = 1_000;

/** `count` may be missing (the SDK types it as optional) and may lag; the contacts may not: no page is no empty account. */
export const contactPage = z.object({ contacts: z.array(brevoContact).max(MOST_ROWS), count: z.number().optional() });
export type ContactPage = z.infer<typeof contactPage>;

const brevoAttribute = z.object({
	name: z.string(),
	category: z.string(),
	/** text, date, float, id, boolean, multiple-choice, user; absent for category, calculated and global attributes. */
	type: z.string().optional(),
	/** `value` is 0 when the stored value is not numeric; `valueStr` then tells it. */
	enumeration: z
		.array(z.object({ value: z.number().optional(), valueStr: z.string().optional(), label: z.string() }))
		.optional()
		.catch(undefined),
	multiCategoryOptions: z.array(z.string()).optional().catch(undefined),
});
export type BrevoAttribute = z.infer<typeof brevoAttribute>;
export const attributeList = z.object({ attributes: z.array(brevoAttribute) });

export const brevoList = z.object({
	id: z.number(),
	name: z.string(),
	folderId: z.number().optional(),
	uniqueSubscribers: z.number().optional(),
});
export type BrevoList = z.infer<typeof brevoList>;
/** A page without its entries is no answer of Brevo, unless it says that there is none. */
const saysNone = ({ count }: { readonly count?: number }): boolean => count === 0;

/** `lists` is missing when there is none. */
export const listPage = z
	.object({ lists: z.array(brevoList).max(MOST_ROWS).optional(), count: z.number().optional() })
	.refine((page) => page.lists !== undefined || saysNone(page), { path: ['lists'] })
	.transform(({ lists = [], count }) => ({ lists, count }));

export const brevoFolder = z.object({ id: z.number(), name: z.string() });
export type BrevoFolder = z.infer<typeof brevoFolder>;
export const folderPage = z
	.object({ folders: z.array(brevoFolder).max(MOST_ROWS).optional(), count: z.number().optional() })
	.refine((page) => page.folders !== undefined || saysNone(page), { path: ['folders'] })
	.transform(({ folders = [], count }) => ({ folders, count }));

export const created = z.object({ id: z.number() });
/** POST /contacts answers 201 with the id of the new contact. A success without a body is one all the same: the read-back tells. */
export const createdContact = z.union([created, z.literal(''), z.null(), z.undefined()]);
const idList = z.array(z.unknown()).transform((ids) => ids.filter((id): id is number => typeof id === 'number'));
/** What became of each contact of a call that names many; the reference nests it in `contacts`, its examples don't. */
export const listChange = z.union([
	z.object({ contacts: z.object({ success: idList }) }).transform(({ contacts }) => contacts),
	z.object({ success: idList }),
]);
/** Status 204 has no body. Anything else would be the word of something in between, which carried nothing out. */
export const noBody = z.union([z.literal(''), z.null(), z.undefined()]);
/** A success whose body does not matter: none, or JSON without a word about a fault. Text would be the page of a proxy in between. */
export const nothing = z.union([noBody, z.record(z.unknown()).refine(({ message, error }) => !message && !error)]);

export const startedImport = z.object({ processId: z.number() });

export const brevoProcess = z.object({ id: z.number().optional(), status: z.string() });
export type BrevoProcess = z.infer<typeof brevoProcess>;
/** `processes` is missing when there is none. */
export const processPage = z
	.object({
		processes: z.array(z.object({ id: z.number(), name: z.string().optional(), status: z.string() })).optional(),
		count: z.number().optional(),
	})
	.refine((page) => page.processes !== undefined || saysNone(page), { path: ['processes'] })
	.transform(({ processes = [] }) => processes);
export type ListedProcess = z.output<typeof processPage>[number];

/** GET /account. `credits` are those left; `sms` plans count text messages, all others e-mails. */
export const brevoAccount = z.object({
	/** What stays while the people and the address of an account change; older descriptions do not name it. */
	organization_id: z
		.union([z.string().min(1), z.number()])
		.optional()
		.catch(undefined),
	email: z.string().optional().catch(undefined),
	plan: z
		.array(
			z.object({
				type: z.string(),
				credits: z.number().optional().catch(undefined),
				endDate: z.string().optional().catch(undefined),
			}),
		)
		.default([]),
});
export type BrevoAccount = z.infer<typeof brevoAccount>;

/** Names as `identifierType` wants them. */
export type IdentifierType = 'email_id' | 'contact_id' | 'ext_id' | 'phone_id';

export type AttributeValue = string | number | boolean | readonly string[] | null;

/**
 * What may be written of a contact. A block can be set and not lifted: `false` is not part of the type, so no write of
 * this package can make an opted-out person mailable.
 */
export interface ContactBody {
	readonly attributes?: Readonly<Record<string, AttributeValue>>;
	readonly ext_id?: string;
	readonly listIds?: readonly number[];
	/** PUT only. */
	readonly unlinkListIds?: readonly number[];
	readonly emailBlacklisted?: true;
	readonly smsBlacklisted?: true;
}

export interface ImportRow {
	readonly email?: string;
	readonly ext_id?: string;
	readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface ImportBody {
	readonly jsonBody: readonly ImportRow[];
	readonly listIds: readonly number[];
	readonly updateExistingContacts: true;
	/** No mail to the account's owner about each import. */
	readonly disableNotification: true;
	/** Empty values erase what is stored. */
	readonly emptyContactsAttributes?: true;
	/** Blocks every row. Absent leaves blocks as they are. */
	readonly emailBlacklist?: true;
}

export interface ContactQuery {
	readonly limit: number;
	readonly offset: number;
	/** By the creation of the contacts; the oldest first when absent. */
	readonly sort?: 'asc' | 'desc';
	/** ISO 8601 in UTC, inclusive. */
	readonly modifiedSince?: string;
	/** Only the members of this list. */
	readonly listId?: number;
	/** Only the members of any of these lists. */
	readonly listIds?: readonly number[];
	/** Only these contacts, up to 20; one that does not exist is absent from the answer. */
	readonly ids?: readonly string[];
	/** Only the contacts whose attribute has exactly this text. */
	readonly equals?: { readonly attribute: string; readonly text: string };
}
