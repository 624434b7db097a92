import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The holder touches its lock this often; one that was not touched for six times as long belongs to a dead holder. */
const HEARTBEAT_MS = 5_000;
const ABANDONED_AFTER_MS = 30_000;
const RETRY_MS = 500;

interface Holder {
	readonly pid: number;
	readonly host: string;
}

export interface LockWait {
	/** Called once when another process holds the lock. */
	onWait?(holderPid: number | undefined): void;
	readonly signal?: AbortSignal;
}

/**
 * Runs `work` while no other process on this machine runs work under the same lock file. The file is created exclusively
 * (one creator wins on every file system). A lock whose holder died is taken over.
 */
export async function withProcessLock<T>(file: string, wait: LockWait, work: () => Promise<T>): Promise<T> {
	mkdirSync(dirname(file), { recursive: true });
	let told = false;
	while (!tryTake(file)) {
		wait.signal?.throwIfAborted();
		if (isAbandoned(file)) {
			removeAbandoned(file);
			continue;
		}
		if (!told) {
			told = true;
			wait.onWait?.(readHolder(file)?.pid);
		}
		await pause(RETRY_MS);
	}
	const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
	heartbeat.unref();
	try {
		return await work();
	} finally {
		clearInterval(heartbeat);
		rmSync(file, { force: true });
	}
}

function tryTake(file: string): boolean {
	try {
		const holder: Holder = { pid: process.pid, host: hostname() };
		writeFileSync(file, JSON.stringify(holder), { flag: 'wx' });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

function isAbandoned(file: string): boolean {
	let touchedAt: number;
	try {
		touchedAt = statSync(file).mtimeMs;
	} catch {
		return false; // released a moment ago
	}
	if (Date.now() - touchedAt > ABANDONED_AFTER_MS) return true;
	const holder = readHolder(file);
	return holder !== undefined && holder.host === hostname() && !isAlive(holder.pid);
}

/** Renaming first means that of two waiters only one removes the dead lock; the other could remove a new holder's. */
function removeAbandoned(file: string): void {
	const grave = `${file}.${process.pid}.dead`;
	try {
		renameSync(file, grave);
		rmSync(grave, { force: true });
	} catch {
		// Another waiter was quicker.
	}
}

function readHolder(file: string): Holder | undefined {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Holder;
	} catch {
		return undefined;
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

function touch(file: string): void {
	try {
		const now = new Date();
		utimesSync(file, now, now);
	} catch {
		// The folder was removed under us; the work itself will notice.
	}
}
