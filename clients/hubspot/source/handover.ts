import { Handover } from '../../../core/polling/handover';
import type { MemberMemory } from '../../../core/polling/memory/memberMemory';
import { isMember } from '../../../core/polling/memory/memberMemory';
import { mergedIdsOf } from '../api/propertyNames';
import type { HubSpotContact } from '../api/types';
import type { ReadSettings } from './toContactChange';
import { toContactChange } from './toContactChange';

/** What one batch of a list emits. */
export class ListHandover extends Handover {
	constructor(private readonly memory: MemberMemory) {
		super();
	}

	/**
	 * A contact that is a member and was not remembered, or came back: `added`, or `updated` when remembered members were merged into it.
	 * Those are forgotten without a change, never emitted as removed or deleted.
	 */
	addJoined(contact: HubSpotContact, at: number, settings: ReadSettings): void {
		const change = this.replaces(contact) ? 'updated' : 'added';
		this.changes.push(toContactChange(contact, { change, at }, settings));
		this.joined.push(contact.id);
		for (const id of mergedIdsOf(contact)) this.forgotten.push(id);
	}

	/** `lists`: those the contact is in now. */
	addRemoved(contact: HubSpotContact, at: number, settings: ReadSettings, lists?: ReadonlySet<string>): void {
		const stillIn = [...(lists ?? [])];
		const change = toContactChange(contact, { change: 'removed', at }, settings);
		this.changes.push(stillIn.length > 0 ? { ...change, stillIn } : change);
		this.left.push(contact.id);
	}

	/** Whether remembered members were merged into this contact. */
	replaces(contact: HubSpotContact): boolean {
		return mergedIdsOf(contact).some((id) => isMember(this.memory, id));
	}
}
