import { inSmallerParts, PageSize } from '../../../../core/calls/pages/smallerPages';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';

const TIMEOUT: Failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'no answer' };

/** Pages that come for at most `most` rows; `asked` gets the sizes. */
const slow = (most: number, asked: number[] = []) => async (size: number): Promise<Result<number>> => {
	asked.push(size);
	return await Promise.resolve(size <= most ? ok(size) : TIMEOUT);
}; // prettier-ignore

describe('pages that always time out', () => {
	it('come for the first smaller size that works, and from then on at once', async () => {
		const pages = new PageSize([1_000, 500, 100]);
		const asked: number[] = [];
		for (let n = 0; n < 3; n++) expect(await pages.read(slow(100, asked))).toEqual(ok({ answer: 100, size: 100 }));
		expect(asked).toEqual([1_000, 500, 100, 100, 100]);
	});

	it('grow again once the source is quick, and try that ever more seldom while it is not', async () => {
		const pages = new PageSize([1_000, 100]);
		const asked: number[] = [];
		for (let n = 0; n < 100; n++) await pages.read(slow(100, asked));
		expect(asked.filter((size) => size === 1_000).length).toBeLessThanOrEqual(5);
		for (let n = 0; n < 200; n++) await pages.read(slow(1_000));
		expect(pages.size).toBe(1_000);
	});

	it('an outage fails after each size was tried and leaves the size as it was; a limit is no matter of size', async () => {
		const pages = new PageSize([1_000, 500, 100]);
		const asked: number[] = [];
		expect(await pages.read(slow(0, asked))).toEqual(TIMEOUT);
		expect([asked, pages.size]).toEqual([[1_000, 500, 100], 1_000]);
		const limited: Failure = { kind: 'retry', code: 'RATE_LIMITED', reason: 'wait' };
		let calls = 0;
		await pages.read(async () => await Promise.resolve((calls++, limited)));
		expect(calls).toBe(1);
	});

	it('that take all the time of a reading are smaller in the next one', async () => {
		const pages = new PageSize([1_000, 500, 100]);
		const asked: number[] = [];
		const out: Failure = { ...TIMEOUT, unsent: true };
		for (let reading = 0; reading < 4; reading++) {
			let calls = 0;
			await pages.read(async (size) => (calls++ === 0 ? await slow(100, asked)(size) : out));
		}
		expect(asked).toEqual([1_000, 500, 100, 100]);
	});

	it('items read together come in parts', async () => {
		const asked: number[] = [];
		const items = Array.from({ length: 100 }, (_, index) => index);
		const read = async (part: readonly number[]): Promise<Result<readonly number[]>> => {
			asked.push(part.length);
			return await Promise.resolve(part.length <= 10 ? ok(part) : TIMEOUT);
		};
		expect(await inSmallerParts(items, new PageSize([100, 50, 10]), read)).toEqual(ok(items));
		expect(asked.filter((size) => size === 10)).toHaveLength(10);
		asked.length = 0;
		const down = async (part: readonly number[]) => await Promise.resolve((asked.push(part.length), TIMEOUT));
		expect(await inSmallerParts(items, new PageSize([100, 50, 10]), down)).toEqual(TIMEOUT);
		expect(asked).toEqual([100, 50, 10]);
	});
});

describe('calls of writes', () => {
	it('are arranged smaller after one that no answer came for, and larger again after a number of good ones', () => {
		const writes = new PageSize([100, 20, 1]);
		writes.noteWritten(60, TIMEOUT);
		expect(writes.size).toBe(20);
		// Arranged before the size was known.
		writes.noteWritten(100, TIMEOUT);
		expect(writes.size).toBe(20);
		writes.noteWritten(20, TIMEOUT);
		expect(writes.size).toBe(1);
		for (let call = 0; call < 40; call++) writes.noteWritten(1, undefined);
		expect(writes.size).toBe(20);
		for (let call = 0; call < 60; call++) writes.noteWritten(5, undefined);
		expect(writes.size).toBe(20);
	});

	it('of one contact are none too large', () => {
		const writes = new PageSize([100, 20, 1]);
		writes.noteWritten(1, TIMEOUT);
		expect(writes.size).toBe(100);
	});
});
