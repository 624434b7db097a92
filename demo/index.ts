import { Closers } from './process/closers';
import { DemoError } from './demoError';
import { HELP, parseOptions } from './options';
import { runDemo } from './runDemo';

/** Ctrl+C reaches us twice when a runner such as npm passes it on; only one that comes later means "now". */
const IMPATIENT_AFTER_MS = 2_000;

async function main(): Promise<number> {
	const stop = new AbortController();
	const closers = new Closers();
	let stoppedAt: number | undefined;
	let json = false;
	const onSignal = () => {
		if (stoppedAt !== undefined && Date.now() - stoppedAt > IMPATIENT_AFTER_MS) process.exit(130);
		stoppedAt ??= Date.now();
		stop.abort();
	};
	process.on('SIGINT', onSignal);
	process.on('SIGTERM', onSignal);
	try {
		const options = parseOptions(process.argv.slice(2));
		json = options.json;
		if (options.help) {
			console.log(HELP);
			return 0;
		}
		return await runDemo(options, closers, stop.signal);
	} catch (error) {
		if (stop.signal.aborted) return 130;
		report(error);
		if (json)
			console.log(JSON.stringify({ equal: false, error: error instanceof Error ? error.message : String(error) }));
		return 1;
	} finally {
		if (stoppedAt !== undefined) console.error('Stopping …');
		for (const problem of await closers.closeAll()) console.error(`Could not stop ${problem}`);
	}
}

function report(error: unknown): void {
	if (!(error instanceof DemoError)) console.error(error);
	else
		console.error(
			['', `Failed: ${error.message}`, error.details].filter((text, index) => index === 0 || text).join('\n'),
		);
}

void main().then((exitCode) => {
	process.exitCode = exitCode;
});
