import { Pair } from '../support/pipeline/pair/pair';
import type { PairStep } from '../support/pipeline/pair/pairHistory';
import { faultsOf, PairWorld } from '../support/pipeline/pair/pairHistory';
import { readFileSync } from 'node:fs';
const cases = JSON.parse(readFileSync('/root/work/cases.json', 'utf8')) as Array<[PairStep[], 'emailOnly' | 'hold']>;
it.each(cases)('case %#', async (steps, newContacts) => {
	const pair = await Pair.start({ newContacts });
	const world = new PairWorld(pair);
	await world.play(steps);
	for (const { results } of pair.reports) for (const { outcome, warnings } of results) console.log(JSON.stringify([outcome.status, outcome.code, outcome.changes, warnings.map((w) => w.code)]));
	expect(faultsOf(world)).toEqual([]);
	await pair.close();
}, 60_000);
