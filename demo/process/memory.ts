import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Memory of a process, in MB (RSS). */
export interface MemoryUse {
	readonly before: number;
	/** Highest value seen, looking every half second. */
	readonly peak: number;
	readonly after: number;
}

const LOOK_EVERY_MS = 500;

/** Watches the memory of a process from now until `stop`. */
export function watchMemory(pid: number): { stop(): MemoryUse } {
	const before = residentMb(pid);
	let peak = before;
	const look = () => (peak = Math.max(peak, residentMb(pid)));
	const timer = setInterval(look, LOOK_EVERY_MS);
	timer.unref();
	return {
		stop: () => {
			clearInterval(timer);
			look();
			return { before, peak, after: residentMb(pid) };
		},
	};
}

/** 0 where it cannot be told. */
function residentMb(pid: number): number {
	return Math.round((fromProc(pid) ?? fromPs(pid) ?? 0) / 1024);
}

function fromProc(pid: number): number | undefined {
	try {
		const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
		return kilobytes === undefined ? undefined : Number(kilobytes);
	} catch {
		return undefined;
	}
}

/** macOS has no /proc. */
function fromPs(pid: number): number | undefined {
	try {
		return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
	} catch {
		return undefined;
	}
}
