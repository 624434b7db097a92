import { Handover } from '../../../core/polling/handover';
import type { Row } from './readers/rowReader';

/** What one batch of records emits. Ids as `recordIds.ts` packs them. */
export class RecordHandover extends Handover {
	/** The records as they were emitted. */
	readonly emitted: Row[] = [];
	/** Possible members that are not found any more; a walk finds out what became of them. */
	readonly unseen: string[] = [];
}
