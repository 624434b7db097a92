import type { RequestHandler } from 'express';
import { CallWindow, type SandboxClock } from '../engine';
import { BrevoError } from './brevoError';
import type { BrevoSettings } from './settings';

interface Family {
	readonly windows: { limit: number; window: CallWindow }[];
}

/**
 * The General tier of https://developers.brevo.com/docs/api-limits : 10 calls a second and 36,000 an hour for everything
 * below /contacts, 100 an hour for the rest. Each answer carries `x-sib-ratelimit-limit`, `-remaining` and `-reset` (whole
 * seconds) of the window with the least left; over the limit it is a 429 without `Retry-After`, which uses up nothing.
 */
export function rateLimits(clock: SandboxClock, settings: BrevoSettings): { handler: RequestHandler; clear(): void } {
	let rules = '';
	let contacts: Family = { windows: [] };
	let others: Family = { windows: [] };
	const build = () => {
		contacts = { windows: [window(settings.contactsPerSecond, 1_000), window(settings.contactsPerHour, 3_600_000)] };
		others = { windows: [window(settings.othersPerHour, 3_600_000)] };
	};
	const window = (limit: number, perMs: number) => ({ limit, window: new CallWindow(clock, { limit, perMs }) });

	const handler: RequestHandler = (request, response, next) => {
		if (!settings.limits) return next();
		const wanted = `${settings.contactsPerSecond}/${settings.contactsPerHour}/${settings.othersPerHour}`;
		if (wanted !== rules) {
			rules = wanted;
			build();
		}
		const { windows } = /^\/contacts(\/|$)/.test(request.path) ? contacts : others;
		const allowed = windows.every((rule) => rule.window.peek().allowed);
		const states = windows.map(({ limit, window: calls }) => ({ limit, ...(allowed ? calls.take() : calls.peek()) }));
		const tightest = states.reduce((least, state) => (moreUrgent(state, least) ? state : least));
		response.set({
			'x-sib-ratelimit-limit': String(tightest.limit),
			'x-sib-ratelimit-remaining': String(tightest.remaining),
			'x-sib-ratelimit-reset': String(Math.max(1, Math.ceil(tightest.resetMs / 1_000))),
		});
		// The wording of `code` is UNCONFIRMED; the two-field form is documented.
		if (!allowed) throw new BrevoError(429, 'too_many_requests', 'Too many requests have been sent');
		return next();
	};
	return { handler, clear: build };
}

function moreUrgent(a: { remaining: number; resetMs: number }, b: { remaining: number; resetMs: number }): boolean {
	return a.remaining < b.remaining || (a.remaining === b.remaining && a.resetMs > b.resetMs);
}
