import fc from 'fast-check';
import { reserveTasks } from '../../../core/quota/reserveTasks';
import type { QuotaSettings } from '../../../core/quota/ledger';
import type { Reservation } from '../../../core/quota/reserveTasks';
import type { QuotaMode } from '../../../core/quota/reserve';
import { propertyRuns } from '../../support/propertyRuns';
import { TimelineClock } from '../../support/manualClock';
import type { Fate, MemoryLedger as Ledger } from './memoryLedger';
import { counter, MemoryLedger, SETTINGS } from './memoryLedger';

/** One process: it has its own queue of reservations, so only the ledger itself keeps several of them apart. */
interface Client {
	readonly batches: readonly number[];
}

interface Play {
	readonly clients: readonly Client[];
	readonly mode: QuotaMode;
	readonly limit: number;
	/** What happens to calls, in turn, over and over. */
	readonly fates: readonly Fate[];
	/** How long each call takes, in turn, over and over. */
	readonly delays: readonly number[];
	/** Rows of the period that are there before, as made at the same moment by several runs. */
	readonly rowsBefore: number;
}

const plays = (fates: readonly Fate[]): fc.Arbitrary<Play> =>
	fc.record({
		clients: fc.array(
			fc.record({ batches: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }) }),
			{
				minLength: 2,
				maxLength: 8,
			},
		),
		mode: fc.constantFrom<QuotaMode>('strict', 'finishBatch'),
		limit: fc.integer({ min: 0, max: 400 }),
		fates: fc
			.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 60 })
			.map((list) => [...list, 'well' as const]),
		delays: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 40 }),
		rowsBefore: fc.integer({ min: 0, max: 3 }),
	});

interface Played {
	readonly ledger: Ledger;
	readonly reservations: readonly Reservation[];
	/** Tasks of reservations that failed. */
	readonly failed: number;
	readonly settings: QuotaSettings;
}

async function play({ clients, mode, limit, fates, delays, rowsBefore }: Play): Promise<Played> {
	const clock = new TimelineClock(Date.UTC(2026, 10, 22));
	const ledger = new MemoryLedger(() => clock.now());
	for (let row = 0; row < rowsBefore; row++) ledger.put({ nonce: `before${row}` });
	let turn = 0;
	ledger.fate = () => fates[turn % fates.length] ?? 'well';
	ledger.pause = async () => {
		turn += 1;
		await clock.sleep(delays[turn % delays.length] ?? 0);
		if (turn % 7 === 0) ledger.deliverLate();
	};
	let random = 0;
	const settings: QuotaSettings = { ...SETTINGS, mode, limit };
	const reservations: Reservation[] = [];
	let failed = 0;
	const work = clients.map(async ({ batches }, index) => {
		// Another key, as in another process: no queue keeps the clients apart.
		const view = Object.create(ledger, { key: { value: `process ${index}` } }) as Ledger;
		const nonce = counter(`c${index}-`);
		for (const wanted of batches) {
			const tools = { clock, nonce, random: () => (random = (random + 0.37) % 1) };
			const result = await reserveTasks(view, settings, { tasks: wanted }, tools);
			if (result.kind === 'ok') reservations.push(result.value);
			else failed += wanted;
			if (result.kind === 'ok') expect(result.value.granted + result.value.over).toBe(wanted);
		}
	});
	await clock.play(Promise.all(work));
	ledger.deliverLate();
	return { ledger, reservations, failed, settings };
}

/** What the rows of the period hold together: closed rows count until the open one has taken them over. */
function totalOf(ledger: Ledger): number {
	const open = ledger.rows.filter(({ nonce }) => !String(nonce).startsWith('='));
	const absorbed = new Set(open.flatMap(({ nonce }) => String(nonce).match(/\+\d+/g) ?? []));
	return ledger.rows
		.filter(({ id, nonce }) => !String(nonce).startsWith('=') || !absorbed.has(`+${id}`))
		.reduce((sum, { used }) => sum + Number(used), 0);
}

const grantedIn = (reservations: readonly Reservation[]): number =>
	reservations.reduce((sum, { granted }) => sum + granted, 0);

function expectRules({ ledger, reservations, failed, settings }: Played, largest: number): void {
	const total = totalOf(ledger);
	const { mode, limit } = settings;
	if (mode === 'strict') expect(total).toBeLessThanOrEqual(limit);
	else expect(total).toBeLessThan(Math.max(1, limit) + largest);
	const granted = grantedIn(reservations);
	// What was counted without being let through belongs to runs that failed, which will come again.
	expect(total).toBeGreaterThanOrEqual(granted);
	expect(total).toBeLessThanOrEqual(granted + failed);
	const alerts = reservations.flatMap((one) => one.alerts.map((alert) => JSON.stringify(alert)));
	expect(alerts).toHaveLength(new Set(alerts).size);
	// Nobody is told twice, and nobody is held back while there was room.
	const held = reservations.some(({ over }) => over > 0);
	if (held && failed === 0) expect(total).toBeGreaterThanOrEqual(limit);
	if (failed > 0 || limit === 0) return;
	const told = new Set(
		reservations.flatMap((one) => one.alerts.map((alert) => ('threshold' in alert ? alert.threshold : 0))),
	);
	expect([...told].sort((a, b) => a - b)).toEqual(
		settings.thresholds.filter((threshold) => total * 100 >= threshold * limit),
	);
}

describe('many processes that reserve at random moments', () => {
	it('HB-17, SB-13: every task is counted exactly once, strict is never over, finish-the-batch by at most one batch, each alert once', async () => {
		const runs = propertyRuns('quota ledger', 200);
		await fc.assert(
			fc.asyncProperty(plays(['well']), async (history) => {
				const played = await play(history);
				expect(played.failed).toBe(0);
				expect(totalOf(played.ledger)).toBe(grantedIn(played.reservations));
				expectRules(played, Math.max(...history.clients.flatMap(({ batches }) => batches)));
				runs.count();
			}),
			runs.parameters,
		);
	}, 600_000);

	it('also with calls that fail, answers that are lost and writes that come late', async () => {
		const runs = propertyRuns('quota ledger with faults', 300);
		await fc.assert(
			fc.asyncProperty(plays(['well', 'well', 'well', 'refused before', 'answer lost', 'late']), async (history) => {
				const played = await play(history);
				expectRules(played, Math.max(...history.clients.flatMap(({ batches }) => batches)));
				// A reservation that succeeded is counted, also where its answer was lost.
				if (played.failed === 0) expect(totalOf(played.ledger)).toBe(grantedIn(played.reservations));
				runs.count();
			}),
			runs.parameters,
		);
	}, 600_000);
});
