import type { Clock } from '../../ports';
import type { Result } from '../../result';
import type { ChangeBatch, ChangeSource } from '../changeSource';
import type { BatchRoom } from './batchPace';

/** A batch as it was read. Instants and times in ms. */
export interface BatchRead<Cursor> {
	readonly result: Result<ChangeBatch<Cursor>>;
	/** When the reading ended. */
	readonly at: number;
	readonly tookMs: number;
	/** It was read while the batch before it was under way. */
	readonly ahead: boolean;
}

/**
 * Reads the batches of one poll, the next one of a first sync while the run of the last one is going on. What was read ahead is emitted
 * only after that run succeeded; otherwise the poll ends and drops it, and its source with it.
 */
export class ReadAhead<Cursor> {
	private next: Promise<BatchRead<Cursor> | { readonly error: unknown }> | undefined;

	constructor(
		private readonly source: ChangeSource<Cursor>,
		private readonly clock: Clock,
	) {}

	/** Begins to read the batch behind `cursor`. */
	begin(cursor: Cursor, room: BatchRoom | undefined): void {
		// Without the check before it: that is made when the batch is to be emitted.
		this.next = this.read(this.source.unasked ?? this.source, cursor, room, true).catch((error: unknown) => ({
			error,
		}));
	}

	/** The batch that was read ahead, or else the one behind `cursor`. */
	async take(cursor: Cursor | undefined, room: BatchRoom | undefined): Promise<BatchRead<Cursor>> {
		const ahead = this.next;
		this.next = undefined;
		if (!ahead) return await this.read(this.source, cursor, room, false);
		const read = await ahead;
		if ('error' in read) throw read.error;
		const asked = await this.source.askAgain?.();
		return asked && asked.kind !== 'ok' ? { ...read, result: asked } : read;
	}

	private async read(
		source: ChangeSource<Cursor>,
		cursor: Cursor | undefined,
		room: BatchRoom | undefined,
		ahead: boolean,
	): Promise<BatchRead<Cursor>> {
		const begunAt = this.clock.now();
		const result = await source.readBatch(cursor, room);
		const at = this.clock.now();
		return { result, at, tookMs: at - begunAt, ahead };
	}
}
