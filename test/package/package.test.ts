import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The package as people install it: packed, unpacked elsewhere, checked by the scanner that n8n's review runs, and loaded
 * with n8n's own loader. Needs `npm run build` first; `npm test` does that.
 */

const ROOT = resolve(__dirname, '../..');

interface PackageJson {
	readonly name: string;
	readonly files: string[];
	readonly dependencies?: Record<string, string>;
	readonly peerDependencies: Record<string, string>;
	readonly n8n: { readonly nodes: string[]; readonly credentials: string[] };
}

const readPackage = (folder: string): PackageJson =>
	JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;

/** Runs the scanner in its own process, because it is an ES module. Answers its verdict. */
function scan(
	folder: string,
	patterns: 'source' | 'published',
): { passed: boolean; message?: string; details?: string } {
	const scanner = pathToFileURL(join(ROOT, 'node_modules/@n8n/scan-community-package/scanner/scanner.mjs')).href;
	const script = `
		const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(${JSON.stringify(scanner)});
		const patterns = ${patterns === 'source' ? 'SOURCE_FILE_PATTERNS' : "['**/*.js', 'package.json']"};
		console.log(JSON.stringify(await analyzePackage(${JSON.stringify(folder)}, patterns)));`;
	const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
		cwd: ROOT,
		// Under NODE_ENV=test the lint plugin takes every file for one of its own test cases.
		env: { ...process.env, NODE_ENV: 'production' },
		encoding: 'utf8',
		maxBuffer: 50_000_000,
	});
	return JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as { passed: boolean };
}

interface LoadedType {
	readonly name: string;
	readonly iconUrl?: Readonly<Record<string, string>>;
	readonly categories?: readonly string[];
}

/** What n8n's loader makes of the package. Modules resolve as in n8n, which puts its own into NODE_PATH. */
function load(folder: string): { nodes: LoadedType[]; credentials: LoadedType[] } {
	const script = `
		require('reflect-metadata');
		const { PackageDirectoryLoader } = require('n8n-core');
		const loader = new PackageDirectoryLoader(${JSON.stringify(folder)});
		loader.loadAll().then(() => console.log(JSON.stringify({
			nodes: loader.types.nodes.map(({ name, iconUrl, codex }) => ({ name, iconUrl, categories: codex?.categories ?? [] })),
			credentials: loader.types.credentials.map(({ name, iconUrl }) => ({ name, iconUrl })),
		})));`;
	const output = execFileSync(process.execPath, ['-e', script], {
		cwd: folder,
		env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
		encoding: 'utf8',
	});
	return JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as ReturnType<typeof load>;
}

describe('the package', () => {
	let folder: string;
	let unpacked: string;

	beforeAll(() => {
		if (!existsSync(join(ROOT, 'dist/nodes'))) throw new Error('dist is missing: run "npm run build" first');
		folder = mkdtempSync(join(tmpdir(), 'contact-sync-package-'));
		const packed = JSON.parse(
			execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' }),
		) as { filename: string }[] | Record<string, { filename: string }>;
		const [tarball] = Object.values(packed);
		execFileSync('tar', ['-xzf', join(folder, tarball?.filename ?? ''), '-C', folder]);
		unpacked = join(folder, 'package');
	}, 120_000);

	afterAll(() => {
		if (folder) rmSync(folder, { recursive: true, force: true });
	});

	it('passes the scanner on its source', () => {
		expect(scan(ROOT, 'source')).toEqual({ passed: true });
	}, 180_000);

	it('passes the scanner on the unpacked tarball', () => {
		expect(scan(unpacked, 'published')).toEqual({ passed: true });
	}, 180_000);

	it('ships the licence of the library that is built in, beside its own', () => {
		expect(readFileSync(join(unpacked, 'LICENSE.md'), 'utf8')).toContain('MIT License');
		const built = readFileSync(join(unpacked, 'dist/core/contact/phoneLibrary.js'), 'utf8');
		const license = readFileSync(join(ROOT, 'node_modules/libphonenumber-js/LICENSE'), 'utf8').trim();
		expect(built).toContain(license);
	});

	it('has no runtime dependency and leaves the version of n8n-workflow to n8n', () => {
		const { dependencies, peerDependencies } = readPackage(unpacked);
		expect(dependencies ?? {}).toEqual({});
		expect(peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('ships what n8n loads and nothing of the tests, the sandbox or the demo', () => {
		const { n8n } = readPackage(unpacked);
		for (const file of [...n8n.nodes, ...n8n.credentials]) expect(existsSync(join(unpacked, file))).toBe(true);
		expect(readdirSync(unpacked).sort()).toEqual(['LICENSE.md', 'README.md', 'dist', 'index.js', 'package.json']);
		expect(readdirSync(join(unpacked, 'dist')).sort()).toEqual(['clients', 'core', 'credentials', 'nodes']);
		// No code imports the package, and source maps without their sources lead nowhere.
		const kinds = (readdirSync(join(unpacked, 'dist'), { recursive: true }) as string[]).filter((file) =>
			/\.(d\.ts|map|test\.js)$/.test(file),
		);
		expect(kinds).toEqual([]);
		const mapped = readdirSync(join(unpacked, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
			(file) => file.endsWith('.js') && readFileSync(join(unpacked, 'dist', file), 'utf8').includes('sourceMappingURL'),
		);
		expect(mapped).toEqual([]);
	});

	it('names no source map, for none is shipped: debuggers and error reports would look for it in vain', () => {
		const files = readdirSync(join(unpacked, 'dist'), { recursive: true, encoding: 'utf8' });
		const naming = files.filter(
			(file) => file.endsWith('.js') && readFileSync(join(unpacked, 'dist', file), 'utf8').includes('sourceMappingURL'),
		);
		expect(naming).toEqual([]);
	});

	it('is loaded by n8n’s own loader: nodes, credentials, icons and codex', () => {
		const { nodes, credentials } = load(unpacked);
		expect(nodes.map(({ name }) => name).sort()).toEqual([
			'brevoContactTrigger',
			'contactListUpsert',
			'hubSpotListTrigger',
			'mapContactFields',
			'migrationReport',
			'quotaGuard',
			'readContactExport',
			'readContacts',
			'salesforceContactTrigger',
			'syncHealth',
		]);
		expect(credentials.map(({ name }) => name).sort()).toEqual([
			'contactSyncBrevoApi',
			'contactSyncHubSpotApi',
			'contactSyncHubSpotOAuth2Api',
			'contactSyncN8nApi',
			'contactSyncSalesforceClientCredentialsApi',
			'contactSyncSalesforceJwtApi',
			'contactSyncSalesforceOAuth2Api',
		]);
		for (const { name, iconUrl, categories } of [...nodes, ...credentials]) {
			expect({ name, icons: Object.keys(iconUrl ?? {}).sort() }).toEqual({ name, icons: ['dark', 'light'] });
			for (const url of Object.values(iconUrl ?? {})) {
				expect(existsSync(join(unpacked, url.replace('icons/n8n-nodes-contact-sync/', '')))).toBe(true);
			}
			if (categories) expect(categories).toContain('Sales');
		}
	});

	it('uses no credential type name that n8n itself has', () => {
		const taken = [
			'hubspotApi',
			'hubspotAppToken',
			'hubspotDeveloperApi',
			'hubspotOAuth2Api',
			'salesforceJwtApi',
			'salesforceOAuth2Api',
			'sendInBlueApi',
			'brevoApi',
		];
		const { n8n } = readPackage(unpacked);
		const names = n8n.credentials.map((file) => file.replace(/^.*\/(\w+)\.credentials\.js$/, '$1').toLowerCase());
		expect(names.filter((name) => taken.map((one) => one.toLowerCase()).includes(name))).toEqual([]);
	});
});
