import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureN8n } from '../../../demo/n8n/n8nInstall';
import type { Execution } from '../../../demo/n8n/n8nApi';
import { silentProgress } from '../../../demo/process/progress';
import type { E2e } from './startE2e';

/** The executions whose stored data holds a text, by n8n's public API: works on every n8n. */
export async function searchByApi({ api }: E2e, workflowId: string, text: string): Promise<string[]> {
	const { data } = await api.json<{ data: Array<Execution & { customData?: Record<string, string> }> }>({
		method: 'GET',
		path: `/api/v1/executions?workflowId=${workflowId}&includeData=true&limit=100`,
	});
	return data
		.filter(({ customData = {} }) => Object.values(customData).some((value) => value.includes(text)))
		.map(({ id }) => String(id));
}

/** What the editor's filter 'Highlighted data' asks for. */
export async function searchByEditor(
	{ n8n }: E2e,
	cookie: string,
	filter: { workflowId: string; metadata: Array<{ key: string; value: string; exactMatch: boolean }> },
): Promise<{ licensed: boolean; ids: string[] }> {
	const ask = async (path: string): Promise<unknown> => {
		const reply = await fetch(`${n8n.url}${path}`, { headers: { cookie, connection: 'close' } });
		return ((await reply.json()) as { data: unknown }).data;
	};
	const settings = (await ask('/rest/settings')) as { enterprise: { advancedExecutionFilters: boolean } };
	const query = new URLSearchParams({ limit: '50', filter: JSON.stringify(filter) });
	const found = (await ask(`/rest/executions?${query.toString()}`)) as { results: Array<{ id: string }> };
	return { licensed: settings.enterprise.advancedExecutionFilters, ids: found.results.map(({ id }) => String(id)) };
}

/** The condition n8n puts behind that filter (its execution.repository.js), asked of n8n's own database. */
export async function searchBySql({ n8n }: E2e, key: string, value: string): Promise<string[]> {
	const { nodeBinary } = await ensureN8n(silentProgress);
	const sql = `SELECT md.executionId AS id FROM execution_metadata md
		WHERE LOWER(md.key) = LOWER(?) AND LOWER(md.value) LIKE LOWER(?)`;
	// Node.js 24, which n8n brings along, reads SQLite; the one the tests run on may not.
	const script = `const { DatabaseSync } = require('node:sqlite');
		const rows = new DatabaseSync(process.argv[1], { readOnly: true }).prepare(process.argv[2]).all(...process.argv.slice(3));
		console.log(JSON.stringify(rows.map(({ id }) => String(id))));`;
	const file = join(n8n.userFolder, '.n8n', 'database.sqlite');
	const out = execFileSync(nodeBinary, ['-e', script, file, sql, key, `%${value}%`], { encoding: 'utf8' });
	return JSON.parse(out) as string[];
}
