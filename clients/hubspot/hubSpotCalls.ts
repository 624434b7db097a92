import type { z } from 'zod';
import type { Clock, HttpPort, HttpReply, HttpRequest } from '../../core/ports';
import type { CallLimiter } from '../../core/resilience/callLimiter';
import { withRetry } from '../../core/resilience/retry';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { classifyReply, DAILY_RECHECK_MS, onlySearchesPaused } from './classify';
import type { HubSpotLimits } from './limits';
import { HUBSPOT_RETRY, LONGEST_WAIT_MS } from './limits';

/** Slow pages of big lists take seconds; longer means something is stuck. */
const TIMEOUT_MS = 30_000;
/** A request that starts close to the deadline still gets this long. */
const SHORTEST_TIMEOUT_MS = 2_000;

export interface CallSettings {
	/** Instant after which no call is started or repeated. */
	readonly deadline?: number;
	readonly random?: () => number;
}

/**
 * How HubSpot is called: within its limits, repeated while it answers with something that passes (all calls only read),
 * and with answers that are checked; one of an unknown form is a failure, never an empty list.
 */
export class HubSpotCalls {
	private clockOffsetMs: number | undefined;

	constructor(
		private readonly http: HttpPort,
		private readonly clock: Clock,
		private readonly limits: HubSpotLimits,
		private readonly settings: CallSettings,
	) {}

	/** HubSpot's own time, as its last answer told (the header Date, full seconds); this machine's before that. */
	serverNow(): number {
		return this.clock.now() + (this.clockOffsetMs ?? 0);
	}

	/** One call. `doing` names it in messages; `extra` is a limit besides the common one. */
	async read<Schema extends z.ZodTypeAny>(
		request: HttpRequest,
		schema: Schema,
		doing: string,
		extra?: CallLimiter,
	): Promise<Result<z.output<Schema>>> {
		const left = this.timeLeftMs();
		const policy = { ...HUBSPOT_RETRY, maxDelayMs: Math.min(HUBSPOT_RETRY.maxDelayMs, Math.max(0, left)) };
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
		extra: CallLimiter | undefined,
	): Promise<Result<z.output<Schema>>> {
		const wait = Math.max(this.limits.burst.waitMs(), extra?.waitMs() ?? 0);
		if (wait > Math.min(LONGEST_WAIT_MS, this.timeLeftMs())) {
			const code = wait > DAILY_RECHECK_MS / 2 ? 'DAILY_LIMIT_REACHED' : 'RATE_LIMITED';
			return {
				kind: 'retry',
				code,
				reason: `HubSpot's limits leave no call in time (${doing})`,
				afterMs: wait,
			};
		}
		const send = async (): Promise<HttpReply> => {
			const timeoutMs = Math.max(SHORTEST_TIMEOUT_MS, Math.min(TIMEOUT_MS, this.timeLeftMs()));
			return await this.http.send({ ...request, timeoutMs });
		};
		const reply = await (extra
			? extra.run(async () => await this.limits.burst.run(send))
			: this.limits.burst.run(send));
		if (reply.kind === 'reply') this.learn(reply.headers);
		const classified = classifyReply(reply, doing);
		if (
			classified.kind === 'retry' &&
			classified.afterMs !== undefined &&
			reply.kind === 'reply' &&
			reply.status === 429
		) {
			this.limits.pause(classified.afterMs, onlySearchesPaused(classified));
		}
		if (classified.kind !== 'ok') return classified;
		const checked = schema.safeParse(classified.value) as z.SafeParseReturnType<unknown, z.output<Schema>>;
		if (checked.success) return ok(checked.data);
		const where = checked.error.issues[0]?.path.join('.') || 'the body';
		return {
			kind: 'refused',
			code: 'UNEXPECTED_ANSWER',
			reason: `HubSpot's answer while ${doing} has an unknown form at ${where}`,
		};
	}

	private learn(headers: Readonly<Record<string, string>>): void {
		this.limits.learn(headers);
		const date = Date.parse(headers.date ?? '');
		if (Number.isFinite(date)) this.clockOffsetMs = date - this.clock.now();
	}

	private timeLeftMs(): number {
		return this.settings.deadline === undefined ? Infinity : this.settings.deadline - this.clock.now();
	}
}
