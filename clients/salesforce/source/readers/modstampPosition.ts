import { z } from 'zod';
import { NO_INSTANTS, packedInstants, remember } from '../../../../core/polling/memory/handledChanges';
import { SALESFORCE_LIMITS } from '../../api/limits';
import type { Position, Row, RowReader } from './rowReader';
import { wholeSecond } from './rowReader';

const stampAndId = z.object({ at: z.number(), id: z.string().optional() });

/**
 * How far the changes of one object were read. All instants are ms since 1970 on Salesforce's clock. Salesforce shows a change up
 * to `lookbackMs` late, with its earlier stamp, so everything is read twice: once as soon as it shows, and once when no more can
 * show up.
 *
 *     … read twice … | read once, late changes may be missing | not read yet
 *                 settled                                   mark          now
 *
 * | reading   | from … to                | chosen                                   | at its end                                     |
 * | --------- | ------------------------ | ---------------------------------------- | ---------------------------------------------- |
 * | `overlap` | settled … now            | if it costs as many calls as `news`: (1) | mark = its end, settled = its start - lookback |
 * | `news`    | mark … now               | otherwise                                | mark = its end                                 |
 * | `recheck` | settled … now - lookback | after `news`, once it is worth a query   | settled = its end                              |
 *
 * (1) The handled rows fit on a page, and no query was slow.
 *
 * Between two batches `news` moves the mark, and `recheck` keeps its position in `settling`.
 */
export const modstampPosition = z.object({
	/** No change with a stamp before this instant can show up any more, and all were read. */
	settled: z.number(),
	/** Up to here everything was read once; changes that show up late may be missing since `settled`. */
	mark: stampAndId,
	/** The `recheck` under way: its end, and where it goes on. */
	settling: z.object({ until: z.number(), from: stampAndId }).optional(),
	/** Records read since `settled`, with their stamps. */
	handled: packedInstants,
	/** Rows of a full page, as Salesforce sends them. */
	pageRows: z.number(),
	/** Rows of a query at most, where queries took too long. */
	limit: z.number().optional(),
});

export type ModstampPosition = z.output<typeof modstampPosition>;

/** A `recheck` of less than this part of the lookback, or less than this time, is not worth a query. */
const RECHECK_SHARE = 1 / 3;
const SHORTEST_RECHECK_MS = 60_000;

export function startPosition(settled: number, mark = settled): ModstampPosition {
	return { settled, mark: { at: mark }, handled: NO_INSTANTS, pageRows: SALESFORCE_LIMITS.queryPage };
}

/** See `modstampPosition`. */
export type ReadingKind = 'overlap' | 'news' | 'recheck';

export interface ReadingPlan {
	readonly kind: ReadingKind;
	readonly start: Position;
	readonly until?: number;
}

/** The reading to begin with. */
export function planReading({ settled, mark, handled, pageRows, limit }: ModstampPosition): ReadingPlan {
	return limit === undefined && handled.count <= pageRows
		? { kind: 'overlap', start: { at: settled } }
		: { kind: 'news', start: mark };
}

/** The `recheck` that is due after the news, if any; `now` is Salesforce's time when those were read. */
export function planRecheck(position: ModstampPosition, now: number, lookbackMs: number): ReadingPlan | undefined {
	if (position.settling) return { kind: 'recheck', start: position.settling.from, until: position.settling.until };
	const until = wholeSecond(now - lookbackMs);
	const shortest = Math.max(SHORTEST_RECHECK_MS, lookbackMs * RECHECK_SHARE);
	if (until - position.settled < shortest) return undefined;
	return { kind: 'recheck', start: { at: position.settled }, until };
}

/** The position after some rows of a reading were handled. */
export function readOn(
	position: ModstampPosition,
	plan: ReadingPlan,
	reader: RowReader,
	rows: readonly Row[],
): ModstampPosition {
	const handled = withHandled(position, rows);
	const pageRows = reader.fullPage ?? position.pageRows;
	const { limit } = reader;
	if (plan.kind === 'recheck') {
		const settling = { until: plan.until ?? 0, from: reader.safePosition ?? plan.start };
		return { ...position, handled, limit, settling };
	}
	const reached = reader.reachedPosition ?? plan.start;
	const mark = reached.at >= position.mark.at ? reached : position.mark;
	return { ...position, handled, pageRows, limit, mark };
}

/** The position after a reading that came to its end. */
export function readThrough(
	position: ModstampPosition,
	plan: ReadingPlan,
	reader: RowReader,
	lookbackMs: number,
): ModstampPosition {
	const ended: ModstampPosition = { ...position, limit: undefined };
	if (plan.kind === 'recheck') return settledAt({ ...ended, settling: undefined }, plan.until ?? 0);
	const mark = reader.end >= position.mark.at ? { at: reader.end } : position.mark;
	if (plan.kind === 'news') return { ...ended, mark };
	return settledAt({ ...ended, mark, settling: undefined }, wholeSecond(reader.startedAt - lookbackMs));
}

function settledAt(position: ModstampPosition, instant: number): ModstampPosition {
	const settled = Math.max(position.settled, instant);
	return { ...position, settled, handled: remember(position.handled, [], settled) };
}

/** The handled rows with these. */
export function withHandled(position: ModstampPosition, rows: readonly Row[]): ModstampPosition['handled'] {
	const pairs = rows.map(({ packed, at }) => [packed, at] as const);
	return remember(position.handled, pairs, position.settled);
}
