import fc from 'fast-check';
import type { Hit, SearchPosition } from '../../../../../clients/hubspot/source/readers/changeSearch';
import { pageFrom, pageOfInstant } from '../../../../../clients/hubspot/source/readers/changeSearch';

/** HubSpot's side: pages of `size`, the order within one instant not by id, and contacts that change between pages. */
function ask(
	contacts: ReadonlyMap<string, number>,
	position: SearchPosition,
	size: number,
): { hits: Hit[]; full: boolean } {
	const { instant } = position;
	const all = [...contacts].map(([id, at]) => ({ id, at }));
	const found = instant
		? all
				.filter((hit) => hit.at === instant.at && Number(hit.id) > Number(instant.afterId))
				.sort((a, b) => Number(a.id) - Number(b.id))
		: all
				.filter((hit) => hit.at >= position.from)
				.sort((a, b) => a.at - b.at || ((Number(a.id) * 7_919) % 101) - ((Number(b.id) * 7_919) % 101));
	return { hits: found.slice(0, size), full: found.length > size };
}

describe('walking changed contacts', () => {
	const contacts = fc.array(
		fc.record({ id: fc.integer({ min: 1, max: 99_999 }), at: fc.integer({ min: 2_000, max: 2_012 }) }),
		{ maxLength: 120 },
	);

	it('finds every change once the search has ended, with many at one instant and contacts changing meanwhile', () => {
		fc.assert(
			fc.property(
				contacts,
				fc.integer({ min: 2, max: 9 }),
				fc.array(fc.nat(1_000), { maxLength: 20 }),
				(made, size, changes) => {
					const stamps = new Map(made.map(({ id, at }) => [String(id), at]));
					const seen = new Map<string, number>();
					let now = 2_013;
					let position: SearchPosition | undefined = { from: 1_000 };
					for (let pages = 0; position; pages++) {
						expect(pages).toBeLessThan(600);
						const { hits, full }: { hits: Hit[]; full: boolean } = ask(stamps, position, size);
						const page: { hits: readonly Hit[]; next?: SearchPosition } = position.instant
							? pageOfInstant(hits, position.instant, full)
							: pageFrom(hits, position.from, full);
						for (const hit of page.hits) seen.set(hit.id, hit.at);
						position = page.next;
						const changing = position ? changes[pages] : undefined;
						const ids = [...stamps.keys()];
						const id = changing === undefined ? undefined : ids[changing % Math.max(1, ids.length)];
						if (id !== undefined) stamps.set(id, now++);
					}
					for (const [id, at] of stamps) expect([id, seen.get(id)]).toEqual([id, at]);
				},
			),
			{ numRuns: 500 },
		);
	});

	it('drops hits outside of the window', () => {
		expect(
			pageFrom(
				[
					{ id: '1', at: 999 },
					{ id: '2', at: 1_000 },
				],
				1_000,
				false,
			),
		).toEqual({ hits: [{ id: '2', at: 1_000 }] });
	});

	it('never stands still', () => {
		expect(pageFrom([{ id: '1', at: 5 }], 1_000, true)).toEqual({
			hits: [],
			next: { from: 1_000, instant: { at: 1_000, afterId: '0' } },
		});
		expect(pageOfInstant([], { at: 1_000, afterId: '7' }, true)).toEqual({ hits: [], next: { from: 1_001 } });
	});
});
