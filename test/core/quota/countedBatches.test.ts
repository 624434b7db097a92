import type { CountedDelivery, Delivery } from '../../../core/quota/countedBatches';
import { deliveriesText, readDeliveries, REMEMBERED_DELIVERIES } from '../../../core/quota/countedBatches';
import type { QuotaSettings } from '../../../core/quota/ledger';
import { reserveTasks } from '../../../core/quota/reserveTasks';
import { ManualClock } from '../../support/manualClock';
import { counter, MemoryLedger, SETTINGS } from './memoryLedger';

const NOW = Date.UTC(2026, 10, 22, 12);

let ledger: MemoryLedger;
let clock: ManualClock;
beforeEach(() => {
	clock = new ManualClock(NOW);
	ledger = new MemoryLedger(() => clock.now());
	ledger.put({ nonce: 'made' });
});

const nonce = counter('d');

/** What a reservation came to: granted, of these counted before, held back, and what is used then. */
async function reserve(
	tasks: number,
	delivery: Partial<Delivery> = {},
	settings: Partial<QuotaSettings> = {},
): Promise<[granted: number, already: number, over: number, used: number]> {
	const request = { tasks, delivery: { key: 'a1', sequence: 1, execution: '1', ...delivery } };
	const result = await reserveTasks(ledger, { ...SETTINGS, ...settings }, request, { clock, nonce });
	if (result.kind !== 'ok') throw new Error(result.reason);
	const { granted, already, over, usage } = result.value;
	return [granted, already, over, usage.used];
}

const cell = (): unknown => ledger.rows.at(-1)?.deliveries;
const strict = { mode: 'strict' } as const;

describe('HB-17, SB-13: a batch that is delivered again', () => {
	it('after a run that failed is not counted again, however often it fails', async () => {
		expect(await reserve(100)).toEqual([100, 0, 0, 100]);
		expect(await reserve(100, { execution: '2' })).toEqual([100, 100, 0, 100]);
		expect(await reserve(100, { execution: '3' })).toEqual([100, 100, 0, 100]);
		expect(await reserve(100, { execution: '4', sequence: 2 })).toEqual([100, 0, 0, 200]);
	});

	it('costs two calls', async () => {
		await reserve(100);
		ledger.calls = 0;
		await reserve(100, { execution: '2' });
		expect(ledger.calls).toBe(2);
	});

	it('with more contacts than before: only those on top are counted; with fewer: none', async () => {
		await reserve(100);
		expect(await reserve(130, { execution: '2' })).toEqual([130, 100, 0, 130]);
		expect(await reserve(50, { execution: '3' })).toEqual([50, 50, 0, 130]);
		expect(await reserve(130, { execution: '4' })).toEqual([130, 130, 0, 130]);
	});

	it('HB-19: of which strict mode let 300 of 1,000 through goes on with the other 700 once the limit is raised', async () => {
		ledger.rows[0]!.used = 9_700;
		const rules = { ...strict, limit: 10_000 };
		expect(await reserve(1_000, {}, rules)).toEqual([300, 0, 700, 10_000]);
		expect(await reserve(1_000, { execution: '2' }, rules)).toEqual([300, 300, 700, 10_000]);
		ledger.rows[0]!.limit = 20_000;
		expect(await reserve(1_000, { execution: '3' }, rules)).toEqual([1_000, 300, 0, 10_700]);
	});

	it('HB-19: and that crossed the limit as a whole passes as a whole, while new ones are held', async () => {
		ledger.rows[0]!.used = 900;
		expect(await reserve(250)).toEqual([250, 0, 0, 1_150]);
		expect(await reserve(250, { execution: '2' })).toEqual([250, 250, 0, 1_150]);
		expect(await reserve(10, { execution: '3', sequence: 2 })).toEqual([0, 0, 10, 1_150]);
	});

	it('was counted in the period before: only what was held then is counted in the new one', async () => {
		expect(await reserve(100, {}, { ...strict, limit: 30 })).toEqual([30, 0, 70, 30]);
		clock.advance(10 * 86_400_000);
		expect(await reserve(100, { execution: '2' })).toEqual([100, 30, 0, 70]);
		expect(await reserve(100, { execution: '3' })).toEqual([100, 100, 0, 70]);
		expect(ledger.rows.map(({ period }) => period)).toEqual(['2026-11', '2026-12']);
	});

	it('is remembered over a period in which only others were counted', async () => {
		await reserve(100);
		clock.advance(10 * 86_400_000);
		await reserve(5, { key: 'b2' });
		clock.advance(31 * 86_400_000);
		expect(await reserve(100, { execution: '2' })).toEqual([100, 100, 0, 0]);
	});

	it('is counted anew when somebody deleted the row', async () => {
		await reserve(100);
		ledger.rows.length = 0;
		expect(await reserve(100, { execution: '2' })).toEqual([100, 0, 0, 100]);
	});

	it('is not counted twice by a write whose answer was lost', async () => {
		const fates = ['answer lost', 'late'] as const;
		let write = 0;
		ledger.fate = (call) => (call === 'compareAndSet' ? (fates[write++] ?? 'well') : 'well');
		expect(await reserve(100)).toEqual([100, 0, 0, 100]);
		expect(await reserve(100, { execution: '2' })).toEqual([100, 100, 0, 100]);
		ledger.deliverLate();
		expect(await reserve(100, { execution: '3' })).toEqual([100, 100, 0, 100]);
	});
});

describe('a loop that reserves a batch in parts', () => {
	it('counts every part of one execution', async () => {
		expect(await reserve(40)).toEqual([40, 0, 0, 40]);
		expect(await reserve(40)).toEqual([40, 0, 0, 80]);
		expect(await reserve(20)).toEqual([20, 0, 0, 100]);
	});

	it('delivered again counts from the part on that was not reached before, also the third time', async () => {
		await reserve(40);
		await reserve(40);
		expect(await reserve(40, { execution: '2' })).toEqual([40, 40, 0, 80]);
		expect(await reserve(30, { execution: '3' })).toEqual([30, 30, 0, 80]);
		expect(await reserve(60, { execution: '3' })).toEqual([60, 50, 0, 90]);
		expect(await reserve(10, { execution: '3' })).toEqual([10, 0, 0, 100]);
	});
});

describe('several triggers', () => {
	it('are kept apart', async () => {
		await reserve(10, { key: 'a1' });
		expect(await reserve(10, { key: 'b2', execution: '2' })).toEqual([10, 0, 0, 20]);
		expect(await reserve(10, { key: 'a1', execution: '3' })).toEqual([10, 10, 0, 20]);
		expect(await reserve(10, { key: 'b2', execution: '4' })).toEqual([10, 10, 0, 20]);
	});

	it('may be more than a row remembers: whoever was quiet longest is counted again', async () => {
		const key = (trigger: number): string => `t${trigger}`;
		for (let trigger = 0; trigger <= REMEMBERED_DELIVERIES; trigger++) await reserve(1, { key: key(trigger) });
		const used = REMEMBERED_DELIVERIES + 1;
		expect(await reserve(1, { key: key(1), execution: '2' })).toEqual([1, 1, 0, used]);
		expect(await reserve(1, { key: key(0), execution: '2' })).toEqual([1, 0, 0, used + 1]);
		expect(readDeliveries(cell()).deliveries).toHaveLength(REMEMBERED_DELIVERIES);
	});

	it('and reservations without a batch, which are counted always, leave them alone', async () => {
		await reserve(10);
		const before = cell();
		await reserveTasks(ledger, SETTINGS, { tasks: 5 }, { clock, nonce });
		expect(cell()).toBe(before);
		expect(await reserve(10, { execution: '2' })).toEqual([10, 10, 0, 15]);
	});
});

describe('rows that are merged', () => {
	const twoRows = (first: string, second: string): void => {
		Object.assign(ledger.rows[0]!, { used: 10, deliveries: first });
		ledger.put({ used: 20, nonce: 'rival', deliveries: second });
	};

	it.each([
		['of one execution add up', 'a1/7/1/0/10', 'a1/7/1/0/20', 30],
		['of two executions add up', 'a1/7/1/0/10', 'a1/7/2/5/15', 30],
		['keep the later batch', 'a1/6/1/0/10', 'a1/7/1/0/20', 20],
		['keep the later batch also when it is the live row that has it', 'a1/7/1/0/10', 'a1/6/1/0/20', 10],
		['keep what only one of them knows', 'b2/9/1/0/10', 'a1/7/1/0/20', 20],
	])('%s', async (_what, first, second, already) => {
		twoRows(first, second);
		expect(await reserve(50, { sequence: 7, execution: '3' })).toEqual([50, already, 0, 80 - already]);
		expect(await reserve(50, { sequence: 7, execution: '4' })).toEqual([50, 50, 0, 80 - already]);
	});

	it('as a copy made by hand count nothing twice', async () => {
		await reserve(10);
		ledger.rows.push({ ...ledger.rows[0]!, id: 99 });
		expect(await reserve(30, { execution: '2' })).toEqual([30, 10, 0, 30]);
		expect(ledger.rows[1]).toMatchObject({ used: 0, deliveries: '' });
	});
});

describe('the cell', () => {
	const ENTRY: CountedDelivery = { key: 'a1', sequence: 7, execution: '12', before: 3, done: 4 };

	it('reads what it writes', () => {
		expect(deliveriesText([ENTRY, { ...ENTRY, key: 'b2' }])).toBe('a1/7/12/3/4 b2/7/12/3/4');
		expect(readDeliveries('a1/7/12/3/4 b2/7/12/3/4')).toEqual({
			deliveries: [ENTRY, { ...ENTRY, key: 'b2' }],
			strange: false,
		});
	});

	it.each([null, undefined, '', '  \n'])('%p is empty', (empty) => {
		expect(readDeliveries(empty)).toEqual({ deliveries: [], strange: false });
	});

	it.each([
		'hello',
		'a1/7/12/3',
		'a1/7/12/3/-4',
		'a1/7/12/3/1e9',
		'a1/7/12/3/4/5',
		'a1/7/12/3/9999999999999999',
		7,
		{},
	])('%p is dropped and told', (text) => expect(readDeliveries(text)).toEqual({ deliveries: [], strange: true }));

	it('keeps the first of two entries of one trigger, and what can be read beside what cannot', () => {
		const { deliveries, strange } = readDeliveries('a1/7/12/3/4 ? a1/6/11/0/9');
		expect([deliveries, strange]).toEqual([[ENTRY], true]);
	});

	it('edited by hand: goes on with a warning', async () => {
		await reserve(100);
		ledger.rows[0]!.deliveries = `please ignore ${String(cell())}`;
		const request = { tasks: 100, delivery: { key: 'a1', sequence: 1, execution: '2' } };
		const result = await reserveTasks(ledger, SETTINGS, request, { clock, nonce });
		expect(result).toMatchObject({ value: { already: 100, usage: { used: 100 } } });
		expect(result).toMatchObject({
			value: { warnings: [expect.stringMatching(/^Row 1 .*'deliveries' was changed by hand/)] },
		});
		expect(cell()).toBe('a1/1/2/0/100');
	});

	it('of a foreign form of ids holds them as words', async () => {
		const odd = { key: 'w/1 n', execution: 'e 1/2' };
		await reserve(10, odd);
		expect(await reserve(10, odd)).toEqual([10, 0, 0, 20]);
		expect(await reserve(10, { ...odd, execution: 'e3' })).toEqual([10, 10, 0, 20]);
		expect(cell()).toBe('w_1_n/1/e3/10/10');
	});

	it.each([{ execution: '' }, { key: '' }, { sequence: -1 }, { sequence: 1.5 }, { sequence: Number.NaN }])(
		'does not hold %p, which is counted always',
		async (odd) => {
			await reserve(10, odd);
			expect(await reserve(10, { execution: '2', ...odd })).toEqual([10, 0, 0, 20]);
			expect(cell()).toBe('');
		},
	);
});
