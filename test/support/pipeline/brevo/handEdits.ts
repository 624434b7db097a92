import type { BrevoStore } from '../../../../sandbox/brevo';

/**
 * What people and other tools changed in Brevo since the sync dealt with a contact last. It is not told of that, so it stands until
 * the record is delivered again.
 */
export class HandEdits {
	/** By contact and field: which entry of the log of writes it was last. */
	private readonly fields = new Map<number, Map<string, number>>();
	private readonly deleted = new Set<number>();
	private looked = 0;

	constructor(private readonly store: BrevoStore) {}

	/** Takes over what happened since the last look; ids of the contacts that were deleted. */
	look(): readonly number[] {
		const gone: number[] = [];
		for (const { kind, via, contactId, changedFields } of this.store.writes.slice(this.looked)) {
			const index = this.looked++;
			if (via !== 'control' || kind === 'created') continue;
			if (kind === 'deleted') {
				this.deleted.add(contactId);
				gone.push(contactId);
			}
			const known = this.fields.get(contactId) ?? new Map<string, number>();
			for (const field of changedFields) known.set(field.startsWith('-list:') ? 'list' : field, index);
			this.fields.set(contactId, known);
		}
		return gone;
	}

	/**
	 * The sync dealt with the contact in a run that began when the log had so many entries. Being taken off the list leaves no trace
	 * that a sync has to see, so that stands.
	 */
	dealtWith(contactId: number, writesBefore: number): void {
		const known = this.fields.get(contactId);
		for (const [field, index] of known ?? []) if (index < writesBefore && field !== 'list') known?.delete(field);
	}

	fieldsOf(contactId: number): ReadonlySet<string> {
		return new Set(this.fields.get(contactId)?.keys());
	}

	isDeleted(contactId: number | undefined): boolean {
		return contactId !== undefined && this.deleted.has(contactId);
	}

	/** Whether anything happened in Brevo since the log had so many entries. */
	happenedSince(writesBefore: number): boolean {
		return this.store.writes.slice(writesBefore).some(({ via }) => via === 'control');
	}
}
