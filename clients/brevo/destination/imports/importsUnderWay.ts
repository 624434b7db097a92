import type { Clock } from '../../../../core/ports';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { BatchOrigin } from '../../../../core/upsert/destination';
import type { BrevoClient } from '../../api/brevoClient';
import type { ListedProcess } from '../../api/types';

/** Final states of a process (https://developers.brevo.com/reference/get-process); every other one means that it still runs. */
const FINAL = new Set(['completed', 'failed', 'cancelled']);
export const hasEnded = ({ status }: { readonly status: string }): boolean => FINAL.has(status);

/** `name` of an import among the processes; those of exports change no contact. */
const IMPORT = /import/i;
/** An import that Brevo took while its answer got lost may be listed a moment later. */
const LISTED_AFTER_MS = 2_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** An import that runs for longer than this got stuck (help page 32331116133522 tells of such), and is not waited for any more. */
const STUCK_MS = 2 * 3_600_000;

/**
 * The imports of an account that may still be going on. They belong to the account and not to the run that began them: one that
 * ends after its run gave up would put contacts back on the list that left it since, so no batch is planned until it ended.
 * Asking costs one of 100 calls an hour, and is left out while they are used up.
 */
export class ImportsUnderWay {
	/** When each was heard of first, by process id. */
	private readonly ids = new Map<number, number>();
	private readonly stuck = new Set<number>();
	/** The answer to an import got lost: it may be under way, with an id that is not known. */
	private answerLost = false;
	/** Brevo has told once which imports run; before, another process may have begun some. */
	private asked = false;

	started(processId: number, clock: Clock): void {
		this.ids.set(processId, clock.now());
	}

	ended(processId: number): void {
		this.ids.delete(processId);
	}

	lostAnswer(): void {
		this.answerLost = true;
	}

	/**
	 * Waits until no import of the account is under way, or ends as a failure that passes. True: one may have ended just now, so what
	 * was read before is out of date.
	 */
	async settled(client: BrevoClient, clock: Clock, { again, longestWaitMs }: BatchOrigin): Promise<Result<boolean>> {
		const suspected = again || this.answerLost || this.ids.size > 0;
		if (!suspected && this.asked) return ok(false);
		let list = again || this.answerLost || !this.asked;
		let waitedMs = 0;
		const wait = async (ms: number): Promise<void> => {
			waitedMs += ms;
			await clock.sleep(ms);
		};
		if (this.answerLost) await wait(LISTED_AFTER_MS);
		for (let look = 0; ; look++) {
			const running = await this.look(client, clock, list);
			if (running.kind !== 'ok') return running;
			if (running.value === 'none') return ok(suspected || look > 0);
			if (running.value === 'unknown') return suspected ? STILL_UNDER_WAY : ok(false);
			list = false;
			const pause = Math.min(FIRST_WAIT_MS * 2 ** look, LONGEST_WAIT_MS, longestWaitMs - waitedMs);
			if (pause <= 0) return STILL_UNDER_WAY;
			await wait(pause);
		}
	}

	/** After an import whose answer got lost: whether nothing runs, so that sending it once more makes no second one. */
	async noneRuns(client: BrevoClient, clock: Clock): Promise<boolean> {
		await clock.sleep(LISTED_AFTER_MS);
		const running = await this.look(client, clock, true);
		return running.kind === 'ok' && running.value === 'none';
	}

	/** `list`: all imports of the account; otherwise those known, which takes one call either way. */
	private async look(client: BrevoClient, clock: Clock, list: boolean): Promise<Result<'none' | 'some' | 'unknown'>> {
		if (client.processCallWaitMs() > 0) return ok('unknown');
		const [only] = this.ids.keys();
		if (!list && only !== undefined && this.ids.size === 1) {
			const process = await client.getProcess(only);
			if (process.kind === 'refused') this.ended(only);
			else if (process.kind !== 'ok') return process;
			else if (hasEnded(process.value)) this.ended(only);
		} else {
			const processes = await client.getProcesses();
			if (processes.kind === 'refused') return ok('unknown');
			if (processes.kind !== 'ok') return processes;
			this.takeOver(processes.value, clock);
		}
		for (const [processId, since] of this.ids) {
			if (clock.now() - since <= STUCK_MS) continue;
			this.ended(processId);
			this.stuck.add(processId);
		}
		return ok(this.ids.size === 0 ? 'none' : 'some');
	}

	private takeOver(processes: readonly ListedProcess[], clock: Clock): void {
		this.asked = true;
		this.answerLost = false;
		const running = processes.filter((process) => IMPORT.test(process.name ?? 'import') && !hasEnded(process));
		const listed = new Set(processes.map(({ id }) => id));
		const stillRuns = new Set(running.map(({ id }) => id));
		for (const processId of [...this.ids.keys()])
			if (listed.has(processId) && !stillRuns.has(processId)) this.ended(processId);
		for (const processId of stillRuns)
			if (!this.ids.has(processId) && !this.stuck.has(processId)) this.started(processId, clock);
	}
}

const STILL_UNDER_WAY: Failure = {
	kind: 'retry',
	code: 'NOT_CONFIRMED',
	reason: 'An import of an earlier run may still be under way in Brevo, and nothing is written before it has ended',
};
