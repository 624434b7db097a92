import { TECHNICAL_LIST } from '../../../../clients/brevo/destination/imports/technicalList';
import type { BrevoStore } from '../../../../sandbox/brevo';

/**
 * Contacts whose block a change of address took away, in accounts where it does so whatever the call says. It has to be set again;
 * until then the contact is on no list that anything is sent to. Plays Brevo's log of writes once more.
 */
export class LiftedBlocks {
	private readonly lists = new Map<number, Set<number>>();
	private readonly blocked = new Set<number>();
	private readonly lifted = new Set<number>();
	private looked = 0;

	constructor(private readonly store: BrevoStore) {}

	isLifted(contactId: number): boolean {
		return this.lifted.has(contactId);
	}

	/** Contacts that were mailable on a list although they were blocked before, since the last look. */
	look(): readonly number[] {
		const wrong: number[] = [];
		for (const { via, contactId, changedFields } of this.store.writes.slice(this.looked)) {
			this.looked += 1;
			const lists = this.lists.get(contactId) ?? new Set();
			this.lists.set(contactId, lists);
			for (const field of changedFields) {
				const [, sign, list] = /^([+-])list:(\d+)$/.exec(field) ?? [];
				if (sign === '+') lists.add(Number(list));
				if (sign === '-') lists.delete(Number(list));
				if (field === 'emailBlacklisted') this.toggle(contactId, via !== 'control');
			}
			const isOnList = [...lists].some((id) => this.store.lists.get(id)?.name !== TECHNICAL_LIST);
			if (this.lifted.has(contactId) && isOnList) wrong.push(contactId);
		}
		return wrong;
	}

	private toggle(contactId: number, byApi: boolean): void {
		if (!this.blocked.delete(contactId)) {
			this.blocked.add(contactId);
			this.lifted.delete(contactId);
		} else if (byApi) this.lifted.add(contactId);
	}
}
