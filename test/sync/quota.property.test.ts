import fc from 'fast-check';
import type { QuotaSettings } from '../../core/quota/ledger';
import type { History, Step } from '../support/pipeline/history';
import { CALM, histories, playSteps, prepare } from '../support/pipeline/history';
import { differences } from '../support/pipeline/oracle';
import { Pipeline } from '../support/pipeline/pipeline';
import { DAILY, QuotaOfPipeline } from '../support/pipeline/quotaOfPipeline';
import type { Happening } from '../support/pipeline/world';
import { propertyRuns } from '../support/propertyRuns';

let pipeline: Pipeline;
beforeAll(async () => (pipeline = await Pipeline.start()));
afterAll(async () => await pipeline.close());

const UNLIMITED = 1_000_000;

/** What happens to the quota between two polls. */
interface QuotaStep {
	readonly do: 'raise' | 'midnight' | 'trouble' | 'unlimited';
	readonly at: number;
}

interface QuotaHistory {
	readonly history: History;
	readonly mode: QuotaSettings['mode'];
	readonly limit: number;
	readonly quotaSteps: readonly QuotaStep[];
}

const quotaHistories: fc.Arbitrary<QuotaHistory> = fc.record({
	history: histories(CALM),
	mode: fc.constantFrom('finishBatch', 'strict'),
	limit: fc.integer({ min: 0, max: 15 }),
	quotaSteps: fc.array(
		fc.record({ do: fc.constantFrom('raise' as const, 'midnight' as const, 'trouble' as const), at: fc.nat(21) }),
		{ maxLength: 6 },
	),
});

/** Plays a history with a quota; in the end there are tasks for all. */
async function play({ history, mode, limit, quotaSteps }: QuotaHistory): Promise<readonly string[]> {
	const { world, witness } = prepare(pipeline, history);
	const quota = new QuotaOfPipeline(pipeline, { ...DAILY, mode, limit });
	const steps: Step<Happening | QuotaStep>[] = [...history.steps];
	for (const step of quotaSteps) steps.splice(step.at % (steps.length + 1), 0, step);
	const happen = (step: Happening | QuotaStep): void => {
		switch (step.do) {
			case 'raise':
				return quota.raise(5);
			case 'unlimited':
				return quota.raise(UNLIMITED);
			case 'midnight':
				return quota.passMidnight();
			case 'trouble':
				return quota.trouble();
			default:
				world.happen(step);
		}
	};
	steps.push({ do: 'unlimited', at: 0 });
	await playSteps({ pipeline, source: pipeline.hubspot, happen, witness }, steps);
	quota.look();
	return [...new Set([...witness.violations, ...quota.violations, ...differences(pipeline, witness)])];
}

describe('random histories with a quota, through kills, faults, stops and midnights', () => {
	it('HB-19, HB-20, SB-15, SB-16: nothing is lost by a stop, a pause costs HubSpot no call, and strict is never over', async () => {
		const runs = propertyRuns('quota', 30);
		await fc.assert(
			fc.asyncProperty(quotaHistories, async (history) => {
				expect(await play(history)).toEqual([]);
				runs.count();
			}),
			runs.parameters,
		);
	}, 3_600_000);
});
