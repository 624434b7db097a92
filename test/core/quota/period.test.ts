import fc from 'fast-check';
import { DateTime } from 'luxon';
import { dayName, isBefore, lookBackKey, periodAt, periodName } from '../../../core/quota/period';
import type { PeriodKind } from '../../../core/quota/period';

const HOUR = 3_600_000;
const at = (local: string, zone: string): number => DateTime.fromISO(local, { zone }).toMillis();

describe('the period of an instant', () => {
	it('SB-13: a month of the calendar of the zone, renewed at its local midnight', () => {
		const period = periodAt(at('2026-11-22T10:00', 'Europe/Berlin'), 'month', 'Europe/Berlin');
		expect(period).toEqual({
			kind: 'month',
			key: '2026-11',
			start: at('2026-11-01T00:00', 'Europe/Berlin'),
			renewsAt: at('2026-12-01T00:00', 'Europe/Berlin'),
			timeZone: 'Europe/Berlin',
		});
		expect(periodName(period)).toBe('November 2026');
		expect(dayName(period.renewsAt, period.timeZone)).toBe('1 December 2026');
	});

	it('a day, with its date as key', () => {
		const period = periodAt(at('2026-11-22T23:59:59.999', 'Asia/Tokyo'), 'day', 'Asia/Tokyo');
		expect(period.key).toBe('2026-11-22');
		expect(period.renewsAt).toBe(at('2026-11-23T00:00', 'Asia/Tokyo'));
		expect(periodName(period)).toBe('22 November 2026');
	});

	it('one instant is in different months of different zones', () => {
		const instant = Date.UTC(2026, 10, 1, 2);
		expect(
			['America/New_York', 'UTC', 'Pacific/Kiritimati'].map((zone) => periodAt(instant, 'month', zone).key),
		).toEqual(['2026-10', '2026-11', '2026-11']);
	});

	it.each([
		['the clocks go forward', '2026-03-29T12:00', 23],
		['the clocks go back', '2026-10-25T12:00', 25],
	])('a day on which %s has %s: %i hours', (_what, local, hours) => {
		const { start, renewsAt } = periodAt(at(local, 'Europe/Berlin'), 'day', 'Europe/Berlin');
		expect((renewsAt - start) / HOUR).toBe(hours);
	});

	it('begins at the first instant there is where midnight is skipped', () => {
		// Lebanon puts the clocks forward at midnight: 29 March 2026 begins at 01:00.
		const { key, start, renewsAt } = periodAt(at('2026-03-29T12:00', 'Asia/Beirut'), 'day', 'Asia/Beirut');
		expect([key, start]).toEqual(['2026-03-29', at('2026-03-29T01:00', 'Asia/Beirut')]);
		expect(periodAt(start - 1, 'day', 'Asia/Beirut')).toMatchObject({ key: '2026-03-28', renewsAt: start });
		expect((renewsAt - start) / HOUR).toBe(23);
	});

	it('skips a day that a zone skipped: Samoa had no 30 December 2011', () => {
		const { renewsAt } = periodAt(at('2011-12-29T12:00', 'Pacific/Apia'), 'day', 'Pacific/Apia');
		expect(periodAt(renewsAt, 'day', 'Pacific/Apia').key).toBe('2011-12-31');
	});

	it.each([
		['leap day', 'day', '2028-02-29T23:59', '2028-02-29', '2028-03-01T00:00'],
		['a leap February', 'month', '2028-02-29T23:59', '2028-02', '2028-03-01T00:00'],
		['the end of the year', 'month', '2026-12-31T23:59', '2026-12', '2027-01-01T00:00'],
		['New Year', 'day', '2027-01-01T00:00', '2027-01-01', '2027-01-02T00:00'],
	] as const)('%s', (_what, kind, local, key, renews) => {
		expect(periodAt(at(local, 'Europe/Berlin'), kind, 'Europe/Berlin')).toMatchObject({
			key,
			renewsAt: at(renews, 'Europe/Berlin'),
		});
	});

	it('an unknown zone counts as UTC', () => {
		expect(periodAt(0, 'month', 'Mars/Olympus')).toEqual(periodAt(0, 'month', 'UTC'));
	});

	it('looks back over the end of a year', () => {
		expect(lookBackKey(periodAt(Date.UTC(2026, 0, 31), 'month', 'UTC'))).toBe('2025-01');
		expect(lookBackKey(periodAt(Date.UTC(2028, 2, 1), 'day', 'UTC'))).toBe('2028-01-30');
	});

	it('never takes a day for an earlier month', () => {
		const november = periodAt(Date.UTC(2026, 10, 5), 'month', 'UTC');
		expect(
			['2026-10', '2025-11', '2026-10-31', '2026-11', '2026-12', '', 'soon'].filter((key) => isBefore(key, november)),
		).toEqual(['2026-10', '2025-11']);
	});

	it('any instant in any zone: it lies in its period, and the next begins where it ends, with a later key', () => {
		const zones = [
			'UTC',
			'Europe/Berlin',
			'America/New_York',
			'Asia/Kolkata',
			'Asia/Beirut',
			'Pacific/Apia',
			'Australia/Lord_Howe',
		];
		fc.assert(
			fc.property(
				fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2040, 0) }),
				fc.constantFrom(...zones),
				fc.constantFrom<PeriodKind>('month', 'day'),
				(instant, zone, kind) => {
					const period = periodAt(instant, kind, zone);
					expect(period.start <= instant && instant < period.renewsAt).toBe(true);
					const next = periodAt(period.renewsAt, kind, zone);
					expect(next.start).toBe(period.renewsAt);
					expect(isBefore(period.key, next)).toBe(true);
				},
			),
			{ numRuns: 500 },
		);
	});
});
