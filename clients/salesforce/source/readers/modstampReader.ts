import { isHandled } from '../../../../core/polling/memory/handledChanges';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ReadContext, Row, StampQuery } from './rowReader';
import { RowReader } from './rowReader';
import type { PlannedQuery } from '../../api/salesforceClient';
import type { ReadingPlan, ModstampPosition } from './modstampPosition';
import { planReading, planRecheck, readOn, readThrough } from './modstampPosition';
import type { QueryPage } from '../../api/types';

/** Bounds on one step that finds nothing new. */
const MAX_PAGES = 50;

export interface NewRows {
	/** Rows that were not handled before, each record once. */
	readonly rows: readonly Row[];
	/** The position once they are. */
	readonly position: ModstampPosition;
}

/**
 * Reads the records that changed, in one poll: `overlap`, or `news` and then the `recheck` that is due (see `modstampPosition`).
 * Between batches the rest of a page is kept.
 */
export class ModstampReader {
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

	/** The first query, where it is sent along with another; its answer goes to `takeFirstPage`. */
	firstQuery(position: ModstampPosition): PlannedQuery {
		return this.open(planReading(position), position).firstQuery();
	}

	/** Takes the answer to `firstQuery`. */
	takeFirstPage(page: QueryPage): void {
		this.reader?.takeFirstPage(page);
	}

	/** Whether a query that failed can be sent alone, for fewer rows. */
	mayRepeat(failure: Failure): boolean {
		return this.reader?.narrow(failure) === true;
	}

	/** Up to `most` rows that were not handled before. */
	async next(position: ModstampPosition, most: number, maxPages = MAX_PAGES): Promise<Result<NewRows>> {
		const plan = this.plan ?? planReading(position);
		const reader = this.reader ?? this.open(plan, position);
		const found = new Map<string, Row>();
		const passed: Row[] = [];
		const soFar = (): NewRows => ({ rows: [...found.values()], position: readOn(position, plan, reader, passed) });
		for (let pages = 0; pages < maxPages && found.size < most; pages++) {
			// After a slow query what was found is returned at once, because the smaller ones take time as well.
			if (found.size > 0 && reader.limit !== undefined) break;
			const page = await reader.rows();
			// Rows found, a part of the recheck or another limit count as progress; the next call meets the failure again.
			const isProgress =
				found.size > 0 || reader.limit !== position.limit || (plan.kind === 'recheck' && passed.length > 0);
			if (page.kind !== 'ok') return isProgress ? ok(soFar()) : page;
			if (page.value.length === 0) {
				const through = readThrough(soFar().position, plan, reader, this.context.lookbackMs);
				this.goOn(through, plan, reader);
				return ok({ rows: [...found.values()], position: through });
			}
			let count = 0;
			for (const row of page.value) {
				if (found.size >= most) break;
				count += 1;
				if (reader.isTooYoung(row)) continue;
				passed.push(row);
				if (isHandled(position.handled, row.packed, row.at) || (found.get(row.id)?.at ?? 0) > row.at) continue;
				found.set(row.id, row);
			}
			reader.pass(count);
		}
		return ok(soFar());
	}

	private open(plan: ReadingPlan, position: ModstampPosition): RowReader {
		const { start, until } = plan;
		this.plan = plan;
		this.reader = new RowReader(this.context, { ...this.query, deleted: true, start, until }, position.limit);
		return this.reader;
	}

	private goOn(position: ModstampPosition, { kind }: ReadingPlan, reader: RowReader): void {
		const recheck = kind === 'news' ? planRecheck(position, reader.startedAt, this.context.lookbackMs) : undefined;
		if (recheck) this.open(recheck, position);
		else this.done = true;
	}
}
