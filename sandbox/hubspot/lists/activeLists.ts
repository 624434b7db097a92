import type { ContactStore } from '../contacts/contactStore';
import type { ContactList } from '../entities';
import type { Schedule } from '../schedule';
import type { HubSpotSettings } from '../settings';
import { testOfFilters, type FilterTest } from './filterBranch';
import type { ListStore } from './listStore';

/**
 * Lists whose members follow from filters. HubSpot computes them in the background: `settings.activeListDelayMs` after
 * a contact changed it is added or removed, and as long after an edit of the filters the list is `PROCESSING`.
 */
export class ActiveLists {
	private readonly tests = new Map<number, FilterTest>();

	constructor(
		private readonly now: () => number,
		private readonly settings: HubSpotSettings,
		private readonly contacts: ContactStore,
		private readonly lists: ListStore,
		private readonly schedule: Schedule,
	) {
		contacts.whenChanged = (id, at) => this.contactChanged(id, at);
	}

	/** The test that these filters make; throws HubSpot's error for filters that it does not take. */
	testOf(filterBranch: unknown): FilterTest {
		return testOfFilters(this.contacts.definitions, filterBranch);
	}

	/** Lets `test` decide about the members: for good, or once when the list is a snapshot. */
	follow(list: ContactList, test: FilterTest): void {
		if (list.processingType === 'DYNAMIC') this.tests.set(list.id, test);
		list.processingStatus = 'PROCESSING';
		this.schedule.at(this.now() + this.settings.activeListDelayMs, (at) => {
			// Filters that were edited meanwhile are computed by an entry of their own.
			if (list.processingType === 'DYNAMIC' && this.tests.get(list.id) !== test) return;
			list.processingStatus = 'COMPLETE';
			if (list.deletedAt === undefined) this.settle(list, test, this.contacts.contacts.keys(), at);
		});
	}

	/** Computes a list anew that missed changes while it was deleted. */
	restored(list: ContactList): void {
		const test = this.tests.get(list.id);
		if (test !== undefined) this.follow(list, test);
	}

	/** Notes that a contact changed, so that it is added to lists and removed from them later. */
	contactChanged(id: number, at: number): void {
		for (const [listId, test] of this.tests) {
			const list = this.lists.live(listId);
			if (list === undefined || list.members.has(id) === this.fits(id, test)) continue;
			this.schedule.at(at + this.settings.activeListDelayMs, (due) => {
				const current = this.tests.get(listId);
				if (current !== undefined && list.deletedAt === undefined) this.settle(list, current, [id], due);
			});
		}
	}

	/** Adds and removes contacts of `ids` as the test says of them at `at`. */
	private settle(list: ContactList, test: FilterTest, ids: Iterable<number>, at: number): void {
		const added: number[] = [];
		const removed: number[] = [];
		for (const id of ids) {
			const fits = this.fits(id, test);
			if (fits !== list.members.has(id)) (fits ? added : removed).push(id);
		}
		this.lists.add(list.id, added, at);
		this.lists.remove(list.id, removed, at);
	}

	private fits(id: number, test: FilterTest): boolean {
		const contact = this.contacts.contacts.get(id);
		return contact !== undefined && contact.archivedAt === undefined && test(contact);
	}
}
