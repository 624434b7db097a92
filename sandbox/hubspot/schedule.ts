interface Task {
	readonly at: number;
	readonly work: (at: number) => void;
}

/**
 * Work that HubSpot does later, in the order of its instants on the sandbox clock (ms since 1970). It is caught up with
 * whenever the account is called or looked at.
 */
export class Schedule {
	/** In the order in which they fall due. */
	private readonly tasks: Task[] = [];

	constructor(private readonly now: () => number) {}

	/** Does `work` at `at`, or at once when that has come; `work` is given its instant. */
	at(at: number, work: (at: number) => void): void {
		if (at <= this.now()) return work(at);
		let place = this.tasks.length;
		while (place > 0 && (this.tasks[place - 1] as Task).at > at) place -= 1;
		this.tasks.splice(place, 0, { at, work });
	}

	/** Does everything that is due by now, and what follows from it. */
	catchUp(): void {
		for (let next = this.tasks[0]; next !== undefined && next.at <= this.now(); next = this.tasks[0]) {
			this.tasks.shift();
			next.work(next.at);
		}
	}
}
