import { silentProgress } from '../../../demo/process/progress';
import type { BenchRun, BenchWay } from '../../../benchmark/onN8n/cases';
import { BENCH_WAY_NAMES, keyOf } from '../../../benchmark/onN8n/cases';
import { parseBenchOptions } from '../../../benchmark/onN8n/options';
import { headline, reportTables } from '../../../benchmark/onN8n/report';
import type { BenchReport } from '../../../benchmark/onN8n/runBench';
import { runBench } from '../../../benchmark/onN8n/runBench';
import { builtPackage } from '../support/builtPackage';

const SMALL = ['--members', '260', '--sample', '20', '--changes', '4', '--rounds', '1', '--import-seconds', '0'];

let report: BenchReport;

beforeAll(async () => {
	report = await runBench(parseBenchOptions(SMALL), {
		progress: silentProgress,
		signal: new AbortController().signal,
		built: builtPackage(),
	});
});

const runOf = (way: BenchWay, key: string, condition: BenchRun['condition'] = 'vendors'): BenchRun['measured'] => {
	const found = report.runs.find((run) => run.way === way && keyOf(run.case) === key && run.condition === condition);
	if (!found) throw new Error(`No run of ${way}, ${key}, ${condition}`);
	return found.measured;
};

describe('npm run bench, on a real n8n', () => {
	it('ends every way in the same state, without a 429 and without making anybody mailable', () => {
		expect(report.problems).toEqual([]);
		// A first sync with Sync Health; a first sync and three polls of a script, the same of n8n's nodes in part, a first sync by imports; and the first syncs once more.
		expect(report.compared).toBe(260 + (2 * 260 + 4) + (20 + 4 + 20) + 260 + (2 * 260 + 20 + 260));
	});

	it('measures every way in every case', () => {
		const cases = ['firstSync 260', 'poll 0 of 260', 'poll 4 of 260', 'poll 260 of 260'];
		expect(report.runs.map(({ way, condition, case: which }) => `${condition} ${way} ${keyOf(which)}`)).toEqual([
			...cases.map((one) => `vendors contactSync ${one}`),
			'vendors withHealth firstSync 260',
			...cases.map((one) => `vendors n8nNodes ${one}`),
			'vendors n8nImports firstSync 260',
			...cases.map((one) => `vendors script ${one}`),
			...BENCH_WAY_NAMES.map((way) => `bare ${way} firstSync 260`),
		]);
		for (const { measured } of report.runs) {
			expect(measured.seconds).toBeGreaterThan(0);
			expect(measured.cpuSeconds).toBeGreaterThan(0);
			expect(measured.peakMb).toBeGreaterThan(50);
		}
	});

	it('counts one Brevo call a contact of n8n’s own nodes, and pages their members', () => {
		expect(runOf('n8nNodes', 'firstSync 260')).toMatchObject({ hubspotCalls: 2, brevoCalls: 20, singleWrites: 20 });
		expect(runOf('n8nNodes', 'poll 4 of 260')).toMatchObject({ hubspotCalls: 4, memberPages: 2, brevoCalls: 4 });
		expect(runOf('n8nImports', 'firstSync 260')).toMatchObject({ hubspotCalls: 5, memberPages: 2, brevoCalls: 2 });
	});

	it('counts what the README says of a poll of ours with nothing new', () => {
		expect(runOf('contactSync', 'poll 0 of 260')).toMatchObject({ hubspotCalls: 2, brevoCalls: 0 });
	});

	it('prints a table in which scaled numbers are marked, and the two ratios', () => {
		expect(reportTables(report)).toMatch(/\| n8n’s own nodes +\| +~\d+ \| +~260 \|/);
		expect(headline(report)).toMatch(/^A first sync of 260: .* take [\d,.]+ × the time and [\d,.]+ × the calls/);
	});
});
