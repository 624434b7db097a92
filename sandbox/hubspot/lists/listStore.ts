import type { ContactList, ProcessingStatus, ProcessingType } from '../entities';
import { ListMembers } from './listMembers';
import type { HubSpotSettings } from '../settings';

/** The lists of the account. Who is a member is decided elsewhere: by hand, or by filters (`ActiveLists`). */
export class ListStore {
	readonly lists = new Map<number, ContactList>();
	/** Saved membership cursors carry this number; raising it makes them invalid. */
	cursorGeneration = 1;

	constructor(
		private readonly now: () => number,
		private readonly settings: HubSpotSettings,
	) {}

	/** Throws when another list of that name exists (names are unique without regard to case). */
	create(
		name: string,
		processingType: ProcessingType,
		given: { id?: number; at?: number; filterBranch?: unknown } = {},
	): ContactList {
		if (this.byName(name) !== undefined) throw new Error(`A list of that name exists`);
		const at = given.at ?? this.now();
		const list: ContactList = {
			id: given.id ?? Math.max(100, ...this.lists.keys()) + 1,
			name,
			processingType,
			processingStatus: 'COMPLETE',
			listVersion: 1,
			createdAt: at,
			updatedAt: at,
			...(processingType !== 'MANUAL' && { filtersUpdatedAt: at, filterBranch: given.filterBranch }),
			members: new ListMembers(),
		};
		this.lists.set(list.id, list);
		return list;
	}

	/** A list that is not deleted. */
	live(id: number | string): ContactList | undefined {
		const list = /^\d{1,15}$/.test(String(id)) ? this.lists.get(Number(id)) : undefined;
		return list === undefined || list.deletedAt !== undefined ? undefined : list;
	}

	byName(name: string): ContactList | undefined {
		const wanted = name.trim().toLowerCase();
		return this.all().find((list) => list.name.toLowerCase() === wanted);
	}

	/** Lists that are not deleted, by ascending id. */
	all(): ContactList[] {
		return [...this.lists.values()].filter(({ deletedAt }) => deletedAt === undefined).sort((a, b) => a.id - b.id);
	}

	/** Adds members; returns the ids that were none. Moves neither the contacts' nor the list's own modification time. */
	add(id: number, contactIds: readonly number[], at = this.now()): number[] {
		const list = this.mustHave(id);
		const keepFirst = this.settings.rejoinKeepsFirstTimestamp;
		return this.moved(
			list,
			contactIds.filter((contactId) => list.members.add(contactId, at, keepFirst)),
		);
	}

	/** Takes members off; returns the ids that were members. */
	remove(id: number, contactIds: readonly number[], at = this.now()): number[] {
		const list = this.mustHave(id);
		return this.moved(
			list,
			contactIds.filter((contactId) => list.members.remove(contactId, at)),
		);
	}

	private moved(list: ContactList, contactIds: number[]): number[] {
		if (contactIds.length > 0 && this.settings.versionMovesWithMembers) list.listVersion += 1;
		return contactIds;
	}

	delete(id: number): void {
		this.mustHave(id).deletedAt = this.now();
	}

	restore(id: number): void {
		const list = this.lists.get(id);
		if (list === undefined) throw new Error(`No list with id ${id}`);
		delete list.deletedAt;
	}

	rename(id: number, name: string): void {
		const list = this.mustHave(id);
		list.name = name;
		list.updatedAt = this.now();
	}

	/** The filters of a list were edited: version, edit times and, while HubSpot recomputes, the status. */
	editFilters(id: number, filterBranch?: unknown, status: ProcessingStatus = 'COMPLETE'): void {
		const list = this.mustHave(id);
		list.listVersion += 1;
		list.filtersUpdatedAt = this.now();
		list.updatedAt = list.filtersUpdatedAt;
		list.processingStatus = status;
		if (filterBranch !== undefined) list.filterBranch = filterBranch;
	}

	mustHave(id: number): ContactList {
		const list = this.live(id);
		if (list === undefined) throw new Error(`No list with id ${id}`);
		return list;
	}
}
