/** Milliseconds of processor time that `run` takes: other work on the machine does not count, so a limit on it holds on a busy one too. */
export async function processorMs(run: () => unknown): Promise<number> {
	const begin = process.cpuUsage();
	await run();
	const { user, system } = process.cpuUsage(begin);
	return (user + system) / 1_000;
}
