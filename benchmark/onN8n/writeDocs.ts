import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../demo/n8n/packageBuild';
import { chartOf } from './chart';
import { headline, remarks, reportTables } from './report';
import type { BenchReport } from './runBench';

const PAGE = join(PROJECT_ROOT, 'docs', 'benchmark.md');
const CHART = join(PROJECT_ROOT, 'docs', 'images', 'bench.svg');
const [BEGIN, END] = ['<!-- measured: begin -->', '<!-- measured: end -->'];

/** Puts what was measured between two marks of the page, and the chart beside it. */
export function writeDocs(report: BenchReport): void {
	writeFileSync(CHART, chartOf(report));
	writeFileSync(PAGE, withMeasured(readFileSync(PAGE, 'utf8'), report));
}

export function withMeasured(page: string, report: BenchReport): string {
	const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
	if (from === -1 || to < from)
		throw new Error('docs/benchmark.md has lost the marks between which `npm run bench` writes');
	const measured = [
		headline(report),
		'![Seconds and calls of each way on a scale of powers of ten](images/bench.svg)',
		reportTables(report),
		remarks(report)
			.map((line) => `- ${line}`)
			.join('\n'),
	];
	return `${page.slice(0, from + BEGIN.length)}\n\n${measured.join('\n\n')}\n\n${page.slice(to)}`;
}
