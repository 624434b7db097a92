import type { SandboxClock } from './clock';
import type { Faults } from './faults';
import type { RequestLog } from './requestLog';

/** What a vendor gets from the engine. */
export interface ServerContext {
	readonly clock: SandboxClock;
	readonly faults: Faults;
	readonly requests: RequestLog;
}
