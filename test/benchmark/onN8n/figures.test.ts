import type { BenchRun, Measured } from '../../../benchmark/onN8n/cases';
import { idsOf } from '../../../benchmark/onN8n/cases';
import { floorOf, ratiosOf, rowsOf, spreadOf } from '../../../benchmark/onN8n/figures';
import { parseBenchOptions } from '../../../benchmark/onN8n/options';
import { listSizes, planOf } from '../../../benchmark/onN8n/plan';
import type { BenchReport } from '../../../benchmark/onN8n/runBench';
import { withMeasured } from '../../../benchmark/onN8n/writeDocs';

const measured = (changes: Partial<Measured>): Measured => ({
	hubspotCalls: 15,
	memberPages: 5,
	brevoCalls: 100,
	brevoContactCalls: 100,
	singleWrites: 100,
	seconds: 12,
	writingSeconds: 10,
	peakMb: 700,
	cpuSeconds: 3,
	rateLimited: 0,
	resubscriptions: 0,
	...changes,
});
const firstSync = { kind: 'firstSync', members: 1_000, changes: 0 } as const;
const run = (way: BenchRun['way'], round: number, changes: Partial<Measured>, part?: number): BenchRun => ({
	...{ way, round, condition: 'vendors' },
	case: { ...firstSync, ...(part !== undefined && { part }) },
	measured: measured(changes),
});
const reportOf = (...runs: BenchRun[]): BenchReport => ({
	options: parseBenchOptions(['--members', '1000']),
	at: '2026-11-30T10:00:00.000Z',
	machine: { cpus: 2, node: 'v20', n8n: '2.41.1' },
	load: [0, 0],
	...{ runs, compared: 0, problems: [] },
});

describe('figures of the bench', () => {
	it('multiply the calls and the writing of a part, not the time before and after it', () => {
		const [row] = rowsOf(reportOf(run('n8nNodes', 1, {}, 100)), 'vendors');
		expect(row?.rounds).toEqual([
			expect.objectContaining({ isScaled: true, hubspotCalls: 150, brevoCalls: 1_000, seconds: 102, cpuSeconds: 30 }),
		]);
	});

	it('leave the walk of a poll through the list as it is', () => {
		const poll: BenchRun = {
			...run('n8nNodes', 1, {}),
			case: { kind: 'poll', members: 1_000, changes: 1_000, part: 100 },
		};
		const row = rowsOf(reportOf(poll), 'vendors').find(({ case: { kind } }) => kind === 'poll');
		expect(row?.rounds).toEqual([expect.objectContaining({ hubspotCalls: 5 + 10 * 10, brevoCalls: 1_000 })]);
		expect(row?.rounds[0]?.cpuSeconds).toBeUndefined();
	});

	it('compare round with round', () => {
		const rows = rowsOf(
			reportOf(
				...[4, 2].map((seconds, index) => run('contactSync', index + 1, { seconds, hubspotCalls: 20, brevoCalls: 30 })),
				...[8, 8].map((seconds, index) => run('script', index + 1, { seconds, hubspotCalls: 70, brevoCalls: 30 })),
			),
			'vendors',
		);
		expect(ratiosOf(rows)).toMatchObject([
			{ way: 'script', seconds: { median: 3, least: 2, most: 4 }, calls: { median: 2, least: 2, most: 2 } },
		]);
		expect(spreadOf([5, 1, 2])).toEqual({ median: 2, least: 1, most: 5 });
	});

	it('know what no way can be faster than', () => {
		// 400 pages and 1,000 reads, 190 in ten seconds; five imports and a hundred looks.
		expect(floorOf({ kind: 'firstSync', members: 100_000, changes: 0 }, 5)).toEqual({
			...{ hubspotCalls: 1_400, brevoCalls: 105, seconds: 70 + 25 },
		});
		expect(floorOf({ kind: 'poll', members: 100_000, changes: 0 }, 5)).toEqual({
			...{ hubspotCalls: 1, brevoCalls: 0, seconds: 0 },
		});
	});
});

describe('the plan of the bench', () => {
	it('works on a part where each contact is a call, and makes lists for it', () => {
		const plan = planOf(parseBenchOptions([]), 1);
		expect(plan.find(({ way }) => way === 'n8nNodes')?.cases).toEqual([
			{ kind: 'firstSync', members: 10_000, changes: 0, part: 1_000 },
			{ kind: 'poll', members: 10_000, changes: 0 },
			{ kind: 'poll', members: 10_000, changes: 100 },
			{ kind: 'poll', members: 10_000, changes: 10_000, part: 1_000 },
		]);
		expect(listSizes(plan)).toEqual([1_000, 10_000]);
		expect(planOf(parseBenchOptions(['--full']), 1).flatMap(({ cases }) => cases.map(({ part }) => part))).toEqual(
			expect.not.arrayContaining([expect.any(Number)]),
		);
	});

	it('is short when it has to be quick, and without limits in the first round only', () => {
		const conditions = (args: string[], round: number) =>
			planOf(parseBenchOptions(args), round).map((one) => one.condition);
		expect(conditions(['--quick'], 1)).not.toContain('bare');
		expect(conditions([], 1)).toContain('bare');
		expect(conditions([], 2)).not.toContain('bare');
	});

	it('spreads the changes over the list', () => {
		const ids = Array.from({ length: 10 }, (_, index) => String(index));
		expect(idsOf({ kind: 'poll', members: 10, changes: 10, part: 3 }, ids)).toEqual(['0', '3', '6']);
		expect(idsOf({ ...firstSync, part: 2 }, ids)).toEqual(['0', '1']);
	});

	it('refuses numbers that make no sense', () => {
		expect(() => parseBenchOptions(['--rounds', '0'])).toThrow('--rounds must be a whole number from 1 to 200000');
		expect(() => parseBenchOptions(['--members', 'many'])).toThrow('--members');
		expect(parseBenchOptions(['--members', '50', '--sample', '90']).sample).toBe(50);
	});
});

describe('what the bench writes into the docs', () => {
	it('stands between two marks, and leaves the rest of the page', () => {
		const page = 'Before\n\n<!-- measured: begin -->\nold\n<!-- measured: end -->\n\nAfter\n';
		const written = withMeasured(page, reportOf(run('script', 1, {})));
		expect(written).toMatch(/^Before\n\n<!-- measured: begin -->\n/);
		expect(written).toMatch(/<!-- measured: end -->\n\nAfter\n$/);
		expect(written).toContain('**First sync of 1,000**');
		expect(written).not.toContain('old');
		expect(() => withMeasured('Before', reportOf())).toThrow('has lost the marks');
	});
});
