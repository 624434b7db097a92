import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { INodeExecutionData, INodeType } from 'n8n-workflow';

export type ReaderName = 'extractFromFile' | 'readContactExport';

/** What one reading cost; `peakMb` is of the whole process, with the items of the node. */
export interface Reading {
	readonly items: number;
	readonly seconds: number;
	readonly cpuSeconds: number;
	readonly peakMb: number;
}

/** A node and the parameters that read a CSV file with all of its columns. */
function open(reader: ReaderName, folder: string): { node: INodeType; parameters: Record<string, unknown> } {
	if (reader === 'readContactExport') {
		const built = createRequire(join(__dirname, '../../package.json'));
		const { ReadContactExport } = built('./dist/nodes/ReadContactExport/ReadContactExport.node.js') as {
			ReadContactExport: new () => INodeType;
		};
		return { node: new ReadContactExport(), parameters: {} };
	}
	const n8n = createRequire(join(folder, 'package.json'));
	const { ExtractFromFile } = n8n('n8n-nodes-base/dist/nodes/Files/ExtractFromFile/ExtractFromFile.node.js') as {
		ExtractFromFile: new () => INodeType;
	};
	return {
		node: new ExtractFromFile(),
		parameters: {
			operation: 'csv',
			binaryPropertyName: 'data',
			options: { delimiter: ',', encoding: 'utf-8', enableBOM: true },
		},
	};
}

/** As much of n8n as both nodes ask for: the parameters, and the file as a stream, as n8n has it on a disk. */
function contextOf(path: string, parameters: Record<string, unknown>): object {
	const binary = {
		mimeType: 'text/csv',
		fileExtension: 'csv',
		fileName: basename(path),
		id: `filesystem:${path}`,
		data: '',
	};
	return {
		getInputData: () => [{ json: {}, binary: { data: binary } }],
		getNodeParameter: (name: string, _item: number, fallback: unknown) => parameters[name] ?? fallback,
		getNode: () => ({ name: 'Reader', type: 'reader' }),
		getMode: () => 'trigger',
		continueOnFail: () => false,
		addExecutionHints: () => {},
		logger: { info: () => {}, debug: () => {}, warn: () => {}, error: () => {} },
		helpers: {
			assertBinaryData: () => binary,
			getBinaryStream: async (_id: string, highWaterMark?: number) => createReadStream(path, { highWaterMark }),
		},
	};
}

async function main(): Promise<void> {
	const [reader, path = '', folder = ''] = process.argv.slice(2);
	const { node, parameters } = open(reader as ReaderName, folder);
	let peak = 0;
	const look = (): void => void (peak = Math.max(peak, process.memoryUsage().rss));
	const timer = setInterval(look, 20);
	const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
	const outputs = (await node.execute?.call(contextOf(path, parameters) as never)) as INodeExecutionData[][];
	const seconds = (performance.now() - startedAt) / 1_000;
	const { user, system } = process.cpuUsage(cpu);
	look();
	clearInterval(timer);
	const items = Math.max(...outputs.map((output) => output.length));
	const reading: Reading = {
		items,
		seconds,
		cpuSeconds: (user + system) / 1e6,
		peakMb: Math.round(peak / 1024 / 1024),
	};
	process.send?.(reading);
}

void main();
