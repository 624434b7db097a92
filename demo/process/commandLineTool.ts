import { DemoError, tailOf } from '../demoError';

/** A command of this repository, such as `npm run bench`. */
export interface CommandLineTool<Options extends { readonly help: boolean }> {
	readonly usage: string;
	/** Reads the arguments; throws with a sentence about the one that cannot be used. */
	parse(args: string[]): Options;
	/** True: it closes what it started when it is told to stop. Any other ends at once. */
	readonly stopsByItself?: boolean;
	/** Answers the exit code. `signal`: the tool was told to stop. */
	run(options: Options, signal: AbortSignal): Promise<number>;
}

/** Runs the tool of this process. Exit code 2: the arguments cannot be used; 1: it failed, or its own code. */
export async function runTool<Options extends { readonly help: boolean }>(
	tool: CommandLineTool<Options>,
): Promise<void> {
	const abort = new AbortController();
	if (tool.stopsByItself)
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
	let options: Options;
	try {
		options = tool.parse(process.argv.slice(2));
	} catch (error) {
		console.error(`${error instanceof Error ? error.message : String(error)}\n\n${tool.usage}`);
		process.exitCode = 2;
		return;
	}
	if (options.help) return console.log(tool.usage);
	try {
		process.exitCode = await tool.run(options, abort.signal);
	} catch (error) {
		if (error instanceof DemoError) console.error(`\n${error.message}\n${tailOf(error.details)}`);
		else if (abort.signal.aborted) console.error('Stopped');
		else console.error(error);
		process.exitCode = 1;
	}
}
