import type { z } from 'zod';
import type { Clock, HttpPort, HttpReply, HttpRequest } from '../ports';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import type { RetryPolicy } from './retry';
import { withRetry } from './retry';

/** A request that starts close to the deadline still gets this long. */
const SHORTEST_TIMEOUT_MS = 2_000;
/**
 * No more time than this passes between two answers that a poll goes on from: what a clock shows beyond is a clock that was put
 * forward in between.
 */
const LONGEST_SILENCE_MS = 10 * 60_000;
/** A longer wait than this is one for the limit of a day. */
const LONGER_THAN_ANY_WINDOW_MS = 5 * 60_000;

export interface CallSettings {
	/** Instant after which no call is started or repeated. */
	readonly deadline?: number;
	readonly random?: () => number;
}

/** Says when a call may start, as `CallLimiter` does. */
export interface Gate {
	/** How long a call would have to wait now, in ms. */
	waitMs(): number;
	run<T>(call: () => Promise<T>): Promise<T>;
}

/** How one vendor is called. */
export interface SourceRules {
	/** As messages name it. */
	readonly vendor: string;
	readonly retry: RetryPolicy;
	/** No call waits longer than this for its turn, also where no poll ends. */
	readonly longestWaitMs: number;
	/** Longer than the slowest good answer; what takes longer is stuck. */
	readonly timeoutMs: number;
	/** Every call passes it. */
	readonly gate: Gate;
	/** The body of a good answer, or the failure. `doing` names the call in messages. */
	classify(reply: HttpReply, doing: string): Result<unknown>;
	/** Reads the headers of every answer. */
	learn(headers: Readonly<Record<string, string>>): void;
	/** Called with each failure, so that no call starts while the vendor wants none. */
	failed(failure: Failure, reply: HttpReply): void;
}

/**
 * How a source is called: within its limits, repeated while it answers with something that passes (all calls only read),
 * and with answers that are checked; one of an unknown form is a failure, never an empty list.
 */
export class SourceCalls {
	/** The date of the vendor's last answer, and this machine's time at that moment. */
	private answered: { readonly date: number; readonly at: number } | undefined;

	constructor(
		private readonly http: HttpPort,
		private readonly clock: Clock,
		private readonly rules: SourceRules,
		private readonly settings: CallSettings,
	) {}

	/**
	 * The vendor's own time by its last answer (the header Date, full seconds); this machine's before the first one. An answer may be
	 * dated wrong by something in between, so no position may rest on it alone: see `SourceTime`.
	 */
	serverNow(): number {
		const now = this.clock.now();
		if (!this.answered) return now;
		return this.answered.date + Math.min(LONGEST_SILENCE_MS, Math.max(0, now - this.answered.at));
	}

	/** One call. `doing` names it in messages; `extra` is a limit besides the common one. */
	async read<Schema extends z.ZodTypeAny>(
		request: HttpRequest,
		schema: Schema,
		doing: string,
		extra?: Gate,
	): Promise<Result<z.output<Schema>>> {
		const { retry } = this.rules;
		const policy = { ...retry, maxDelayMs: Math.min(retry.maxDelayMs, Math.max(0, this.timeLeftMs())) };
		let last: Result<z.output<Schema>> | undefined;
		return await withRetry(
			async () => {
				if (last && this.timeLeftMs() <= 0) return last;
				last = await this.once(request, schema, doing, extra);
				return last;
			},
			policy,
			this.clock,
			this.settings.random,
		);
	}

	private async once<Schema extends z.ZodTypeAny>(
		request: HttpRequest,
		schema: Schema,
		doing: string,
		extra: Gate | undefined,
	): Promise<Result<z.output<Schema>>> {
		const { vendor, gate, longestWaitMs } = this.rules;
		if (this.timeLeftMs() <= 0) {
			return { kind: 'retry', code: 'UNAVAILABLE', reason: `${vendor} answers slowly: no time was left for ${doing}` };
		}
		const wait = Math.max(gate.waitMs(), extra?.waitMs() ?? 0);
		if (wait > Math.min(longestWaitMs, this.timeLeftMs())) {
			const code = wait > LONGER_THAN_ANY_WINDOW_MS ? 'DAILY_LIMIT_REACHED' : 'RATE_LIMITED';
			return { kind: 'retry', code, reason: `${vendor}'s limits leave no call in time (${doing})`, afterMs: wait };
		}
		const send = async (): Promise<HttpReply> => {
			const timeoutMs = Math.max(SHORTEST_TIMEOUT_MS, Math.min(this.rules.timeoutMs, this.timeLeftMs()));
			const sentAt = this.clock.now();
			const answer = await this.http.send({ ...request, timeoutMs });
			return answer.kind === 'unreachable' ? { ...answer, waitedMs: this.clock.now() - sentAt } : answer;
		};
		const reply = await (extra ? extra.run(async () => await gate.run(send)) : gate.run(send));
		if (reply.kind === 'reply') this.learn(reply.headers);
		const classified = this.rules.classify(reply, doing);
		if (classified.kind !== 'ok') {
			this.rules.failed(classified, reply);
			return classified;
		}
		const checked = schema.safeParse(classified.value) as z.SafeParseReturnType<unknown, z.output<Schema>>;
		if (checked.success) return ok(checked.data);
		const where = checked.error.issues[0]?.path.join('.') || 'the body';
		return {
			kind: 'refused',
			code: 'UNEXPECTED_ANSWER',
			reason: `${vendor}'s answer while ${doing} has an unknown form at ${where}`,
		};
	}

	private learn(headers: Readonly<Record<string, string>>): void {
		this.rules.learn(headers);
		const date = Date.parse(headers.date ?? '');
		if (Number.isFinite(date)) this.answered = { date, at: this.clock.now() };
	}

	private timeLeftMs(): number {
		return this.settings.deadline === undefined ? Infinity : this.settings.deadline - this.clock.now();
	}
}
