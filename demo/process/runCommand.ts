import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

export interface CommandOptions {
	readonly cwd: string;
	readonly env?: NodeJS.ProcessEnv;
	/** Everything the command prints is added to this file. */
	readonly logFile?: string;
	/** Ends the command with SIGTERM. */
	readonly signal?: AbortSignal;
}

export interface CommandResult {
	/** Null when the command could not be started or was killed. */
	readonly exitCode: number | null;
	/** Both streams, in the order they came. */
	readonly output: string;
	readonly stdout: string;
}

/** Runs a program to its end. Does not throw for a failing one: look at `exitCode`. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
	return new Promise((resolve) => {
		let output = '';
		let stdout = '';
		const keep = (text: string) => {
			output += text;
			if (options.logFile) appendFileSync(options.logFile, text);
		};
		// npm is a .cmd file on Windows, which only a shell can start.
		const child = spawn(command, args, {
			cwd: options.cwd,
			env: options.env ?? process.env,
			stdio: ['ignore', 'pipe', 'pipe'],
			shell: process.platform === 'win32',
		});
		const stop = () => child.kill('SIGTERM');
		options.signal?.addEventListener('abort', stop, { once: true });
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			stdout += text;
			keep(text);
		});
		child.stderr.setEncoding('utf8').on('data', keep);
		const finish = (exitCode: number | null) => {
			options.signal?.removeEventListener('abort', stop);
			resolve({ exitCode, output, stdout });
		};
		child.once('error', (error) => {
			keep(`${error.message}\n`);
			finish(null);
		});
		child.once('close', finish);
	});
}
