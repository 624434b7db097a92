import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withNewVersion } from './newVersion';

/**
 * `npm run release:prepare -- 0.2.0`: dates the changelog, raises the version in package.json and the lock file, commits and tags. What is pushed afterwards
 * publishes (.github/workflows/publish.yml). n8n's own `n8n-node release` would write the changelog from the titles of commits instead.
 */
const [version = ''] = process.argv.slice(2);
const ROOT = join(__dirname, '..');

/** Runs a program in the repository and gives what it printed. Throws when it fails. */
function run(program: string, ...args: string[]): string {
	const { status, stdout, stderr } = spawnSync(program, args, {
		cwd: ROOT,
		encoding: 'utf8',
		shell: process.platform === 'win32',
	});
	if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
	return stdout.trim();
}

try {
	if (run('git', 'status', '--porcelain') !== '') throw new Error('There are changes that are not committed.');
	if (run('git', 'rev-parse', '--abbrev-ref', 'HEAD') !== 'main') throw new Error('Releases are made from main.');
	const page = join(ROOT, 'CHANGELOG.md');
	writeFileSync(page, withNewVersion(readFileSync(page, 'utf8'), version, new Date().toISOString().slice(0, 10)));
	run('npm', 'version', version, '--no-git-tag-version');
	run('git', 'commit', '--all', '--message', `Release ${version}`);
	run('git', 'tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
	console.log(`Tagged v${version}. Look at it with 'git show', then: git push --follow-tags`);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
