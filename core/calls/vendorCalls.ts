import type { z } from 'zod';
import type { Clock, HttpPort, HttpReply, HttpRequest } from '../ports';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import { CANCELLED, noTimeLeft } from './callFailures';
import type { RetryPolicy } from './retry';
import { withRetry } from './retry';

/** A request that starts close to the deadline still gets this long. */
const SHORTEST_TIMEOUT_MS = 2_000;
/**
 * No more time than this passes between two answers that a poll goes on from: what a clock shows beyond is a clock that was put
 * forward in between.
 */
const LONGEST_SILENCE_MS = 10 * 60_000;

export interface CallSettings {
	/** Instant after which no call is started or repeated. */
	readonly deadline?: number;
	/** Asked before every call and again when its turn comes, so that a cancelled run sends nothing more. */
	readonly cancelled?: () => boolean;
	readonly random?: () => number;
}

/** Says when a call may start, as `CallLimiter` does. */
export interface Gate {
	/** How long a call would have to wait now, in ms. */
	waitMs(): number;
	run<T>(call: () => Promise<T>): Promise<T>;
}

/** What a good answer must look like. */
export type Form<T> = z.ZodType<T, z.ZodTypeDef, unknown>;

/** How one vendor is called. `doing` names the call in messages, e.g. "reading the list". */
export interface VendorRules {
	/** As messages name it. */
	readonly vendor: string;
	/** Of reads and of writes that may be repeated. */
	readonly retry: RetryPolicy;
	/** No call waits longer than this for its turn, also where no poll ends. */
	readonly longestWaitMs: number;
	/** Longer than the slowest good answer; what takes longer is stuck. A request may name its own. */
	readonly timeoutMs: number;
	/** The limits that the call is counted in, in the order in which it queues for them. */
	gatesOf(request: HttpRequest): readonly Gate[];
	/** The failure when these let the call start in `waitMs` only, which is too late. */
	noTurn(waitMs: number, doing: string): Failure;
	/** The body of a good answer, or the failure. */
	classify(reply: HttpReply, doing: string): Result<unknown>;
	/** The failure when a good answer is not of the form it must have at `path`; empty: as a whole. */
	unknownForm(path: ReadonlyArray<string | number>, doing: string, reply: HttpReply): Failure;
	/** Reads the headers of every answer. */
	learn(headers: Readonly<Record<string, string>>, request: HttpRequest): void;
	/** Called with each failure of `classify`, so that no call starts while the vendor wants none. */
	failed(failure: Failure, reply: HttpReply, request: HttpRequest): void;
}

/**
 * How a vendor is called: within its limits, repeated while the failure may pass and where that is safe, and with answers
 * that are checked. What is safe depends on the call, not on its HTTP method:
 *
 * | method            | tries            | for                                                        |
 * | ----------------- | ---------------- | ---------------------------------------------------------- |
 * | `read`            | as `retry` says  | what changes nothing, searches by POST too                 |
 * | `writeOnce`       | one              | writes that do harm when they are sent again               |
 * | `writeRepeatable` | as `retry` says  | writes that come to the same when carried out twice        |
 * | `once`, `repeat`  | up to the caller | endpoints that read something before the next try          |
 */
export class VendorCalls {
	private sentCalls = 0;
	/** The date of the vendor's last answer, and this machine's time at that moment. */
	private answered: { readonly date: number; readonly at: number } | undefined;
	private newest: number | undefined;

	constructor(
		private readonly http: HttpPort,
		private readonly clock: Clock,
		private readonly rules: VendorRules,
		private readonly settings: CallSettings = {},
	) {}

	/** Calls sent so far, repeated ones included. */
	get sent(): number {
		return this.sentCalls;
	}

	/**
	 * The vendor's own time by its last answer (the header Date, full seconds); this machine's before the first one. An answer may be
	 * dated wrong by something in between, so no position may rest on it alone: see `SourceTime`.
	 */
	serverNow(): number {
		const now = this.clock.now();
		if (!this.answered) return now;
		return this.answered.date + Math.min(LONGEST_SILENCE_MS, Math.max(0, now - this.answered.at));
	}

	/** The newest instant that a header Date named, in ms since 1970, full seconds; undefined before the first answer. */
	get newestDate(): number | undefined {
		return this.newest;
	}

	/** A call that changes nothing. */
	async read<T>(request: HttpRequest, form: Form<T>, doing?: string): Promise<Result<T>> {
		return await this.repeat(async () => await this.once(request, form, doing));
	}

	/** A write that must not be carried out twice. After `retry` it may or may not have been carried out. */
	async writeOnce<T>(request: HttpRequest, form: Form<T>, doing?: string): Promise<Result<T>> {
		return await this.once(request, form, doing);
	}

	/** A write that may safely be carried out twice. */
	async writeRepeatable<T>(request: HttpRequest, form: Form<T>, doing?: string): Promise<Result<T>> {
		return await this.repeat(async () => await this.once(request, form, doing));
	}

	/** Repeats `call`, one or several tries of calls, as reads are repeated: not past the deadline. `attempt` counts from 1. */
	async repeat<T>(call: (attempt: number) => Promise<Result<T>>): Promise<Result<T>> {
		const { retry } = this.rules;
		const policy = { ...retry, maxDelayMs: Math.min(retry.maxDelayMs, Math.max(0, this.timeLeftMs())) };
		let last: Result<T> | undefined;
		return await withRetry(
			async (attempt) => {
				if (last && this.timeLeftMs() <= 0) return last;
				last = await call(attempt);
				return last;
			},
			policy,
			this.clock,
			this.settings.random,
		);
	}

	/** One try of a read or a write. */
	async once<T>(request: HttpRequest, form: Form<T>, doing = 'calling it'): Promise<Result<T>> {
		const gates = this.rules.gatesOf(request);
		const tooLate = this.mayNotStart(gates, doing);
		if (tooLate) return tooLate;
		const reply = await inTurn(gates, async () => await this.send(request));
		if (reply === undefined) return CANCELLED;
		if (reply.kind === 'reply') this.learn(reply.headers, request);
		const classified = this.rules.classify(reply, doing);
		if (classified.kind !== 'ok') {
			this.rules.failed(classified, reply, request);
			return classified;
		}
		const checked = form.safeParse(classified.value);
		if (checked.success) return ok(checked.data);
		return this.rules.unknownForm(checked.error.issues[0]?.path ?? [], doing, reply);
	}

	private mayNotStart(gates: readonly Gate[], doing: string): Failure | undefined {
		const { vendor, longestWaitMs } = this.rules;
		if (this.isCancelled()) return CANCELLED;
		const timeLeftMs = this.timeLeftMs();
		if (timeLeftMs <= 0) return noTimeLeft(vendor, doing);
		const waitMs = Math.max(...gates.map((gate) => gate.waitMs()));
		return waitMs > Math.min(longestWaitMs, timeLeftMs) ? this.rules.noTurn(waitMs, doing) : undefined;
	}

	/** Undefined when the run was cancelled while the call waited for its turn. */
	private async send(request: HttpRequest): Promise<HttpReply | undefined> {
		if (this.isCancelled()) return undefined;
		const wantedMs = request.timeoutMs ?? this.rules.timeoutMs;
		const timeoutMs = Math.max(SHORTEST_TIMEOUT_MS, Math.min(wantedMs, this.timeLeftMs()));
		const sentAt = this.clock.now();
		this.sentCalls += 1;
		const reply = await this.http.send({ ...request, timeoutMs });
		return reply.kind === 'unreachable' ? { ...reply, waitedMs: this.clock.now() - sentAt } : reply;
	}

	private learn(headers: Readonly<Record<string, string>>, request: HttpRequest): void {
		this.rules.learn(headers, request);
		const date = Date.parse(headers.date ?? '');
		if (!Number.isFinite(date)) return;
		this.answered = { date, at: this.clock.now() };
		this.newest = Math.max(date, this.newest ?? date);
	}

	private isCancelled(): boolean {
		return this.settings.cancelled?.() === true;
	}

	private timeLeftMs(): number {
		return this.settings.deadline === undefined ? Infinity : this.settings.deadline - this.clock.now();
	}
}

/** Carries out `call` once each gate in turn lets it start. */
async function inTurn<T>(gates: readonly Gate[], call: () => Promise<T>): Promise<T> {
	const [first, ...others] = gates;
	return first ? await first.run(async () => await inTurn(others, call)) : await call();
}
