import type { ContactChange } from '../../../core/contact/contact';
import { IN_ANY_BATCH, sizeWithin } from '../../../core/polling/batches/batchBytes';
import { isHandled } from '../../../core/polling/memory/handledChanges';
import { isMember, remembering } from '../../../core/polling/memory/memberMemory';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ContactCursor } from './contactCursor';
import type { BatchResult, PollContext } from './pollContext';
import { isLive } from './records/readRecords';
import type { RecentPast } from './records/recentPast';
import { pastOf, recentPast } from './records/recentPast';
import type { Row } from './readers/rowReader';
import { RowReader, wholeSecond } from './readers/rowReader';
import { withHandled } from './readers/modstampPosition';
import { fieldsToRead, toContactChange } from './records/toContactChange';

/** One poll's reading of the members there are, the oldest stamp first. The rest of a page is kept between batches. */
export class FirstSync {
	private reader: RowReader | undefined;
	private pages = 0;
	/** Records that were emitted before this poll's query. */
	private emittedBefore = 0;
	/** What was converted and merged lately, as of Salesforce's time when it was read. */
	private past: { readonly value: RecentPast; readonly askedAt: number } | undefined;

	constructor(private readonly context: PollContext) {}

	/** `most` contacts in the batch, fewer where they are large; absent: as set. */
	async next(at: ContactCursor, most?: number): Promise<BatchResult> {
		const { settings } = this.context;
		const reading = await settings();
		if (reading.kind !== 'ok') return reading;
		const opened = await this.open(at, fieldsToRead(reading.value.fields, reading.value.described));
		if (opened.kind !== 'ok') return opened;
		const reader = opened.value;
		// Before anything is read: a slow organisation must not cost what was read.
		const before = await this.readPast([], at.startedAt);
		if (before.kind !== 'ok') return before;
		const { safePosition: begun } = reader;
		const rows = new Map<string, Row>();
		let ended = false;
		let size = most === undefined ? this.context.batchSize : Math.min(most, IN_ANY_BATCH);
		while (rows.size < size && !ended) {
			const page = await reader.rows();
			if (page.kind !== 'ok') {
				const isProgress = rows.size > 0 || reader.safePosition !== begun || reader.limit !== at.first?.limit;
				if (!isProgress) return page;
				break;
			}
			ended = page.value.length === 0;
			this.pages += 1;
			let count = 0;
			for (const row of page.value) {
				if (rows.size >= size) break;
				count += 1;
				// A later page may show records as they are now. Deleted ones were never emitted, changed ones come again.
				if (reader.isTooYoung(row) || !isLive(row) || isHandled(at.records.handled, row.packed, row.at)) continue;
				rows.set(row.id, row);
			}
			reader.pass(count);
			// How large the contacts are shows with the first of them.
			if (most !== undefined && rows.size === IN_ANY_BATCH)
				size = sizeWithin(most, [...rows.values()].map(({ record }) => record)); // prettier-ignore
		}
		const found = [...rows.values()];
		const past = await this.readPast(found, at.startedAt);
		if (past.kind !== 'ok') return past;
		const changes = found.map(({ id, packed, at: instant, record }): ContactChange => {
			const change = isMember(at.memory, packed) ? 'updated' : 'added';
			return toContactChange(record, { change, at: instant, ...pastOf(id, past.value) }, reading.value);
		});
		const next: ContactCursor = {
			...at,
			first: { ...reader.safePosition, limit: reader.limit },
			memory: remembering(at.memory, { joined: found.map(({ packed }) => packed) }),
			records: { ...at.records, handled: withHandled(at.records, found), pageRows: reader.fullPage ?? at.records.pageRows }, // prettier-ignore
		};
		const expected = reader.found === undefined ? undefined : this.emittedBefore + reader.found;
		if (!ended) return ok({ changes, phase: 'firstSync', next, more: true, expected });
		return ok({ changes, phase: 'firstSync', next: this.ended(next), more: true, endsFirstSync: true });
	}

	/**
	 * What the records of a batch were before, read once a poll, and again when a record is newer than that: another one may have been
	 * merged into it, and it may have been a lead until a moment ago.
	 */
	private async readPast(found: readonly Row[], startedAt: number): Promise<Result<RecentPast>> {
		const newest = found.reduce((latest, { at }) => Math.max(latest, at), 0);
		if (this.past && newest < this.past.askedAt) return ok(this.past.value);
		const { clock, time } = this.context;
		const sentAt = clock.now();
		const past = await recentPast(this.context, startedAt);
		// The first answer of a poll shows Salesforce's time.
		const askedAt = wholeSecond(time.now() - (clock.now() - sentAt));
		if (past.kind === 'ok') this.past = { value: past.value, askedAt };
		return past;
	}

	private ended(at: ContactCursor): ContactCursor {
		return {
			...at,
			phase: 'live',
			first: undefined,
			walked: { at: this.context.time.now(), calls: Math.max(1, this.pages) },
		};
	}

	private async open(at: ContactCursor, fields: readonly string[]) {
		if (this.reader) return ok(this.reader);
		const { object, scope } = this.context;
		const resolved = await scope.resolve();
		if (resolved.kind !== 'ok') return resolved;
		this.emittedBefore = at.memory.members.count;
		const { at: instant, id, limit } = at.first ?? {};
		this.reader = new RowReader(
			this.context,
			{
				fields,
				from: object,
				mine: resolved.value.mine,
				where: scope.memberWhere(resolved.value),
				deleted: false,
				start: instant === undefined ? undefined : { at: instant, id },
				doing: 'reading the members',
			},
			limit,
		);
		return ok(this.reader);
	}
}
