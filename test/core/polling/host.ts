import type { ContactChange, Delivery } from '../../../core/contact/contact';
import type { BatchRoom } from '../../../core/polling/batches/batchPace';
import type { ChangeSource, SourceIdentity } from '../../../core/polling/changeSource';
import type { PollParts, PollReport, PollSettings } from '../../../core/polling/poll';
import { goOn, poll } from '../../../core/polling/poll';
import type { DeliveryOutcome } from '../../../core/polling/pollRegister';
import { PollRegister } from '../../../core/polling/pollRegister';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { ManualClock } from '../../support/manualClock';

/** A vendor whose changes are the numbers from 1 to `last`; the cursor is the last one read. */
class Counting implements ChangeSource<number> {
	last = 0;
	batchSize = 3;
	account = 'account';
	scope = 'list';
	faults: Failure[] = [];
	readMs = 10;
	identified = 0;
	/** Whether the quota allows it to go on. */
	paused = false;
	/** Numbers of contacts that opted out and were not delivered. */
	optedOut: number[] = [];
	looks: Array<string | undefined> = [];
	held: readonly string[] | undefined;
	phase: Delivery['phase'] = 'live';
	/** Every reading: from which cursor, with which size, and when it began. */
	readings: Array<{ readonly from: number; readonly size: number | undefined; readonly at: number }> = [];
	/** Called when a reading has ended. */
	onRead: (from: number) => void = () => undefined;

	constructor(private readonly clock: ManualClock) {}

	async identify(previous: SourceIdentity | undefined, recheck: boolean): Promise<Result<SourceIdentity>> {
		if (!previous || recheck) this.identified++;
		return await Promise.resolve(ok({ account: this.account, scope: this.scope, credential: 'c' }));
	}

	readCursor(stored: unknown): number | undefined {
		return typeof stored === 'number' ? stored : undefined;
	}

	async readBatch(cursor = 0, room?: BatchRoom): ReturnType<ChangeSource<number>['readBatch']> {
		const size = room?.[this.phase === 'firstSync' ? 'firstSync' : 'live'];
		this.readings.push({ from: cursor, size, at: this.clock.now() });
		await this.clock.sleep(this.readMs);
		this.onRead(cursor);
		const fault = this.faults.shift();
		if (fault) return fault;
		if (this.paused) return { kind: 'retry', code: 'QUOTA_USED_UP', reason: 'used up' };
		const next = Math.min(this.last, cursor + (size ?? this.batchSize));
		const changes = Array.from({ length: next - cursor }, (_, index) => changeOf(cursor + index + 1));
		return ok({ changes, phase: this.phase, next, more: next < this.last });
	}

	async readOptOuts(
		_cursor: number | undefined,
		seen: string | undefined,
	): ReturnType<NonNullable<ChangeSource<number>['readOptOuts']>> {
		this.looks.push(seen);
		const fresh = this.optedOut.filter((n) => n > Number(seen ?? 0));
		const changes = fresh.map((n): ContactChange => ({ ...changeOf(n), change: 'optedOut', optedOut: true }));
		return await Promise.resolve(ok({ changes, seen: String(fresh.at(-1) ?? seen ?? 0) }));
	}

	withHeld(cursor: number, ids: readonly string[]): number {
		this.held = ids;
		return cursor;
	}
}

const changeOf = (n: number): ContactChange => ({
	key: `v:a:contact:${n}`,
	change: 'updated',
	source: { system: 'v', account: 'a', object: 'contact', id: String(n) },
	changedAt: '2026-11-21T12:00:00.000Z',
	fields: {},
	optedOut: null,
});

/** n8n as the engine sees it, with runs that the test ends. */
export class Host {
	readonly clock = new ManualClock();
	readonly source = new Counting(this.clock);
	register = new PollRegister();
	memory: string | undefined;
	saved: string | undefined;
	/** Every batch handed over, and what became of it. */
	readonly runs: Array<{
		readonly ids: number[];
		readonly sequence: number;
		readonly delivery: Delivery | undefined;
		readonly change: string | undefined;
		outcome?: DeliveryOutcome;
		end(outcome: DeliveryOutcome): void;
	}> = [];
	/** What a run does as soon as it starts; undefined: it goes on until the test ends it. */
	onRun: (ids: number[]) => DeliveryOutcome | undefined = () => 'succeeded';
	settings: Partial<PollSettings> = {};
	isPublished = true;
	/** What a trigger puts around its source. */
	around: (source: ChangeSource<number>) => ChangeSource<number> = (source) => source;
	/** What the run of a first batch hands back. */
	held: readonly string[] | undefined;
	warnings: string[] = [];
	others: unknown[] = [];
	opened: Result<null> = ok(null);

	async poll(afterMs = 60_000): Promise<PollReport> {
		this.clock.advance(afterMs);
		return await poll<number>(...this.hosted());
	}

	/** What n8n does not wait for, after a poll that ended so. */
	async goOn(report: PollReport): Promise<PollReport | undefined> {
		return await goOn<number>(report, ...this.hosted());
	}

	private hosted(): [PollSettings, PollParts<number>] {
		const register = this.register;
		return [
			{ key: 'w:n', budgetMs: 300_000, acknowledged: true, spacedByHost: false, unattended: false, ...this.settings },
			{
				open: async () => await Promise.resolve(this.opened.kind === 'ok' ? ok(this.around(this.source)) : this.opened),
				store: {
					read: () => (this.memory === undefined ? undefined : (JSON.parse(this.memory) as unknown)),
					readOthers: () => this.others,
					write: (state) => {
						// A process that was killed writes nothing any more.
						if (register === this.register) this.memory = JSON.stringify(state);
					},
				},
				deliver: async (batch) => await this.start(batch),
				isPublished: async () => await Promise.resolve(this.isPublished),
				heldIds: () => this.held,
				register,
				clock: this.clock,
				log: { debug: () => undefined, info: () => undefined, warn: (line) => void this.warnings.push(line) },
			},
		];
	}

	kill(): void {
		this.memory = this.saved;
		this.register = new PollRegister();
	}

	get state(): { cursor?: number; sequence: number } | undefined {
		return this.memory === undefined ? undefined : (JSON.parse(this.memory) as { cursor?: number; sequence: number });
	}

	get open(): number {
		return this.runs.filter(({ outcome }) => outcome === undefined).length;
	}

	private async start(batch: readonly ContactChange[]): Promise<DeliveryOutcome> {
		this.saved = this.memory;
		const ids = batch.map(({ source }) => Number(source.id));
		return await new Promise((resolve) => {
			const run: Host['runs'][number] = {
				ids,
				sequence: batch[0]?.delivery?.sequence ?? 0,
				delivery: batch[0]?.delivery,
				change: batch[0]?.change,
				end: (outcome) => {
					run.outcome = outcome;
					resolve(outcome);
				},
			};
			this.runs.push(run);
			const outcome = this.onRun(ids);
			if (outcome) run.end(outcome);
		});
	}
}
