import type { ContactChange } from '../../../core/contact/contact';
import { BatchPace } from '../../../core/polling/batches/batchPace';

const contact = (fields: ContactChange['fields']): ContactChange => ({
	key: 'v:a:contact:1',
	change: 'added',
	source: { system: 'v', account: 'a', object: 'contact', id: '1' },
	changedAt: '2026-11-21T12:00:00.000Z',
	fields,
	optedOut: null,
});

interface Options {
	readonly batches?: number;
	readonly readMs?: number;
	readonly most?: number;
	readonly fields?: ContactChange['fields'];
	/** Of a full batch. */
	readonly share?: number;
}

/** Sizes after batches that were full, each with runs of so many ms. */
function sizesAfter(
	runMs: (contacts: number) => number,
	{ batches = 6, readMs = 1_000, most = 5_000, fields = {}, share = 1 }: Options = {},
): number[] {
	const pace = new BatchPace({ first: 1_000, most });
	return Array.from({ length: batches }, () => {
		const count = Math.round(pace.size * share);
		pace.learn({ changes: Array<ContactChange>(count).fill(contact(fields)), readMs, runMs: runMs(count) });
		return pace.size;
	});
}

describe('how large batches are', () => {
	it('grow while a run mostly waits for the destination', () => {
		expect(sizesAfter((contacts) => 2_000 + contacts * 0.3)).toEqual([2_000, 4_000, 5_000, 5_000, 5_000, 5_000]);
	});

	it('grow to the largest at once where a run takes many times as long as the reading', () => {
		expect(sizesAfter((contacts) => 20_000 + contacts * 0.3)).toEqual(Array<number>(6).fill(5_000));
	});

	it('grow only as far at once as a run of four minutes allows', () => {
		expect(sizesAfter(() => 70_000)).toEqual([3_000, 5_000, 5_000, 5_000, 5_000, 5_000]);
		expect(sizesAfter(() => 200_000)).toEqual([2_000, 4_000, 5_000, 5_000, 5_000, 5_000]);
	});

	it('grow no further where a contact takes as long in a larger one', () => {
		expect(sizesAfter((contacts) => contacts * 2)).toEqual([2_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
	});

	it('go back, and stay small, where a contact takes longer in a larger one', () => {
		expect(sizesAfter((contacts) => contacts ** 1.5 / 10)).toEqual([3_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
	});

	it('one slow run does not keep them small', () => {
		let run = 0;
		expect(sizesAfter((contacts) => (++run === 2 ? 2_400 : 2_000 + contacts * 0.1)).at(-1)).toBe(5_000);
	});

	it.each([
		['the source takes longer than the run', { readMs: 3_000 }],
		['they are not full', { share: 0.5 }],
		['a person set the size', { most: 1_000 }],
		['the contacts are so large that n8n would keep too much', { fields: { notes: 'x'.repeat(8_000) } }],
	])('stay as they are where %s', (_why, options) => {
		expect(new Set(sizesAfter(() => 2_000, options))).toEqual(new Set([1_000]));
	});

	it('stay below what n8n is to keep of one execution', () => {
		const sizes = sizesAfter(() => 2_000, { fields: { notes: 'x'.repeat(2_400) } });
		expect(Math.max(...sizes)).toBeGreaterThan(2_000);
		expect(Math.max(...sizes)).toBeLessThan(8_000_000 / 2_400);
	});

	it.each([2_500, 5_000])(
		'that began with %s, larger than n8n is to keep, become smaller, though never smaller than after a failed run',
		(first) => {
			const next = (characters: number): number => {
				const pace = new BatchPace({ first, most: 5_000, afterFailure: 1_000 });
				const changes = Array<ContactChange>(first).fill(contact({ notes: 'x'.repeat(characters) }));
				pace.learn({ changes, readMs: 1_000, runMs: 2_000 });
				return pace.size;
			};
			expect(next(100)).toBe(5_000);
			expect(next(5_000)).toBeLessThan(8_000_000 / 5_000);
			expect(next(5_000)).toBeGreaterThan(1_000);
			expect(next(50_000)).toBe(1_000);
		},
	);

	it('of changes are small until one was measured', () => {
		const pace = new BatchPace({ first: 5_000, most: 5_000, afterFailure: 1_000 });
		expect(pace.room).toEqual({ firstSync: 5_000, live: 1_000 });
		pace.learn({ changes: [contact({})], readMs: 1_000, runMs: 2_000 });
		expect(pace.room.live).toBe(1_000);
		const notes = 'x'.repeat(2_000);
		pace.learn({ changes: Array<ContactChange>(1_000).fill(contact({ notes })), readMs: 1_000, runMs: 2_000 });
		expect(pace.room.live).toBeGreaterThan(3_000);
		expect(pace.room.live).toBeLessThan(8_000_000 / 2_000);
	});

	it('are expected to take longer the more larger they are than one that was measured', () => {
		const pace = new BatchPace({ first: 5_000, most: 5_000, afterFailure: 1_000 });
		expect(pace.growthOver(5_000)).toBe(1);
		expect(pace.growthOver(1_000)).toBe(3);
		expect(pace.growthOver(3)).toBe(3);
	});

	it('do not grow where a run takes minutes already', () => {
		expect(new Set(sizesAfter(() => 250_000))).toEqual(new Set([1_000]));
	});

	it('are small after a run that failed, however large the first was', () => {
		const pace = new BatchPace({ first: 2_500, most: 5_000, afterFailure: 1_000 });
		expect(pace.size).toBe(2_500);
		pace.failed();
		expect(pace.size).toBe(1_000);
	});

	it('are as at first after a run that failed', () => {
		const pace = new BatchPace({ first: 1_000, most: 5_000 });
		const full = (): void =>
			pace.learn({ changes: Array<ContactChange>(pace.size).fill(contact({})), readMs: 1_000, runMs: 2_000 });
		full();
		full();
		expect(pace.size).toBe(4_000);
		pace.failed();
		full();
		expect(pace.size).toBe(1_000);
	});
});
