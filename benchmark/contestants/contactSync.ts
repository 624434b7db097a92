import { openBrevoDestination } from '../../clients/brevo/destination/openDestination';
import { ListChangeSource } from '../../clients/hubspot/source/listChangeSource';
import type { ContactChange, MappedContact } from '../../core/contact/contact';
import { applyMapping } from '../../core/mapping/applyMapping';
import { poll } from '../../core/polling/poll';
import { PollRegister } from '../../core/polling/pollRegister';
import { exclusively } from '../../core/calls/exclusively';
import { ok } from '../../core/result';
import { upsertContacts } from '../../core/upsert/upsertContacts';
import { realClock } from '../../test/support/manualClock';
import type { Job, Tally } from '../job';
import { MAPPING } from '../mapping';
import type { Accounts } from './accounts';
import { ACCOUNT, valueOf } from './accounts';

/** The defaults of the nodes. */
const BATCH_SIZE = 1_000;
const LARGEST_BATCH = 5_000;
const LOOKBACK_MS = 120_000;
const DAILY_RESERVE_PERCENT = 10;
const POLL_BUDGET_MS = 300_000;
const LONGEST_WAIT_MS = 120_000;
/** n8n's database keeps the state of a trigger as JSON text. */
type StoredState = string | undefined;

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** This package without n8n around it: the change source, the mapping and the upsert, put together as the nodes do it. */
export class ContactSync {
	private state: StoredState;
	private readonly register = new PollRegister();

	constructor(
		private readonly accounts: Accounts,
		private readonly job: Job,
		private readonly afterBatch: (contacts: number) => void,
	) {
		this.state = job.state === undefined ? undefined : JSON.stringify(job.state);
	}

	get storedState(): unknown {
		return this.state === undefined ? undefined : (JSON.parse(this.state) as unknown);
	}

	/** Polls until there is nothing left to read; n8n leaves up to its poll time between two polls. Returns their number. */
	async catchUp(tally: Tally): Promise<number> {
		for (let polls = 1; ; polls++) {
			const report = await this.poll(tally);
			if (report.failure) throw new Error(`${report.failure.code}: ${report.failure.reason}`);
			if (report.end === 'upToDate') return polls;
			if (report.end !== 'budgetUsed') throw new Error(`The poll ended as ${report.end}`);
		}
	}

	private async poll(tally: Tally) {
		return await poll(
			{
				key: 'benchmark:trigger',
				budgetMs: POLL_BUDGET_MS,
				acknowledged: true,
				batchSizes: { first: BATCH_SIZE, most: LARGEST_BATCH },
				// Else each of these polls, which follow at once, would be taken for a retry of n8n's activation and end after 10 s.
				spacedByHost: true,
				unattended: false,
			},
			{
				open: async (deadline) => await Promise.resolve(ok(this.source(deadline))),
				store: {
					read: () => this.storedState,
					write: (state) => {
						this.state = JSON.stringify(state);
					},
				},
				deliver: async (batch) => {
					await this.syncBatch(batch, tally);
					return 'succeeded';
				},
				register: this.register,
				clock: realClock,
				log: SILENT,
			},
		);
	}

	private source(deadline: number): ListChangeSource {
		const { accounts, job } = this;
		return new ListChangeSource(
			accounts.hubspot({ deadline }),
			{
				listId: job.sourceListId,
				credential: ACCOUNT,
				fields: Object.values(MAPPING),
				activeListsOnly: false,
				firstSync: 'all',
				batchSize: BATCH_SIZE,
				lookbackMs: LOOKBACK_MS,
				dailyReservePercent: DAILY_RESERVE_PERCENT,
				definitions: async () => await accounts.properties(),
			},
			realClock,
		);
	}

	/** One execution of the workflow. */
	private async syncBatch(batch: readonly ContactChange[], tally: Tally): Promise<void> {
		const plan = await this.accounts.mappingPlan();
		const mapped: MappedContact[] = [];
		for (const change of batch) {
			const outcome = applyMapping(plan, change);
			if (outcome.kind === 'mapped') mapped.push(outcome.contact);
			else count(tally, 'excluded', outcome.code);
		}
		const report = await exclusively(ACCOUNT, async () => {
			const destination = await openBrevoDestination(this.accounts.brevo, ACCOUNT, realClock, {
				list: { id: this.job.destinationListId },
				attributeNames: [...new Set(mapped.flatMap(({ contact }) => Object.keys(contact.attributes)))],
			});
			return await upsertContacts(
				mapped,
				valueOf(destination),
				{ optOuts: 'block', leavers: 'remove', dryRun: false, longestWaitMs: LONGEST_WAIT_MS },
				realClock,
			);
		});
		if (report.failure) throw new Error(`${report.failure.code}: ${report.failure.reason}`);
		tally.read += batch.length;
		for (const { outcome } of report.results) {
			const { status } = outcome;
			if (status === 'created' || status === 'updated' || status === 'unchanged') tally[status] += 1;
			else count(tally, 'failed', outcome.code ?? status);
		}
		this.afterBatch(tally.read);
	}
}

function count(tally: Tally, status: 'excluded' | 'failed', reason: string): void {
	tally[status] += 1;
	tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
}
