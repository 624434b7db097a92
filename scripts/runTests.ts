import { spawn } from 'node:child_process';
import { ensureN8n } from '../demo/n8n/n8nInstall';
import { printedProgress } from '../demo/process/progress';

/**
 * Everything `npm test` runs, in this order; what stands together runs together. The n8n of the end-to-end tests is installed meanwhile: on a fresh machine that
 * takes minutes of waiting for the network.
 */
const STEPS = [['typecheck', 'lint'], ['build'], ['test:unit'], ['test:e2e']];

async function main(): Promise<number> {
	const abort = new AbortController();
	const progress = printedProgress((line) => console.error(line));
	progress.step(`Tests: ${STEPS.flat().join(', ')}; n8n for the end-to-end tests is made ready beside them`);
	const ready = ensureN8n({ ...progress, note: (text) => progress.note(`n8n: ${text}`) }, abort.signal).catch(
		(error) => {
			// The end-to-end tests try once more, and say what is missing.
			if (!abort.signal.aborted) progress.note(`n8n could not be made ready: ${String(error)}`);
		},
	);
	for (const scripts of STEPS) {
		if (scripts.includes('test:e2e')) await ready;
		progress.step(`npm run ${scripts.join(', ')}`);
		const codes = await Promise.all(scripts.map(run));
		const code = Math.max(...codes);
		if (code === 0) continue;
		progress.note(`failed: npm run ${scripts.filter((_script, index) => codes[index] !== 0).join(', ')}`);
		abort.abort();
		await ready;
		return code;
	}
	return 0;
}

/** The exit code of an npm script that prints where this one does. */
async function run(script: string): Promise<number> {
	return await new Promise((resolve) => {
		const child = spawn('npm', ['run', '--silent', script], { stdio: 'inherit', shell: process.platform === 'win32' });
		child.once('error', () => resolve(1));
		child.once('close', (code) => resolve(code ?? 1));
	});
}

void main().then((code) => {
	process.exitCode = code;
});
