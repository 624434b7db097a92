import type { PageOf } from '../../../../core/calls/pages/readPages';
import { readPages } from '../../../../core/calls/pages/readPages';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';

const pages: Record<string, PageOf<number>> = {
	start: { items: [1, 2], next: 'b' },
	b: { items: [3], next: 'c' },
	c: { items: [] },
};
const read = async (cursor: string | undefined): Promise<Result<PageOf<number>>> =>
	await Promise.resolve(ok(pages[cursor ?? 'start'] ?? { items: [] }));

async function all(...args: Parameters<typeof readPages<number>>): Promise<Array<Result<unknown>>> {
	const found: Array<Result<unknown>> = [];
	for await (const page of readPages(...args)) found.push(page);
	return found;
}

describe('readPages', () => {
	it('reads to the last page and tells the cursor that led to each', async () => {
		expect(await all(read, { maxPages: 10 })).toEqual([
			ok({ items: [1, 2], next: 'b', at: undefined }),
			ok({ items: [3], next: 'c', at: 'b' }),
			ok({ items: [], at: 'c' }),
		]);
	});

	it('begins at a cursor and ends after the most pages', async () => {
		expect(await all(read, { from: 'b', maxPages: 1 })).toEqual([ok({ items: [3], next: 'c', at: 'b' })]);
	});

	it('a cursor that leads back is a failure, not an endless loop', async () => {
		const circle = async (cursor: string | undefined) =>
			await Promise.resolve(ok({ items: [1], next: cursor === 'a' ? 'b' : 'a' }));
		const found = await all(circle, { maxPages: 1_000 });
		expect(found).toHaveLength(3);
		expect(found[2]).toMatchObject({ kind: 'refused', code: 'UNEXPECTED_ANSWER' });
	});

	it('ends with the first failure', async () => {
		const failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'down' } as const;
		const found = await all(async (cursor) => (cursor === 'b' ? failure : await read(cursor)), { maxPages: 10 });
		expect(found).toEqual([expect.objectContaining({ kind: 'ok' }), failure]);
	});
});
