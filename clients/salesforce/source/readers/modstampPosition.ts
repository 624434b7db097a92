import { z } from 'zod';
import { NO_INSTANTS, packedInstants, remember } from '../../../../core/polling/memory/handledChanges';
import { SALESFORCE_LIMITS } from '../../api/limits';
import type { Position, Row, RowReader } from './rowReader';
import { wholeSecond } from './rowReader';

const position = z.object({ at: z.number(), id: z.string().optional() });

/** How far the changes of one object were read. All instants are ms since 1970 on Salesforce's clock. */
export const stampStream = z.object({
	/** Nothing can become visible any more that has a stamp before this instant. */
	settled: z.number(),
	/** Up to here everything was read once; what became visible late may be missing since `settled`. */
	mark: position,
	/** The second reading of a stretch that is settled now. */
	settling: z.object({ until: z.number(), from: position }).optional(),
	/** Records read since `settled`, with their stamps. */
	handled: packedInstants,
	/** Rows of a full page, as Salesforce sends them. */
	pageRows: z.number(),
	/** Rows a query may ask for, where queries took too long. */
	limit: z.number().optional(),
});

export type StampStream = z.output<typeof stampStream>;

/** A stretch shorter than this part of the lookback is not worth a second reading. */
const STRETCH_SHARE = 1 / 3;
const SHORTEST_STRETCH_MS = 60_000;

export function startStream(settled: number, mark = settled): StampStream {
	return { settled, mark: { at: mark }, handled: NO_INSTANTS, pageRows: SALESFORCE_LIMITS.queryPage };
}

/**
 * `overlap`: everything since `settled` in one go, which costs no more calls than the new changes alone while the handled
 * ones fit on a page. `news`: what lies behind the mark. `stretch`: a settled stretch once more.
 */
export type ReadingKind = 'overlap' | 'news' | 'stretch';

export interface ReadingPlan {
	readonly kind: ReadingKind;
	readonly start: Position;
	readonly until?: number;
}

export function planReading({ settled, mark, handled, pageRows, limit }: StampStream): ReadingPlan {
	return limit === undefined && handled.count <= pageRows
		? { kind: 'overlap', start: { at: settled } }
		: { kind: 'news', start: mark };
}

/** The settled stretch that is due to be read again after the news; `now` is Salesforce's time when those were read. */
export function planStretch(stream: StampStream, now: number, lookbackMs: number): ReadingPlan | undefined {
	if (stream.settling) return { kind: 'stretch', start: stream.settling.from, until: stream.settling.until };
	const until = wholeSecond(now - lookbackMs);
	const shortest = Math.max(SHORTEST_STRETCH_MS, lookbackMs * STRETCH_SHARE);
	if (until - stream.settled < shortest) return undefined;
	return { kind: 'stretch', start: { at: stream.settled }, until };
}

/** The state after some rows of a reading were dealt with. */
export function readOn(stream: StampStream, plan: ReadingPlan, reader: RowReader, rows: readonly Row[]): StampStream {
	const handled = withHandled(stream, rows);
	const pageRows = reader.fullPage ?? stream.pageRows;
	const { limit } = reader;
	if (plan.kind === 'stretch') {
		const settling = { until: plan.until ?? 0, from: reader.exactPosition ?? plan.start };
		return { ...stream, handled, limit, settling };
	}
	const reached = reader.position ?? plan.start;
	const mark = reached.at >= stream.mark.at ? reached : stream.mark;
	return { ...stream, handled, pageRows, limit, mark };
}

/** The state after a reading that came to its end. */
export function readThrough(
	stream: StampStream,
	plan: ReadingPlan,
	reader: RowReader,
	lookbackMs: number,
): StampStream {
	const ended: StampStream = { ...stream, limit: undefined };
	if (plan.kind === 'stretch') return settledAt({ ...ended, settling: undefined }, plan.until ?? 0);
	const mark = reader.end >= stream.mark.at ? { at: reader.end } : stream.mark;
	if (plan.kind === 'news') return { ...ended, mark };
	return settledAt({ ...ended, mark, settling: undefined }, wholeSecond(reader.startedAt - lookbackMs));
}

function settledAt(stream: StampStream, instant: number): StampStream {
	const settled = Math.max(stream.settled, instant);
	return { ...stream, settled, handled: remember(stream.handled, [], settled) };
}

/** Remembers rows as dealt with. */
export function withHandled(stream: StampStream, rows: readonly Row[]): StampStream['handled'] {
	const pairs = rows.map(({ packed, at }) => [packed, at] as const);
	return remember(stream.handled, pairs, stream.settled);
}
