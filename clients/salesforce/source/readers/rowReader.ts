import { instantOf } from '../../../../core/instant';
import type { CursorCircle } from '../../../../core/calls/pages/cursorCircle';
import { CIRCLE, followCursor } from '../../../../core/calls/pages/cursorCircle';
import type { SourceTime } from '../../../../core/polling/sourceTime';
import type { Clock } from '../../../../core/ports';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { isTooSlow } from '../../api/classify';
import { SALESFORCE_LIMITS } from '../../api/limits';
import { packedId } from '../../api/fields/recordIds';
import type { PlannedQuery, SalesforceClient } from '../../api/salesforceClient';
import { allOf, anyOf, select, soqlInstant, soqlText } from '../../soql/buildSoql';
import { idOf, STAMP_FIELD } from '../../api/fields/recordFields';
import type { QueryPage, SalesforceRecord } from '../../api/types';

/** A position in the order of stamp and id: behind `id` of the instant `at`, or without an id before all of that instant. */
export interface Position {
	readonly at: number;
	readonly id?: string | undefined;
}

/** A record as a query showed it. */
export interface Row {
	readonly id: string;
	/** The id as `core/polling/memory` keeps it. */
	readonly packed: string;
	/** Its stamp, ms since 1970. */
	readonly at: number;
	readonly record: SalesforceRecord;
}

export function toRow(record: SalesforceRecord): Row {
	const id = idOf(record);
	const stamp = record[STAMP_FIELD];
	return { id, packed: packedId(id), at: instantOf(stamp) ?? 0, record };
}

/** What a reading needs of its poll. */
export interface ReadContext {
	readonly client: SalesforceClient;
	readonly clock: Clock;
	/** Salesforce's time, as far as there is evidence. */
	readonly time: SourceTime;
	/** How old a stamp may be when its record becomes visible. */
	readonly lookbackMs: number;
}

/** A query that is read in the order of stamps. */
export interface StampQuery {
	readonly fields: readonly string[];
	readonly from: string;
	readonly mine?: boolean;
	/** Besides the range of stamps; empty: every record. */
	readonly where: string;
	/** Deleted records too. */
	readonly deleted: boolean;
	readonly start?: Position | undefined;
	/** Stamps before this instant only. */
	readonly until?: number | undefined;
	readonly doing: string;
}

/** Stamps have whole seconds, so a record may change once more within the second of its stamp: it is read when that is over. */
const SECOND_MS = 1_000;
/** A query that took too long is repeated for half as many rows, down to this. */
export const FEWEST_ROWS = 50;
/** After an answer within this time the next query may have twice as many rows. */
const QUICK_MS = 5_000;
/** Expired locators after which the query is sent again. */
const MAX_REOPENED = 5;

export const wholeSecond = (instant: number): number => Math.floor(instant / SECOND_MS) * SECOND_MS;

/**
 * Reads rows by stamp and id, page after page, holding one page.
 *
 * | state                                        | next call of `rows`                                     |
 * | -------------------------------------------- | ------------------------------------------------------- |
 * | no query sent                                | sends the query from `start`                            |
 * | rows of the page are left                    | returns them, without a call                            |
 * | page used up, Salesforce gave a locator      | reads the next page; with an expired locator, see below |
 * | page used up, the limit of the query was met | sends the query again, behind `safe`                    |
 * | locator expired                              | sends the query again, behind `safe`                    |
 * | page used up, else; or its last row is too young | returns no rows: the end                            |
 *
 * Where the query is sent along with another one, `firstQuery` and `takeFirstPage` stand for the first line.
 *
 * Two positions, because pages behind a locator may show rows as they are now: a record that changed meanwhile stands at an old
 * place with a new stamp, which says nothing about the place reached.
 *
 * - `reached`: the last row that was passed over.
 * - `safe`: behind it nothing can have been missed, but for what becomes visible late. Moves with rows of a first page, and with
 *   rows whose stamp is older than the lookback.
 */
export class RowReader {
	private page: readonly Row[] = [];
	private index = 0;
	/** Locator of the next page. */
	private next: string | undefined;
	private opened = false;
	private atFirstPage = true;
	private timesReopened = 0;
	/** Of the locators of the last query. */
	private circle: CursorCircle | undefined;
	/** Of the last query: this machine's time when it was sent, its limit, and the rows it brought so far. */
	private sentAt = 0;
	private sentLimit: number | undefined;
	private rowsSinceSent = 0;
	/** A query took too long: the limit does not grow again. */
	private narrowed = false;
	private safe: Position | undefined;
	private reached: Position | undefined;
	/** Salesforce's time when the first query was sent. */
	private firstAsOf: number | undefined;
	/** The same of the last query: as far as there is evidence, and by the date of the answer, on which no position may rest. */
	private asOf = 0;
	private asOfAnswer = 0;
	/** Rows of a full page. */
	fullPage: number | undefined;
	/** Rows that the first query finds in all; undefined where it was limited. */
	found: number | undefined;

	constructor(
		private readonly context: ReadContext,
		private readonly query: StampQuery,
		/** Rows of a query at most, after ones that took too long. */
		public limit?: number,
	) {
		this.safe = query.start;
		this.reached = query.start;
	}

	/** The query to begin with; its answer goes to `takeFirstPage`. */
	firstQuery(): PlannedQuery {
		this.sentAt = this.context.clock.now();
		this.sentLimit = this.limit;
		return { soql: this.soql(), deleted: this.query.deleted };
	}

	/** Takes the answer to `firstQuery`. */
	takeFirstPage(page: QueryPage): void {
		this.opened = true;
		this.circle = undefined;
		this.rowsSinceSent = 0;
		this.atFirstPage = true;
		this.widen();
		this.take(page);
		// As of when it was sent: a query may take a while, and shows what there was when it began.
		const tookMs = this.context.clock.now() - this.sentAt;
		this.asOfAnswer = this.context.client.serverNow() - tookMs;
		this.asOf = this.context.time.now() - tookMs;
		if (this.firstAsOf === undefined && this.sentLimit === undefined) this.found = page.totalSize;
		this.firstAsOf ??= this.asOf;
	}

	/** The rows of the page that were not passed over; loads a page when there are none. Empty: the end. */
	async rows(): Promise<Result<readonly Row[]>> {
		while (this.index >= this.page.length && !this.isAtEnd()) {
			const loaded = await this.load();
			if (loaded.kind !== 'ok') return loaded;
		}
		return ok(this.page.slice(this.index));
	}

	/** Passes over the first rows of those. */
	pass(count: number): void {
		for (const row of this.page.slice(this.index, this.index + count)) {
			this.index += 1;
			if (this.isTooYoung(row) || row.at === 0) continue;
			const here = { at: row.at, id: row.id };
			this.reached = here;
			if (this.atFirstPage || row.at < this.asOf - this.context.lookbackMs) this.safe = here;
		}
	}

	/** Whether the second of its stamp was not over when the query was sent: the row is left to the next query. */
	isTooYoung({ at }: Row): boolean {
		return at >= youngest(this.asOfAnswer);
	}

	/** Where a later query can go on without missing anything, but for what becomes visible late. */
	get safePosition(): Position | undefined {
		return this.safe;
	}

	/** The last row that was passed over; rows before it may have been missed. */
	get reachedPosition(): Position | undefined {
		return this.reached;
	}

	/** Salesforce's time when reading began. */
	get startedAt(): number {
		return this.firstAsOf ?? 0;
	}

	/** Stamps from here on were left to the next query. */
	get end(): number {
		return youngest(this.startedAt);
	}

	private isAtEnd(): boolean {
		if (!this.opened || this.next !== undefined) return false;
		const last = this.page.at(-1);
		const limitMet = this.sentLimit !== undefined && this.rowsSinceSent >= this.sentLimit;
		return !limitMet || last === undefined || this.isTooYoung(last);
	}

	private async load(): Promise<Result<unknown>> {
		if (this.next !== undefined) {
			const circle = followCursor(this.circle, this.next);
			if (circle === 'circle') return CIRCLE;
			this.circle = circle;
			const more = await this.context.client.queryMore(this.next, this.query.doing);
			if (more.kind === 'ok') {
				this.atFirstPage = false;
				this.take(more.value);
				return more;
			}
			if (more.kind !== 'refused' || more.code !== 'CURSOR_EXPIRED' || this.timesReopened >= MAX_REOPENED) return more;
			this.timesReopened += 1;
		}
		return await this.open();
	}

	private async open(): Promise<Result<unknown>> {
		for (;;) {
			const { soql, deleted } = this.firstQuery();
			const first = await this.context.client.query(soql, { deleted, doing: this.query.doing });
			if (first.kind === 'ok') {
				this.takeFirstPage(first.value);
				return first;
			}
			if (!this.narrow(first)) return first;
		}
	}

	/** Halves the limit after a query that took too long; false: the failure is another one, or the limit is the smallest. */
	narrow(failure: Failure): boolean {
		if (!isTooSlow(failure)) return false;
		const fewer = Math.floor((this.limit ?? SALESFORCE_LIMITS.queryPage * 2) / 2);
		if (fewer < FEWEST_ROWS) return false;
		this.limit = fewer;
		this.narrowed = true;
		return true;
	}

	/** Doubles the limit after a quick answer, up to a page; not where a query failed just now. */
	private widen(): void {
		if (this.limit === undefined || this.narrowed || this.context.clock.now() - this.sentAt > QUICK_MS) return;
		this.limit = Math.min(SALESFORCE_LIMITS.queryPage, this.limit * 2);
	}

	private take(page: QueryPage): void {
		if (page.next !== undefined) this.fullPage = page.records.length;
		this.rowsSinceSent += page.records.length;
		this.page = page.records.map(toRow);
		for (const { at } of this.page) this.context.time.saw(at);
		this.index = 0;
		this.next = page.next;
	}

	private soql(): string {
		const { fields, from, mine, where, until } = this.query;
		return select({
			fields,
			from,
			scope: mine === true ? 'mine' : undefined,
			where: allOf(behind(this.safe), until === undefined ? '' : `${STAMP_FIELD} < ${soqlInstant(until)}`, where),
			orderBy: `${STAMP_FIELD},Id`,
			limit: this.limit,
		});
	}
}

/** Stamps from here on are too young to be read by a query sent at this time. */
const youngest = (sentAt: number): number => wholeSecond(sentAt) - SECOND_MS;

function behind(position: Position | undefined): string {
	if (!position) return '';
	const at = soqlInstant(position.at);
	if (position.id === undefined) return `${STAMP_FIELD} >= ${at}`;
	return anyOf(`${STAMP_FIELD} > ${at}`, allOf(`${STAMP_FIELD} = ${at}`, `Id > ${soqlText(position.id)}`));
}
