import { z } from 'zod';
import { setOwnValue } from '../../../core/contact/ownValues';
import { isRecord } from '../../../core/json';

/** Salesforce's JSON, as far as this package reads it. Unknown keys are ignored, so that Salesforce may add some. */

export type SalesforceObjectName = 'Contact' | 'Lead';

/** One row without `attributes`; fields of relations under their path (`Account.Name`); raw JSON values. */
export type SalesforceRecord = Readonly<Record<string, unknown>>;

export interface QueryPage {
	/** Rows of the whole result. */
	readonly totalSize: number;
	readonly records: readonly SalesforceRecord[];
	/** Path of the next page; absent on the last one. */
	readonly next?: string;
}

/** The 18 characters of an id, or the 15 of older pages and addresses. */
export const isSalesforceId = (text: string): boolean => /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(text);

/** Paths Salesforce answers with are called as they are: nothing but its own data. */
const dataPath = z.string().regex(/^\/services\/data\/v\d+\.\d+\/[\w\-.~%/?=&+,:]+$/, 'not a path of its data');

/** Checked by hand: a schema for each value would take a good part of the time of reading many records. */
const rawRecord = z.custom<Readonly<Record<string, unknown>>>(isRecord, 'not a record');

/** No page has more rows; longer answers are none of Salesforce's. */
const MOST_ROWS = 2_000;

export const queryAnswer = z
	.object({
		totalSize: z.number().int().nonnegative(),
		done: z.boolean(),
		nextRecordsUrl: dataPath.nullish(),
		records: z.array(rawRecord).max(MOST_ROWS),
	})
	.superRefine(({ done, nextRecordsUrl }, context) => {
		if (!done && !nextRecordsUrl)
			context.addIssue({ code: z.ZodIssueCode.custom, path: ['nextRecordsUrl'], message: 'absent' });
	})
	.transform(({ totalSize, done, nextRecordsUrl, records }, context): QueryPage => {
		const flat = records.map(flatRecord).filter((record) => record !== undefined);
		if (flat.length < records.length)
			context.addIssue({ code: z.ZodIssueCode.custom, path: ['records'], message: 'nested too deep' });
		return { totalSize, records: flat, ...(done ? {} : { next: nextRecordsUrl ?? undefined }) };
	});

/** The first page of a result. One without rows is empty only where Salesforce counts none either. */
export const firstPageAnswer = queryAnswer.refine(
	({ totalSize, records, next }) => records.length > 0 || totalSize === 0 || next !== undefined,
	{ path: ['records'] },
);

/** Relations that a query may follow: SOQL reference, "Relationship query limitations". Deeper answers are none of Salesforce's. */
const DEEPEST = 5;

/**
 * Related records are nested and carry `attributes`; compound values such as addresses are objects without them. Undefined where they
 * are nested deeper than any query asks for.
 */
function flatRecord(record: Readonly<Record<string, unknown>>): SalesforceRecord | undefined {
	const flat: Record<string, unknown> = {};
	const visit = (row: Readonly<Record<string, unknown>>, prefix: string, depth: number): boolean =>
		depth <= DEEPEST &&
		Object.entries(row).every(([name, value]) => {
			if (name === 'attributes') return true;
			if (isRelated(value)) return visit(value, `${prefix}${name}.`, depth + 1);
			setOwnValue(flat, prefix + name, value);
			return true;
		});
	return visit(record, '', 0) ? flat : undefined;
}

const isRelated = (value: unknown): value is Readonly<Record<string, unknown>> =>
	isRecord(value) && 'attributes' in value;

export const compositeAnswer = z.object({
	compositeResponse: z.array(
		z.object({ body: z.unknown(), httpStatusCode: z.number().int(), referenceId: z.string() }),
	),
});

const picklistValue = z.object({
	value: z.string(),
	label: z.string().nullish(),
	active: z.boolean().nullish(),
	validFor: z.string().nullish(),
});

const yesNo = z
	.boolean()
	.nullish()
	.transform((value) => value === true);

const field = z
	.object({
		name: z.string().min(1),
		label: z.string().nullish(),
		type: z.string(),
		length: z.number().nullish(),
		calculated: yesNo,
		filterable: yesNo,
		nillable: yesNo,
		createable: yesNo,
		updateable: yesNo,
		defaultedOnCreate: yesNo,
		externalId: yesNo,
		unique: yesNo,
		precision: z.number().nullish(),
		scale: z.number().nullish(),
		digits: z.number().nullish(),
		custom: yesNo,
		deprecatedAndHidden: yesNo,
		compoundFieldName: z.string().nullish(),
		relationshipName: z.string().nullish(),
		referenceTo: z.array(z.string()).nullish(),
		picklistValues: z.array(picklistValue).nullish(),
		restrictedPicklist: yesNo,
	})
	.transform(
		({
			label,
			length,
			precision,
			scale,
			digits,
			compoundFieldName,
			relationshipName,
			referenceTo,
			picklistValues,
			...rest
		}): SalesforceField => ({
			...rest,
			label: label?.trim() || rest.name,
			length: length ?? 0,
			precision: precision ?? 0,
			scale: scale ?? 0,
			digits: digits ?? 0,
			compoundFieldName: compoundFieldName ?? undefined,
			relationshipName: relationshipName ?? undefined,
			referenceTo: referenceTo ?? [],
			picklistValues: (picklistValues ?? []).map((option) => ({
				value: option.value,
				label: option.label?.trim() || option.value,
				active: option.active !== false,
				...(option.validFor ? { validFor: option.validFor } : {}),
			})),
		}),
	);

/** A field as the object's description shows it. Fields that the user may not see are absent from it. */
export interface SalesforceField {
	readonly name: string;
	readonly label: string;
	/** `id string email phone url textarea picklist multipicklist boolean int double currency percent date datetime reference …` */
	readonly type: string;
	/** Characters of texts; 0 for other types. */
	readonly length: number;
	/** A formula or a roll-up summary: worked out on reading, without moving the record's stamp. */
	readonly calculated: boolean;
	/** False: cannot stand in WHERE. */
	readonly filterable: boolean;
	readonly nillable: boolean;
	readonly createable: boolean;
	readonly updateable: boolean;
	/** Salesforce fills it where a new record names no value. */
	readonly defaultedOnCreate: boolean;
	readonly externalId: boolean;
	/** No two records have the same value. */
	readonly unique: boolean;
	/** Digits of a number in all, and behind the point; 0 for other types and for whole numbers. */
	readonly precision: number;
	readonly scale: number;
	/** Digits of a whole number; 0 for other types. */
	readonly digits: number;
	readonly custom: boolean;
	readonly deprecatedAndHidden: boolean;
	/** The compound field it is a part of, such as `MailingAddress` or `Name`. */
	readonly compoundFieldName?: string;
	/** Of a reference: `Account` for `AccountId`. */
	readonly relationshipName?: string;
	readonly referenceTo: readonly string[];
	readonly picklistValues: readonly PicklistValue[];
	/** True: no other values than these. */
	readonly restrictedPicklist: boolean;
}

export interface PicklistValue {
	readonly value: string;
	readonly label: string;
	readonly active: boolean;
	/** Of a dependent picklist: bits in base64, one for each value of the controlling field with which this one goes. */
	readonly validFor?: string;
}

export interface SalesforceObject {
	readonly name: string;
	readonly label: string;
	/** Whether the user may create records of it, change them, and delete them. */
	readonly createable: boolean;
	readonly updateable: boolean;
	readonly deletable: boolean;
	readonly fields: readonly SalesforceField[];
}

export const describeAnswer = z
	.object({
		name: z.string().min(1),
		label: z.string().nullish(),
		createable: yesNo,
		updateable: yesNo,
		deletable: yesNo,
		fields: z.array(field),
	})
	.transform(({ label, ...rest }): SalesforceObject => ({ ...rest, label: label?.trim() || rest.name }));

/** The organisation a credential belongs to. */
export interface Organisation {
	/** 18 characters. */
	readonly id: string;
	readonly name: string;
	readonly timeZone?: string;
	readonly sandbox: boolean;
}

export interface ListViewEntry {
	readonly id: string;
	readonly label: string;
	/** Whether the query language can express its filter. */
	readonly readable: boolean;
}

export const listViewsAnswer = z
	.object({
		done: z.boolean(),
		nextRecordsUrl: dataPath.nullish(),
		listviews: z
			.array(z.object({ id: z.string().min(1), label: z.string(), soqlCompatible: z.boolean().nullish() }))
			.max(MOST_ROWS),
	})
	.transform(({ done, nextRecordsUrl, listviews }) => ({
		items: listviews.map(({ id, label, soqlCompatible }): ListViewEntry => ({
			id,
			label,
			readable: soqlCompatible !== false,
		})),
		next: done ? undefined : (nextRecordsUrl ?? undefined),
	}));

export const listViewAnswer = z.object({ query: z.string(), scope: z.string().nullish() });

export interface Campaign {
	readonly id: string;
	readonly name: string;
	readonly active: boolean;
}
