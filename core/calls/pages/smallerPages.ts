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

	/** The sizes, the largest first. */
	constructor(private readonly sizes: readonly [number, ...number[]]) {}

	get size(): number {
		return this.sizes[this.index] ?? this.sizes[0];
	}

	/** Reads with the size in use or the first smaller one that works. The answer names the size it came for. */
	async read<T>(
		page: (size: number) => Promise<Result<T>>,
	): Promise<Result<{ readonly answer: T; readonly size: number }>> {
		const before = this.index;
		if (this.index > 0 && this.good >= this.patience) this.index -= 1;
		const isTrying = this.index < before;
		for (;;) {
			const { size } = this;
			const answer = await page(size);
			if (answer.kind === 'ok') {
				this.good = this.index === before ? this.good + 1 : 0;
				return ok({ answer: answer.value, size });
			}
			if (!mayBeTooMuch(answer) || this.index >= this.sizes.length - 1) {
				// It was not the size.
				this.index = before;
				return answer;
			}
			if (isTrying) this.patience *= 2;
			this.index += 1;
			this.good = 0;
		}
	}
}

/** Reads items together, and after a failure that may come of their number in parts of the next smaller size. */
export async function inSmallerParts<Item, T>(
	items: readonly Item[],
	sizes: readonly number[],
	read: (part: readonly Item[]) => Promise<Result<readonly T[]>>,
): Promise<Result<readonly T[]>> {
	const whole = await read(items);
	const [size, ...smaller] = sizes.filter((one) => one < items.length);
	if (whole.kind === 'ok' || size === undefined || !mayBeTooMuch(whole)) return whole;
	const found: T[] = [];
	for (let start = 0; start < items.length; start += size) {
		const part = await inSmallerParts(items.slice(start, start + size), smaller, read);
		if (part.kind !== 'ok') return part;
		found.push(...part.value);
	}
	return ok(found);
}

/** No answer in time, or a fault of the server; not a limit, which passes by itself. */
const mayBeTooMuch = (failure: Failure): boolean => failure.kind === 'retry' && failure.code === 'UNAVAILABLE';
