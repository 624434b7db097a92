import type { ValidationRule } from './contacts/validationRules';

export type AccountTier = 'free' | 'starter' | 'professional' | 'enterprise';

/**
 * What can be changed while the sandbox runs (`POST /_sandbox/settings`). Where HubSpot's behaviour is not confirmed by its
 * documents, both readings can be had; the default is the one with more sources, or for writes the worse one.
 */
export interface HubSpotSettings {
	/** Sets the burst and daily limits below, unless they are given. */
	accountTier: AccountTier;
	/** Calls per rolling 10 s and app; null = by tier: 100 (free, starter) or 190; 110 for OAuth apps. */
	burstLimit: number | null;
	/** Calls per day and account; null = by tier: 250,000, 625,000 or 1,000,000. */
	dailyLimit: number | null;
	/** How long each answer takes besides its own work, as calls over the internet do. */
	answerDelayMs: number;
	/** Search calls per second and account. */
	searchPerSecond: number;
	/** How long a change stays invisible to contact search. */
	indexingDelayMs: number;
	/** Order of join-order without a cursor: HubSpot's v3 text says oldest first, production connectors newest first. */
	joinOrder: 'oldestFirst' | 'newestFirst';
	/** Whether static lists say `PROCESSING` for good, with an edit of their filters, as one was seen to do. */
	staticListsStayProcessing: boolean;
	/** Whether the version of a list moves when members come and go. */
	versionMovesWithMembers: boolean;
	/** How long after a change of a contact or of the filters an active list with filters has the members that follow. */
	activeListDelayMs: number;
	/** How old `hs_list_size` and the last-added and last-removed times of a list search are. */
	listStatsDelayMs: number;
	/** A position in a list: membership pages of more than 50 that span it answer 500 every time; null = none do. */
	wideWindowFailsAt: number | null;
	/** Whether archived contacts stay in the membership log of their lists. */
	archivedStayInLists: boolean;
	/** What reading a record id that was merged away gives: the surviving record (HubSpot's changelog of merges), or nothing. */
	mergedIds: 'missing' | 'redirect';
	/** Whether reading many records at once leads to survivors as well. Not documented. */
	batchReadsRedirect: boolean;
	/** Whether a merge keeps the primary record's id ("Primary ID Preservation" beta) instead of making a new one. */
	mergeKeepsPrimaryId: boolean;
	/** Whether the survivor of a merge also names the records that were merged into the loser before. Not documented. */
	mergeKeepsLosersIds: boolean;
	/** Whether the surviving record of a merge is in the lists its parts were in. */
	mergeKeepsLists: boolean;
	/** Whether `idProperty=email` also finds a contact by one of its additional addresses. */
	matchSecondaryEmail: boolean;
	/** Whether a member that left and came back keeps its first membership time. */
	rejoinKeepsFirstTimestamp: boolean;
	/** `Retry-After` seconds on 429; HubSpot documents none. */
	retryAfterSeconds: number | null;
	/** Largest number of inputs of the batch read of record memberships (not documented). */
	membershipBatchLimit: number;
	/** Largest number of ids in one membership change (not documented). */
	membershipChangeLimit: number;
	/** Rules of the account's admin, kept to by every write of a contact on a path of 2026-09, not on older ones. */
	validationRules: readonly ValidationRule[];
	/** Whether property values that are not texts are refused (H14: reports differ; HubSpot describes texts). */
	scalarValues: 'refused' | 'taken';
	/** Body of the 409 for an address that a contact has: its id in the message, in `identityProfile.vid`, or in both (H27). */
	conflictBody: 'message' | 'identityProfile' | 'both';
	/** How a change to another contact's address is refused: 409, or 400 with `CONFLICTING_UNIQUE_VALUE`. */
	takenEmailOnUpdate: 'conflict' | 'validation';
	/** One address twice in a batch of creates: all refused by 409 or by 400, or the second row with trace ids (H6). */
	duplicatesInCreate: 'conflict' | 'validation' | 'perRow';
	/** What an upsert by e-mail does to properties that it leaves out: HubSpot calls partial ones unsupported. */
	partialEmailUpsert: 'clears' | 'keeps';
	/** Whether an address that a contact had before a change of its e-mail stays with it as an additional one. */
	emailChangeKeepsOld: boolean;
	/** Whether the account's data-privacy setting is on; then every change of a subscription needs a legal basis. */
	dataPrivacy: boolean;
	/**
	 * Whether, with that setting on, unsubscribing an address from all e-mail needs them too. The description of the call has no body for
	 * them, and of the call for many addresses none can have; users were refused without (H23).
	 */
	unsubscribeAllNeedsBasis: boolean;
	/** How long an opt-out of an address takes to show as `hs_email_optout` of its contact. */
	optOutDelayMs: number;
	/** What a write of `hs_email_optout` as a property does: its definition says read-only; forms' and opt-ins' had no effect (H24). */
	optOutPropertyWrites: 'refused' | 'ignored';
	/** Whether an address that has unsubscribed can be subscribed again by a call. v3 refuses; v4 knows `RESUBSCRIBE_OCCURRED`. */
	resubscribing: 'refused' | 'allowed';
	/** What an opt-out of a contact's additional address reaches: that address alone, or the contact. */
	optOutOfSecondaryAddress: 'address' | 'contact';
	/** Whether a contact that gets another address is as opted out as that address, or as it was. */
	optOutFollowsAddress: boolean;
	/** Largest number of inputs of the batch calls of communication preferences (not documented). */
	preferencesBatchLimit: number;
	/** How long an import takes: half of it `STARTED`, half of it `PROCESSING`. */
	importTakesMs: number;
	/** How imports end: `FAILED`, `CANCELED` and `DEFERRED` ones change nothing. */
	importEnds: 'DONE' | 'FAILED' | 'CANCELED' | 'DEFERRED';
	/** Whether the account has marketing contacts; else `marketableContactImport` is ignored, or refused. Not documented which. */
	marketingContacts: 'has' | 'ignored' | 'refused';
	/** Most marketing contacts; null = none too many. What an import beyond it does is not documented. */
	marketingLimit: number | null;
	overMarketingLimit: 'silent' | 'rowErrors' | 'failed';
	portalId: number;
	/** Time zone of the account; its midnight resets the daily figure. */
	timeZone: string;
}

export const defaultSettings: Readonly<HubSpotSettings> = {
	accountTier: 'starter',
	burstLimit: null,
	dailyLimit: null,
	searchPerSecond: 5,
	indexingDelayMs: 0,
	joinOrder: 'oldestFirst',
	staticListsStayProcessing: true,
	versionMovesWithMembers: true,
	activeListDelayMs: 2_000,
	listStatsDelayMs: 0,
	wideWindowFailsAt: null,
	archivedStayInLists: false,
	mergedIds: 'redirect',
	batchReadsRedirect: false,
	mergeKeepsPrimaryId: false,
	mergeKeepsLosersIds: false,
	mergeKeepsLists: true,
	matchSecondaryEmail: false,
	rejoinKeepsFirstTimestamp: false,
	retryAfterSeconds: null,
	membershipBatchLimit: 100,
	membershipChangeLimit: 10_000,
	validationRules: [],
	scalarValues: 'refused',
	conflictBody: 'message',
	takenEmailOnUpdate: 'conflict',
	duplicatesInCreate: 'conflict',
	partialEmailUpsert: 'clears',
	emailChangeKeepsOld: true,
	dataPrivacy: false,
	unsubscribeAllNeedsBasis: false,
	optOutDelayMs: 0,
	answerDelayMs: 0,
	optOutPropertyWrites: 'refused',
	resubscribing: 'refused',
	optOutOfSecondaryAddress: 'address',
	optOutFollowsAddress: true,
	preferencesBatchLimit: 100,
	importTakesMs: 4_000,
	importEnds: 'DONE',
	marketingContacts: 'has',
	marketingLimit: null,
	overMarketingLimit: 'silent',
	portalId: 24_813_579,
	timeZone: 'Europe/Paris',
};

/** The texts that settings take. */
export const settingChoices: Readonly<Record<string, readonly string[]>> = {
	accountTier: ['free', 'starter', 'professional', 'enterprise'],
	joinOrder: ['oldestFirst', 'newestFirst'],
	mergedIds: ['missing', 'redirect'],
	scalarValues: ['refused', 'taken'],
	conflictBody: ['message', 'identityProfile', 'both'],
	takenEmailOnUpdate: ['conflict', 'validation'],
	duplicatesInCreate: ['conflict', 'validation', 'perRow'],
	partialEmailUpsert: ['clears', 'keeps'],
	optOutPropertyWrites: ['refused', 'ignored'],
	resubscribing: ['refused', 'allowed'],
	optOutOfSecondaryAddress: ['address', 'contact'],
	importEnds: ['DONE', 'FAILED', 'CANCELED', 'DEFERRED'],
	marketingContacts: ['has', 'ignored', 'refused'],
	overMarketingLimit: ['silent', 'rowErrors', 'failed'],
};

/** Limits of https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines (read 2026-11). */
export function limitsOf(settings: HubSpotSettings): { burst: number; oauthBurst: number; daily: number } {
	const { accountTier } = settings;
	const small = accountTier === 'free' || accountTier === 'starter';
	return {
		burst: settings.burstLimit ?? (small ? 100 : 190),
		oauthBurst: settings.burstLimit ?? 110,
		daily: settings.dailyLimit ?? (small ? 250_000 : accountTier === 'professional' ? 625_000 : 1_000_000),
	};
}
