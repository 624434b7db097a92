import type { ContactChange } from '../../../../core/contact/contact';
import { contactKey } from '../../../../core/contact/contact';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ContactReader, ContactsRead } from './contactReader';
import type { ListCursor } from '../listCursor';
import { mergedIdsOf } from '../../api/propertyNames';
import { toContactChange } from '../toContactChange';
import type { HubSpotContact } from '../../api/types';

/** Old ids that are read one by one for one batch; the others wait for the next. */
export const MERGED_LOOKS = 100;

/** Records that vanished, by the contact they were merged into. */
export type MergedAway = ReadonlyMap<HubSpotContact, readonly string[]>;

/** A merged contact among the changes of so long may be what a member that vanished now was merged into. */
const MERGE_SHOWS_MS = 2 * 24 * 60 * 60_000;

/**
 * Whether vanished members may have been merged into a contact that does not name them: one of these holds.
 *
 * - Reading them together gave contacts under other ids.
 * - They are few, and the search has shown a merged contact lately. HubSpot does not document whether reading many leads to survivors
 *   as reading one does; where many were deleted at once, finding that out would cost a call each.
 */
export const mayHaveMerged = (
	{ mergedAt }: ListCursor,
	vanished: number,
	{ survivors }: Pick<ContactsRead, 'survivors'>,
	now: number,
): boolean =>
	survivors.size > 0 || (vanished <= MERGED_LOOKS && mergedAt !== undefined && mergedAt >= now - MERGE_SHOWS_MS);

/**
 * What vanished members were merged into. A survivor names the records merged into it, but maybe not those that had been merged into one
 * of them before, so of a chain of merges between two polls only the old ids themselves lead to the survivor. One call for each id.
 */
export async function readMergedAway(
	contacts: ContactReader,
	vanished: readonly string[],
	{ survivors: known }: Pick<ContactsRead, 'survivors'>,
): Promise<Result<MergedAway>> {
	const oldIds = new Map<string, string[]>();
	for (const id of vanished) {
		const survivorId = await contacts.survivorOf(id);
		if (survivorId.kind !== 'ok') return survivorId;
		if (survivorId.value !== undefined) {
			oldIds.set(survivorId.value, [...(oldIds.get(survivorId.value) ?? []), id]);
		}
	}
	const others = await contacts.read(
		[...oldIds.keys()].filter((id) => !known.has(id)),
		'plain',
	);
	if (others.kind !== 'ok') return others;
	const survivors = new Map([...known, ...others.value.found]);
	return ok(
		new Map(
			[...oldIds].flatMap(([id, ids]) => {
				const survivor = survivors.get(id);
				return survivor ? [[survivor, ids] as const] : [];
			}),
		),
	);
}

/** Most links of a chain that are followed; HubSpot itself ends at 250 records merged into one. */
const MOST_LINKS = 20;

/**
 * Contacts by their id, with the ids of what had been merged into the records that were merged into them (`chainIds`). `mergedIds` gives
 * the records to begin with. In the recycle bin these still name what was merged into them: one call for each 100 of one link, none where
 * nothing was merged.
 */
export async function withChains(
	contacts: ContactReader,
	survivors: readonly HubSpotContact[],
	mergedIds: (contact: HubSpotContact) => readonly string[] = mergedIdsOf,
): Promise<Result<ReadonlyMap<string, HubSpotContact>>> {
	const chains = survivors.map((contact) => ({ contact, ids: new Set(mergedIds(contact)) }));
	const read = new Set<string>();
	for (let link = 0; link < MOST_LINKS; link++) {
		const open = [...new Set(chains.flatMap(({ ids }) => [...ids]))].filter((id) => !read.has(id));
		const gone = await contacts.read(open, 'archived');
		if (gone.kind !== 'ok') return gone;
		if (gone.value.found.size === 0) break;
		for (const id of open) read.add(id);
		for (const { ids } of chains)
			for (const record of [...ids].flatMap((id) => gone.value.found.get(id) ?? []))
				for (const further of mergedIdsOf(record)) ids.add(further);
	}
	return ok(new Map(chains.map(({ contact, ids }) => [contact.id, { ...contact, chainIds: [...ids] }])));
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
