import fc from 'fast-check';
import { CallWindow, Faults, routeOf, SandboxClock } from '../../../sandbox/engine';

describe('CallWindow', () => {
	it('never lets more than its limit through in any window, and never refuses below it', () => {
		const steps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
		fc.assert(
			fc.property(steps, fc.integer({ min: 1, max: 7 }), (pauses, limit) => {
				const clock = new SandboxClock();
				clock.freeze();
				clock.set(1_000_000);
				const window = new CallWindow(clock, { limit, perMs: 1_000 });
				const allowed: number[] = [];
				for (const pause of pauses) {
					clock.advance(pause);
					const inWindow = allowed.filter((at) => at > clock.now() - 1_000).length;
					const state = window.take();
					if (state.allowed !== inWindow < limit) return false;
					if (state.allowed) allowed.push(clock.now());
					if (state.remaining !== limit - Math.min(limit, inWindow + (state.allowed ? 1 : 0))) return false;
				}
				return true;
			}),
		);
	});

	it('tells how long until the oldest call leaves', () => {
		const clock = new SandboxClock();
		clock.freeze();
		const window = new CallWindow(clock, { limit: 1, perMs: 1_000 });
		window.take();
		clock.advance(300);
		expect(window.take()).toEqual({ allowed: false, remaining: 0, resetMs: 700 });
		clock.advance(700);
		expect(window.take().allowed).toBe(true);
	});
});

describe('SandboxClock', () => {
	it('runs with real time plus what it was moved by, and can be frozen', () => {
		const clock = new SandboxClock();
		expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
		clock.advance(3_600_000);
		expect(clock.now()).toBeGreaterThanOrEqual(Date.now() + 3_600_000 - 50);
		clock.freeze();
		const frozen = clock.now();
		clock.advance(5);
		expect(clock.now()).toBe(frozen + 5);
		clock.set(42);
		expect(clock.now()).toBe(42);
		clock.reset();
		expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
	});
});

describe('Faults', () => {
	it('matches by method and path, with :x for a segment and a trailing * for any rest', () => {
		const cases: Array<[string, string, string, boolean]> = [
			['*', 'GET', '/a', true],
			['GET /a/b', 'GET', '/a/b', true],
			['GET /a/b', 'POST', '/a/b', false],
			['GET /a/*', 'GET', '/a/b/c', true],
			['GET /a/*', 'GET', '/b/c', false],
			['GET /a/:id', 'GET', '/a/7', true],
			['GET /a/:id', 'GET', '/a/7/c', false],
			['GET /a/:id/c*', 'GET', '/a/7/cd/e', true],
			['/a', 'DELETE', '/a', true],
			['PUT *', 'PUT', '/any/where', true],
			['PUT *', 'GET', '/any/where', false],
		];
		for (const [match, method, path, hits] of cases) {
			const faults = new Faults();
			faults.next(match, { status: 500 });
			expect({ match, method, path, hits: faults.take(method, path) !== undefined }).toEqual({
				match,
				method,
				path,
				hits,
			});
		}
	});

	it('hits as often as it should: once, n times, until cleared', () => {
		const faults = new Faults();
		faults.next('*', { status: 500 });
		faults.next('*', { status: 502, times: 2 });
		faults.next('*', { status: 503, times: 0 });
		const statuses = Array.from({ length: 6 }, () => faults.take('GET', '/')?.status);
		expect(statuses).toEqual([500, 502, 502, 503, 503, 503]);
		faults.clear();
		expect(faults.take('GET', '/')).toBeUndefined();
	});
});

it('routes replace ids and keep fixed parts', () => {
	expect(routeOf('/crm/lists/2026-09/101/memberships/join-order')).toBe(
		'/crm/lists/2026-09/:id/memberships/join-order',
	);
	expect(routeOf('/contacts/a%40example.com')).toBe('/contacts/:id');
	expect(routeOf('/contacts/hubspot:1:contact:2')).toBe('/contacts/:id');
	expect(routeOf('/lists/records/0-1/7/memberships')).toBe('/lists/records/0-1/:id/memberships');
});
