import fc from 'fast-check';
import type { AlertMarks, DueAlert } from '../../../core/quota/thresholds';
import {
	dueAlerts,
	marksText,
	NO_MARKS,
	readMarks,
	readThresholds,
	toldUsedUp,
	unitedMarks,
} from '../../../core/quota/thresholds';

/** A row that is used up to one number after the other, under one limit after the other. */
class Told {
	marks: AlertMarks = NO_MARKS;
	used = 0;

	at(used: number, limit = 1_000, stoppedBefore = false): string[] {
		const { alerts, marks } = dueAlerts({
			marks: this.marks,
			usedBefore: this.used,
			used,
			limit,
			thresholds: [80, 100],
			stoppedBefore,
		});
		this.used = used;
		// What is stored is a text.
		this.marks = readMarks(marksText(marks), limit).marks;
		return alerts.map(nameOf);
	}
}

const nameOf = (alert: DueAlert): string =>
	alert.kind === 'recovered' ? alert.because : `${alert.kind} ${alert.threshold}`;

describe('what is told', () => {
	it('HB-18, HB-19: 80 % and 100 %, each once', () => {
		const told = new Told();
		expect([799, 800, 801, 999, 1_000, 1_000, 1_400].map((used) => told.at(used))).toEqual([
			[],
			['threshold 80'],
			[],
			[],
			['exceeded 100'],
			[],
			[],
		]);
	});

	it('both when one batch crosses both', () => {
		expect(new Told().at(1_200)).toEqual(['threshold 80', 'exceeded 100']);
	});

	it('the end of a stop, once, when the limit was raised; then the thresholds of the new limit', () => {
		const told = new Told();
		told.at(1_000);
		expect(told.at(1_000, 2_000)).toEqual(['raised']);
		expect(told.at(1_500, 2_000)).toEqual([]);
		expect(told.at(1_700, 2_000)).toEqual(['threshold 80']);
		expect(told.at(2_000, 2_000)).toEqual(['exceeded 100']);
		expect(told.at(2_000, 3_000)).toEqual(['raised']);
	});

	it('no 80 % beside the end of a stop that says the same', () => {
		const told = new Told();
		told.at(1_000);
		expect(told.at(1_001, 1_100)).toEqual(['raised']);
		expect(told.at(1_002, 1_100)).toEqual([]);
		expect(told.at(1_100, 1_100)).toEqual(['exceeded 100']);
	});

	it('no end of a stop while the raised limit is still below what is used', () => {
		const told = new Told();
		told.at(5_000);
		expect(told.at(5_000, 4_000)).toEqual(['threshold 80', 'exceeded 100']);
		expect(told.at(5_000, 6_000)).toEqual(['raised']);
	});

	it('nothing again when the limit is lowered below what was told', () => {
		const told = new Told();
		told.at(900);
		expect(told.at(910, 950)).toEqual([]);
		expect(told.at(950, 950)).toEqual(['exceeded 100']);
		expect(told.at(950, 900)).toEqual([]);
	});

	it('each once although two workflows have different limits for one quota', () => {
		const told = new Told();
		const seen: string[] = [];
		for (let used = 0; used <= 1_000; used += 10) seen.push(...told.at(used, 500), ...told.at(used, 1_000));
		expect(seen.sort()).toEqual(['exceeded 100', 'exceeded 100', 'raised', 'threshold 80', 'threshold 80']);
	});

	it('a renewal after a stop, once, and not while the new period is at its limit too', () => {
		const told = new Told();
		expect(told.at(10, 1_000, true)).toEqual(['renewed']);
		expect(told.at(20, 1_000, true)).toEqual([]);
		expect(new Told().at(0, 0, true)).toEqual(['exceeded 100']);
	});

	it('a limit of 0 is a stop, and has no 80 %', () => {
		expect(new Told().at(0, 0)).toEqual(['exceeded 100']);
	});

	it('knows whether the stop still holds', () => {
		const told = new Told();
		expect(toldUsedUp(told.marks)).toBe(false);
		told.at(1_000);
		expect(toldUsedUp(told.marks)).toBe(true);
		told.at(1_000, 2_000);
		expect(toldUsedUp(told.marks)).toBe(false);
		told.at(2_000, 2_000);
		expect(toldUsedUp(told.marks)).toBe(true);
	});
});

describe('the cell alerted', () => {
	it('can be read by a person', () => {
		const told = new Told();
		told.at(1_000, 1_000, true);
		told.at(1_000, 2_000);
		expect(marksText(told.marks)).toBe('renewed; 80 % of 1000; 100 % of 1000; raised to 2000');
	});

	it('takes what a person typed, and names what it cannot read', () => {
		expect(readMarks('80, 100%\nwhatever; raised to 5', 700)).toEqual({
			marks: {
				thresholds: [
					{ threshold: 80, limit: 700 },
					{ threshold: 100, limit: 700 },
				],
				raisedTo: [5],
				renewed: false,
			},
			unread: ['whatever'],
		});
	});

	it('comes back as it was written, and loses nothing when rows are united', () => {
		const marks = fc.record({
			thresholds: fc.uniqueArray(fc.record({ threshold: fc.integer({ min: 1, max: 200 }), limit: fc.nat() }), {
				selector: ({ threshold, limit }) => `${threshold} ${limit}`,
			}),
			raisedTo: fc.uniqueArray(fc.nat()),
			renewed: fc.boolean(),
		});
		fc.assert(
			fc.property(marks, marks, (a, b) => {
				expect(readMarks(marksText(a), 1)).toEqual({ marks: a, unread: [] });
				const both = unitedMarks(a, b);
				expect(both.thresholds).toEqual(expect.arrayContaining([...a.thresholds, ...b.thresholds]));
				expect(unitedMarks(both, b)).toEqual(both);
			}),
		);
	});
});

describe('the setting', () => {
	it.each([
		['80, 100', [80, 100]],
		[' 100 % ; 50% 80,80 ', [50, 80, 100]],
		['', []],
	])('reads %j', (text, thresholds) => {
		expect(readThresholds(text)).toEqual({ kind: 'ok', value: thresholds });
	});

	it.each(['0', '201', '80.5', '-5', 'eighty', '1,2,3,4,5,6,7,8,9,10,11'])('refuses %j and names the field', (text) => {
		expect(readThresholds(text)).toMatchObject({
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: expect.stringContaining("'Alert Thresholds'") as string,
		});
	});
});
