import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measurement } from '../../benchmark/measure';
import { compareStates, differencesFromTruth, holdingsOf } from '../../benchmark/sameState';
import { measure, openStage } from '../../benchmark/measure';
import type { BenchmarkReport, Row } from '../../benchmark/runBenchmark';
import { problemsOf } from '../../benchmark/runBenchmark';
import { parseOptions } from '../../benchmark/options';
import { reportTable } from '../../benchmark/report';

const ROOT = join(__dirname, '../..');
const MEMBERS = 24;
const SAMPLE = 8;

let output: string;
let report: BenchmarkReport;

beforeAll(async () => {
	const run = await promisify(execFile)(
		process.execPath,
		['--import', 'tsx', 'benchmark/index.ts', '--members', String(MEMBERS), '--sample', String(SAMPLE), '--json'],
		{ cwd: ROOT, maxBuffer: 10_000_000 },
	);
	output = run.stdout;
	report = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as BenchmarkReport;
}, 120_000);

const rowOf = (scenario: Row['scenario'], way: Row['way']): Row => {
	const row = report.rows.find((candidate) => candidate.scenario === scenario && candidate.way === way);
	if (!row) throw new Error(`No row for ${scenario} ${way}`);
	return row;
};

describe('the benchmark', () => {
	it('compares three ways in one run, and every number adds up', () => {
		expect(report.problems).toEqual([]);
		expect(report.rows.map(({ scenario, way }) => `${scenario} ${way}`)).toEqual([
			'firstSync contactSync',
			'again contactSync',
			'changed contactSync',
			'idle contactSync',
			'firstSync pages',
			'again pages',
			'changed pages',
			'firstSync oneByOne',
			'changed oneByOne',
		]);
		expect(problemsOf(report.rows, report.states, report.differencesFromTruth)).toEqual([]);
	});

	it('syncs every member, and writes each once', () => {
		const { tally, writes } = rowOf('firstSync', 'contactSync').measured;
		expect(tally).toMatchObject({ read: MEMBERS, excluded: 0, failed: 0, unchanged: 0 });
		expect(tally.created + tally.updated).toBe(MEMBERS);
		expect(writes).toBe(MEMBERS);
		for (const way of ['pages', 'oneByOne'] as const) {
			expect(rowOf('firstSync', way).measured).toMatchObject({
				writes: SAMPLE,
				tally: { read: SAMPLE },
				contactCalls: { hubspot: way === 'pages' ? 1 : SAMPLE, brevo: SAMPLE },
			});
		}
	});

	it('shows that a second run of ours writes nothing and asks Brevo for no contact by itself', () => {
		expect(rowOf('again', 'contactSync').measured).toMatchObject({
			writes: 0,
			contactCalls: { brevo: 0 },
			tally: { unchanged: MEMBERS },
		});
		expect(rowOf('again', 'pages').measured).toMatchObject({ writes: 0, contactCalls: { brevo: SAMPLE } });
	});

	it('carries a change in every way, and an idle poll costs two calls', () => {
		expect(report.changed).toBe(1);
		for (const way of ['contactSync', 'pages', 'oneByOne'] as const)
			expect(rowOf('changed', way).measured.writes).toBe(1);
		const idle = rowOf('idle', 'contactSync').measured;
		expect(idle.hubspotCalls).toBeLessThanOrEqual(2);
		expect(idle.brevoCalls).toBe(0);
	});

	it('ends with the same contacts, whichever way they came', () => {
		expect(report.differencesFromTruth).toEqual([]);
		expect(report.states.pages).toEqual({ compared: SAMPLE, differing: [] });
		expect(report.states.oneByOne).toEqual({ compared: SAMPLE, differing: [] });
	});

	it('prints a table in which scaled numbers are marked', () => {
		const table = reportTable(report);
		expect(output).toContain(table);
		expect(table).toMatch(/First sync of 24 members\n {2}contact-sync +24 +\d+ +\d+ +24 +\d/);
		expect(table).toMatch(/ {2}one contact at a time +24 +~\d+ +~\d+ +~24 +~\d/);
		expect(output).toContain('the first 8 members of the same list');
		expect(output).toMatch(/Mapping 20 fields: [\d,]+ contacts a second by field names, [\d,]+ by expressions/);
	});
});

describe('its checks', () => {
	const changedRow = (changes: Partial<Measurement>): Row => {
		const row = rowOf('firstSync', 'contactSync');
		return { ...row, measured: { ...row.measured, ...changes } };
	};
	const problems = (row: Row, states = report.states): string[] => problemsOf([row], states, []);

	it('notice what does not add up', () => {
		const { tally, sent } = rowOf('firstSync', 'contactSync').measured;
		expect(problems(changedRow({ tally: { ...tally, created: tally.created - 1 } })).length).toBeGreaterThan(0);
		expect(problems(changedRow({ tally: { ...tally, read: tally.read + 1 } }))).toEqual([
			'contactSync, firstSync: 25 contacts read, 24 accounted for',
		]);
		expect(problems(changedRow({ sent: { ...sent, brevo: sent.brevo + 1 } }))).toHaveLength(1);
		expect(problems(changedRow({ writes: MEMBERS - 1 }))).toEqual([
			'contactSync, firstSync: 24 writes reported, 23 made',
		]);
		expect(problems(changedRow({ rateLimited: 1 }))).toHaveLength(1);
		expect(problems(changedRow({ resubscriptions: 1 }))).toHaveLength(1);
	});

	it('notice two ways that ended differently', async () => {
		const [synced, untouched] = [await openStage(5), await openStage(5)];
		try {
			const before = holdingsOf(synced);
			expect(differencesFromTruth(synced, before).length).toBeGreaterThan(0);
			await measure(synced, { way: 'pages', members: 5 });
			const ids = [...synced.sandbox.hubspot.store.list(synced.sandbox.list.id).members.ids()].map(String);
			expect(compareStates(synced, synced, ids)).toEqual({ compared: 5, differing: [] });
			const comparison = compareStates(synced, untouched, ids);
			expect(comparison.differing).toEqual(ids);
			expect(problemsOf([], { ...report.states, pages: comparison }, [])).toEqual([
				'pages left 5 contacts other than ours did',
			]);
		} finally {
			await synced.sandbox.close();
			await untouched.sandbox.close();
		}
	});

	it('refuse numbers that make no sense', () => {
		expect(parseOptions(['--members', '50']).sample).toBe(50);
		expect(() => parseOptions(['--members', '0'])).toThrow('--members must be a whole number from 1 to 200000');
		expect(() => parseOptions(['--sample', 'many'])).toThrow('--sample');
	});
});
