import type { SourceTime } from '../../../../core/polling/sourceTime';
import type { Clock } from '../../../../core/ports';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { isTooSlow } from '../../api/classify';
import { SALESFORCE_LIMITS } from '../../api/limits';
import { packedId } from '../../api/recordIds';
import type { PlannedQuery, SalesforceClient } from '../../api/salesforceClient';
import { allOf, anyOf, select, soqlInstant, soqlText } from '../../soql/buildSoql';
import { idOf, STAMP_FIELD } from '../../api/recordFields';
import type { QueryPage, SalesforceRecord } from '../../api/types';

/** A place in the order of stamp and id: behind `id` of the instant `at`, or without an id before all of that instant. */
export interface Position {
	readonly at: number;
	readonly id?: string | undefined;
}

/** A record as a query showed it. */
export interface Row {
	readonly id: string;
	/** The id as `core/packing` keeps it. */
	readonly packed: string;
	/** Its stamp, ms since 1970. */
	readonly at: number;
	readonly record: SalesforceRecord;
}

export function toRow(record: SalesforceRecord): Row {
	const id = idOf(record);
	const stamp = record[STAMP_FIELD];
	return { id, packed: packedId(id), at: typeof stamp === 'string' ? Date.parse(stamp) || 0 : 0, record };
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

/** What is read in the order of its stamps. */
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

/** Stamps have whole seconds, so a record may change once more within the second of its stamp: it counts when that is over. */
const SECOND_MS = 1_000;
/** A query that took too long is repeated for half as many rows, down to this. */
export const FEWEST_ROWS = 50;
/** A query that is answered within this time may ask for twice as many. */
const QUICK_MS = 5_000;
/** Expired locators, one after the other, that are put up with. */
const MAX_REOPENED = 5;

export const wholeSecond = (instant: number): number => Math.floor(instant / SECOND_MS) * SECOND_MS;

/**
 * Reads rows by stamp and id, page after page, holding one page. Rows of later pages may be shown as they are now: what
 * changed meanwhile stands at an old place with a new stamp, so it says nothing about the place that was reached.
 */
export class RowReader {
	private page: readonly Row[] = [];
	private index = 0;
	private next: string | undefined;
	private opened = false;
	/** Rows since the last query was sent. */
	private answered = 0;
	private atFirstPage = true;
	private reopened = 0;
	private sentAt = 0;
	/** The limit of the query that was sent. */
	private asked: number | undefined;
	private narrowed = false;
	/** What was read up to here can be passed over, also where pages show rows as they are now. */
	private exact: Position | undefined;
	private reached: Position | undefined;
	/** Salesforce's time of the first query. */
	private firstAskedAt: number | undefined;
	/** Of the last query: as far as it may be believed, and as the answer told. No place hangs on the latter. */
	private askedAt = 0;
	private toldAt = 0;
	/** Rows of a full page. */
	fullPage: number | undefined;

	constructor(
		private readonly context: ReadContext,
		private readonly query: StampQuery,
		/** Rows of a query at most, after ones that took too long. */
		public limit?: number,
	) {
		this.exact = query.start;
		this.reached = query.start;
	}

	/** The query to begin with, for whoever sends it along with another. */
	begin(): PlannedQuery {
		this.sentAt = this.context.clock.now();
		this.asked = this.limit;
		return { soql: this.soql(), deleted: this.query.deleted };
	}

	/** Takes the answer to it. */
	accept(page: QueryPage): void {
		this.opened = true;
		this.answered = 0;
		this.atFirstPage = true;
		this.widen();
		this.take(page);
		// As of when it was sent: a query may take a while, and shows what there was when it began.
		const tookMs = this.context.clock.now() - this.sentAt;
		this.toldAt = this.context.client.serverNow() - tookMs;
		this.askedAt = this.context.time.now() - tookMs;
		this.firstAskedAt ??= this.askedAt;
	}

	/** The rows at hand; loads a page when there are none. Empty: that was all. */
	async rows(): Promise<Result<readonly Row[]>> {
		while (this.index >= this.page.length && !this.isAtEnd()) {
			const loaded = await this.load();
			if (loaded.kind !== 'ok') return loaded;
		}
		return ok(this.page.slice(this.index));
	}

	/** Passes over rows at hand. */
	pass(count: number): void {
		for (const row of this.page.slice(this.index, this.index + count)) {
			this.index += 1;
			if (this.isFresh(row) || row.at === 0) continue;
			const here = { at: row.at, id: row.id };
			this.reached = here;
			if (this.atFirstPage || row.at < this.askedAt - this.context.lookbackMs) this.exact = here;
		}
	}

	/** Whether the second of its stamp was not over when the query was sent: left to the next one. */
	isFresh({ at }: Row): boolean {
		return at >= this.horizon(this.toldAt);
	}

	/** Where a later query can go on without missing anything, but for what became visible late. */
	get exactPosition(): Position | undefined {
		return this.exact;
	}

	/** How far it got; may have passed over rows when pages show records as they are now. */
	get position(): Position | undefined {
		return this.reached;
	}

	/** Salesforce's time when reading began. */
	get startedAt(): number {
		return this.firstAskedAt ?? 0;
	}

	/** Stamps from here on were left to the next query. */
	get end(): number {
		return this.horizon(this.startedAt);
	}

	private horizon(askedAt: number): number {
		return wholeSecond(askedAt) - SECOND_MS;
	}

	private isAtEnd(): boolean {
		if (!this.opened || this.next !== undefined) return false;
		const last = this.page.at(-1);
		return this.asked === undefined || this.answered < this.asked || last === undefined || this.isFresh(last);
	}

	private async load(): Promise<Result<unknown>> {
		if (this.next !== undefined) {
			const more = await this.context.client.queryMore(this.next, this.query.doing);
			if (more.kind === 'ok') {
				this.atFirstPage = false;
				this.take(more.value);
				return more;
			}
			if (more.kind !== 'refused' || more.code !== 'CURSOR_EXPIRED' || this.reopened >= MAX_REOPENED) return more;
			this.reopened += 1;
		}
		return await this.open();
	}

	private async open(): Promise<Result<unknown>> {
		for (;;) {
			const { soql, deleted } = this.begin();
			const first = await this.context.client.query(soql, { deleted, doing: this.query.doing });
			if (first.kind === 'ok') {
				this.accept(first.value);
				return first;
			}
			if (!this.narrow(first)) return first;
		}
	}

	/** Asks for fewer rows after a query that took too long; false: not that, or few enough already. */
	narrow(failure: Failure): boolean {
		if (!isTooSlow(failure)) return false;
		const fewer = Math.floor((this.limit ?? SALESFORCE_LIMITS.queryPage * 2) / 2);
		if (fewer < FEWEST_ROWS) return false;
		this.limit = fewer;
		this.narrowed = true;
		return true;
	}

	/** After a quick answer more rows are asked for again, a page at most; not where a query failed just now. */
	private widen(): void {
		if (this.limit === undefined || this.narrowed || this.context.clock.now() - this.sentAt > QUICK_MS) return;
		this.limit = Math.min(SALESFORCE_LIMITS.queryPage, this.limit * 2);
	}

	private take(page: QueryPage): void {
		if (page.next !== undefined) this.fullPage = page.records.length;
		this.answered += page.records.length;
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
			where: allOf(behind(this.exact), until === undefined ? '' : `${STAMP_FIELD} < ${soqlInstant(until)}`, where),
			orderBy: `${STAMP_FIELD},Id`,
			limit: this.limit,
		});
	}
}

function behind(position: Position | undefined): string {
	if (!position) return '';
	const at = soqlInstant(position.at);
	if (position.id === undefined) return `${STAMP_FIELD} >= ${at}`;
	return anyOf(`${STAMP_FIELD} > ${at}`, allOf(`${STAMP_FIELD} = ${at}`, `Id > ${soqlText(position.id)}`));
}
