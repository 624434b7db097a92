import type { ContactChange } from '../../core/contact/contact';
import type { ChangeSource } from '../../core/polling/changeSource';
import type { PollParts, PollReport, PollSettings } from '../../core/polling/poll';
import { goOn, poll } from '../../core/polling/poll';
import type { DeliveryOutcome } from '../../core/polling/pollRegister';
import { PollRegister } from '../../core/polling/pollRegister';
import type { Clock } from '../../core/ports';
import { ok } from '../../core/result';

/** What a test needs of a running stand-in. */
export interface Sandbox {
	readonly clock: { now(): number; advance(ms: number): void };
	readonly requests: { clear(): void };
}

/** The sandbox's clock as the client's: waiting moves it, so limits are met without waiting for real. */
export const sandboxClock = ({ clock }: Pick<Sandbox, 'clock'>, aheadMs = 0): Clock => ({
	now: () => clock.now() + aheadMs,
	sleep: async (ms) => {
		clock.advance(ms);
		await new Promise((resolve) => setImmediate(resolve));
	},
});

/**
 * A trigger on a sandbox, with n8n played by the test: state in memory, saved whenever a run is started and after the first poll of a
 * process (with which the workflow is activated), as n8n does it by default.
 */
export abstract class TriggerFollower<Cursor> {
	/** Batches in the order in which they were started. */
	readonly batches: ContactChange[][] = [];
	poll: Partial<PollSettings> = {};
	outcome: (batch: readonly ContactChange[]) => DeliveryOutcome | Promise<DeliveryOutcome> = () => 'succeeded';
	/** n8n's durable scheduler forgets what a failed poll stored, but for what went with a run. */
	durable = false;
	/** What the trigger puts around its source. */
	around: (source: ChangeSource<Cursor>) => ChangeSource<Cursor> = (source) => source;
	/** What the run of a first batch hands back. */
	heldIds: () => readonly string[] | undefined = () => undefined;
	/** What the trigger warned of. */
	readonly warnings: string[] = [];
	/** What a poll waits by while its batch is under way. */
	clock: Clock | undefined;
	private register = new PollRegister();
	private activated = false;
	/** Whether the workflow is still published, asked between two batches of a poll. */
	isPublished: () => boolean = () => true;
	private memory: string | undefined;
	/** States under names the node had before. */
	private underOldNames: readonly string[] = [];
	private saved: { readonly memory: string | undefined; readonly underOldNames: readonly string[] } = {
		memory: undefined,
		underOldNames: [],
	};

	constructor(protected readonly sandbox: Sandbox) {}

	/** A source as a poll makes it anew. */
	protected abstract open(deadline: number): ChangeSource<Cursor>;

	/** What a process remembers besides is gone. */
	protected abstract forget(): void;

	get changes(): ContactChange[] {
		return this.batches.flat();
	}

	/** Hands out what was delivered so far and forgets it. */
	take(): ContactChange[] {
		return this.batches.splice(0).flat();
	}

	/** Follows up to now, and forgets what was handed on and asked for that. */
	async firstSync(): Promise<void> {
		for (let polls = 0; (await this.next()).end !== 'upToDate'; polls++) expect(polls).toBeLessThan(20);
		this.take();
		this.sandbox.requests.clear();
	}

	/** So many polls, a minute apart. */
	async settle(polls = 4): Promise<void> {
		for (let poll = 0; poll < polls; poll++) await this.next();
	}

	/** Changes the stored state, e.g. into one of an older version. */
	editState(edit: (state: { cursor: Record<string, unknown> }) => unknown): void {
		this.memory = JSON.stringify(edit(JSON.parse(this.memory ?? '{}') as { cursor: Record<string, unknown> }));
	}

	/** The node has another name: n8n keeps what it stored under the one before. */
	rename(): void {
		if (this.memory !== undefined) this.underOldNames = [...this.underOldNames, this.memory];
		this.memory = undefined;
		this.save();
	}

	get stateBytes(): number {
		return this.memory?.length ?? 0;
	}

	/** The process dies: what was not saved is gone. */
	kill(): void {
		this.recall();
		this.activated = false;
		this.register = new PollRegister();
		this.forget();
	}

	private save(): void {
		this.saved = { memory: this.memory, underOldNames: this.underOldNames };
	}

	private recall(): void {
		this.memory = this.saved.memory;
		this.underOldNames = this.saved.underOldNames;
	}

	/** A minute passes, then the trigger polls. */
	async next(afterMs = 60_000): Promise<PollReport> {
		this.sandbox.clock.advance(afterMs);
		if (this.durable) this.save();
		const settings: PollSettings = {
			key: 'workflow:node',
			budgetMs: 300_000,
			acknowledged: true,
			spacedByHost: false,
			unattended: false,
			...this.poll,
		};
		const parts: PollParts<Cursor> = {
			open: async (deadline) => await Promise.resolve(ok(this.around(this.open(deadline)))),
			store: {
				read: () => (this.memory === undefined ? undefined : (JSON.parse(this.memory) as unknown)),
				readOthers: () => this.underOldNames.map((state) => JSON.parse(state) as unknown),
				write: (state) => {
					this.memory = JSON.stringify(state);
				},
			},
			deliver: async (batch) => {
				this.save();
				this.batches.push([...batch]);
				return await this.outcome(batch);
			},
			isPublished: async () => await Promise.resolve(this.isPublished()),
			heldIds: () => this.heldIds(),
			register: this.register,
			clock: this.clock ?? sandboxClock(this.sandbox),
			log: { debug: () => undefined, info: () => undefined, warn: (line) => void this.warnings.push(line) },
		};
		const report = await poll(settings, parts);
		if (this.durable && report.show) this.recall();
		if (!this.activated && !report.show) {
			this.activated = true;
			this.save();
		}
		// A batch that is under way may belong to a process that was killed: nothing would come of waiting for it.
		return report.end === 'busy' ? report : ((await goOn(report, settings, parts)) ?? report);
	}
}

export const idsOf = (changes: readonly ContactChange[]): string[] => changes.map(({ source }) => source.id);

/** Who was told what, sorted. */
export const told = (changes: readonly ContactChange[]): string[][] =>
	changes.map(({ source, change }) => [source.id, change]).sort();
