import { isEqual } from 'lodash';
import type { ContactChange } from '../../contact/contact';
import { bearableOf, IN_ANY_BATCH } from './batchBytes';

/** How many contacts a batch may have. */
export interface BatchSizes {
	/** Of the first batch. */
	readonly first: number;
	/** Of one that comes after a failed run. Absent: as the first. */
	readonly afterFailure?: number;
	readonly most: number;
}

/** Whether all batches are as large as the first. */
export const isFixed = ({ first, most, afterFailure = first }: BatchSizes): boolean =>
	most <= first && afterFailure === first;

/** Most contacts of the next batch. It may have fewer where they are large, see `sizeWithin`. */
export interface BatchRoom {
	readonly firstSync: number;
	readonly live: number;
}

/** What one acknowledged batch took. */
export interface BatchTimes {
	readonly changes: readonly ContactChange[];
	readonly readMs: number;
	readonly runMs: number;
}

/**
 * How many times as large the next batch may be: as often as its reading fits into a run, within these bounds. A run that takes many
 * times as long as the reading waits for something that a larger batch waits for once as well, such as an import.
 */
const LEAST_GROWTH = 2;
const MOST_GROWTH = 5;
/** Share of its growth by which a larger batch is expected to take longer, before one was measured. */
const EXPECTED_SHARE = 0.5;
/** Shares of the time of a contact in a smaller batch: below the first a larger one pays, above the second it does harm. */
const BETTER = 0.95;
const WORSE = 1.25;
/** A batch with fewer contacts than this share of what it might have had tells nothing of its size. */
const FULL = 0.8;
/** A run that takes longer is not made longer yet: it would be repeated as a whole after a failure. */
const LONG_RUN_MS = 240_000;

/**
 * How large batches are. They grow while the run is what takes the time, and a larger one takes less of it for each
 * contact: what a run waits for at the destination is then shared by more of them. Where each contact takes as long in a larger one, as
 * with a slow node in between, or the source is slower than the run, or the batch would be too large for n8n, they grow no further, and
 * where it takes longer they are small again.
 */
export class BatchPace {
	/** Most contacts of the next batch. */
	size: number;
	private settled: boolean;
	/** A batch was measured. */
	private measured = false;
	/** Before the last growth: the size, and the time of a run for each contact. */
	private before: { readonly size: number; readonly msEach: number } | undefined;

	constructor(private readonly sizes: BatchSizes) {
		this.size = sizes.first;
		this.settled = sizes.most <= sizes.first;
	}

	/** Whether it was made for these sizes: a person may have set others since. */
	isFor(sizes: BatchSizes): boolean {
		return isEqual(this.sizes, sizes);
	}

	/** Of the next batch. Those of changes are read as a whole before they are measured, so they are small until one was. */
	get room(): BatchRoom {
		return { firstSync: this.size, live: this.measured ? this.size : Math.min(this.size, IN_ANY_BATCH) };
	}

	/** A batch was acknowledged. */
	learn({ changes, readMs, runMs }: BatchTimes): void {
		if (changes.length < Math.min(this.size, IN_ANY_BATCH) * FULL) return;
		this.measured = true;
		const bearable = bearableOf(changes);
		if (bearable < this.size) {
			this.before = undefined;
			this.size = Math.min(this.size, Math.max(this.small, bearable));
			return;
		}
		if (this.settled || changes.length < this.size * FULL) return;
		const msEach = runMs / changes.length;
		const { before } = this;
		if (before && msEach > before.msEach * WORSE) {
			this.settled = true;
			this.size = before.size;
			return;
		}
		if (before && msEach > before.msEach * BETTER) return;
		this.before = undefined;
		if (runMs <= readMs || runMs > LONG_RUN_MS) return;
		const larger = Math.min(this.sizes.most, this.size * growthOf(readMs, runMs), bearable);
		if (larger <= this.size) return;
		this.before = { size: this.size, msEach };
		this.size = larger;
	}

	/** How many times as long as a batch of so many contacts the next one is expected to take, at least 1. */
	growthOver(contacts: number): number {
		const growth = Math.max(1, this.size / Math.max(contacts, Math.min(this.sizes.first, IN_ANY_BATCH)));
		return 1 + (growth - 1) * EXPECTED_SHARE;
	}

	/** The run of a batch failed: perhaps it was too large, so they go on small. */
	failed(): void {
		this.before = undefined;
		this.settled = true;
		this.size = this.small;
	}

	private get small(): number {
		return this.sizes.afterFailure ?? this.sizes.first;
	}
}

/** Grows no faster than a run of four minutes allows, even if each contact takes as long in a larger batch. */
function growthOf(readMs: number, runMs: number): number {
	const wanted = Math.floor(Math.min(runMs / readMs, LONG_RUN_MS / runMs));
	return Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, wanted));
}
