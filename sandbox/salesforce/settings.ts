export type Edition = 'developer' | 'professional' | 'enterprise' | 'unlimited' | 'sandbox';

/**
 * What can be changed while the stand-in runs (`POST /_sandbox/settings`). Where the sources do not say how Salesforce
 * behaves, a setting chooses; the first value is the default.
 */
export interface SalesforceSettings {
	/** How long each answer takes besides its own work, as calls over the internet do. */
	answerDelayMs: number;
	/** Sets the daily limit and the number of concurrent long requests. */
	edition: Edition;
	/** Licences, which raise the daily limit of paid editions. */
	licences: number;
	/** Calls per rolling 24 hours; null = by edition. */
	dailyLimit: number | null;
	/** Calls above the daily limit that are still answered. */
	toleratedOvershoot: number;
	/** Requests of others that have been running for 20 seconds and more. */
	longRunningRequests: number;
	/** Whether `Sforce-Limit-Info` carries the use of this app as well. */
	perAppUsage: boolean;
	limitsCounts: boolean;
	userInfoCounts: boolean;
	notModifiedCounts: boolean;
	/** Whether the organisation has API access at all. */
	apiEnabled: boolean;

	/** Whether this is a production organisation (audience login.salesforce.com) or a sandbox (test.salesforce.com). */
	orgType: 'production' | 'sandbox';
	/** Whether an assertion may name the login host as its audience; newer organisations take their My Domain only. */
	loginHostAudience: boolean;
	/** Life of a session without use. */
	sessionMs: number;
	refreshTokenRotation: boolean;
	requirePkce: boolean;
	clientCredentialsEnabled: boolean;
	/** User name that agrees on the authorize page, unless `login_hint` says otherwise. */
	authorizeAs: string;
	/** Scopes of sessions from an assertion or client credentials. */
	appScopes: string;

	/** Longest request line and headers, in bytes. */
	uriLimit: number;
	/** Largest page of a query; Salesforce may give less than was asked for. */
	maxPageSize: number;
	/** Whether pages are as long as asked for, or of varying length below that. */
	pages: 'full' | 'varying';
	locatorLife: 'twoDays' | 'idle15Minutes';
	/** Open locators per user, the oldest dropped; 0 = any number. */
	openLocators: number;
	/** Whether a page of a locator shows rows as they were at the query, or as they are now. */
	locatorRows: 'snapshot' | 'live';
	/** Whether a sub-query of queryAll sees deleted rows. */
	subqueriesSeeDeleted: boolean;
	/** Number of the first record in `offset` of list view results. */
	listViewOffset: 'fromZero' | 'fromOne';

	/** How far the clock of the organisation is ahead of that of the sandbox. */
	clockSkewMs: number;
	/** Whether deleting, undeleting and losing a merge move `SystemModstamp`. */
	deleteMovesStamp: boolean;
	/** Whether the API user sees all records or only its own (sharing). */
	userViewsAll: boolean;
	/** Whether the API user may read `/limits`. */
	userMayViewSetup: boolean;
	/** Whether the API user is a marketing user: edits campaigns and their members, and sees the statuses of members. */
	userMayEditCampaigns: boolean;
	/** Records the API user may change and delete: all it sees, or its own. */
	userEdits: 'all' | 'own';
	/** Code of a write for which the profile gives no right on the object. */
	noObjectRight: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY' | 'INSUFFICIENT_ACCESS_OR_READONLY';
	/** Field-level security of `HasOptedOutOfEmail`, unless `setAccess` says otherwise for an object. */
	optOutAccess: 'full' | 'readOnly' | 'hidden';

	stateAndCountryPicklists: boolean;
	/** Whether the text field of a country also takes the name that describe shows. */
	countryNames: 'refused' | 'accepted';
	/** Whether Contact and Lead have MiddleName and Suffix. */
	middleNames: boolean;
	personAccounts: boolean;
	/** What a write to the contact of a person account does: nothing, all but the name, everything but AccountId. */
	personContactWrites: 'refused' | 'exceptNames' | 'accepted';
	recordTypes: boolean;
	/** Whether values of a restricted picklist must be those of the record type. */
	recordTypePicklists: 'enforced' | 'ignored';
	/** A write to a converted lead: stored on it without an error (S8), or refused (S7). */
	editConvertedLeads: 'accepted' | 'refused';
	/** The organisation's duplicate rule on e-mail, for creates. */
	duplicateRule: 'alert' | 'block' | 'off';
	/** Errors of one record: all that are found, or the first. */
	severalErrors: 'all' | 'first';
	/** Order of the values of a multi-select picklist as it is stored. */
	multiSelectOrder: 'asDefined' | 'asGiven';
	/** Runs of one object in a collection of mixed objects; 0 = any number. */
	chunkLimit: number;
	/** Whether the organisation has no room for new records. */
	storageFull: boolean;
	/** Real time a write takes, during which no other write gets a lock on its accounts (S11); 0 = no time, no locks. */
	writeMs: number;
	/** Line breaks of text areas as they are stored. */
	lineBreaks: 'crlf' | 'asGiven';
	/** Letters of an e-mail address as it is stored. */
	emailCase: 'lower' | 'asGiven';
	/** Whether another e-mail address ends the bounce of the one before. */
	addressChangeClearsBounce: boolean;
	/** What the matches of a duplicate rule are called in an answer; Salesforce misspells it in most versions. */
	duplicateResultKey: 'duplicateResut' | 'duplicateResult';
	/** Whether rows of a collection name the records they duplicate. */
	duplicateRowDetails: boolean;
	/** An active assignment rule that gives leads to the routing user. */
	leadAssignmentRule: boolean;
	/** Whether the standard field Email can be the key of an upsert. */
	emailUpsert: boolean;
	/** Whether an upsert by Email asks for the right to see all records, as one by an external id that is not unique does. */
	emailUpsertNeedsViewAll: boolean;
	/** Code of a row whose key matches several records. */
	ambiguousKeyCode: 'DUPLICATE_EXTERNAL_ID' | 'INVALID_FIELD';
	/** A key, or an id, that comes twice in one request: all its rows fail, all but the first, or each is stored. */
	repeatedKey: 'allFail' | 'laterFail' | 'updates';
	/** What a value of the wrong JSON type or an unknown field refuses. */
	badJsonFails: 'request' | 'row';
	nullBoolean: 'refuse' | 'false';
	/** Status of a call for one record in the recycle bin. */
	deletedStatus: 404 | 400;
	unknownMemberStatus: 'default' | 'accept' | 'refuse';
	/** Whether collections count among the five queries of a composite request. */
	collectionsCountAsQueries: boolean;
}

export const defaultSettings: Readonly<SalesforceSettings> = {
	answerDelayMs: 0,
	edition: 'enterprise',
	licences: 10,
	dailyLimit: null,
	toleratedOvershoot: 0,
	longRunningRequests: 0,
	perAppUsage: false,
	limitsCounts: true,
	userInfoCounts: false,
	notModifiedCounts: true,
	apiEnabled: true,
	orgType: 'production',
	loginHostAudience: true,
	sessionMs: 2 * 3_600_000,
	refreshTokenRotation: false,
	requirePkce: false,
	clientCredentialsEnabled: true,
	authorizeAs: 'sync@sandbox.example',
	appScopes: 'api refresh_token id',
	uriLimit: 16_384,
	maxPageSize: 2_000,
	pages: 'full',
	locatorLife: 'twoDays',
	openLocators: 0,
	locatorRows: 'snapshot',
	subqueriesSeeDeleted: true,
	listViewOffset: 'fromZero',
	clockSkewMs: 0,
	deleteMovesStamp: true,
	userViewsAll: true,
	userMayViewSetup: true,
	userMayEditCampaigns: true,
	userEdits: 'all',
	noObjectRight: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
	optOutAccess: 'full',
	stateAndCountryPicklists: false,
	countryNames: 'refused',
	middleNames: false,
	personAccounts: false,
	personContactWrites: 'refused',
	recordTypes: false,
	recordTypePicklists: 'enforced',
	editConvertedLeads: 'accepted',
	duplicateRule: 'alert',
	severalErrors: 'all',
	multiSelectOrder: 'asDefined',
	chunkLimit: 10,
	storageFull: false,
	writeMs: 0,
	lineBreaks: 'crlf',
	emailCase: 'lower',
	addressChangeClearsBounce: true,
	duplicateResultKey: 'duplicateResut',
	duplicateRowDetails: false,
	leadAssignmentRule: true,
	emailUpsert: true,
	emailUpsertNeedsViewAll: true,
	ambiguousKeyCode: 'DUPLICATE_EXTERNAL_ID',
	repeatedKey: 'allFail',
	badJsonFails: 'request',
	nullBoolean: 'refuse',
	deletedStatus: 404,
	unknownMemberStatus: 'default',
	collectionsCountAsQueries: true,
};

/** The texts that settings take. */
export const settingChoices: Readonly<Record<string, readonly string[]>> = {
	edition: ['developer', 'professional', 'enterprise', 'unlimited', 'sandbox'],
	orgType: ['production', 'sandbox'],
	pages: ['full', 'varying'],
	locatorLife: ['twoDays', 'idle15Minutes'],
	locatorRows: ['snapshot', 'live'],
	listViewOffset: ['fromZero', 'fromOne'],
	userEdits: ['all', 'own'],
	noObjectRight: ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'INSUFFICIENT_ACCESS_OR_READONLY'],
	optOutAccess: ['full', 'readOnly', 'hidden'],
	countryNames: ['refused', 'accepted'],
	personContactWrites: ['refused', 'exceptNames', 'accepted'],
	recordTypePicklists: ['enforced', 'ignored'],
	editConvertedLeads: ['accepted', 'refused'],
	severalErrors: ['all', 'first'],
	multiSelectOrder: ['asDefined', 'asGiven'],
	lineBreaks: ['crlf', 'asGiven'],
	emailCase: ['lower', 'asGiven'],
	duplicateResultKey: ['duplicateResut', 'duplicateResult'],
	duplicateRule: ['alert', 'block', 'off'],
	ambiguousKeyCode: ['DUPLICATE_EXTERNAL_ID', 'INVALID_FIELD'],
	repeatedKey: ['allFail', 'laterFail', 'updates'],
	badJsonFails: ['request', 'row'],
	nullBoolean: ['refuse', 'false'],
	deletedStatus: ['404', '400'],
	unknownMemberStatus: ['default', 'accept', 'refuse'],
};

/** Calls a day, and requests of 20 seconds and more at a time, of an edition (API limits page, read 2026-08). */
export function limitsOf(settings: SalesforceSettings): { daily: number; concurrent: number } {
	const { edition, licences } = settings;
	const concurrent = edition === 'developer' ? 5 : 25;
	if (settings.dailyLimit !== null) return { daily: settings.dailyLimit, concurrent };
	switch (edition) {
		case 'developer':
			return { daily: 15_000, concurrent };
		case 'professional':
		case 'enterprise':
			return { daily: 100_000 + 1_000 * licences, concurrent };
		case 'unlimited':
			return { daily: 100_000 + 5_000 * licences, concurrent };
		case 'sandbox':
			return { daily: 5_000_000, concurrent };
	}
}
