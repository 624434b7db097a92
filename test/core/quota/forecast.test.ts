import { forecastOf } from '../../../core/quota/forecast';
import { dayName, periodAt } from '../../../core/quota/period';

const DAY = 86_400_000;
const NOVEMBER = periodAt(Date.UTC(2026, 10, 10), 'month', 'UTC');
const onDay = (day: number): number => NOVEMBER.start + (day - 1) * DAY;

describe('the forecast', () => {
	it('says on which day all is used up at this pace', () => {
		// 50 % in eleven days.
		const forecast = forecastOf({ used: 50_000, limit: 100_000, now: onDay(12) }, NOVEMBER);
		expect(forecast).toEqual({ kind: 'usedUp', at: onDay(23) });
		expect(dayName(forecast?.kind === 'usedUp' ? forecast.at : 0, 'UTC')).toBe('23 November 2026');
	});

	it('says how much is used at the end of the month where it is enough', () => {
		expect(forecastOf({ used: 20_000, limit: 100_000, now: onDay(16) }, NOVEMBER)).toEqual({
			kind: 'enough',
			percent: 40,
		});
	});

	it('counts the pace from where counting began', () => {
		// The first sync of the account ran on the 20th.
		expect(forecastOf({ used: 10_000, limit: 100_000, now: onDay(21), since: onDay(20) }, NOVEMBER)).toEqual({
			kind: 'usedUp',
			at: onDay(30),
		});
		expect(forecastOf({ used: 10_000, limit: 100_000, now: onDay(21), since: onDay(-20) }, NOVEMBER)?.kind).toBe(
			'enough',
		);
	});

	it.each([
		['nothing is used', { used: 0, limit: 100, now: onDay(15) }],
		['the month is some hours old', { used: 50, limit: 100, now: onDay(1) + 10 * 3_600_000 }],
		['counting began some hours ago', { used: 50, limit: 100, now: onDay(15), since: onDay(15) - 3_600_000 }],
		['all is used up', { used: 100, limit: 100, now: onDay(15) }],
		['the limit is 0', { used: 0, limit: 0, now: onDay(15) }],
	])('says nothing where it would mean nothing: %s', (_when, pace) => {
		expect(forecastOf(pace, NOVEMBER)).toBeUndefined();
	});

	it('of a day comes after half an hour', () => {
		const day = periodAt(onDay(5), 'day', 'UTC');
		expect(forecastOf({ used: 10, limit: 100, now: day.start + 20 * 60_000 }, day)).toBeUndefined();
		expect(forecastOf({ used: 10, limit: 100, now: day.start + 60 * 60_000 }, day)).toEqual({
			kind: 'usedUp',
			at: day.start + 600 * 60_000,
		});
	});
});
