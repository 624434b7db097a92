import type { ContactChange } from '../../../core/contact/contact';

/** What somebody who is told of every change knows in the end. */
export class ToldState {
	/** The last change of each record. */
	readonly last = new Map<string, ContactChange>();
	/** Records whose opt-out was ever told. */
	readonly optedOut = new Set<string>();
	/** Records that were told as added although they were there. */
	readonly addedTwice: string[] = [];

	take(changes: readonly ContactChange[]): this {
		for (const change of changes) {
			const { id, object } = change.source;
			if (change.change === 'added' && this.last.has(id) && !this.isGone(id)) this.addedTwice.push(id);
			this.last.set(id, change);
			if (change.optedOut === true) this.optedOut.add(id);
			for (const key of change.mergedFrom ?? []) {
				const [, , mergedObject, mergedId = ''] = key.split(':');
				if (mergedObject !== object) continue;
				// Whoever had the record's place has the opt-out that was told of it.
				if (this.optedOut.has(mergedId)) this.optedOut.add(id);
				this.last.delete(mergedId);
			}
		}
		return this;
	}

	isGone(id: string): boolean {
		const change = this.last.get(id)?.change;
		return change === 'removed' || change === 'deleted';
	}

	/** Ids of those who are known as members, in the order of texts. */
	get members(): string[] {
		return [...this.last.keys()].filter((id) => !this.isGone(id)).sort();
	}
}
