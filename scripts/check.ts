import { spawn } from 'node:child_process';

/**
 * `npm run check`: what says within two minutes whether a change holds. Types and lint run side by side, each with what it kept of the last time (.cache), then
 * the quick tests. `npm test` is everything.
 */
const STEPS = [['typecheck:cached', 'lint:cached'], ['test:quick']];

/** The exit code of an npm script that prints where this one does. */
async function run(script: string): Promise<number> {
	return await new Promise((resolve) => {
		const child = spawn('npm', ['run', '--silent', script], { stdio: 'inherit', shell: process.platform === 'win32' });
		child.once('error', () => resolve(1));
		child.once('close', (code) => resolve(code ?? 1));
	});
}

async function main(): Promise<void> {
	const begun = Date.now();
	for (const scripts of STEPS) {
		console.error(`npm run ${scripts.join(', ')}`);
		const codes = await Promise.all(scripts.map(run));
		process.exitCode = Math.max(...codes);
		if (process.exitCode !== 0) {
			console.error(`failed: npm run ${scripts.filter((_script, index) => codes[index] !== 0).join(', ')}`);
			return;
		}
	}
	console.error(`All well after ${Math.round((Date.now() - begun) / 1000)} s. 'npm test' runs everything.`);
}

void main();
