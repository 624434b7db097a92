import { changedFieldsOf, emittedPrints, withEmitted } from '../../../../core/polling/memory/emittedValues';

const FIELDS = [
	'Email',
	'FirstName',
	'LastName',
	'Title',
	'Phone',
	'City',
	'Score',
	'Newsletter__c',
	'Interests__c',
	'B__c',
];

const record = (n: number, more = {}) => ({
	id: `${4_000_000_000_000 + n * 17}`,
	values: {
		Email: `p${n}@x.example`,
		FirstName: 'Ada',
		Score: n,
		Newsletter__c: true,
		Interests__c: ['a', 'b'],
		...more,
	},
});
const records = (from: number, count: number) => Array.from({ length: count }, (_none, n) => record(from + n));

describe('the values that were emitted last', () => {
	it('tell which fields of a record changed, cleared and filled ones too', () => {
		const known = withEmitted(undefined, records(1, 50), FIELDS);
		expect(changedFieldsOf(known, record(7), FIELDS)).toEqual([]);
		const changed = record(7, { FirstName: 'Augusta', Score: null, Interests__c: ['a'], Title: 'Countess' });
		expect(changedFieldsOf(known, changed, FIELDS)).toEqual(['FirstName', 'Title', 'Score', 'Interests__c']);
		const after = withEmitted(known, [changed], FIELDS);
		expect(changedFieldsOf(after, changed, FIELDS)).toEqual([]);
		expect(changedFieldsOf(after, record(8), FIELDS)).toEqual([]);
	});

	it('say nothing of records that were never emitted', () => {
		const known = withEmitted(undefined, records(1, 5), FIELDS);
		expect(changedFieldsOf(known, record(6), FIELDS)).toBeUndefined();
		expect(changedFieldsOf(undefined, record(1), FIELDS)).toBeUndefined();
	});

	it('stay known when other fields are followed; one that is followed since counts as changed', () => {
		const known = withEmitted(undefined, records(1, 5), FIELDS);
		const fewer = FIELDS.slice(1).reverse();
		expect(changedFieldsOf(known, record(1, { Score: 9 }), fewer)).toEqual(['Score']);
		const others = [...fewer, 'Country'];
		expect(changedFieldsOf(known, record(1, { Title: 'x' }), others)).toEqual(['Title', 'Country']);
		const after = withEmitted(known, [record(1, { Country: 'UK' })], others);
		expect(changedFieldsOf(after, record(1, { Country: 'UK' }), others)).toEqual([]);
		expect(changedFieldsOf(after, record(2), others)).toEqual(['Country']);
		expect(changedFieldsOf(after, record(1), FIELDS)).toEqual(['Email']);
	});

	it('keep two equal values of two records apart, and names and addresses out of what is stored', () => {
		const { groups } = withEmitted(undefined, [record(1), record(2, { Email: 'p1@x.example' })], ['Email']);
		const prints = groups[0]?.prints ?? '';
		expect(prints.slice(0, 4)).not.toBe(prints.slice(4));
		expect(prints).toMatch(/^[A-Za-z0-9_-]{8}$/);
	});

	it('are bounded: of 40,000 records those that were emitted last are kept, in a megabyte', () => {
		let known = withEmitted(undefined, [], FIELDS);
		for (let from = 0; from < 40_000; from += 5_000) known = withEmitted(known, records(from, 5_000), FIELDS);
		const stored = JSON.stringify(known);
		expect(stored.length).toBeLessThanOrEqual(1_010_000);
		expect(emittedPrints.parse(JSON.parse(stored))).toEqual(known);
		const kept = known.groups.reduce((sum, { ids }) => sum + ids.count, 0);
		expect(kept).toBeGreaterThan(11_000);
		expect(changedFieldsOf(known, record(39_999, { Title: 'x' }), FIELDS)).toEqual(['Title']);
		expect(changedFieldsOf(known, record(1), FIELDS)).toBeUndefined();
		if (process.env.SHOW_NUMBERS) console.log({ kept, bytes: stored.length });
	}, 60_000);

	it('take one value for another in none of 20,000 changes', () => {
		const known = withEmitted(undefined, records(0, 5_000), ['Score']);
		const missed = records(0, 5_000).flatMap(({ id, values }) =>
			[1, 2, 3, 4].filter((step) => {
				const now = { id, values: { ...values, Score: values.Score + step * 5_003 } };
				return changedFieldsOf(known, now, ['Score'])?.length !== 1;
			}),
		);
		expect(missed.length).toBeLessThanOrEqual(1);
	});
});
