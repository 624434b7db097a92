import type { Response } from 'express';
import { CallWindow, type SandboxClock } from '../engine';
import { HubSpotError, rateLimitBody, type RateLimitPolicy } from './errors';
import { limitsOf, type HubSpotSettings } from './settings';
import type { Token } from './tokens';

const BURST_MS = 10_000;

/** Burst, daily and search limits of one account, with HubSpot's headers. Refused calls count for the day (not documented). */
export class Limits {
	private readonly bursts = new Map<string, { limit: number; window: CallWindow }>();
	private searches: { limit: number; window: CallWindow } | undefined;
	private day = '';
	private usedToday = 0;
	/** Kept, because making one takes longer than everything else a call does here. */
	private calendar: { readonly timeZone: string; readonly format: Intl.DateTimeFormat } | undefined;

	constructor(
		private readonly clock: SandboxClock,
		private readonly settings: HubSpotSettings,
	) {}

	/** Calls counted today, in the account's time zone. */
	get used(): number {
		this.startDay();
		return this.usedToday;
	}

	set used(calls: number) {
		this.startDay();
		this.usedToday = calls;
	}

	/** Counts a call and sets the headers; throws HubSpot's 429. Search answers carry no rate headers. */
	take(token: Token, response: Response, isSearch: boolean): void {
		const limits = limitsOf(this.settings);
		const isDayOver = this.used >= limits.daily;
		this.usedToday += 1;
		if (isSearch) {
			if (isDayOver) this.refuse('DAILY');
			if (!this.searchWindow().take().allowed) this.refuse('SECONDLY');
			return;
		}
		const limit = token.kind === 'oauth' ? limits.oauthBurst : limits.burst;
		const window = this.burstWindow(token.app, limit);
		const state = isDayOver ? window.peek() : window.take();
		response.set({
			'X-HubSpot-RateLimit-Max': String(limit),
			'X-HubSpot-RateLimit-Remaining': String(state.remaining),
			'X-HubSpot-RateLimit-Interval-Milliseconds': String(BURST_MS),
		});
		if (token.kind !== 'oauth') {
			response.set({
				'X-HubSpot-RateLimit-Daily': String(limits.daily),
				'X-HubSpot-RateLimit-Daily-Remaining': String(Math.max(0, limits.daily - this.usedToday)),
			});
		}
		if (isDayOver) this.refuse('DAILY');
		if (!state.allowed) this.refuse('TEN_SECONDLY_ROLLING');
	}

	/** Next midnight of the account, in ms since 1970, to the minute. */
	resetsAt(): number {
		const today = this.today(this.clock.now());
		let at = Math.ceil(this.clock.now() / 60_000) * 60_000;
		while (this.today(at) === today) at += 60_000;
		return at;
	}

	clear(): void {
		this.bursts.clear();
		this.searches = undefined;
		this.usedToday = 0;
	}

	private refuse(policy: RateLimitPolicy): never {
		const { retryAfterSeconds } = this.settings;
		const body = rateLimitBody(policy);
		throw new HubSpotError(
			429,
			{ ...body, message: String(body['message']) },
			retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) },
		);
	}

	private burstWindow(app: string, limit: number): CallWindow {
		const known = this.bursts.get(app);
		if (known?.limit === limit) return known.window;
		const window = new CallWindow(this.clock, { limit, perMs: BURST_MS });
		this.bursts.set(app, { limit, window });
		return window;
	}

	private searchWindow(): CallWindow {
		const limit = this.settings.searchPerSecond;
		if (this.searches?.limit !== limit) {
			this.searches = { limit, window: new CallWindow(this.clock, { limit, perMs: 1_000 }) };
		}
		return this.searches.window;
	}

	private startDay(): void {
		const today = this.today(this.clock.now());
		if (today === this.day) return;
		this.day = today;
		this.usedToday = 0;
	}

	private today(at: number): string {
		const { timeZone } = this.settings;
		if (this.calendar?.timeZone !== timeZone) {
			this.calendar = { timeZone, format: new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }) };
		}
		return this.calendar.format.format(at);
	}
}
