import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withNewVersion } from '../../scripts/newVersion';
import { read, ROOT } from './repository';

interface Package {
	readonly version: string;
	readonly scripts: Readonly<Record<string, string>>;
	readonly publishConfig: Readonly<Record<string, unknown>>;
}
const ours = JSON.parse(read('package.json')) as Package;

describe('a release', () => {
	it('is published by the command that n8n asks for, and refused by its gate otherwise', () => {
		expect(ours.scripts).toMatchObject({ release: 'n8n-node release', prepublishOnly: 'n8n-node prerelease' });
		expect(read('.github/workflows/publish.yml')).toMatch(/id-token: write[\s\S]*run: npm run release$/m);
	});

	// `.npmrc` switches install scripts off, and `prepublishOnly` with them: the gate alone would let this through.
	it('cannot be published from a machine without provenance', async () => {
		const calls: string[] = [];
		const registry = createServer((request, response) => {
			calls.push(request.method ?? '');
			response.writeHead(request.method === 'PUT' ? 201 : 404, { 'content-type': 'application/json' }).end('{}');
		});
		await new Promise<void>((done) => registry.listen(0, '127.0.0.1', done));
		const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
		const folder = mkdtempSync(join(tmpdir(), 'contact-sync-publish-'));
		try {
			mkdirSync(join(folder, 'package'));
			const { scripts, publishConfig } = ours;
			const manifest = {
				name: 'contact-sync-never-published',
				version: '0.0.1',
				license: 'MIT',
				scripts,
				publishConfig,
			};
			writeFileSync(join(folder, 'package', 'package.json'), JSON.stringify(manifest));
			copyFileSync(join(ROOT, '.npmrc'), join(folder, 'package', '.npmrc'));
			writeFileSync(
				join(folder, 'userconfig'),
				`//${host}/:_authToken=none\nregistry=http://${host}/\nupdate-notifier=false\n`,
			);

			const { code, said } = await npm(
				['publish', '--userconfig', join(folder, 'userconfig')],
				join(folder, 'package'),
			);
			expect(code).not.toBe(0);
			expect(said).toMatch(/provenance/i);
			expect(calls).not.toContain('PUT');
		} finally {
			rmSync(folder, { recursive: true, force: true });
			registry.close();
		}
		// A start of npm: three seconds, and many more where other tests run beside it.
	}, 180_000);

	it('has its changes in the changelog, dated and linked', () => {
		const changelog = read('CHANGELOG.md');
		expect(changelog).toMatch(
			new RegExp(`^## \\[${ours.version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm'),
		);
		const next = withNewVersion(changelog, '99.0.0', '2030-01-02');
		expect(next).toContain('## [Unreleased]\n\n## [99.0.0] - 2030-01-02\n\n');
		expect(next).toMatch(
			new RegExp(`^\\[99\\.0\\.0\\]: https://.*/compare/v${ours.version}\\.\\.\\.v99\\.0\\.0$`, 'm'),
		);
		expect(next).toMatch(/^\[Unreleased\]: https:\/\/.*\/compare\/v99\.0\.0\.\.\.HEAD$/m);
	});

	it('is not prepared without changes, nor for a version that is none or not higher', () => {
		const changelog = read('CHANGELOG.md');
		const released = withNewVersion(changelog, '99.0.0', '2030-01-02');
		expect(() => withNewVersion(released, '99.0.1', '2030-01-03')).toThrow('Nothing stands under');
		for (const version of ['', '1.0', 'v1.0.0', '0.0.9', ours.version])
			expect(() => withNewVersion(changelog, version, '2030-01-02')).toThrow('is no version above');
	});
});

/** Runs npm as on a laptop: without the marks of a CI. */
async function npm(args: readonly string[], cwd: string): Promise<{ code: number | null; said: string }> {
	const env = Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) => !/^(?:CI|GITHUB_|GITLAB_|ACTIONS_|RELEASE_MODE|npm_|NPM_)/i.test(name),
		),
	);
	return await new Promise((resolve, reject) => {
		let said = '';
		const child = spawn('npm', [...args], { cwd, env, shell: process.platform === 'win32' });
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
		child.once('error', reject);
		child.once('close', (code) => resolve({ code, said }));
	});
}
