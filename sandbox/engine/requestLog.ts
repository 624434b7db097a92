/** One answered request. `at` is an instant of the sandbox clock, `ms` real time; status 0 = the socket was destroyed. */
export interface RequestEntry {
	readonly at: number;
	readonly method: string;
	/** Relative to the API base, without the query. */
	readonly path: string;
	/** The path with ids replaced, such as `/crm/lists/2026-09/:id/memberships/join-order`. */
	readonly route: string;
	readonly query: string;
	readonly status: number;
	readonly ms: number;
}

/** Entries kept; older ones leave the log but stay in `total`, `counts()` and `statuses()`. */
const MAX_ENTRIES = 50_000;

/** Every call a stand-in vendor answered. Bodies are not kept. */
export class RequestLog {
	entries: RequestEntry[] = [];
	total = 0;
	private perRoute: Record<string, number> = {};
	private perStatus: Record<string, number> = {};

	add(entry: RequestEntry): void {
		this.total += 1;
		const key = `${entry.method} ${entry.route}`;
		this.perRoute[key] = (this.perRoute[key] ?? 0) + 1;
		this.perStatus[entry.status] = (this.perStatus[entry.status] ?? 0) + 1;
		this.entries.push(entry);
		if (this.entries.length > MAX_ENTRIES) this.entries = this.entries.slice(-MAX_ENTRIES / 2);
	}

	/** Calls per route, such as `{ 'GET /crm/lists/2026-09/:id/memberships': 4 }`. */
	counts(): Record<string, number> {
		return { ...this.perRoute };
	}

	/** Calls per HTTP status. */
	statuses(): Record<string, number> {
		return { ...this.perStatus };
	}

	/** All calls, or those kept in the log that pass `filter`. */
	count(filter?: (entry: RequestEntry) => boolean): number {
		return filter === undefined ? this.total : this.entries.filter(filter).length;
	}

	clear(): void {
		this.entries = [];
		this.total = 0;
		this.perRoute = {};
		this.perStatus = {};
	}
}

/**
 * Replaces what looks like an id in a path by `:id`: whole numbers, UUIDs, and everything that holds a character which no
 * fixed part of a vendor path holds (`@`, `:`, `+`, `%`, a blank). Fixed parts such as `0-1` and `2026-09` stay.
 */
export function routeOf(path: string): string {
	return path
		.split('/')
		.map((segment) => (/^\d+$|[@:+% ]|^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(segment) ? ':id' : segment))
		.join('/');
}
