import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { LeadContext, LeadsBehind } from './convertedLeads';
import { recentlyConverted } from './convertedLeads';
import type { MergedRecords } from './mergeSurvivors';
import { recentlyMerged } from './mergeSurvivors';

/** What members were before, as far as it is recent: a destination may hold them under the keys they had then. */
export interface RecentPast {
	readonly leads: LeadsBehind;
	readonly merged: MergedRecords;
}

/** Two queries, of leads one less. `startedAt`: ms since 1970, when the reading of members began. */
export async function recentPast(context: LeadContext, startedAt: number): Promise<Result<RecentPast>> {
	const leads = await recentlyConverted(context, startedAt);
	if (leads.kind !== 'ok') return leads;
	const merged = await recentlyMerged(context, startedAt);
	return merged.kind === 'ok' ? ok({ leads: leads.value, merged: merged.value }) : merged;
}

/** Of one record: ids of those that were merged into it, and of the leads that it and they were. */
export function pastOf(
	id: string,
	{ leads, merged }: RecentPast,
): { mergedFrom: readonly string[]; leads: readonly string[] } {
	const mergedFrom = merged.get(id) ?? [];
	return { mergedFrom, leads: [id, ...mergedFrom].flatMap((one) => leads.get(one) ?? []) };
}
