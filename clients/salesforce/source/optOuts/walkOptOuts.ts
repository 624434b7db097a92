import { isRemembered } from '../../../../core/polling/memory/memberMemory';
import { ok } from '../../../../core/result';
import type { ContactCursor } from '../contactCursor';
import type { BatchResult, PollContext } from '../pollContext';
import { nothing } from '../pollContext';
import { classifyRecords } from '../records/classifyRecords';
import { withHandover } from '../advanceCursor';
import type { Row } from '../readers/rowReader';
import { RowReader } from '../readers/rowReader';
import { OPT_OUT_FIELD } from '../../api/fields/recordFields';
import { fieldsToRead } from '../records/toContactChange';

/** Pages of one step that finds no contact of the sync. */
const MAX_PAGES = 20;

/**
 * Emits the opt-outs of all contacts of the sync once more, members and former ones, after a time in which Salesforce did not
 * show them: a page for 2,000 opt-outs.
 */
export class OptOutWalk {
	private reader: RowReader | undefined;

	constructor(private readonly context: PollContext) {}

	async next(at: ContactCursor): Promise<BatchResult> {
		if (!at.optOutWalk) return nothing(at, false);
		const { batchSize, settings, time } = this.context;
		const reading = await settings();
		if (reading.kind !== 'ok') return reading;
		const { described, fields } = reading.value;
		const reader = (this.reader ??= this.open(at.optOutWalk, fieldsToRead(fields, described)));
		const rows: Row[] = [];
		let ended = false;
		for (let pages = 0; pages < MAX_PAGES && rows.length < batchSize && !ended; pages++) {
			const page = await reader.rows();
			if (page.kind !== 'ok') {
				if (rows.length > 0 || reader.limit !== at.optOutWalk.limit) break;
				return page;
			}
			ended = page.value.length === 0;
			let count = 0;
			for (const row of page.value) {
				if (rows.length >= batchSize) break;
				count += 1;
				if (isRemembered(at.memory, row.packed)) rows.push(row);
			}
			reader.pass(count);
		}
		const readAt = time.now();
		const classified = await classifyRecords(this.context, at.memory, rows, { membershipOnly: false });
		if (classified.kind !== 'ok') return classified;
		const place = ended ? undefined : { ...reader.safePosition, limit: reader.limit };
		const next = { ...withHandover(at, classified.value, readAt), optOutWalk: place };
		return ok({ changes: classified.value.changes, phase: 'live', next, more: true });
	}

	private open(place: NonNullable<ContactCursor['optOutWalk']>, fields: readonly string[]): RowReader {
		const { at, id, limit } = place;
		return new RowReader(
			this.context,
			{
				fields,
				from: this.context.object,
				where: `${OPT_OUT_FIELD} = true`,
				deleted: true,
				start: at === undefined ? undefined : { at, id },
				doing: 'reading the opt-outs',
			},
			limit,
		);
	}
}
