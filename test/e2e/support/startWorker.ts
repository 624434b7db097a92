import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureN8n } from '../../../demo/n8n/n8nInstall';
import { N8nServer } from '../../../demo/n8n/n8nServer';
import { placePackage } from '../../../demo/n8n/packageBuild';
import { silentProgress } from '../../../demo/process/progress';
import { builtPackage } from './builtPackage';
import { NO_TASK_RUNNER } from './startE2e';

export interface Worker {
	readonly server: N8nServer;
	close(): Promise<void>;
}

/** A worker with the packed package in a folder of its own. `env`: the database and the queue of the n8n it works for. */
export async function startWorker(env: NodeJS.ProcessEnv): Promise<Worker> {
	const userFolder = mkdtempSync(join(tmpdir(), 'contact-sync-worker-'));
	placePackage(builtPackage(), userFolder);
	const server = await N8nServer.create({
		install: await ensureN8n(silentProgress),
		userFolder,
		command: 'worker',
		env: { ...NO_TASK_RUNNER, ...env },
	});
	const close = async (): Promise<void> => {
		await server.stop();
		rmSync(userFolder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		await server.start();
	} catch (error) {
		await close();
		throw error;
	}
	return { server, close };
}
