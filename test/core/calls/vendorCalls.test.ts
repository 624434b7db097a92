import { z } from 'zod';
import type { CallSettings, Gate, VendorRules } from '../../../core/calls/vendorCalls';
import { VendorCalls } from '../../../core/calls/vendorCalls';
import type { HttpReply, HttpRequest } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { ManualClock } from '../../support/manualClock';

const READ: HttpRequest = { method: 'GET', path: '/things' };
const WRITE: HttpRequest = { method: 'POST', path: '/things', body: {} };
const FORM = z.object({ things: z.array(z.object({ id: z.number() })) });
const GOOD = { things: [{ id: 7 }] };

const reply = (status: number, body: unknown = GOOD, headers: Record<string, string> = {}): HttpReply => ({
	kind: 'reply',
	status,
	headers,
	body,
});

/** 200 is good, 400 refuses, 401 stops, 429 passes after 3 s, anything else may pass. */
function classify(answer: HttpReply, doing: string): Result<unknown> {
	if (answer.kind !== 'reply') return { kind: 'retry', code: 'UNAVAILABLE', reason: JSON.stringify(answer) };
	const { status, body } = answer;
	if (status === 200) return ok(body);
	const reason = `${status} while ${doing}`;
	if (status === 400) return { kind: 'refused', code: 'DESTINATION_REFUSED', reason };
	if (status === 401) return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason };
	return status === 429
		? { kind: 'retry', code: 'RATE_LIMITED', reason, afterMs: 3_000 }
		: { kind: 'retry', code: 'UNAVAILABLE', reason };
}

/** Lets every call pass; notes its name when one does. */
class OpenGate implements Gate {
	wait = 0;
	onTurn: () => void = () => undefined;

	constructor(
		private readonly name: string,
		private readonly passed: string[],
	) {}

	waitMs(): number {
		return this.wait;
	}

	async run<T>(call: () => Promise<T>): Promise<T> {
		this.passed.push(this.name);
		this.onTurn();
		return await call();
	}
}

/** A vendor that answers with `replies` in turn, the last one again and again; searches are counted by themselves too. */
function vendorWith(replies: readonly HttpReply[], settings: CallSettings = {}) {
	const clock = new ManualClock();
	const sent: HttpRequest[] = [];
	const passed: string[] = [];
	const learned: string[] = [];
	const failures: string[] = [];
	const common = new OpenGate('common', passed);
	const searches = new OpenGate('searches', passed);
	const vendor = { answersAfterMs: 0 };
	const rules: VendorRules = {
		vendor: 'Vendor',
		retry: { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 20_000 },
		longestWaitMs: 60_000,
		timeoutMs: 30_000,
		gatesOf: ({ path }) => (path.endsWith('/search') ? [searches, common] : [common]),
		noTurn: (waitMs, doing) => ({
			kind: 'retry',
			code: 'RATE_LIMITED',
			reason: `no turn for ${doing}`,
			afterMs: waitMs,
		}),
		classify,
		unknownForm: (path, doing, { kind }): Failure => ({
			kind: 'stop',
			code: 'UNEXPECTED_ANSWER',
			reason: `${kind} while ${doing}: ${path.join('.')}`,
		}),
		learn: (headers, { path }) => void learned.push(`${path} ${headers['calls-left']}`),
		failed: ({ code }, { kind }, { path }) => void failures.push(`${path} ${kind} ${code}`),
	};
	const http = {
		send: async (request: HttpRequest): Promise<HttpReply> => {
			const answer = replies[Math.min(sent.length, replies.length - 1)] ?? reply(500);
			sent.push(request);
			clock.advance(vendor.answersAfterMs);
			return await Promise.resolve(answer);
		},
	};
	const calls = new VendorCalls(http, clock, rules, { random: () => 1, ...settings });
	return { calls, clock, sent, passed, learned, failures, common, searches, vendor };
}

describe('VendorCalls: which calls are repeated', () => {
	it.each(['read', 'writeRepeatable'] as const)('%s goes on while the failure may pass', async (method) => {
		const { calls, clock, sent } = vendorWith([reply(500), { kind: 'unreachable', reason: 'reset' }, reply(200)]);
		expect(await calls[method](WRITE, FORM)).toEqual(ok(GOOD));
		expect(sent).toHaveLength(3);
		expect(clock.sleeps).toEqual([1_000, 2_000]);
		expect(calls.sent).toBe(3);
	});

	it('writeOnce sends a write once, whatever comes back', async () => {
		for (const first of [reply(500), reply(429), { kind: 'unreachable', reason: 'reset' } as const]) {
			const { calls, clock, sent } = vendorWith([first, reply(200)]);
			expect(await calls.writeOnce(WRITE, FORM)).toMatchObject({ kind: 'retry' });
			expect(sent).toHaveLength(1);
			expect(clock.sleeps).toEqual([]);
		}
	});

	it.each(['read', 'writeOnce', 'writeRepeatable'] as const)('%s never repeats what was refused', async (method) => {
		for (const [status, kind] of [
			[400, 'refused'],
			[401, 'stop'],
		] as const) {
			const { calls, sent } = vendorWith([reply(status), reply(200)]);
			expect(await calls[method](WRITE, FORM, 'writing')).toMatchObject({ kind, reason: `${status} while writing` });
			expect(sent).toHaveLength(1);
		}
	});

	it('ends after the tries of the rules with the last failure', async () => {
		const { calls, sent } = vendorWith([reply(500), reply(500), reply(500), reply(503), reply(200)]);
		expect(await calls.read(READ, FORM, 'reading')).toMatchObject({ kind: 'retry', reason: '503 while reading' });
		expect(sent).toHaveLength(4);
	});

	it('repeat lets a loop read before the next try of a write', async () => {
		const { calls, sent } = vendorWith([reply(500), reply(200), reply(200)]);
		const answer = await calls.repeat(async (attempt) => {
			if (attempt > 1) await calls.once(READ, FORM);
			return await calls.once(WRITE, FORM);
		});
		expect(answer).toEqual(ok(GOOD));
		expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
	});
});

describe('VendorCalls: when a call may start', () => {
	const cancelled = { kind: 'stop', code: 'UNAVAILABLE', reason: 'The execution was cancelled' };

	it('a call of a cancelled run is neither sent nor queued', async () => {
		const { calls, sent, passed } = vendorWith([reply(200)], { cancelled: () => true });
		expect(await calls.read(READ, FORM)).toEqual(cancelled);
		expect(await calls.writeOnce(WRITE, FORM)).toEqual(cancelled);
		expect([sent, passed, calls.sent]).toEqual([[], [], 0]);
	});

	it('a run that is cancelled while a call waits for its turn does not send it', async () => {
		const run = { cancelled: false };
		const { calls, sent, passed, common } = vendorWith([reply(200)], { cancelled: () => run.cancelled });
		common.onTurn = () => (run.cancelled = true);
		expect(await calls.writeRepeatable(WRITE, FORM)).toEqual(cancelled);
		expect([sent, passed, calls.sent]).toEqual([[], ['common'], 0]);
	});

	it('a run that is cancelled between two tries makes no further one', async () => {
		// Asked before the first try, when its turn comes, and before the second.
		let asked = 0;
		const { calls, sent } = vendorWith([reply(500)], { cancelled: () => ++asked > 2 });
		expect(await calls.read(READ, FORM)).toEqual(cancelled);
		expect([sent.length, asked]).toEqual([1, 3]);
	});

	it('a call passes every limit that the rules name for it, in their order', async () => {
		const { calls, passed } = vendorWith([reply(200)]);
		await calls.read(READ, FORM);
		await calls.read({ method: 'POST', path: '/things/search' }, FORM);
		expect(passed).toEqual(['common', 'searches', 'common']);
	});

	it('a turn that is too far away is a failure at once', async () => {
		const { calls, clock, sent, common } = vendorWith([reply(200)]);
		common.wait = 60_001;
		expect(await calls.read(READ, FORM, 'reading')).toEqual({
			kind: 'retry',
			code: 'RATE_LIMITED',
			reason: 'no turn for reading',
			afterMs: 60_001,
		});
		expect([sent, clock.sleeps]).toEqual([[], []]);
		common.wait = 60_000;
		expect(await calls.read(READ, FORM)).toEqual(ok(GOOD));
	});

	it('the longest of several waits counts', async () => {
		const { calls, sent, searches } = vendorWith([reply(200)]);
		searches.wait = 70_000;
		expect(await calls.read({ method: 'POST', path: '/things/search' }, FORM)).toMatchObject({ afterMs: 70_000 });
		expect(sent).toEqual([]);
		expect(await calls.read(READ, FORM)).toEqual(ok(GOOD));
	});

	it('no call starts, waits for its turn or is repeated past the deadline', async () => {
		const { calls, sent, common } = vendorWith([reply(500)], { deadline: new ManualClock().now() + 2_500 });
		common.wait = 2_501;
		expect(await calls.read(READ, FORM)).toMatchObject({ code: 'RATE_LIMITED', afterMs: 2_501 });
		common.wait = 0;
		expect(await calls.read(READ, FORM, 'reading')).toMatchObject({ reason: '500 while reading' });
		expect(sent).toHaveLength(2);
		expect(await calls.read(READ, FORM, 'reading')).toEqual({
			kind: 'retry',
			code: 'UNAVAILABLE',
			unsent: true,
			reason: 'Vendor answers slowly: no time was left for reading',
		});
		expect(sent).toHaveLength(2);
	});

	it('a request has the time of the rules, its own, or what the deadline leaves, but never less than 2 s', async () => {
		const { calls, clock, sent } = vendorWith([reply(200)], { deadline: new ManualClock().now() + 130_000 });
		await calls.read(READ, FORM);
		await calls.writeOnce({ ...WRITE, timeoutMs: 120_000 }, FORM);
		clock.advance(120_000);
		await calls.read(READ, FORM);
		clock.advance(9_900);
		await calls.read(READ, FORM);
		expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([30_000, 120_000, 10_000, 2_000]);
	});
});

describe('VendorCalls: what an answer tells', () => {
	it.each([
		[{ things: [{ id: 1 }, {}] }, 'things.1.id'],
		['<html></html>', ''],
	])('one of an unknown form is a failure of its own, and not repeated', async (body, where) => {
		const { calls, sent, failures } = vendorWith([reply(200, body), reply(200)]);
		const unknown = { kind: 'stop', code: 'UNEXPECTED_ANSWER', reason: `reply while reading: ${where}` };
		expect(await calls.read(READ, FORM, 'reading')).toEqual(unknown);
		expect([sent.length, failures]).toEqual([1, []]);
	});

	it('the rules read the headers of every answer, also of failures, and learn of each failure', async () => {
		const { calls, learned, failures } = vendorWith([
			reply(429, {}, { 'calls-left': '0' }),
			{ kind: 'unreachable', reason: 'reset' },
			reply(200, GOOD, { 'calls-left': '9' }),
		]);
		await calls.read(READ, FORM);
		expect(learned).toEqual(['/things 0', '/things 9']);
		expect(failures).toEqual(['/things reply RATE_LIMITED', '/things unreachable UNAVAILABLE']);
	});

	it('a call that came to nothing says how long it was waited for', async () => {
		const { calls, vendor } = vendorWith([{ kind: 'unreachable', reason: 'timeout' }]);
		vendor.answersAfterMs = 17_000;
		expect(await calls.writeOnce(WRITE, FORM)).toMatchObject({
			reason: '{"kind":"unreachable","reason":"timeout","waitedMs":17000}',
		});
	});

	it('the time of the vendor goes on from its last answer, for ten minutes at most', async () => {
		const { calls, clock } = vendorWith([reply(200, GOOD, { date: 'Sat, 21 Nov 2026 13:00:00 GMT' })]);
		const hour = 3_600_000;
		expect(calls.serverNow()).toBe(clock.now());
		await calls.read(READ, FORM);
		clock.advance(5_000);
		expect(calls.serverNow()).toBe(Date.UTC(2026, 10, 21, 13, 0, 5));
		clock.advance(hour);
		expect(calls.serverNow()).toBe(Date.UTC(2026, 10, 21, 13, 10));
		clock.advance(-2 * hour);
		expect(calls.serverNow()).toBe(Date.UTC(2026, 10, 21, 13));
	});

	it('the newest date stays when a later answer has an older one, or none', async () => {
		const { calls } = vendorWith([
			reply(200),
			reply(429, GOOD, { date: 'Sat, 21 Nov 2026 12:00:09 GMT' }),
			reply(200, GOOD, { date: 'Sat, 21 Nov 2026 12:00:04 GMT' }),
			reply(200, GOOD, { date: 'yesterday' }),
		]);
		await calls.read(READ, FORM);
		expect(calls.newestDate).toBeUndefined();
		for (let call = 0; call < 3; call++) await calls.read(READ, FORM);
		expect(calls.newestDate).toBe(Date.UTC(2026, 10, 21, 12, 0, 9));
		expect(calls.serverNow()).toBeLessThan(Date.UTC(2026, 10, 21, 12, 0, 9));
	});
});
