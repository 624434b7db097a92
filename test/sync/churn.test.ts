import { TECHNICAL_LIST } from '../../clients/brevo/destination/imports/technicalList';
import { seededRandom } from '../../sandbox/people';
import { differences } from '../support/pipeline/oracle';
import { Pipeline } from '../support/pipeline/pipeline';
import { RealChanges } from '../support/pipeline/realChanges';
import { sizeOf } from '../support/sizes';
import { Witness } from '../support/pipeline/witness';
import type { HappeningKind } from '../support/pipeline/world';
import { HUBSPOT_LIST, World } from '../support/pipeline/world';

const MEMBERS = sizeOf(2_000, 20_000);
const POLLS = sizeOf(40, 200);
/** Members renamed at once, and members that leave at once. */
const RENAMED = 0.075 * MEMBERS;
const LEAVING = 0.025 * MEMBERS;
/** Most things that happen between two polls; CHURN_EVENTS asks for a busier list, which takes its time. */
const EVENTS = Number(process.env.CHURN_EVENTS ?? 9);
/** Contact writes in Brevo for each real change, at most. */
const WRITES_PER_CHANGE = 1.05;
/** What imports drop is learnt from the first batch, whose yes/no values are written once more: much of a short list, little of a long one. */
const LEARNING = sizeOf(1_000, 0);

/** How often each thing happens, compared with the others. */
const WEIGHTS: Readonly<Partial<Record<HappeningKind, number>>> = {
	rename: 8,
	revalue: 8,
	empty: 2,
	phone: 3,
	badPhone: 1,
	sharedPhone: 1,
	email: 5,
	badEmail: 1,
	noEmail: 1,
	swap: 2,
	takeOver: 1,
	view: 8,
	create: 5,
	join: 5,
	leave: 5,
	leaveAndJoin: 2,
	delete: 2,
	restore: 1,
	merge: 2,
	optOut: 2,
	optIn: 1,
	unsubscribe: 2,
	leaveBrevoList: 1,
};
const DECK = Object.entries(WEIGHTS).flatMap(([kind, weight]) =>
	Array<HappeningKind>(weight).fill(kind as HappeningKind),
);

/** A history is the same for the same seed: CHURN_SEED repeats one. */
const SEED = Number(process.env.CHURN_SEED ?? 20_261_122);

describe(`a list of ${MEMBERS} over ${POLLS} polls`, () => {
	it('HB-08, promises 1 to 3: Brevo ends as HubSpot says, with at most 1.05 writes for each real change', async () => {
		const random = seededRandom(SEED);
		const below = (limit: number): number => Math.floor(random() * limit);
		const chance = (share: number): boolean => random() < share;
		const pipeline = await Pipeline.start({ members: MEMBERS, extraContacts: MEMBERS / 10 });
		try {
			const { hubspot, brevo } = pipeline;
			const world = new World(pipeline);
			const witness = new Witness(pipeline, world);
			const changes = new RealChanges(pipeline, world);
			const touched = new Set<number>(world.people);
			const members = (): number[] => [...hubspot.store.list(HUBSPOT_LIST).members.ids()];
			const bulk = (ids: readonly number[], values: Record<string, string>): void => {
				hubspot.store.bulkChange(ids, values);
				for (const id of ids) touched.add(id);
			};
			for (let polls = 0; polls < POLLS; polls++) {
				// The first sync comes first; then a day in the life of the list between any two polls.
				for (let events = polls === 0 ? 0 : Math.ceil(EVENTS / 3) + below(EVENTS); events > 0; events--) {
					const kind = DECK[below(DECK.length)] as HappeningKind;
					for (const id of world.happen({ do: kind, who: below(1e6), other: below(1e6) })) touched.add(id);
				}
				if (polls === 0.3 * POLLS) bulk(members().slice(0, RENAMED), { lastname: 'Renamed in bulk' });
				if (polls === 0.6 * POLLS && EVENTS > 9) bulk(members().slice(-0.6 * MEMBERS), { loyalty_points: '4711' });
				if (polls === 0.75 * POLLS) {
					const leaving = members().slice(100, 100 + LEAVING);
					hubspot.store.removeFromList(HUBSPOT_LIST, leaving);
					for (const id of leaving) touched.add(id);
				}
				if (chance(0.03)) world.happen({ do: 'expireCursors', who: 0, other: 0 });
				if (chance(0.03)) world.happen({ do: 'editFilters', who: 0, other: 0 });
				changes.note(touched);
				touched.clear();
				if (chance(0.15)) hubspot.faults.next('*', { status: chance(0.5) ? 500 : 429, times: 1 + below(5) });
				if (chance(0.1)) brevo.faults.next('*', { status: 503, times: 1 + below(5) });
				if (chance(0.1)) brevo.faults.next('*', { kind: chance(0.5) ? 'afterWork' : 'cutOff', times: 1 + below(3) });
				if (chance(0.03)) hubspot.faults.next('*', { kind: 'reset', times: 1 + below(3) });
				await pipeline.poll({
					afterMs: 30_000,
					...(chance(0.04) ? { killAfter: 1 + below(40) } : {}),
					...(chance(0.05) ? { runFails: true } : {}),
				});
				hubspot.faults.clear();
				brevo.faults.clear();
			}
			await pipeline.settle();
			witness.look();
			witness.lookAtMerges();
			// Taking contacts off the technical list changes nothing that anybody sees.
			const technical = [...brevo.store.lists.values()].find(({ name }) => name === TECHNICAL_LIST)?.id;
			const ofOurs = brevo.store.writes.filter(({ via }) => via !== 'control');
			const writes = ofOurs.filter(({ changedFields }) => changedFields.join() !== `-list:${technical}`).length;
			tell({ seed: SEED, realChanges: changes.count, writes, ratio: writes / changes.count, callsToHubSpot: hubspot.requests.total, callsToBrevo: brevo.requests.total, stateBytes: pipeline.follower.stateBytes, outcomes: witness.outcomes }); // prettier-ignore
			expect({ seed: SEED, wrong: [...witness.violations, ...differences(pipeline, witness)].slice(0, 20) }).toEqual({
				seed: SEED,
				wrong: [],
			});
			expect(writes - LEARNING).toBeLessThanOrEqual(WRITES_PER_CHANGE * changes.count);
			expect(changes.count).toBeGreaterThan(MEMBERS + RENAMED + 0.5 * POLLS * EVENTS);
		} finally {
			await pipeline.close();
		}
	}, 600_000);
});

/** The numbers of a run, with SHOW_NUMBERS set. */
function tell(numbers: object): void {
	if (process.env.SHOW_NUMBERS) process.stderr.write(`${JSON.stringify(numbers)}\n`);
}
