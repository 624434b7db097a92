import { SourceTime } from '../../../core/polling/sourceTime';
import { ManualClock } from '../../support/manualClock';

const HOURS = 6 * 3_600_000;
const MINUTE = 60_000;

describe('how late it is at a vendor', () => {
	let here: ManualClock;
	let vendor: number;
	const timeFrom = (known?: { at: number; seenAt: number }) => {
		const time = new SourceTime(() => vendor, here);
		time.begin(known);
		return time;
	};

	beforeEach(() => {
		here = new ManualClock();
		vendor = here.now();
	});

	it('number 5: an answer dated ahead does not make it later than what passed since', () => {
		const known = timeFrom().noted();
		here.advance(MINUTE);
		vendor += HOURS;
		expect(timeFrom(known).now()).toBe(known.at + MINUTE);
	});

	it('number 5: nor does the first answer of all, where this machine says otherwise', () => {
		vendor += HOURS;
		expect(timeFrom().now()).toBe(here.now());
	});

	it('number 5: nor does a clock of this machine that was put forward', () => {
		const known = timeFrom().noted();
		here.advance(HOURS);
		vendor += MINUTE;
		expect(timeFrom(known).now()).toBe(vendor);
	});

	it('a clock that was put back stops it for one look only, and the stamp of a record makes up for that', () => {
		const known = timeFrom().noted();
		here.advance(-HOURS);
		vendor += MINUTE;
		const time = timeFrom(known);
		expect(time.now()).toBe(known.at);
		const next = time.noted();
		here.advance(MINUTE);
		vendor += MINUTE;
		expect(timeFrom(next).now()).toBe(known.at + MINUTE);
		time.saw(vendor - 1_000);
		expect(time.now()).toBe(vendor - 1_000);
	});

	it('no stamp makes it later than the date of an answer', () => {
		const time = timeFrom();
		time.saw(vendor + HOURS);
		expect(time.now()).toBe(vendor);
	});
});
