import type { ContactChange } from '../../../core/contact/contact';
import type { ChangeBatch } from '../../../core/polling/changeSource';
import type { SourceTime } from '../../../core/polling/sourceTime';
import type { Result } from '../../../core/result';
import type { ContactReader } from './readers/contactReader';
import type { HubSpotClient } from '../api/hubSpotClient';
import type { ListCursor } from './listCursor';
import type { MemberMemory } from '../../../core/polling/memory/memberMemory';
import { isMember } from '../../../core/polling/memory/memberMemory';
import type { MemberPages } from './readers/memberPages';
import type { ReadSettings } from './toContactChange';
import { mergedIdsOf, toContactChange } from './toContactChange';
import type { HubSpotContact, HubSpotList } from '../api/types';

/** What the stages of a poll share. */
export interface Following {
	readonly listId: string;
	readonly batchSize: number;
	readonly lookbackMs: number;
	readonly client: HubSpotClient;
	/** HubSpot's time, as far as there is evidence. */
	readonly time: SourceTime;
	readonly pages: MemberPages;
	readonly contacts: ContactReader;
	/** The list as this poll found it. */
	readonly list: HubSpotList;
	/** Removals are held back, as far as this poll knows. */
	readonly heldBack: boolean;
	/** Looks at the list again; one call. Asked after membership was read and before anybody is handed on as gone. */
	isHeldBackNow(at: ListCursor): Promise<Result<boolean>>;
}

export type Batch = Result<ChangeBatch<ListCursor>>;

/** A property version may carry a slightly earlier stamp than the contact it changed. */
export const STAMP_SLACK_MS = 10_000;

/** States older than this can no longer be found by the next search. */
export const handledFrom = (watermark: number, lookbackMs: number): number => watermark - lookbackMs - STAMP_SLACK_MS;

/** Who of these contacts is a member. */
export const membersIn = (listId: string, lists: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> =>
	new Set([...lists].flatMap(([id, some]) => (some.has(listId) ? [id] : [])));

/** Changes to hand on, and what has to be remembered with them. */
export class Handover {
	readonly changes: ContactChange[] = [];
	readonly joined: string[] = [];
	readonly left: string[] = [];
	readonly forgotten: string[] = [];

	constructor(private readonly memory: MemberMemory) {}

	/**
	 * A contact that is a member and was not remembered: `added`, or one `updated` when it is what remembered members were
	 * merged into. Those are forgotten in silence, never handed on as gone.
	 */
	addJoined(contact: HubSpotContact, at: number, settings: ReadSettings): void {
		const change = this.replaces(contact) ? 'updated' : 'added';
		this.changes.push(toContactChange(contact, { change, at }, settings));
		this.joined.push(contact.id);
		this.forgotten.push(...mergedIdsOf(contact));
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
