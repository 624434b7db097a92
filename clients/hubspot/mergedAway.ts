import type { ContactChange } from '../../core/contact/contact';
import { contactKey } from '../../core/contact/contact';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { ContactReader, ContactsRead } from './contactReader';
import { toContactChange } from './toContactChange';
import type { HubSpotContact } from './types';

/** Old ids that are looked up one by one for one batch; the others wait for the next. */
export const MERGED_LOOKS = 100;

/** Records that vanished, by the contact they were merged into. */
export type MergedAway = ReadonlyMap<HubSpotContact, readonly string[]>;

/**
 * What vanished members were merged into. A survivor names the records merged into it, but maybe not those that had been merged into one
 * of them before, so of a chain of merges between two polls only the old ids themselves lead to the survivor. One call for each id, and
 * none unless reading the ids together gave contacts under other ids.
 */
export async function readMergedAway(
	contacts: ContactReader,
	vanished: readonly string[],
	{ survivors }: Pick<ContactsRead, 'survivors'>,
): Promise<Result<MergedAway>> {
	const merged = new Map<HubSpotContact, string[]>();
	if (survivors.size === 0) return ok(merged);
	for (const id of vanished) {
		const survivorId = await contacts.survivorOf(id);
		if (survivorId.kind !== 'ok') return survivorId;
		const survivor = survivorId.value === undefined ? undefined : survivors.get(survivorId.value);
		if (survivor) merged.set(survivor, [...(merged.get(survivor) ?? []), id]);
	}
	return ok(merged);
}

/** The survivor as an update that also names these records, so that what the destination holds of them goes over to it. */
export function toMergeChange(
	survivor: HubSpotContact,
	ids: readonly string[],
	noticedAt: number,
	settings: ContactsRead['settings'],
): ContactChange {
	const change = toContactChange(survivor, { change: 'updated', at: noticedAt }, settings);
	const keys = ids.map((id) => contactKey({ ...change.source, id }));
	return { ...change, mergedFrom: [...new Set([...(change.mergedFrom ?? []), ...keys])] };
}
