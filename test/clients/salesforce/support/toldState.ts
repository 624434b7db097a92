import type { ContactChange } from '../../../../core/contact/contact';

/** The state of a destination that takes every emitted change. */
export class ToldState {
	/** The last change of each record. */
	readonly last = new Map<string, ContactChange>();
	/** Records whose opt-out was ever emitted. */
	readonly optedOut = new Set<string>();
	/** Records that were emitted as added although they were there, and no run about them had failed. */
	readonly addedTwice: string[] = [];
	/** Records of failed runs, until they are emitted again. */
	private readonly inDoubt = new Set<string>();

	take(changes: readonly ContactChange[]): this {
		for (const change of changes) {
			const { id, object } = change.source;
			const isTwice = change.change === 'added' && this.last.has(id) && !this.isGone(id);
			if (isTwice && !this.inDoubt.has(id)) this.addedTwice.push(id);
			this.inDoubt.delete(id);
			this.last.set(id, change);
			if (change.optedOut === true) this.optedOut.add(id);
			for (const key of change.mergedFrom ?? []) {
				const [, , mergedObject, mergedId = ''] = key.split(':');
				if (mergedObject !== object) continue;
				// The contact that had the record's place keeps the opt-out that was emitted of it.
				if (this.optedOut.has(mergedId)) this.optedOut.add(id);
				this.last.delete(mergedId);
			}
		}
		return this;
	}

	/** A run that failed when this share of its batch was carried out. */
	takePart(changes: readonly ContactChange[], share: number): void {
		this.take(changes.slice(0, Math.ceil(changes.length * share)));
		for (const { source } of changes) this.inDoubt.add(source.id);
	}

	isGone(id: string): boolean {
		const change = this.last.get(id)?.change;
		return change === 'removed' || change === 'deleted';
	}

	/** Ids of the known members, in the order of texts. */
	get members(): string[] {
		return [...this.last.keys()].filter((id) => !this.isGone(id)).sort();
	}
}
