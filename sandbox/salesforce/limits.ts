import { refusal } from './errors';
import { limitsOf, type SalesforceSettings } from './settings';

const MINUTE_MS = 60_000;
const WINDOW_MINUTES = 24 * 60;

/** Calls of the organisation in the last 24 hours, by the minute. */
export class Limits {
	/** Calls of other integrations that lie in the window. */
	otherUse = 0;
	private readonly perMinute = new Map<number, number>();

	constructor(
		private readonly now: () => number,
		private readonly settings: SalesforceSettings,
	) {}

	/** Counts a call. Throws REQUEST_LIMIT_EXCEEDED; refused calls do not count. */
	take(): void {
		const { daily, concurrent } = limitsOf(this.settings);
		if (this.settings.longRunningRequests >= concurrent) {
			throw refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.');
		}
		if (this.used() >= daily + this.settings.toleratedOvershoot) {
			throw refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
		}
		const minute = Math.floor(this.now() / MINUTE_MS);
		this.perMinute.set(minute, (this.perMinute.get(minute) ?? 0) + 1);
	}

	/** Takes the last call back. */
	giveBack(): void {
		const minute = Math.floor(this.now() / MINUTE_MS);
		this.perMinute.set(minute, Math.max(0, (this.perMinute.get(minute) ?? 0) - 1));
	}

	/** Calls in the window, those of others too. */
	used(): number {
		return this.own() + this.otherUse;
	}

	max(): number {
		return limitsOf(this.settings).daily;
	}

	/** Value of `Sforce-Limit-Info`. */
	header(appName: string): string {
		const usage = `api-usage=${this.used()}/${this.max()}`;
		if (!this.settings.perAppUsage) return usage;
		return `${usage}; per-app-api-usage=${this.own()}/${this.max()}(appName=${appName})`;
	}

	clear(): void {
		this.perMinute.clear();
		this.otherUse = 0;
	}

	private own(): number {
		const oldest = Math.floor(this.now() / MINUTE_MS) - WINDOW_MINUTES;
		let calls = 0;
		for (const [minute, count] of this.perMinute) {
			if (minute <= oldest) this.perMinute.delete(minute);
			else calls += count;
		}
		return calls;
	}
}
