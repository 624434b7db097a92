import type { Outcome } from '../../../core/outcome';
import { explained } from '../../../core/outcome';
import { describeTotals } from '../../../core/upsert/describeRun';
import { tellDryRun, tellRun } from '../../../core/upsert/tellRun';

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

	it('counts what a dry run would have done', () => {
		expect(describeTotals(results([2, { status: 'planned', wouldBe: 'created' }]))).toBe('2 contacts: 2 created');
	});
});

describe('a run as people read it', () => {
	it('says what became of the contacts, why some were left out, and who is blocked', () => {
		const told = results(
			[1, { status: 'created' }],
			[193, { status: 'updated' }],
			[2, { status: 'removed' }],
			[3, { status: 'excluded', code: 'NO_IDENTIFIER' }],
			[1, { status: 'excluded', code: 'PHONE_INVALID' }],
			[1, { status: 'failed', code: 'DESTINATION_REFUSED' }],
		);
		expect(tellRun({ results: told }, { list: 'Newsletter', blocked: 4 })).toBe(
			"201 contacts for 'Newsletter': 1 created, 193 updated, 2 taken off. 4 left out: 3 because the contact has neither an " +
				'e-mail address nor a phone number (NO_IDENTIFIER), 1 PHONE_INVALID. 1 not synced: DESTINATION_REFUSED. ' +
				'4 opted out and are blocked.',
		);
		expect(tellRun({ results: results([1, { status: 'unchanged' }]) }, { blocked: 0 })).toBe('1 contact: 1 unchanged.');
		expect(tellRun({ results: [] }, { blocked: 0 })).toBe('0 contacts.');
	});

	it('names three reasons at most', () => {
		const four = (['PHONE_INVALID', 'EMAIL_MALFORMED', 'UNAVAILABLE', 'IDENTIFIER_TAKEN'] as const).map(
			(code) => [1, { status: 'failed', code }] as const,
		);
		expect(tellRun({ results: results(...four) }, { blocked: 0 })).toMatch(/4 not synced: .*, …\.$/);
	});

	it('of a dry run says what the real one would do, and what that would cost', () => {
		const planned = results(
			[3, { status: 'unchanged' }],
			[1, { status: 'planned', wouldBe: 'created' }],
			[193, { status: 'planned', wouldBe: 'updated' }],
			[1, { status: 'excluded', code: 'NOT_A_CONTACT' }],
		);
		expect(tellDryRun({ results: planned, cost: { tasks: 194, calls: 1 } }, { list: 'Newsletter', blocked: 1 })).toBe(
			"Nothing was written. The real run would create 1 and update 193 contacts for 'Newsletter', with about 1 call " +
				'and 194 tasks. 3 would stay unchanged. 1 would be left out: because the item is no contact as the nodes of ' +
				'this package pass them on (NOT_A_CONTACT). 1 opted out and would be blocked.',
		);
		expect(tellDryRun({ results: results([1, { status: 'unchanged' }]) }, { blocked: 0 })).toBe(
			'Nothing was written. The real run would change nothing. 1 would stay unchanged.',
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
