import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredWorkflow, WorkflowNode } from '../../demo/n8n/n8nApi';
import { PACKAGE_NAME } from '../../demo/n8n/packageBuild';
import type { Stage } from '../../demo/stage';
import { startStage } from '../../demo/stage';
import type { ReaderName } from './readOnce';

/** What n8n itself measured of a node in an execution. */
export interface N8nReading {
	readonly items: number;
	readonly seconds: number;
	/** The whole execution with the reading of the file from the disk, until n8n notes its end. */
	readonly executionSeconds: number;
}

const TYPES: Readonly<Record<ReaderName, Pick<WorkflowNode, 'type' | 'parameters'>>> = {
	extractFromFile: {
		type: 'n8n-nodes-base.extractFromFile',
		parameters: { operation: 'csv', binaryPropertyName: 'data', options: { delimiter: ',', enableBOM: true } },
	},
	readContactExport: { type: `${PACKAGE_NAME}.readContactExport`, parameters: {} },
};
const [START, FILE, READER] = ['Start', 'File', 'Reader'];

/**
 * Reads the file with both nodes on one real n8n, in turn, each in executions of its own that are started by hand. n8n's own measure of
 * a node is without the storing of its items.
 */
export async function readOnN8n(
	path: string,
	readers: readonly ReaderName[],
	rounds: number,
): Promise<Record<ReaderName, readonly N8nReading[]>> {
	const stage = await startStage({
		members: 2,
		env: { N8N_DISABLE_UI: 'true', N8N_RESTRICT_FILE_ACCESS_TO: dirname(path) },
	});
	try {
		const readings: Record<ReaderName, N8nReading[]> = { extractFromFile: [], readContactExport: [] };
		for (let round = 0; round < rounds; round++)
			for (const reader of readers) readings[reader].push(await readOnce(stage, path, reader));
		return readings;
	} finally {
		await stage.close();
	}
}

async function readOnce({ api, n8n }: Stage, path: string, reader: ReaderName): Promise<N8nReading> {
	const workflow = await api.createWorkflow({
		name: reader,
		nodes: [
			nodeOf(START, 'n8n-nodes-base.manualTrigger', 1, {}),
			nodeOf(FILE, 'n8n-nodes-base.readWriteFile', 1, { operation: 'read', fileSelector: path, options: {} }),
			nodeOf(READER, TYPES[reader].type, 1, TYPES[reader].parameters),
		],
		connections: { [START]: to(FILE), [FILE]: to(READER) },
	});
	const id = await start(n8n.url, await api.sessionCookie(), workflow);
	let executionSeconds = 0;
	for (;;) {
		const execution = (await api.listExecutions(workflow.id)).find((one) => one.id === id);
		if (execution?.stoppedAt && ['success', 'error', 'crashed'].includes(execution.status)) {
			executionSeconds = (Date.parse(execution.stoppedAt) - Date.parse(execution.startedAt)) / 1_000;
			break;
		}
		await pause(500);
	}
	const { data, status } = await api.getExecution(id);
	const [run] = data?.resultData.runData[READER] ?? [];
	if (status !== 'success' || !run) throw new Error(`${reader} on n8n: ${data?.resultData.error?.message ?? status}`);
	const items = (run.data?.main ?? []).reduce((sum, output) => sum + (output?.length ?? 0), 0);
	return { items, seconds: run.executionTime / 1_000, executionSeconds };
}

const nodeOf = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: WorkflowNode['parameters'],
): WorkflowNode => ({
	...{ id: name, name, type, typeVersion, parameters },
	position: [0, 0],
});

const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });

/** As the editor starts it. */
async function start(url: string, cookie: string, workflow: StoredWorkflow): Promise<string> {
	const reply = await fetch(`${url}/rest/workflows/${workflow.id}/run`, {
		method: 'POST',
		headers: { cookie, connection: 'close', 'content-type': 'application/json' },
		body: JSON.stringify({ workflowData: workflow, triggerToStartFrom: { name: START } }),
	});
	const { data } = (await reply.json()) as { data?: { executionId?: string } };
	if (!data?.executionId) throw new Error(`n8n answered ${reply.status} to the start of a workflow`);
	return data.executionId;
}
