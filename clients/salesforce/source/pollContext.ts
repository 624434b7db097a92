import type { ChangeBatch } from '../../../core/polling/changeSource';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ContactCursor } from './contactCursor';
import type { ReadContext } from './readers/rowReader';
import type { SourceScope } from '../scope/scopeMembers';
import type { ReadSettings } from './records/toContactChange';
import type { SalesforceObjectName } from '../api/types';

/** What the stages of a poll share. */
export interface PollContext extends ReadContext {
	readonly object: SalesforceObjectName;
	/** Id of the organisation. */
	readonly account: string;
	/** Names the key in use, no secret. */
	readonly credential: string;
	readonly batchSize: number;
	/** How a converted lead is emitted: `remove`, as removed; `keep`, as updated, because it goes on as a contact. */
	readonly convertedLeads: 'remove' | 'keep';
	/** True: the destination makes nothing of opt-outs. */
	readonly ignoresOptOuts: boolean;
	readonly largestDropPercent: number;
	readonly scope: SourceScope;
	/** What is read of each record, with the definitions as they are now; at most one call a minute. */
	readonly settings: () => Promise<Result<ReadSettings>>;
}

export type BatchResult = Result<ChangeBatch<ContactCursor>>;

/** A step that emits nothing. */
export const nothing = (next: ContactCursor, more = true): BatchResult =>
	ok({ changes: [], phase: 'live', next, more });
