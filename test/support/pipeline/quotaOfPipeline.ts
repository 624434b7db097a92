import type { ContactChange } from '../../../core/contact/contact';
import type { DeliveryOutcome } from '../../../core/polling/pollRegister';
import type { LedgerTools, QuotaSettings } from '../../../core/quota/ledger';
import { readUsage } from '../../../core/quota/readUsage';
import { reserveTasks } from '../../../core/quota/reserveTasks';
import type { Result } from '../../../core/result';
import { askedFirst } from '../../../core/polling/askedFirst';
import { counter, MemoryLedger } from '../../core/quota/memoryLedger';
import type { Pipeline } from './pipeline';

/** What a look for opt-outs may cost, see `ChangeSource.readOptOuts`. */
const MOST_CALLS_OF_A_LOOK = 10;

/** The quota of a pipeline where a test says nothing else. */
export const DAILY: QuotaSettings = {
	quota: 'All Syncs',
	limit: 50,
	mode: 'finishBatch',
	thresholds: [80, 100],
	period: 'day',
	timeZone: 'UTC',
};

/**
 * A daily quota on a pipeline: its trigger pauses while the quota is used up, and every batch reserves its tasks before it is
 * mapped, as with Quota Guard. What is over makes the run fail. `violations` stays empty when all is well.
 */
export class QuotaOfPipeline {
	readonly ledger: MemoryLedger;
	readonly violations: string[] = [];
	/** Contacts that were let through, in their order. */
	readonly passed: ContactChange[] = [];
	private readonly tools: LedgerTools;
	private readonly execution = counter('run');
	/** Calls HubSpot had seen when a poll was told to wait. */
	private pausedAt: number | undefined;

	constructor(
		private readonly pipeline: Pipeline,
		public settings: QuotaSettings,
	) {
		this.ledger = new MemoryLedger(() => pipeline.clock.now());
		this.tools = { clock: pipeline.clock, nonce: counter(), random: () => 0.5 };
		pipeline.follower.around = (source) => askedFirst(source, async () => await this.ask());
		pipeline.follower.outcome = async (batch) => await this.guard(batch);
	}

	/** Tasks counted in all days. */
	get used(): number {
		return this.ledger.rows.reduce((sum, { used }) => sum + Number(used), 0);
	}

	/** The user writes a higher limit into the rows there are, and into the nodes. */
	raise(by: number): void {
		this.settings = { ...this.settings, limit: this.settings.limit + by };
		for (const row of this.ledger.rows) row.limit = this.settings.limit;
	}

	/** Goes to the moment after the next midnight in UTC. */
	passMidnight(): void {
		const { clock } = this.pipeline.hubspot;
		clock.set(new Date(clock.now()).setUTCHours(24, 0, 0, 1));
	}

	/** The next call of the ledger is carried out, but its answer is lost. */
	trouble(): void {
		this.ledger.fate = () => {
			this.ledger.fate = () => 'well';
			return 'answer lost';
		};
	}

	/** Whether nothing but opt-outs was asked of HubSpot since a poll was told to wait: ten calls an hour at most. */
	look(): void {
		const calls = this.pipeline.hubspot.requests.total;
		if (this.pausedAt !== undefined && calls > this.pausedAt + MOST_CALLS_OF_A_LOOK)
			this.violations.push(`${calls - this.pausedAt} calls of HubSpot during the pause`);
	}

	private async ask(): Promise<Result<unknown>> {
		this.look();
		const read = await readUsage(this.ledger, this.settings, this.tools);
		const usedUp = read.kind === 'ok' && read.value.usage.usedUp;
		this.pausedAt = usedUp ? this.pipeline.hubspot.requests.total : undefined;
		return usedUp ? { kind: 'retry', code: 'QUOTA_USED_UP', reason: 'The quota is used up' } : read;
	}

	private async guard(batch: readonly ContactChange[]): Promise<DeliveryOutcome> {
		const tasks = batch.filter(({ optedOut }) => optedOut !== true);
		const delivery = { key: 'pipeline', sequence: batch[0]?.delivery?.sequence ?? 0, execution: this.execution() };
		const request = { tasks: tasks.length, delivery };
		const reserved = await reserveTasks(this.ledger, this.settings, request, this.tools);
		if (reserved.kind !== 'ok') return 'failed';
		const { granted, over, usage } = reserved.value;
		if (this.settings.mode === 'strict' && usage.used > usage.limit)
			this.violations.push(`${usage.used} tasks were counted of ${usage.limit}`);
		const held = new Set(tasks.slice(granted));
		const within = batch.filter((change) => !held.has(change));
		this.passed.push(...within);
		const outcome = within.length > 0 ? await this.pipeline.run(within) : 'succeeded';
		return over > 0 ? 'failed' : outcome;
	}
}
