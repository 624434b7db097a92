import { BrevoClient } from '../../../../clients/brevo/api/brevoClient';
import type { MappedContact } from '../../../../core/contact/contact';
import type { Clock } from '../../../../core/ports';
import { CallLimiter } from '../../../../core/calls/rateLimiter';
import type { UpsertReport, UpsertSettings } from '../../../../core/upsert/upsertContacts';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import { newAccount, upsertIntoBrevo } from '../../../support/brevoAccount';
import { quickHttp } from '../../../support/http/quickHttp';

/** Waits cost nothing here: the sandbox has no limits and carries imports out at once. */
const hurriedClock: Clock = {
	now: () => Date.now(),
	sleep: async () => await new Promise((resolve) => setImmediate(resolve)),
};

const NO_LIMITS = { limits: false, importDelayMs: 0, importMsPerRow: 0 } as const;

/** An empty Brevo without limits, for tests of thousands of calls. */
export async function startHurriedBrevo(): Promise<RunningBrevo> {
	return await startBrevo({ people: [], strangers: 0, settings: NO_LIMITS });
}

/** One batch into a list of it; each process knows nothing unless `account` says so. */
export async function upsertHurried(
	brevo: RunningBrevo,
	batch: readonly MappedContact[],
	options: {
		list: number;
		account?: string;
		settings?: Partial<UpsertSettings>;
		importFrom?: number;
		clock?: Clock;
	},
): Promise<UpsertReport> {
	const { list, account = newAccount(), settings, importFrom, clock = hurriedClock } = options;
	const limiter = new CallLimiter([{ limit: 1_000_000, perMs: 1 }], clock);
	const http = quickHttp(brevo.url, { 'api-key': brevo.apiKey }, () => Date.now());
	const client = new BrevoClient(http, clock, { contacts: limiter, others: limiter });
	try {
		return await upsertIntoBrevo(brevo, batch, { list: { id: list }, account, client, clock, settings, importFrom });
	} finally {
		http.close();
	}
}
