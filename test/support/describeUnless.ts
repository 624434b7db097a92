/** `describe`, or a skipped one with a plain message where this machine lacks what the suite needs. */
export function describeUnless(missing: string | undefined, name: string, suite: () => void): void {
	if (missing === undefined) return describe(name, suite);
	process.stdout.write(`Skipped, because ${missing}: ${name}\n`);
	describe.skip(name, suite);
}
