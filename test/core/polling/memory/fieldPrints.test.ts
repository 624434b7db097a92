import fc from 'fast-check';
import {
	changedFieldsOf,
	fieldPrints,
	printOf,
	printsFor,
	unseenFieldsOf,
	withPrints,
} from '../../../../core/polling/memory/fieldPrints';
import { propertyRuns } from '../../../support/propertyRuns';

const FIELDS = ['A', 'B', 'C'];
const EMPTY = printsFor(undefined, FIELDS);
const print = (a: string, b: string | null = null, c = 0) => printOf(EMPTY, { A: a, B: b, C: c });

describe('fingerprints of fields', () => {
	it('tell which fields changed, and nothing of a contact that is not known', () => {
		const prints = withPrints(EMPTY, new Map([['7', print('x', 'y')]]));
		expect(changedFieldsOf(prints, '7', print('x', 'y'))).toEqual([]);
		expect(changedFieldsOf(prints, '7', print('x', 'z', 1))).toEqual(['B', 'C']);
		expect(changedFieldsOf(prints, '8', print('x'))).toBe('unknown');
		// An empty field and one that is not there are the same.
		expect(printOf(EMPTY, { A: 'x', C: 0 })).toBe(print('x'));
	});

	it('stay known where other fields are followed, apart from those that were not', () => {
		const known = withPrints(EMPTY, new Map([['7', print('x', 'y')]]));
		expect(printsFor(known, FIELDS)).toBe(known);
		const prints = printsFor(known, ['B', 'D', 'A']);
		expect(fieldPrints.parse(JSON.parse(JSON.stringify(prints)))).toEqual(prints);
		expect(changedFieldsOf(prints, '7', printOf(prints, { A: 'x', B: 'y', D: 'd' }))).toEqual([]);
		expect(changedFieldsOf(prints, '7', printOf(prints, { A: 'x', B: 'z' }))).toEqual(['B']);
		expect(unseenFieldsOf(prints, '7')).toEqual(['D']);
		const seen = withPrints(prints, new Map([['7', printOf(prints, { A: 'x', B: 'y', D: 'd' })]]));
		expect(unseenFieldsOf(seen, '7')).toEqual([]);
		expect(changedFieldsOf(seen, '7', printOf(seen, { A: 'x', B: 'y', D: 'e' }))).toEqual(['D']);
	});

	it('are worth nothing where some are lost', () => {
		const prints = withPrints(EMPTY, new Map([['7', print('x')]]));
		expect(printsFor({ ...prints, digits: prints.digits.slice(1) }, FIELDS).digits).toBe('');
	});

	it('keep the contacts with the highest ids within their bound', () => {
		const fields = Array.from({ length: 100 }, (_none, n) => `F${n}`);
		const wide = printsFor(undefined, fields);
		const one = printOf(wide, { F1: 'x' });
		const ids = Array.from({ length: 15_000 }, (_none, n) => String(n + 1));
		const prints = withPrints(wide, new Map(ids.map((id) => [id, one])));
		expect(prints.digits.length).toBeLessThanOrEqual(4_000_000);
		expect(prints.ids.count).toBeGreaterThan(13_000);
		expect(changedFieldsOf(prints, '15000', one)).toEqual([]);
		expect(changedFieldsOf(prints, '1', one)).toBe('unknown');
	});

	it('hold what was set last, after any order of sets and removals', () => {
		const runs = propertyRuns('fingerprints', 200);
		const step = fc.record({
			set: fc.dictionary(fc.integer({ min: 1, max: 40 }).map(String), fc.string({ maxLength: 3 }), { maxKeys: 8 }),
			removed: fc.array(fc.integer({ min: 1, max: 40 }).map(String), { maxLength: 5 }),
		});
		fc.assert(
			fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
				const model = new Map<string, string>();
				let prints = EMPTY;
				for (const { set, removed } of steps) {
					const entries = Object.entries(set).map(([id, value]) => [id, print(value)] as const);
					prints = withPrints(prints, new Map(entries), removed);
					for (const id of removed) model.delete(id);
					for (const [id, one] of entries) model.set(id, one);
				}
				for (let id = 1; id <= 40; id++) {
					const known = model.get(String(id));
					const found = changedFieldsOf(prints, String(id), known ?? print('none of them'));
					expect(found).toEqual(known === undefined ? 'unknown' : []);
				}
				runs.count();
			}),
			runs.parameters,
		);
	});
});
