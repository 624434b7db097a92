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
				.filter((hit) => hit.at > position.from || position.seen?.includes(hit.id) !== true)
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
				// How many contacts of an instant a search passes over at most, where it does.
				fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
				(made, size, changes, most) => {
					const stamps = new Map(made.map(({ id, at }) => [String(id), at]));
					const seen = new Map<string, number>();
					let now = 2_013;
					let position: SearchPosition | undefined = { from: 1_000 };
					for (let pages = 0; position; pages++) {
						expect(pages).toBeLessThan(600);
						const { hits, full }: { hits: Hit[]; full: boolean } = ask(stamps, position, size);
						const page: { hits: readonly Hit[]; next?: SearchPosition } = position.instant
							? pageOfInstant(hits, position.instant, full)
							: pageFrom(
									hits,
									position.from,
									full,
									most === undefined ? undefined : { ids: position.seen ?? [], most },
								);
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

	it('HB-28: pages do not overlap where few contacts share an instant', () => {
		const stamps = new Map(Array.from({ length: 1_000 }, (_none, n) => [String(n + 1), 2_000 + Math.floor(n / 70)]));
		const found: string[] = [];
		let calls = 0;
		for (let position: SearchPosition | undefined = { from: 1_000 }; position; calls++) {
			const { hits, full } = ask(stamps, position, 200);
			const page = pageFrom(hits, position.from, full, { ids: position.seen ?? [], most: 100 });
			found.push(...page.hits.map(({ id }) => id));
			position = page.next;
		}
		expect([calls, found.length, new Set(found).size]).toEqual([5, 1_000, 1_000]);
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
		// A search that answers with what it was to pass over.
		expect(pageFrom([{ id: '1', at: 1_000 }], 1_000, true, { ids: ['1'], most: 100 })).toEqual({
			hits: [],
			next: { from: 1_000, instant: { at: 1_000, afterId: '0' } },
		});
		expect(pageOfInstant([], { at: 1_000, afterId: '7' }, true)).toEqual({ hits: [], next: { from: 1_001 } });
	});
});
