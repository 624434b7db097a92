/** How the stand-in behaves where Brevo's documents leave room, and what an account can be set to. Changeable at run time. */
export interface BrevoSettings {
	apiKey: string;
	/** What stays of an account while its people change (https://developers.brevo.com/reference/get-account.md). */
	organizationId: string;
	/** The account refuses unknown IP addresses: every call answers 401 with the link to the authorised addresses. */
	blockIp: boolean;
	/** Every call answers 403 `permission_denied`. */
	permissionDenied: boolean;
	/** Time zone of the account, as an offset such as `+02:00`; timestamps come back in it. */
	accountOffset: string;

	/** How long each answer takes besides its own work, as calls over the internet do. */
	answerDelayMs: number;
	/** Rate limits on or off; the three numbers are those of the General tier. */
	limits: boolean;
	contactsPerSecond: number;
	contactsPerHour: number;
	othersPerHour: number;

	/** What POST and PUT do with an attribute the account does not have. UNCONFIRMED, sources disagree. */
	unknownAttributes: 'ignored' | 'error';
	/** Whether `""`, null or an empty array erases a value on POST and PUT. UNCONFIRMED. */
	emptyClears: boolean;
	/**
	 * What an empty SMS, WHATSAPP or LANDLINE_NUMBER of a single write does. That an empty SMS clears the number is in the changelog of
	 * 2020-04-29; of the others it is UNCONFIRMED.
	 */
	emptyNumbers: 'kept' | 'cleared' | 'refused';
	/** Whether an e-mail change lifts the block even when the same PUT says `emailBlacklisted: true`. UNCONFIRMED. */
	emailChangeAlwaysLifts: boolean;
	/** Whether the label of a category is accepted as a value beside its number. UNCONFIRMED. */
	categoryByLabel: boolean;
	/** How a category value is read: its number or its label. UNCONFIRMED. */
	categoryReadAs: 'value' | 'label';
	/** Where a read echoes the external id: `attributes.EXT_ID`, `ext_id` beside the e-mail, or nowhere. UNCONFIRMED. */
	extIdReadAs: 'attribute' | 'field' | 'none';
	/** `code` of an identifier clash. `invalid_parameter` was seen in the wild in 2026, with the same metadata. */
	duplicateCode: 'duplicate_parameter' | 'invalid_parameter';
	/** Whether POST with `getId` answers a plain update with 200 and the id. UNCONFIRMED. */
	getIdOnUpdate: boolean;
	/** Whether list add and remove answer 400 when every entry fails (seen in the wild), or 201 with only failures. */
	allFailedIsBadRequest: boolean;
	/** Whether a second list of the same name is refused. UNCONFIRMED. */
	listNamesUnique: boolean;
	/** Whether a write that changes nothing moves `modifiedAt`. UNCONFIRMED. */
	touchUnchanged: boolean;
	/** Whether joining or leaving a list alone moves `modifiedAt`. UNCONFIRMED; the worse answer by default. */
	touchOnListChange: boolean;
	/**
	 * How late `modifiedSince` shows a change, in ms: until then the contact is found by its earlier modification alone. UNCONFIRMED, as
	 * is whether there is any delay.
	 */
	modifiedLagMs: number;
	/** Whether `modifiedSince` and `modifiedAt` know whole seconds only. UNCONFIRMED. */
	modifiedWholeSeconds: boolean;
	/** Whether a block alone, by an unsubscribe for instance, moves `modifiedAt`. UNCONFIRMED. */
	touchOnBlock: boolean;
	/** What `ids` of a listing does with one that does not exist: leaves it out, or refuses the call. UNCONFIRMED. */
	unknownIds: 'leftOut' | 'refused';
	/** How late `uniqueSubscribers` and `count` show what happened, in ms. UNCONFIRMED. */
	countLagMs: number;
	/** Addresses of the account's own users: DELETE answers 405. */
	accountUsers: string[];

	/** How long an import runs: this, plus the time per row. Rows become visible as it goes along. */
	importDelayMs: number;
	importMsPerRow: number;
	/** Imports take from `importDelayMs` to this, each another time, the same in each run; null: all take `importDelayMs`. */
	longestImportMs: number | null;
	/** Whether the imports of an account are carried out one after the other, or only those of one list. UNCONFIRMED. */
	importsOneByOne: boolean;
	/** What becomes of a row with a malformed phone. There is no report for it; UNCONFIRMED. */
	importBadPhone: 'keepRow' | 'skipRow';
	/** Two rows with one e-mail in one import: the first is kept and the rest reported, or the last wins. UNCONFIRMED. */
	importDuplicateRows: 'report' | 'lastWins';
	/**
	 * What an import does with yes/no values. `ignored`: it leaves them out, `true` and `false` alike, as was reported of JSON rows
	 * and CSV in several languages (sendinblue/APIv3-python-library #95, APIv3-nodejs-library #114).
	 */
	importBooleans: 'ignored' | 'stored';
	/** The same for dates and for multiple choice, of which no source says either way. UNCONFIRMED. */
	importDates: 'ignored' | 'stored';
	importChoices: 'ignored' | 'stored';
	/**
	 * A row whose identifiers belong to several contacts. `merge`: they become one, in the order contact id, external id, e-mail, SMS,
	 * WhatsApp, landline, and the others are deleted with their block and history (help page 32331116133522). `report`: the row
	 * is left out and named in a report.
	 */
	importClash: 'merge' | 'report';
	/** Which spellings of the external id an import understands. UNCONFIRMED. */
	importExtId: 'both' | 'attribute' | 'field' | 'none';
	/** How many of the next imports end as `failed` without storing a row. */
	failImports: number;
}

export const defaultBrevoSettings: Readonly<BrevoSettings> = {
	apiKey: 'xkeysib-sandbox-0123456789abcdef',
	organizationId: '65f0c0ffee0123456789abcd',
	blockIp: false,
	permissionDenied: false,
	accountOffset: '+02:00',
	answerDelayMs: 0,
	limits: true,
	contactsPerSecond: 10,
	contactsPerHour: 36_000,
	othersPerHour: 100,
	unknownAttributes: 'ignored',
	emptyClears: false,
	emptyNumbers: 'kept',
	emailChangeAlwaysLifts: false,
	categoryByLabel: true,
	categoryReadAs: 'value',
	extIdReadAs: 'attribute',
	duplicateCode: 'duplicate_parameter',
	getIdOnUpdate: false,
	allFailedIsBadRequest: true,
	listNamesUnique: false,
	touchUnchanged: false,
	touchOnListChange: false,
	modifiedLagMs: 0,
	modifiedWholeSeconds: false,
	touchOnBlock: true,
	unknownIds: 'leftOut',
	countLagMs: 0,
	accountUsers: ['owner@sandbox.example'],
	importDelayMs: 300,
	importMsPerRow: 0.05,
	longestImportMs: null,
	importsOneByOne: false,
	importBadPhone: 'keepRow',
	importDuplicateRows: 'report',
	importBooleans: 'ignored',
	importDates: 'stored',
	importChoices: 'stored',
	importClash: 'merge',
	importExtId: 'both',
	failImports: 0,
};
