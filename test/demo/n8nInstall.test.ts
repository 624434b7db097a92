import { homedir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../demo/process/childEnvironment';
import { DemoError } from '../../demo/demoError';
import {
	cacheFolder,
	ensureN8n,
	installCost,
	installFolder,
	n8nVersion,
	whatIsMissing,
} from '../../demo/n8n/n8nInstall';
import { silentProgress } from '../../demo/process/progress';

describe('cacheFolder', () => {
	it.each([
		[{ CONTACT_SYNC_CACHE: '/big/disk', XDG_CACHE_HOME: '/xdg' }, 'linux', '/big/disk'],
		[{ XDG_CACHE_HOME: '/xdg' }, 'linux', '/xdg/n8n-nodes-contact-sync'],
		[{}, 'linux', join(homedir(), '.cache/n8n-nodes-contact-sync')],
		[{}, 'darwin', join(homedir(), 'Library/Caches/n8n-nodes-contact-sync')],
		[{ LOCALAPPDATA: '/local' }, 'win32', '/local/n8n-nodes-contact-sync/Cache'],
	] as const)('%j on %s is %s', (env, platform, folder) => {
		expect(cacheFolder(env, platform)).toBe(folder);
	});
});

describe('n8nVersion', () => {
	it('is the pinned one, or the one that CONTACT_SYNC_N8N_VERSION names', () => {
		expect(n8nVersion({})).toMatch(/^2\.\d+\.\d+$/);
		expect(n8nVersion({ CONTACT_SYNC_N8N_VERSION: '1.123.81' })).toBe('1.123.81');
		expect(() => n8nVersion({ CONTACT_SYNC_N8N_VERSION: 'latest' })).toThrow(/takes a version of n8n.*'latest'/);
	});

	it('has an installation of its own for each', () => {
		const [pinned, other] = [installFolder(n8nVersion({})), installFolder('1.123.81')];
		expect(pinned).toMatch(/n8n-[0-9a-f]{12}-/);
		expect(other).toMatch(/n8n-1\.123\.81-/);
	});
});

describe('installCost', () => {
	it('says what is written, what stays where, and how long it takes, before a version is installed', () => {
		expect(installCost('0.0.1')).toMatch(
			/n8n 0\.0\.1 .*5 GB are written.*2\.8 GB stay in .*n8n-0\.0\.1.*4 to 7 minutes/,
		);
	});
});

describe('ensureN8n', () => {
	it('names the cache folder that cannot be written, and the setting for another', async () => {
		const before = process.env.CONTACT_SYNC_CACHE;
		// Below a file no folder can be made, not even by root.
		process.env.CONTACT_SYNC_CACHE = join(__filename, 'cache');
		try {
			const refusal = ensureN8n(silentProgress);
			await expect(refusal).rejects.toThrow(/cache folder .* cannot be written \(ENOTDIR\): set CONTACT_SYNC_CACHE/);
			await expect(refusal).rejects.toBeInstanceOf(DemoError);
		} finally {
			if (before === undefined) delete process.env.CONTACT_SYNC_CACHE;
			else process.env.CONTACT_SYNC_CACHE = before;
		}
	});
});

describe('whatIsMissing', () => {
	it.each([
		['npm error code ENOTFOUND\nnpm error network request to https://registry.example/n8n failed', /network/],
		['npm error code EAI_AGAIN', /network/],
		['npm error nospc ENOSPC: no space left on device, write', /disk is full/],
		['gyp ERR! find Python You need to install the latest version of Python.', /Python 3/],
		["ModuleNotFoundError: No module named 'distutils'", /Python 3/],
		['gyp ERR! stack Error: not found: make', /compiler and make/],
		['prebuild-install warn install getaddrinfo ENOTFOUND github.com\ngyp ERR! build error', /compiler/],
		['npm error code EACCES\nnpm error syscall mkdir', /CONTACT_SYNC_CACHE/],
		['npm error code E404', /registry/],
	])('%j', (output, advice) => {
		expect(whatIsMissing(output)).toMatch(advice);
	});
});

describe('childEnvironment', () => {
	const before = { ...process.env };
	afterEach(() => {
		process.env = before;
	});

	it('keeps settings of this project, of jest and of another n8n away from the programs it starts', () => {
		process.env = {
			PATH: '/bin',
			HOME: '/home/me',
			npm_config_registry: 'https://registry.example',
			npm_config_ignore_scripts: 'true',
			npm_config_nodedir: '/usr',
			npm_package_name: 'x',
			NODE_ENV: 'test',
			JEST_WORKER_ID: '1',
			N8N_PORT: '1',
			DB_TYPE: 'postgresdb',
			EXECUTIONS_MODE: 'queue',
		};
		expect(childEnvironment({ N8N_PORT: '2' })).toEqual({
			PATH: '/bin',
			HOME: '/home/me',
			npm_config_registry: 'https://registry.example',
			N8N_PORT: '2',
		});
	});
});
