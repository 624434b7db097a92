/** What can name a contact, spelt as Brevo spells it in `metadata.duplicate_identifiers`. No two contacts share one. */
export const identifierKinds = ['email', 'ext_id', 'SMS', 'WHATSAPP', 'LANDLINE_NUMBER'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

export const attributeCategories = ['normal', 'transactional', 'category', 'calculated', 'global'] as const;
export type AttributeCategory = (typeof attributeCategories)[number];

export const attributeTypes = ['text', 'date', 'float', 'id', 'boolean', 'multiple-choice', 'user'] as const;
export type AttributeType = (typeof attributeTypes)[number];

export interface EnumerationItem {
	/** What is stored, as text. `value` on the wire is this as a number, or 0 when it is not numeric. */
	value: string;
	label: string;
}

export interface Attribute {
	name: string;
	category: AttributeCategory;
	/** Absent for category, calculated and global attributes, as in Brevo's own answers. */
	type?: AttributeType;
	enumeration?: EnumerationItem[];
	multiCategoryOptions?: string[];
	calculatedValue?: string;
	isRecurring?: boolean;
}

export type AttributeValue = string | number | boolean | string[];

export interface Contact {
	readonly id: number;
	/** E-mail in lower case, phones as digits without plus. */
	readonly identifiers: Partial<Record<IdentifierKind, string>>;
	readonly attributes: Record<string, AttributeValue>;
	emailBlocked: boolean;
	smsBlocked: boolean;
	/** Set when the contact itself asked to stop (control API), for the statistics of a single read. */
	unsubscribedAt?: number;
	/** Milliseconds since 1970, as every instant in the store. */
	readonly createdAt: number;
	modifiedAt: number;
	/** The modification before that, which a listing goes by as long as it does not show the last one. */
	modifiedBefore?: number;
	readonly listIds: Set<number>;
	/** Lists the person unsubscribed from by themselves, while other mail may still reach them. */
	readonly listsLeft: Set<number>;
}

export interface ContactList {
	readonly id: number;
	name: string;
	folderId: number;
	readonly createdAt: number;
	/** Contact ids in the order they joined. */
	readonly members: Set<number>;
	/** How many members there were, the oldest first; counters lag behind. */
	readonly sizes: Array<{ readonly at: number; readonly size: number }>;
}

export interface Folder {
	readonly id: number;
	name: string;
}

/** A saved filter; read-only in the API. Here: all contacts whose attribute has the value. */
export interface Segment {
	readonly id: number;
	segmentName: string;
	categoryName: string;
	updatedAt: number;
	attribute: string;
	value: string;
}

/** Where a write came from. `control` is the test or the web page, standing for people at work in Brevo itself. */
export type WriteSource = 'post' | 'put' | 'delete' | 'batch' | 'import' | 'lists' | 'merge' | 'control' | 'seed';

/** One entry per contact and call that really did something; calls that change nothing leave no entry. */
export interface Write {
	at: number;
	kind: 'created' | 'updated' | 'deleted';
	via: WriteSource;
	contactId: number;
	/** Attribute names, identifier kinds, `emailBlacklisted`, `smsBlacklisted`, `+list:<id>`, `-list:<id>`. */
	changedFields: string[];
}

/** A contact that could not be mailed and now can, through a write of an API client: what must never happen by accident. */
export interface Resubscription {
	at: number;
	contactId: number;
	via: WriteSource;
	channel: 'email' | 'sms';
	cause: 'flag' | 'emailChange' | 'recreated' | 'backOnList' | 'merged';
}

/** A value that Brevo leaves out without telling the caller. */
export interface DroppedValue {
	at: number;
	contactId?: number;
	name: string;
	why:
		| 'unknown attribute'
		| 'not writable'
		| 'wrong type'
		| 'too long'
		| 'unknown option'
		| 'bad phone'
		| 'no identifier'
		| 'not in imports';
}
