/**
 * Contacts that were seen to have unsubscribed from a list while an import that puts them on it was under way. When it ends they are on
 * the list again, and Brevo may have forgotten the unsubscription. So they are taken off, and count as having left for as long as
 * this process lives.
 */
export class LeftMeanwhile {
	/** Ids by list. */
	private readonly left = new Map<number, Set<number>>();
	/** Those that are still to be taken off. */
	private readonly due = new Map<number, Set<number>>();

	note(listId: number, contactId: number): void {
		for (const all of [this.left, this.due]) all.set(listId, (all.get(listId) ?? new Set()).add(contactId));
	}

	has(listId: number | undefined, contactId: number): boolean {
		return listId !== undefined && this.left.get(listId)?.has(contactId) === true;
	}

	/** Those to take off the list once no import is under way. */
	dueFor(listId: number | undefined): readonly number[] {
		return listId === undefined ? [] : [...(this.due.get(listId) ?? [])];
	}

	takenOff(listId: number, contactIds: readonly number[]): void {
		for (const id of contactIds) this.due.get(listId)?.delete(id);
	}
}
