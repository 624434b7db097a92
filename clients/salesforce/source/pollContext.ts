import type { ContactChange } from '../../../core/contact/contact';
import type { ChangeBatch } from '../../../core/polling/changeSource';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ContactCursor } from './contactCursor';
import type { Row } from './readers/rowReader';
import type { SalesforceClient } from '../api/salesforceClient';
import type { SourceScope } from '../scope/scopeMembers';
import type { ReadSettings } from './records/toContactChange';
import type { SalesforceObjectName } from '../api/types';

/** What the stages of a poll share. */
export interface Following {
	readonly client: SalesforceClient;
	readonly clock: Clock;
	readonly object: SalesforceObjectName;
	/** Id of the organisation. */
	readonly account: string;
	/** Names the key in use, no secret. */
	readonly credential: string;
	readonly batchSize: number;
	readonly lookbackMs: number;
	readonly convertedLeads: 'remove' | 'keep';
	readonly largestDropPercent: number;
	readonly scope: SourceScope;
	/** What is read of each record, with the definitions as they are now; at most one call a minute. */
	readonly settings: () => Promise<Result<ReadSettings>>;
}

export type Batch = Result<ChangeBatch<ContactCursor>>;

/** A step that hands nobody on. */
export const nothing = (next: ContactCursor, more = true): Batch => ok({ changes: [], phase: 'live', next, more });

/** Changes to hand on, and what has to be remembered with them: ids as they are packed. */
export interface Handover {
	readonly changes: ContactChange[];
	readonly joined: string[];
	readonly left: string[];
	readonly forgotten: string[];
	/** The records as they were handed on. */
	readonly told: Row[];
	/** Who may be known as a member and is not found any more; a walk tells what became of them. */
	readonly unseen: string[];
}

export const emptyHandover = (): Handover => ({
	changes: [],
	joined: [],
	left: [],
	forgotten: [],
	told: [],
	unseen: [],
});
