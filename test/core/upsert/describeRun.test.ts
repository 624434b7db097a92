import type { Outcome } from '../../../core/outcome';
import { explained } from '../../../core/outcome';
import { describeDryRun, describeTotals } from '../../../core/upsert/describeRun';

const results = (...outcomes: ReadonlyArray<readonly [number, Outcome]>) =>
	outcomes.flatMap(([count, outcome]) => Array.from({ length: count }, () => ({ outcome, warnings: [] })));

describe('a run in one sentence', () => {
	it('counts by status, with the reasons of each', () => {
		const told = describeTotals(
			results(
				[1_200, { status: 'created' }],
				[2, { status: 'failed', code: 'DESTINATION_REFUSED' }],
				[1, { status: 'failed', code: 'IDENTIFIER_TAKEN' }],
			),
		);
		expect(told).toBe('1,203 contacts: 1,200 created, 3 failed (DESTINATION_REFUSED 2, IDENTIFIER_TAKEN 1)');
		expect(describeTotals([])).toBe('0 contacts');
	});

	it('a dry run tells what would become of each and what that would take', () => {
		const planned = results(
			[3, { status: 'unchanged' }],
			[12, { status: 'planned', wouldBe: 'created' }],
			[5, { status: 'planned', wouldBe: 'updated' }],
			[1, { status: 'excluded', code: 'NO_IDENTIFIER' }],
		);
		expect(describeDryRun({ results: planned, cost: { tasks: 17, calls: 1 } })).toBe(
			'Dry run of 21 contacts: 12 would be created, 5 updated, 3 unchanged, 1 excluded (NO_IDENTIFIER 1); ' +
				'the real run would take about 1 call and 17 tasks',
		);
		expect(describeDryRun({ results: results([1, { status: 'unchanged' }]) })).toBe(
			'Dry run of 1 contact: 1 unchanged',
		);
	});
});

describe('promise 3: an outcome tells why', () => {
	it('with the rule behind it, and when the contact is tried again', () => {
		expect(explained({ status: 'excluded', code: 'PHONE_INVALID' })).toMatchObject({
			rule: 'HB-25',
			nextTry: expect.stringMatching(/next change/) as string,
		});
		expect(explained({ status: 'failed', code: 'UNAVAILABLE', retryable: true })).toEqual({
			status: 'failed',
			code: 'UNAVAILABLE',
			retryable: true,
			nextTry: expect.any(String) as string,
		});
	});

	it('without either where there is none', () => {
		expect(explained({ status: 'created' })).toEqual({ status: 'created' });
		expect(explained({ status: 'unchanged', code: 'SUPERSEDED' })).not.toHaveProperty('nextTry');
		expect(explained({ status: 'excluded', code: 'NOT_A_CONTACT' })).not.toHaveProperty('nextTry');
	});
});
