import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withProcessLock } from '../../demo/process/processLock';

describe('withProcessLock', () => {
	let folder: string;
	let file: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'process-lock-'));
		file = join(folder, 'deeper', 'lock');
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('lets one work at a time and tells the other whom it waits for', async () => {
		const steps: string[] = [];
		const waited: Array<number | undefined> = [];
		const first = withProcessLock(file, {}, async () => {
			steps.push('first begins');
			await pause(100);
			steps.push('first ends');
		});
		const onWait = (pid: number | undefined) => waited.push(pid);
		const second = withProcessLock(file, { onWait }, () => Promise.resolve(steps.push('second')));
		await Promise.all([first, second]);
		expect(steps).toEqual(['first begins', 'first ends', 'second']);
		expect(waited).toEqual([process.pid]);
		expect(existsSync(file)).toBe(false);
	});

	it('is free again after work that failed', async () => {
		await expect(withProcessLock(file, {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
		await expect(withProcessLock(file, {}, () => Promise.resolve('yes'))).resolves.toBe('yes');
	});

	it('takes over from a holder of this machine that is dead', async () => {
		await withProcessLock(file, {}, () => Promise.resolve());
		writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
		await expect(withProcessLock(file, {}, () => Promise.resolve('mine'))).resolves.toBe('mine');
	});

	it('takes over from a holder that gave no sign of life, wherever it ran', async () => {
		await withProcessLock(file, {}, () => Promise.resolve());
		writeFileSync(file, JSON.stringify({ pid: process.pid, host: 'elsewhere' }));
		const longAgo = new Date(Date.now() - 60_000);
		utimesSync(file, longAgo, longAgo);
		await expect(withProcessLock(file, {}, () => Promise.resolve('mine'))).resolves.toBe('mine');
	});

	it('stops waiting when told to', async () => {
		await withProcessLock(file, {}, async () => {
			const stop = AbortSignal.timeout(50);
			await expect(withProcessLock(file, { signal: stop }, () => Promise.resolve())).rejects.toThrow();
			expect(existsSync(file)).toBe(true);
		});
	});
});
