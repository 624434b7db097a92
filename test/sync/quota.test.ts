import type { QuotaSettings } from '../../core/quota/ledger';
import type { Happening } from '../support/pipeline/world';
import { keyOf, World } from '../support/pipeline/world';
import { differences } from '../support/pipeline/oracle';
import { Pipeline } from '../support/pipeline/pipeline';
import { DAILY, QuotaOfPipeline } from '../support/pipeline/quotaOfPipeline';
import { Witness } from '../support/pipeline/witness';

let pipeline: Pipeline;
beforeAll(async () => (pipeline = await Pipeline.start()));
afterAll(async () => await pipeline.close());

describe('the whole sync with a quota that is used up', () => {
	let world: World;
	let witness: Witness;
	let quota: QuotaOfPipeline;

	function begin(people: number, settings: Partial<QuotaSettings> = {}): void {
		pipeline.reset();
		world = new World(pipeline);
		witness = new Witness(pipeline, world);
		quota = new QuotaOfPipeline(pipeline, { ...DAILY, ...settings });
		for (let n = 0; n < people; n++) world.add();
	}
	afterEach(() => {
		quota.look();
		witness.look();
		expect([...witness.violations, ...quota.violations, ...differences(pipeline, witness)]).toEqual([]);
	});
	const happen = (what: Happening['do'], who: number): void => void world.happen({ do: what, who, other: who });
	/** Keys of whom a number of polls let through. */
	async function passing(polls: () => Promise<unknown>): Promise<string[]> {
		quota.passed.splice(0);
		await polls();
		return quota.passed.map(({ key }) => key).sort();
	}
	const paused = async () => {
		const writes = pipeline.brevo.store.writes.length;
		expect(await pipeline.poll()).toMatchObject([{ delivered: 0, failure: { code: 'QUOTA_USED_UP' } }]);
		expect(pipeline.brevo.store.writes).toHaveLength(writes);
	};
	const keys = (people: readonly number[]): string[] =>
		[...new Set(people)].map((who) => keyOf(pipeline, world.people[who] ?? 0)).sort();

	it.each<[string, () => void]>([
		['HB-19, SB-15: after midnight', () => quota.passMidnight()],
		['HB-20, SB-16: after the limit was raised', () => quota.raise(100)],
	])('%s everything that changed during the stop arrives, as it is by then, once', async (_name, goOn) => {
		begin(40);
		await pipeline.settle();
		for (let who = 0; who < 20; who++) happen('rename', who);
		expect(await passing(async () => await pipeline.poll())).toHaveLength(20);
		expect(quota.used).toBe(60);
		for (const what of ['rename', 'revalue', 'email'] as const) {
			for (let who = 5; who < 25; who++) happen(what, who);
			await paused();
		}
		happen('optOut', 30);
		happen('leave', 31);
		happen('view', 32);
		await paused();
		goOn();
		const expected = keys([...Array.from({ length: 20 }, (_, index) => index + 5), 30, 31]);
		expect(await passing(async () => await pipeline.settle())).toEqual(expected);
	});

	it('HB-19, SB-15: a batch that was let through in part is delivered again whole, and what was counted is not counted again', async () => {
		begin(60, { mode: 'strict' });
		await pipeline.poll();
		expect(quota.used).toBe(50);
		await paused();
		for (const who of [0, 1, 55]) happen('rename', who);
		happen('create', 0);
		await paused();
		quota.raise(50);
		expect(await passing(async () => await pipeline.poll())).toHaveLength(60);
		await pipeline.settle();
		// 60 for the first delivery, and those which changed after it.
		expect(quota.used).toBeGreaterThanOrEqual(60);
		expect(quota.used).toBeLessThanOrEqual(64);
	});
});
