import type { ChangeBatch } from '../../../core/polling/changeSource';
import type { SourceTime } from '../../../core/polling/sourceTime';
import type { Result } from '../../../core/result';
import type { ContactReader } from './readers/contactReader';
import type { ChangePages } from './readers/changePages';
import type { HubSpotClient } from '../api/hubSpotClient';
import type { ListCursor } from './listCursor';
import type { HubSpotList } from '../api/types';

/** What the stages of a poll share. */
export interface PollContext {
	readonly listId: string;
	readonly batchSize: number;
	/** A batch is not made smaller where its contacts are large. */
	readonly keepsSize: boolean;
	readonly lookbackMs: number;
	/** How long a change is held back. */
	readonly settleMs: number;
	/** Opt-outs of contacts that were never in the list are emitted too. */
	readonly accountOptOuts: boolean;
	/** Members that left and were back before a poll looked are emitted again. */
	readonly returningMembers: boolean;
	readonly client: HubSpotClient;
	/** HubSpot's time, as far as there is evidence. */
	readonly time: SourceTime;
	readonly changePages: ChangePages;
	readonly contacts: ContactReader;
	/** The list as this poll found it. */
	readonly list: HubSpotList;
	/** Removals are held back, as this poll found the list. */
	readonly heldBack: boolean;
	/** The same as of now; one call. Called after membership was read and before a contact is emitted as removed or deleted. */
	isHeldBackNow(at: ListCursor): Promise<Result<boolean>>;
}

export type BatchResult = Result<ChangeBatch<ListCursor>>;

/** A property version may carry a slightly earlier stamp than the contact it changed. */
export const STAMP_SLACK_MS = 10_000;

/** States older than this can no longer be found by the next search. */
export const handledFrom = (watermark: number, lookbackMs: number): number => watermark - lookbackMs - STAMP_SLACK_MS;

/** Ids of the contacts that are in the list. */
export const membersIn = (listId: string, lists: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> =>
	new Set([...lists].flatMap(([id, some]) => (some.has(listId) ? [id] : [])));
