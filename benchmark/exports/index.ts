import { fork } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installFolder, n8nVersion } from '../../demo/n8n/n8nInstall';
import { header, rowOf } from './exportRows';
import { readOnN8n } from './onN8n';
import type { ReaderName, Reading } from './readOnce';

/**
 * Reads one CSV file of Mailchimp's kind with n8n's own node Extract From File and with Read Contact Export, one after the other, each in a process
 * of its own, and prints rows a second and memory side by side.
 */

const USAGE = `Usage: npm run benchmark:exports -- [options]

  --rows N     rows of the file, of 67 columns (default 100000)
  --rounds N   how often each node reads it, in turn (default 2); the best time and the highest memory count
  --heap MB    limit of the heap of each process (default: Node's)
  --on-n8n     both nodes on a real n8n instead, in executions of their own`;

const NAMES: Readonly<Record<ReaderName, string>> = {
	extractFromFile: 'Extract From File',
	readContactExport: 'Read Contact Export',
};
const READERS: readonly ReaderName[] = ['extractFromFile', 'readContactExport'];

async function writeFile(path: string, rows: number): Promise<void> {
	const stream = createWriteStream(path);
	stream.write(`${header.join(',')}\n`);
	for (let from = 0; from < rows; from += 1_000) {
		const lines = Array.from({ length: Math.min(1_000, rows - from) }, (_, index) => rowOf(from + index));
		if (!stream.write(`${lines.join('\n')}\n`)) await once(stream, 'drain');
	}
	stream.end();
	await once(stream, 'finish');
}

async function readIn(reader: ReaderName, path: string, folder: string, heap?: string): Promise<Reading> {
	const child = fork(join(__dirname, 'readOnce.ts'), [reader, path, folder], {
		execArgv: ['--import', 'tsx', ...(heap === undefined ? [] : [`--max-old-space-size=${heap}`])],
	});
	return await new Promise((resolve, reject) => {
		child.on('message', resolve);
		child.on('error', reject);
		child.on('exit', (code) => reject(new Error(`${NAMES[reader]} ended with code ${code}`)));
	});
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			rows: { type: 'string', default: '100000' },
			rounds: { type: 'string', default: '2' },
			heap: { type: 'string' },
			'on-n8n': { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) return console.log(USAGE);
	const n8n = installFolder();
	if (!existsSync(n8n)) throw new Error('n8n is not installed yet: run `npm run demo` once');
	const rows = Number(values.rows);
	const folder = mkdtempSync(join(tmpdir(), 'exports-'));
	const path = join(folder, 'subscribed_email_audience_export_0a1b2c3d4e.csv');
	try {
		await writeFile(path, rows);
		if (values['on-n8n']) return await tellOnN8n(path, rows, Number(values.rounds));
		const readings: Record<ReaderName, Reading[]> = { extractFromFile: [], readContactExport: [] };
		for (let round = 0; round < Number(values.rounds); round++)
			for (const reader of READERS) readings[reader].push(await readIn(reader, path, n8n, values.heap));
		console.log(`${rows} rows of ${header.length} columns, nodes of n8n ${n8nVersion()}, Node ${process.version}`);
		console.log('| node | items | rows a second | seconds | processor seconds | peak MB |');
		console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
		for (const reader of READERS) {
			const [best] = [...readings[reader]].sort((one, other) => one.seconds - other.seconds);
			const peak = Math.max(...readings[reader].map(({ peakMb }) => peakMb));
			if (best)
				console.log(
					`| ${NAMES[reader]} | ${best.items} | ${Math.round(rows / best.seconds)} | ${best.seconds.toFixed(1)} | ${best.cpuSeconds.toFixed(1)} | ${peak} |`,
				);
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function tellOnN8n(path: string, rows: number, rounds: number): Promise<void> {
	const readings = await readOnN8n(path, READERS, rounds);
	console.log(`${rows} rows of ${header.length} columns, on n8n ${n8nVersion()}, Node ${process.version}`);
	console.log('| node | items | rows a second | seconds | the whole execution, seconds |');
	console.log('| --- | ---: | ---: | ---: | ---: |');
	for (const reader of READERS) {
		const [best] = [...readings[reader]].sort((one, other) => one.seconds - other.seconds);
		if (best)
			console.log(
				`| ${NAMES[reader]} | ${best.items} | ${Math.round(rows / best.seconds)} | ${best.seconds.toFixed(1)} | ${best.executionSeconds.toFixed(1)} |`,
			);
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
