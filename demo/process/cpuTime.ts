import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the kernel counts processor time in: 100 a second on every Linux that Node.js runs on. */
const TICKS_A_SECOND = 100;

/** Processor seconds that a process has used so far, without its children. 0 where it cannot be told. */
export const cpuSeconds = (pid: number): number => fromProc(pid) ?? fromPs(pid) ?? 0;

function fromProc(pid: number): number | undefined {
	try {
		// The name, in brackets, may hold blanks: what follows it is counted from the third field on.
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
			.replace(/^.*\) /s, '')
			.split(' ');
		return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
	} catch {
		return undefined;
	}
}

/** macOS has no /proc; its `ps` says minutes, seconds and hundredths. */
function fromPs(pid: number): number | undefined {
	try {
		const parts = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' })
			.trim()
			.split(':');
		return parts.reduce((seconds, part) => seconds * 60 + Number(part), 0);
	} catch {
		return undefined;
	}
}
