import { findLastIndex } from 'lodash';
import type { Failure, Result } from '../../result';
import { ok } from '../../result';

/** Good pages before a larger size is tried again; twice as many after each time that failed. */
const PATIENCE = 10;

/**
 * The size of pages that an answer comes for. A page that always times out would stop a sync for good: each next size down to
 * the smallest is tried, and after a number of good pages the larger one again. Kept for an account, so that not every reading
 * pays for finding out.
 */
export class PageSize {
	private index = 0;
	private good = 0;
	private patience = PATIENCE;

	/** The sizes, the largest first. `isTooMuch`: whether a failure may be for the size. */
	constructor(
		private readonly sizes: readonly [number, ...number[]],
		private readonly isTooMuch: (failure: Failure) => boolean = mayBeTooMuch,
	) {}

	get size(): number {
		return this.sizes[this.index] ?? this.sizes[0];
	}

	/** Reads with the size in use or the first smaller one that works. The answer names the size it came for. `most`: what is wanted. */
	async read<T>(
		page: (size: number) => Promise<Result<T>>,
		most = Infinity,
	): Promise<Result<{ readonly answer: T; readonly size: number }>> {
		const before = this.index;
		const isTrying = before > 0 && this.good >= this.patience;
		// Of the sizes that are enough the smallest: the larger ones would ask for the same.
		const enough = findLastIndex(this.sizes, (size) => size >= most);
		const first = Math.max(isTrying ? before - 1 : before, enough);
		for (let index = first; ; index++) {
			const size = this.sizes[index] ?? this.sizes[0];
			const answer = await page(size);
			if (answer.kind === 'ok') {
				if (index > first || index <= before) this.note(index, index === before);
				return ok({ answer: answer.value, size });
			}
			if (answer.kind === 'retry' && answer.unsent) {
				// The larger pages took all the time there was: the next reading begins with this size.
				if (index > first) this.note(index, false);
				return answer;
			}
			// At the smallest, it was not the size.
			if (!this.isTooMuch(answer) || index >= this.sizes.length - 1) return answer;
			if (isTrying) this.patience *= 2;
			this.good = 0;
		}
	}

	/**
	 * Takes over what became of a call of writes, which cannot be sent anew at once: the next ones are arranged smaller, and after a number
	 * of good ones larger again.
	 */
	noteWritten(count: number, failure: Failure | undefined): void {
		if (failure === undefined) {
			if (this.index === 0 || count < this.size || ++this.good < this.patience) return;
			this.index -= 1;
			this.good = 0;
		} else if (count > 1 && this.isTooMuch(failure)) {
			const next = this.sizes.findIndex((size) => size < count);
			if (next <= this.index) return;
			this.index = next;
			this.good = 0;
			this.patience *= 2;
		}
	}

	private note(index: number, isUsual: boolean): void {
		this.good = isUsual ? this.good + 1 : 0;
		this.index = index;
	}
}

/** Reads items together, so many at once as an answer comes for. */
export async function inSmallerParts<Item, T>(
	items: readonly Item[],
	pages: PageSize,
	read: (part: readonly Item[]) => Promise<Result<readonly T[]>>,
): Promise<Result<readonly T[]>> {
	const found: T[] = [];
	for (let start = 0; start < items.length;) {
		const part = await pages.read(async (size) => await read(items.slice(start, start + size)), items.length - start);
		if (part.kind !== 'ok') return part;
		for (const one of part.value.answer) found.push(one);
		start += part.value.size;
	}
	return ok(found);
}

/** No answer in time, or a fault of the server; not a limit, which passes by itself. */
export const mayBeTooMuch = (failure: Failure): boolean =>
	failure.kind === 'retry' && failure.code === 'UNAVAILABLE' && !failure.unsent;
