import { reserveTasks } from '../../../core/quota/reserveTasks';
import type { QuotaSettings } from '../../../core/quota/ledger';
import type { Reservation } from '../../../core/quota/reserveTasks';
import { REMEMBERED_WRITES } from '../../../core/quota/ledgerRow';
import type { Result } from '../../../core/result';
import { ManualClock } from '../../support/manualClock';
import type { Fate } from './memoryLedger';
import { counter, MemoryLedger, SETTINGS } from './memoryLedger';

const NOW = Date.UTC(2026, 10, 22, 12);

async function reserve(
	ledger: MemoryLedger,
	wanted: number,
	settings: Partial<QuotaSettings> = {},
	clock = new ManualClock(NOW),
	nonce = counter(`w${Math.random().toString(36).slice(2, 6)}-`),
): Promise<Result<Reservation>> {
	return await reserveTasks(
		ledger,
		{ ...SETTINGS, ...settings },
		{ tasks: wanted },
		{ clock, nonce, random: () => 0.5 },
	);
}

/** These fates for the first writes, in turn; then all goes well. */
function withFates(ledger: MemoryLedger, ...fates: Fate[]): void {
	ledger.fate = (call) => (call === 'compareAndSet' ? (fates.shift() ?? 'well') : 'well');
}

/** What others write between two calls of ours. */
function betweenCalls(ledger: MemoryLedger, ...works: (() => void)[]): void {
	ledger.pause = async () => void works.shift()?.();
}

const nothing = (): void => {};

describe('a write whose answer was lost', () => {
	it('was carried out: it is found by its nonce and not made again', async () => {
		const ledger = new MemoryLedger();
		ledger.put({ used: 10, nonce: 'a' });
		withFates(ledger, 'answer lost');
		expect(await reserve(ledger, 5)).toMatchObject({ kind: 'ok', value: { granted: 5, usage: { used: 15 } } });
		expect(ledger.rows[0]?.used).toBe(15);
	});

	it('was carried out, and others wrote since', async () => {
		const ledger = new MemoryLedger();
		const row = ledger.put({ used: 10, nonce: 'a' });
		withFates(ledger, 'answer lost');
		betweenCalls(ledger, nothing, nothing, () =>
			Object.assign(row, { used: 115, nonce: `other ${row.nonce as string}` }),
		);
		expect(await reserve(ledger, 5)).toMatchObject({ value: { granted: 5, usage: { used: 15 } } });
		expect(row.used).toBe(115);
	});

	it('was not carried out: it is made once more', async () => {
		const ledger = new MemoryLedger();
		ledger.put({ used: 10, nonce: 'a' });
		withFates(ledger, 'refused before');
		expect(await reserve(ledger, 5)).toMatchObject({ value: { granted: 5 } });
		expect(ledger.rows[0]?.used).toBe(15);
	});

	it('comes late, when it was given up: it is void', async () => {
		const ledger = new MemoryLedger();
		ledger.put({ used: 10, nonce: 'a' });
		withFates(ledger, 'late');
		await reserve(ledger, 5);
		ledger.deliverLate();
		expect(ledger.rows[0]?.used).toBe(15);
	});

	it('comes late, between the look and the second try: it counts, the second does not', async () => {
		const ledger = new MemoryLedger();
		ledger.put({ used: 10, nonce: 'a' });
		withFates(ledger, 'late');
		betweenCalls(ledger, nothing, nothing, nothing, () => ledger.deliverLate());
		expect(await reserve(ledger, 5)).toMatchObject({ value: { granted: 5 } });
		expect(ledger.rows[0]?.used).toBe(15);
	});

	it('is made void also when nothing is left for a second try', async () => {
		const ledger = new MemoryLedger();
		const row = ledger.put({ used: 10, nonce: 'a' });
		withFates(ledger, 'late');
		betweenCalls(ledger, nothing, nothing, () => Object.assign(row, { limit: 10 }));
		expect(await reserve(ledger, 5)).toMatchObject({ value: { granted: 0, over: 5 } });
		ledger.deliverLate();
		expect(row.used).toBe(10);
	});

	it('is not known to be carried out after more writes than a row remembers: the run fails rather than count twice', async () => {
		const ledger = new MemoryLedger();
		const row = ledger.put({ used: 10, nonce: 'a' });
		withFates(ledger, 'answer lost');
		const others = Array.from({ length: REMEMBERED_WRITES }, (_, index) => `o${index}`).join(' ');
		betweenCalls(ledger, nothing, nothing, () => Object.assign(row, { used: 500, nonce: others }));
		expect(await reserve(ledger, 5)).toMatchObject({ kind: 'retry', code: 'LEDGER_UNREACHABLE' });
		expect(row.used).toBe(500);
	});

	it('into a row that somebody deleted meanwhile is made anew', async () => {
		const ledger = new MemoryLedger();
		ledger.put({ used: 10, nonce: 'a' });
		withFates(ledger, 'answer lost');
		betweenCalls(ledger, nothing, nothing, () => void ledger.rows.splice(0));
		expect(await reserve(ledger, 5)).toMatchObject({ value: { granted: 5, usage: { used: 5 } } });
	});

	it('that made the row of a period leaves one row that counts', async () => {
		const ledger = new MemoryLedger();
		const fates: Fate[] = ['late', 'answer lost'];
		ledger.fate = (call) => (call === 'insert' ? (fates.shift() ?? 'well') : 'well');
		expect(await reserve(ledger, 5)).toMatchObject({ value: { granted: 5 } });
		ledger.deliverLate();
		expect(await reserve(ledger, 5)).toMatchObject({ value: { usage: { used: 10 }, warnings: [] } });
		expect(await reserve(ledger, 5)).toMatchObject({ value: { usage: { used: 15 } } });
	});
});

describe('two rows made at the same moment', () => {
	it('count together, without losing what either holds or told; whoever knows the younger only cannot write there', async () => {
		const ledger = new MemoryLedger();
		ledger.put({ id: 5, used: 0, nonce: 'late' });
		const younger = ledger.put({ id: 6, used: 900, alerted: '80 % of 1000', nonce: 'b' });
		const known = { ...younger };
		const result = await reserve(ledger, 50, { mode: 'strict' });
		expect(result).toMatchObject({ value: { granted: 50, alerts: [], usage: { used: 950 }, warnings: [] } });
		expect(await ledger.compareAndSet(known, { used: 950, alerted: '', nonce: 'x' })).toEqual({ kind: 'ok', value: 0 });
		expect(await reserve(ledger, 100, { mode: 'strict' })).toMatchObject({ value: { granted: 50, over: 50 } });
	});

	it('count exactly when the merging stops half way', async () => {
		const ledger = new MemoryLedger();
		ledger.put({ used: 100, nonce: 'a' });
		ledger.put({ used: 30, nonce: 'b' });
		ledger.fate = (call) => (call === 'find' && ledger.calls > 2 ? 'refused before' : 'well');
		expect(await reserve(ledger, 5)).toMatchObject({ kind: 'retry' });
		ledger.fate = () => 'well';
		expect(await reserve(ledger, 5)).toMatchObject({ value: { usage: { used: 135 } } });
		expect(await reserve(ledger, 5)).toMatchObject({ value: { usage: { used: 140 } } });
	});

	it('count exactly when there are more', async () => {
		const ledger = new MemoryLedger();
		for (const nonce of ['a', 'b', 'c', 'd']) ledger.put({ used: 10, nonce });
		expect(await reserve(ledger, 5)).toMatchObject({ value: { usage: { used: 45 } } });
		expect(await reserve(ledger, 5)).toMatchObject({ value: { usage: { used: 50 } } });
	});

	it('count on when the older is deleted by hand', async () => {
		const ledger = new MemoryLedger();
		ledger.put({ used: 10, nonce: 'a' });
		ledger.put({ used: 20, nonce: 'b' });
		await reserve(ledger, 5);
		ledger.rows.shift();
		// The row that is left was closed; what it held is counted in the new one.
		expect(await reserve(ledger, 5)).toMatchObject({ value: { usage: { used: 25 } } });
	});
});

describe('a ledger that does not answer', () => {
	it('is waited for over a restart of some seconds', async () => {
		const ledger = new MemoryLedger();
		let down = 4;
		ledger.fate = () => (down-- > 0 ? 'refused before' : 'well');
		const clock = new ManualClock(NOW);
		expect(await reserve(ledger, 5, {}, clock)).toMatchObject({ value: { granted: 5 } });
		expect(clock.now() - NOW).toBeGreaterThan(3_000);
	});

	it('ends the reservation with what to look at, and counts nothing', async () => {
		const ledger = new MemoryLedger();
		ledger.fate = () => 'refused before';
		expect(await reserve(ledger, 5)).toMatchObject({ kind: 'retry', code: 'LEDGER_UNREACHABLE' });
		expect(ledger.rows).toEqual([]);
	});

	it('is not asked again after a refusal', async () => {
		const ledger = new MemoryLedger();
		ledger.find = async () => ({ kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'no' });
		expect(await reserve(ledger, 5)).toEqual({ kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'no' });
	});
});

describe('others who write at the same time', () => {
	it('make it try again after a random wait, with what they left', async () => {
		const ledger = new MemoryLedger();
		const row = ledger.put({ used: 10, nonce: 'a' });
		betweenCalls(ledger, nothing, () => Object.assign(row, { used: 20, nonce: 'other a' }));
		const clock = new ManualClock(NOW);
		expect(await reserve(ledger, 5, {}, clock)).toMatchObject({ value: { usage: { used: 25 } } });
		expect(clock.sleeps).toEqual([20]);
	});

	it('a person who edits the count between reading and writing is not overwritten', async () => {
		const ledger = new MemoryLedger();
		const row = ledger.put({ used: 10, nonce: 'a' });
		betweenCalls(ledger, nothing, () => Object.assign(row, { used: 500 }));
		expect(await reserve(ledger, 5)).toMatchObject({ value: { usage: { used: 505 } } });
	});

	it('who always are quicker make it give up with a failure that passes', async () => {
		const ledger = new MemoryLedger();
		const row = ledger.put({ used: 0, nonce: 'a' });
		let writes = 0;
		ledger.pause = async () => void Object.assign(row, { nonce: `o${++writes}` });
		expect(await reserve(ledger, 5)).toMatchObject({ kind: 'retry', code: 'LEDGER_BUSY' });
		expect(row.used).toBe(0);
	});

	it('in the same process wait for one another', async () => {
		const ledger = new MemoryLedger();
		ledger.put({ used: 0, nonce: 'a' });
		await Promise.all(Array.from({ length: 20 }, async () => await reserve(ledger, 5)));
		expect([ledger.rows[0]?.used, ledger.calls]).toEqual([100, 40]);
	});
});
