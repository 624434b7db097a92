import fc from 'fast-check';
import type { BrevoSettings } from '../../../../sandbox/brevo';
import { IMPORT_FROM } from '../../../../clients/brevo/destination/arrangeWrites';

/** How the account behaves in a history where Brevo's pages leave it open, and how its contacts are written. */
export interface BrevoSetUp {
	/** Number of writes from which an import is used. A dozen members never reach the one that is shipped. */
	readonly importFrom: number;
	readonly settings: Partial<BrevoSettings>;
}

/** As shipped, with imports that end at once. */
export const PLAIN_BREVO: BrevoSetUp = { importFrom: IMPORT_FROM, settings: {} };

/** Longer than a run waits, so that imports end after the batch that began them. */
const SLOW_MS = 45_000;
const VERY_SLOW_MS = 10 * 60_000;

/** The first value of each is where a failed history shrinks to. */
export const brevoSetUps: fc.Arbitrary<BrevoSetUp> = fc.record({
	importFrom: fc.constantFrom(30, 3, 1),
	settings: fc.record({
		importBooleans: fc.constantFrom('stored' as const, 'ignored' as const),
		importClash: fc.constantFrom('merge' as const, 'merge' as const, 'report' as const),
		importDelayMs: fc.constantFrom(0, 0, 2_000, SLOW_MS, VERY_SLOW_MS),
		importMsPerRow: fc.constantFrom(0, 0, 500),
		touchOnListChange: fc.boolean(),
		emailChangeAlwaysLifts: fc.boolean(),
	}),
});
