import fc from 'fast-check';
import type { PlanSettings } from '../../../../core/upsert/plan/planContact';
import type { Step } from '../history';
import {
	broken,
	furtherSteps,
	introduce,
	kindsOfHistory,
	playSteps,
	pollSteps,
	stepsOfHistory,
	upserts,
} from '../history';
import type { BrevoSetUp } from '../brevo/setUp';
import { brevoSetUps, PLAIN_BREVO } from '../brevo/setUp';
import { salesforceDifferences } from './oracle';
import type { SalesforcePipeline, SalesforceSetUp } from './pipeline';
import type { SalesforceHappening, SalesforceHappeningKind } from './world';
import { FURTHER_SALESFORCE_HAPPENINGS, SALESFORCE_HAPPENINGS, SalesforceWorld } from './world';
import { Witness } from '../witness';

const HOUR_MS = 3_600_000;
const CALLS = ['*', 'GET /services/data/v66.0/query', 'GET /services/data/v66.0/queryAll', 'GET /services/data/v66.0/query/*', 'POST /services/data/v66.0/composite', 'GET /services/data/v66.0/sobjects/*']; // prettier-ignore

export interface SalesforceHistory {
	readonly setUp: SalesforceSetUp;
	/** People of each followed object. */
	readonly people: number;
	/** Who of them Brevo knows already. */
	readonly known: readonly ('plain' | 'blocked' | 'no')[];
	readonly brevo: BrevoSetUp;
	/** What of Contact List Upsert is not set as usual. */
	readonly upsert?: Partial<PlanSettings>;
	readonly steps: readonly Step<SalesforceHappening>[];
}

const setUp: fc.Arbitrary<SalesforceSetUp> = fc.record({
	objects: fc.constantFrom(['Contact'] as const, ['Lead'] as const, ['Contact', 'Lead'] as const, ['Lead', 'Contact'] as const), // prettier-ignore
	oneList: fc.boolean(),
	scope: fc.constantFrom('object' as const, 'object' as const, 'listView' as const, 'campaign' as const, 'conditions' as const), // prettier-ignore
	convertedLeads: fc.constantFrom('remove' as const, 'remove' as const, 'keep' as const),
	batchSize: fc.constantFrom(1_000, 1_000, 3),
	settings: fc.record({
		maxPageSize: fc.constantFrom(2_000, 3),
		pages: fc.constantFrom('full' as const, 'varying' as const),
		locatorRows: fc.constantFrom('snapshot' as const, 'live' as const),
		deleteMovesStamp: fc.constantFrom(true, true, false),
		subqueriesSeeDeleted: fc.boolean(),
		clockSkewMs: fc.constantFrom(0, HOUR_MS, -HOUR_MS),
	}),
});

/** What histories vary. */
export interface SalesforceRange {
	readonly kinds: readonly SalesforceHappeningKind[];
	readonly brevo: fc.Arbitrary<BrevoSetUp>;
	/** Whether two processes run the batches, and people are at work in Brevo, Salesforce and n8n meanwhile. */
	readonly isBusy: boolean;
}

/** A Brevo as it is by default: writes of a few members go singly. */
export const CALM: SalesforceRange = { kinds: SALESFORCE_HAPPENINGS, brevo: fc.constant(PLAIN_BREVO), isBusy: false };

/** Everything that was thought of. */
export const WIDE: SalesforceRange = {
	kinds: [...SALESFORCE_HAPPENINGS, ...FURTHER_SALESFORCE_HAPPENINGS],
	brevo: brevoSetUps,
	isBusy: true,
};

/** Histories of a few people, who meet all the time. */
export function salesforceHistories({ kinds, brevo, isBusy }: SalesforceRange): fc.Arbitrary<SalesforceHistory> {
	return kindsOfHistory(kinds, isBusy).chain((some) => {
		const often = some.filter((kind) => kind.startsWith('convert') || kind === 'merge');
		const happening: fc.Arbitrary<SalesforceHappening> = fc.record({
			do: fc.constantFrom(...some, ...often),
			who: fc.nat(40),
			other: fc.nat(40),
		});
		const step: fc.Arbitrary<Step<SalesforceHappening>> = fc.oneof(
			{ weight: 5, arbitrary: happening },
			{ weight: 3, arbitrary: pollSteps(CALLS) },
			...(isBusy ? [{ weight: 1, arbitrary: furtherSteps(happening) }] : []),
		);
		return fc.record({
			setUp,
			people: fc.integer({ min: 2, max: 8 }),
			known: fc.array(fc.constantFrom('plain' as const, 'blocked' as const, 'no' as const), { maxLength: 4 }),
			brevo,
			...(isBusy ? { upsert: upserts } : {}),
			steps: stepsOfHistory(step, isBusy),
		});
	});
}

/** Plays a history; a line for each promise that was broken. */
export async function playSalesforce(pipeline: SalesforcePipeline, history: SalesforceHistory): Promise<string[]> {
	const { people, known, steps } = history;
	pipeline.begins(history.setUp);
	pipeline.setUpBrevo(history.brevo);
	pipeline.upsert = history.upsert ?? {};
	const world = new SalesforceWorld(pipeline);
	const witness = new Witness(pipeline, world);
	for (const object of pipeline.setUp.objects) for (let n = 0; n < people; n++) world.add(object, n % 4 < 3);
	known.forEach((kind, index) => introduce(pipeline, `p${index + 1}@x.example`, kind));
	const happen = (happening: SalesforceHappening): void => world.happen(happening);
	await playSteps({ pipeline, source: pipeline.salesforce, happen, witness }, steps);
	return broken(history, [...witness.violations, ...salesforceDifferences(pipeline, world, witness)]);
}
