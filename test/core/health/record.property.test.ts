import fc from 'fast-check';
import { isEqual, uniqWith } from 'lodash';
import type { HealthBatch } from '../../../core/health/healthState';
import { ProcessMemory } from '../../../core/health/processMemory';
import { recordBatch } from '../../../core/health/recordBatch';
import type { Statement, TroubleKind } from '../../../core/health/statement';
import { readStateText } from '../../../core/health/stateCell';
import { entryOf } from '../../../core/health/troubleRows';
import type { ReasonCode } from '../../../core/outcome';
import { TimelineClock } from '../../support/manualClock';
import { propertyRuns } from '../../support/propertyRuns';
import { sizeOf } from '../../support/sizes';
import type { Fate } from './memoryBook';
import { Killed, MemoryBook, MemoryTables } from './memoryBook';

const SYNC = 'Newsletter';
const CONTACTS = 12;

/** What a batch says of a contact: a reason, in sync, or merged into the contact after it. */
type Says = 'inSync' | 'merged' | { readonly kind: TroubleKind; readonly code: ReasonCode };

interface Batch {
	/** By the number of the contact. */
	readonly says: ReadonlyMap<number, Says>;
	readonly members: number | undefined;
	readonly isNextDay: boolean;
}

/** One batch, in a process of its own; two that are recorded at the same moment; or one whose process is killed, and that comes again. */
type Step =
	| { readonly kind: 'one'; readonly process: number; readonly batch: Batch; readonly fates: readonly Fate[] }
	| { readonly kind: 'two'; readonly batches: readonly [Batch, Batch]; readonly delays: readonly number[] }
	| {
			readonly kind: 'killed';
			readonly process: number;
			readonly batch: Batch;
			readonly fates: readonly Fate[];
			readonly after: number;
	  };

const troubles: fc.Arbitrary<Says> = fc.constantFrom<Says>(
	{ kind: 'excluded', code: 'NO_IDENTIFIER' },
	{ kind: 'excluded', code: 'PHONE_INVALID' },
	{ kind: 'failing', code: 'DESTINATION_REFUSED' },
	{ kind: 'waiting', code: 'QUOTA_USED_UP' },
);

const batches: fc.Arbitrary<Batch> = fc.record({
	says: fc
		.array(fc.tuple(fc.nat(CONTACTS - 1), fc.oneof(troubles, fc.constantFrom<Says>('inSync', 'merged'))), {
			maxLength: 8,
		})
		.map((pairs) => new Map(pairs)),
	members: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined, freq: 3 }),
	isNextDay: fc.boolean(),
});

/** At most two answers are lost, so that a recording comes through. */
const fates = fc
	.tuple(fc.nat(4), fc.nat(4), fc.constantFrom<Fate>('refused before', 'answer lost'))
	.map(([first, second, fate]) =>
		Array.from({ length: 5 }, (_, at): Fate => (at === first || at === second ? fate : 'well')),
	);

const steps: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ kind: fc.constant('one'), process: fc.nat(2), batch: batches, fates }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('two'),
			batches: fc.tuple(batches, batches),
			delays: fc.array(fc.nat(50), { minLength: 1, maxLength: 12 }),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('killed'),
			process: fc.nat(2),
			batch: batches,
			fates: fc
				.tuple(fc.nat(4), fc.constantFrom<Fate>('dies before', 'dies after'))
				.map(([calls, end]): Fate[] => [...Array.from({ length: calls }, (): Fate => 'well'), end]),
			after: fc.nat(2),
		}),
	},
);

const keyOf = (number: number): string => `hubspot:1:contact:${number % CONTACTS}`;

const statementsOf = ({ says }: Batch): Statement[] =>
	[...says].map(([number, what]): Statement => {
		if (what === 'merged') return { key: keyOf(number + 1), mergedFrom: [keyOf(number)], writes: 1 };
		return { key: keyOf(number), ...(what === 'inSync' ? {} : { trouble: what }), mergedFrom: [], writes: 0 };
	});

/** What has to be known of each contact, worked out without the code under test. */
class Oracle {
	constructor(
		readonly known: ReadonlyMap<string, string> = new Map(),
		readonly members: number | undefined = undefined,
	) {}

	after({ says, members }: Batch): Oracle {
		const known = new Map(this.known);
		for (const [number, what] of says) {
			if (what === 'merged') {
				known.delete(keyOf(number));
				known.delete(keyOf(number + 1));
			} else if (what === 'inSync') known.delete(keyOf(number));
			else known.set(keyOf(number), `${what.kind} ${what.code}`);
		}
		return new Oracle(known, members ?? this.members);
	}

	/** As the row of the sync has it. */
	get told(): unknown {
		const count = (kind: TroubleKind): number => [...this.known.values()].filter((one) => one.startsWith(kind)).length;
		return {
			...(this.members === undefined ? {} : { inSync: Math.max(0, this.members - this.known.size) }),
			excluded: count('excluded'),
			failing: count('failing'),
			waiting: count('waiting'),
			contacts: [...this.known].sort(),
		};
	}
}

/** What the tables tell. */
function toldBy({ heads }: MemoryTables): unknown {
	const [head] = heads;
	const state = readStateText(head?.state)?.state;
	if (!head || !state || heads.length > 1) return `${heads.length} rows of the sync`;
	const { inSync, excluded, failing, waiting } = head.counts;
	return {
		...(inSync === undefined ? {} : { inSync }),
		...{ excluded, failing, waiting },
		contacts: [...state.troubles].map(([key, { kind, code }]) => [key, `${kind} ${code}`]).sort(),
	};
}

/** The rows of contacts that there should be, and those that there are. */
function rowsOf({ heads, contacts }: MemoryTables): readonly [string[], string[]] {
	const state = readStateText(heads[0]?.state)?.state;
	const due = [...(state?.troubles ?? [])].map(([key, trouble]) => entryOf(SYNC, key, trouble));
	return [due.sort(), contacts.map(({ entry }) => entry).sort()];
}

/** Processes that record into the same tables. */
class Processes {
	readonly tables = new MemoryTables();
	readonly clock = new TimelineClock();
	readonly books: MemoryBook[] = [];
	private readonly memories: ProcessMemory[] = [];
	private day = 1;
	private nonces = 0;

	constructor() {
		for (let index = 0; index < 3; index++) this.restart(index);
	}

	restart(index: number): void {
		// A key of its own, as no queue keeps processes apart.
		const book: MemoryBook = Object.defineProperty(new MemoryBook(this.tables), 'key', { value: `process ${index}` });
		this.books[index] = book;
		this.memories[index] = new ProcessMemory();
	}

	async record(index: number, batch: Batch): Promise<unknown> {
		const book = this.books[index]!;
		const tools = {
			clock: this.clock,
			nonce: () => `n${++this.nonces}`,
			random: () => ((this.nonces * 7) % 10) / 10,
			markOf: (address: string) => `mark of ${address}`,
		};
		const now = this.clock.now();
		if (batch.isNextDay) this.day += 1;
		const day = `2026-11-${String(this.day).padStart(2, '0')}`;
		const { members } = batch;
		const told: HealthBatch = {
			...{ statements: statementsOf(batch), calls: 1, at: now, day },
			...(members === undefined ? {} : { members }),
		};
		return await recordBatch(this.memories[index]!, book, SYNC, told, tools, { details: false });
	}

	/** Runs what is under way to its end. */
	async play<T>(work: Promise<T>): Promise<T> {
		await this.clock.play(work.catch(() => undefined));
		return await work;
	}
}

const inTurn = <T>(list: readonly T[], other: T): (() => T) => {
	let turn = 0;
	return () => list[turn++] ?? other;
};

describe('Record, in random histories', () => {
	const runs = propertyRuns('sync health', sizeOf(200, 1_000));

	it('counts as an oracle does after every batch: lost answers, kills, batches that come again, two processes at once', async () => {
		const property = fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 14 }), async (history) => {
			const all = new Processes();
			// Of two batches at the same moment either may come first, and what was told does not always show which.
			let oracles = [new Oracle()];
			for (const step of history) {
				await all.clock.play(all.clock.sleep(1_000));
				if (step.kind === 'two') {
					const delay = inTurn(step.delays, 0);
					const books = [all.books[0]!, all.books[1]!];
					for (const book of books) book.pause = async () => await all.clock.sleep(delay());
					const [a, b] = step.batches;
					await all.play(Promise.all([all.record(0, a), all.record(1, b)]));
					for (const book of books) book.pause = async () => {};
					oracles = oracles.flatMap((before) => [before.after(a).after(b), before.after(b).after(a)]);
				} else {
					const book = all.books[step.process]!;
					book.fate = inTurn(step.fates, 'well');
					let process = step.process;
					const first = await all.play(all.record(process, step.batch)).catch((error: unknown) => error);
					if (first instanceof Killed) {
						all.restart(step.process);
						process = step.kind === 'killed' ? step.after : process;
						expect(await all.play(all.record(process, step.batch))).toMatchObject({ kind: 'ok' });
					} else {
						expect(first).toMatchObject({ kind: 'ok' });
						book.fate = () => 'well';
					}
					oracles = oracles.map((before) => before.after(step.batch));
				}
				const told = toldBy(all.tables);
				const right = oracles.filter((one) => isEqual(one.told, told));
				if (right.length === 0) expect(told).toEqual(oracles[0]?.told);
				oracles = uniqWith(right, isEqual);
			}
			// The rows that people see follow, at the latest with the first batch of the next process.
			all.restart(0);
			await all.play(all.record(0, { says: new Map(), members: undefined, isNextDay: false }));
			const [due, rows] = rowsOf(all.tables);
			expect(rows).toEqual(due);
			runs.count();
		});
		await fc.assert(property, runs.parameters);
	});

	it('costs at most two calls a batch in one process, and its rows are those of the contacts that are not in sync', async () => {
		const property = fc.asyncProperty(fc.array(batches, { minLength: 2, maxLength: 14 }), async (history) => {
			const all = new Processes();
			const book = all.books[0]!;
			for (const [index, batch] of history.entries()) {
				await all.clock.play(all.clock.sleep(1_000));
				book.calls.length = 0;
				// Once a day, and with the first batch of a process, all rows are compared.
				const isCompared = index === 0 || batch.isNextDay;
				await all.play(all.record(0, batch));
				if (!isCompared) expect(book.calls.length).toBeLessThanOrEqual(2);
				const [due, rows] = rowsOf(all.tables);
				expect(rows).toEqual(expect.arrayContaining(due));
			}
			// What had no room in its batch goes with the next ones.
			for (let more = 0; more < 2; more++) {
				const quiet = { says: new Map(), members: undefined, isNextDay: false };
				await all.play(all.record(0, quiet));
			}
			const [due, rows] = rowsOf(all.tables);
			expect(rows).toEqual(due);
			const days = new Set(all.tables.days.map(({ day }) => day));
			expect(days.size).toBe(all.tables.days.length);
		});
		await fc.assert(property, { ...runs.parameters, numRuns: Math.ceil(runs.parameters.numRuns / 2) });
	});
});
