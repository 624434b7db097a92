export type AccountTier = 'free' | 'starter' | 'professional' | 'enterprise';

/**
 * What can be changed while the sandbox runs (`POST /_sandbox/settings`). Where HubSpot's behaviour is not confirmed by its
 * documents, both readings can be had; the default is the one with more sources.
 */
export interface HubSpotSettings {
	/** Sets the burst and daily limits below, unless they are given. */
	accountTier: AccountTier;
	/** Calls per rolling 10 s and app; null = by tier: 100 (free, starter) or 190; 110 for OAuth apps. */
	burstLimit: number | null;
	/** Calls per day and account; null = by tier: 250,000, 625,000 or 1,000,000. */
	dailyLimit: number | null;
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
	portalId: 24_813_579,
	timeZone: 'Europe/Paris',
};

/** The texts that settings take. */
export const settingChoices: Readonly<Record<string, readonly string[]>> = {
	accountTier: ['free', 'starter', 'professional', 'enterprise'],
	joinOrder: ['oldestFirst', 'newestFirst'],
	mergedIds: ['missing', 'redirect'],
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
