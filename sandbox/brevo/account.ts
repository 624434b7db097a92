import type { SandboxClock } from '../engine';
import type { Processes } from './imports/processes';
import type { BrevoSettings } from './settings';
import type { BrevoStore } from './store';

/** What every route works with: one Brevo account. */
export interface BrevoAccount {
	readonly store: BrevoStore;
	readonly settings: BrevoSettings;
	readonly processes: Processes;
	readonly clock: SandboxClock;
	/** The base URL of this server; report links start with it. */
	url(): string;
}
