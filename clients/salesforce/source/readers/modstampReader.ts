import { isHandled } from '../../../../core/polling/memory/handledChanges';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ReadContext, Row, StampQuery } from './rowReader';
import { RowReader } from './rowReader';
import type { PlannedQuery } from '../../api/salesforceClient';
import type { ReadingPlan, StampStream } from './modstampPosition';
import { planReading, planStretch, readOn, readThrough } from './modstampPosition';
import type { QueryPage } from '../../api/types';

/** Bounds on one step that finds nothing new. */
const MAX_PAGES = 50;

export interface NewRows {
	/** Rows that were not dealt with before, each record once. */
	readonly rows: readonly Row[];
	/** The state once they are. */
	readonly stream: StampStream;
}

/**
 * One poll's reading of what changed: the news, and after that the stretch that is settled by now, if those cost extra.
 * Between batches the rest of a page is kept.
 */
export class StreamReading {
	private plan: ReadingPlan | undefined;
	private reader: RowReader | undefined;
	private done = false;

	constructor(
		private readonly context: ReadContext,
		private readonly query: Pick<StampQuery, 'fields' | 'from' | 'where' | 'doing'>,
	) {}

	get isDone(): boolean {
		return this.done;
	}

	/** The first query, for whoever sends it along with another. */
	begin(stream: StampStream): PlannedQuery {
		return this.open(planReading(stream), stream).begin();
	}

	/** Takes the answer to it. */
	accept(page: QueryPage): void {
		this.reader?.accept(page);
	}

	/** Whether a query that failed can be tried alone. */
	mayRepeat(failure: Failure): boolean {
		return this.reader?.narrow(failure) === true;
	}

	/** Up to so many rows that are new. */
	async next(stream: StampStream, most: number, maxPages = MAX_PAGES): Promise<Result<NewRows>> {
		const plan = this.plan ?? planReading(stream);
		const reader = this.reader ?? this.open(plan, stream);
		const found = new Map<string, Row>();
		const passed: Row[] = [];
		const soFar = (): NewRows => ({ rows: [...found.values()], stream: readOn(stream, plan, reader, passed) });
		for (let pages = 0; pages < maxPages && found.size < most; pages++) {
			// Slow queries are dealt with one by one, because that takes calls as well.
			if (found.size > 0 && reader.limit !== undefined) break;
			const page = await reader.rows();
			// What was found, settled or learnt counts; the next call fails again.
			const isProgress =
				found.size > 0 || reader.limit !== stream.limit || (plan.kind === 'stretch' && passed.length > 0);
			if (page.kind !== 'ok') return isProgress ? ok(soFar()) : page;
			if (page.value.length === 0) {
				const through = readThrough(soFar().stream, plan, reader, this.context.lookbackMs);
				this.goOn(through, plan, reader);
				return ok({ rows: [...found.values()], stream: through });
			}
			let count = 0;
			for (const row of page.value) {
				if (found.size >= most) break;
				count += 1;
				if (reader.isFresh(row)) continue;
				passed.push(row);
				if (isHandled(stream.handled, row.packed, row.at) || (found.get(row.id)?.at ?? 0) > row.at) continue;
				found.set(row.id, row);
			}
			reader.pass(count);
		}
		return ok(soFar());
	}

	private open(plan: ReadingPlan, stream: StampStream): RowReader {
		const { start, until } = plan;
		this.plan = plan;
		this.reader = new RowReader(this.context, { ...this.query, deleted: true, start, until }, stream.limit);
		return this.reader;
	}

	private goOn(stream: StampStream, { kind }: ReadingPlan, reader: RowReader): void {
		const stretch = kind === 'news' ? planStretch(stream, reader.startedAt, this.context.lookbackMs) : undefined;
		if (stretch) this.open(stretch, stream);
		else this.done = true;
	}
}
