import type { HealthBatch } from '../../../core/health/healthState';
import { afterBatch, beginning } from '../../../core/health/healthState';
import { syncReport } from '../../../core/health/report';

const batchAt = (instant: string, calls = 1): HealthBatch => {
	const at = Date.parse(instant);
	return { statements: [], members: 10, calls, at, day: instant.slice(0, 10) };
};
const recorded = (...batches: readonly HealthBatch[]) =>
	batches.reduce((state, batch) => afterBatch(state, batch, () => undefined), beginning(0, '2026-11-01'));
const report = (state: ReturnType<typeof recorded>) => syncReport({ sync: 'Newsletter', state }, [], '2026-11-01');

describe('a clock that is put back', () => {
	it('by an hour over midnight begins no day anew', () => {
		const state = recorded(batchAt('2026-11-30T00:10:00Z'), batchAt('2026-11-29T23:20:00Z'));
		expect(state).toMatchObject({ day: '2026-11-30', calls: 2, at: Date.parse('2026-11-30T00:10:00Z') });
	});

	it('after it was a year ahead: days go on, and the report shows today last', () => {
		const state = recorded(
			batchAt('2026-11-29T08:00:00Z'),
			batchAt('2027-11-29T08:00:00Z'),
			batchAt('2027-11-30T08:00:00Z'),
			batchAt('2026-11-29T09:00:00Z', 5),
			batchAt('2026-11-30T08:00:00Z'),
		);
		expect(state.at).toBe(Date.parse('2026-11-30T08:00:00Z'));
		const { counts, days } = report(state);
		expect(counts).toMatchObject({ day: '2026-11-30', calls: 1 });
		expect(days.map(({ day }) => day)).toEqual(['2026-11-01', '2026-11-29', '2026-11-30']);
	});
});
