import { dailyReserveReached } from '../../../core/calls/dailyReserve';

describe('the reserve of the daily calls', () => {
	const reserve = { vendor: 'Vendor', percent: 10, recheckMs: 900_000 };
	const used = { limit: 1_000, remaining: 99, seenAt: 1_700_000_000_000 };

	it('HB-28: rests while fewer calls are left, and asks again after a while', () => {
		expect(dailyReserveReached(used, reserve, used.seenAt + 1_000)).toMatchObject({ afterMs: 899_000 });
		expect(dailyReserveReached(used, reserve, used.seenAt + 900_000)).toBeUndefined();
		expect(dailyReserveReached({ ...used, remaining: 100 }, reserve, used.seenAt)).toBeUndefined();
	});

	it('number 5: asks again at once when the clock was put back', () => {
		expect(dailyReserveReached(used, reserve, used.seenAt - 6 * 3_600_000)).toBeUndefined();
	});
});
