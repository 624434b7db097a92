import { instantOf, isDay } from '../../core/instant';

describe('an instant', () => {
	it.each([
		['2026-01-31T08:00:00.000Z', '2026-01-31T08:00:00.000Z'],
		['2026-01-31T08:00:00.123456+01:00', '2026-01-31T07:00:00.123Z'],
		['2026-01-31 08:00:00+0100', '2026-01-31T07:00:00.000Z'],
		['2026-01-31T08:00Z', '2026-01-31T08:00:00.000Z'],
		['2026-01-31t08:00:00z', '2026-01-31T08:00:00.000Z'],
		// Whatever the zone of the machine.
		['2026-01-31T08:00:00', '2026-01-31T08:00:00.000Z'],
		['2026-01-31 08:00:00+01', '2026-01-31T07:00:00.000Z'],
		[' 2024-02-29 ', '2024-02-29T00:00:00.000Z'],
	])('%s is one', (text, iso) => {
		expect(new Date(instantOf(text) ?? NaN).toISOString()).toBe(iso);
	});

	it.each(['', ' ', '007', '5', '2026', 'Unit 5', '2020-02-31', '2020-02-31T00:00:00Z', '2026-13-01', '2026-01-31T25:00Z', '2026-01-31 Unit 5', '31.01.2026', '01/31/2026', 'Jan 31, 2026', 1_700_000_000_000, true, null, undefined])('%p is none', (value) => {
		expect(instantOf(value)).toBeUndefined();
	}); // prettier-ignore

	it('a day is one that there is', () => {
		expect(['2024-02-29', '2023-02-29', '2026-04-31', '2026-1-1', '0000-00-00'].map(isDay)).toEqual([true, false, false, false, false]); // prettier-ignore
	});
});
