/** A map by name that holds `most` entries and forgets those first that were not set for the longest time. */
export class BoundedMap<T> {
	private readonly entries = new Map<string, T>();

	constructor(private readonly most: number) {}

	get(name: string): T | undefined {
		return this.entries.get(name);
	}

	set(name: string, value: T): void {
		this.entries.delete(name);
		this.entries.set(name, value);
		const [oldest] = this.entries.size > this.most ? this.entries.keys() : [];
		if (oldest !== undefined) this.entries.delete(oldest);
	}

	values(): Iterable<T> {
		return this.entries.values();
	}

	delete(name: string): void {
		this.entries.delete(name);
	}
}
