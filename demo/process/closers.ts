/** What was started and has to be stopped, in reverse order of the starts. */
export class Closers {
	private readonly stack: Array<{ what: string; close: () => void | Promise<void> }> = [];

	add(what: string, close: () => void | Promise<void>): void {
		this.stack.push({ what, close });
	}

	/** Stops everything, even when something cannot be stopped; returns what could not be. */
	async closeAll(): Promise<string[]> {
		const failed: string[] = [];
		for (let entry = this.stack.pop(); entry; entry = this.stack.pop()) {
			try {
				await entry.close();
			} catch (error) {
				failed.push(`${entry.what}: ${error instanceof Error ? error.message : String(error)}`);
			}
		}
		return failed;
	}
}
