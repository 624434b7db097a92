import { ensureN8n } from '../../../demo/n8n/n8nInstall';
import { buildPackage } from '../../../demo/n8n/packageBuild';
import { printedProgress } from '../../../demo/process/progress';
import { shareBuiltPackage } from './builtPackage';

/** Once for all end-to-end tests: n8n in the cache, and the package built and unpacked. A failure fails the whole run. */
export default async function globalSetup(): Promise<void> {
	const progress = printedProgress((line) => process.stderr.write(`${line}\n`));
	progress.step('n8n for the end-to-end tests');
	await ensureN8n(progress);
	progress.step('This package');
	shareBuiltPackage(await buildPackage());
}
