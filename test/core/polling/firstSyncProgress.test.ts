import { firstSyncProgress } from '../../../core/polling/batches/firstSyncProgress';
import { PollRegister } from '../../../core/polling/pollRegister';
import type { TriggerMemory } from '../../../core/polling/pollRegister';
import { tellProgress } from '../../../core/upsert/tellProgress';

const MINUTE = 60_000;

describe('how far a first sync is', () => {
	let memory: TriggerMemory;
	beforeEach(() => (memory = new PollRegister().of('workflow node')));
	const batch = (members: number | undefined, now: number) =>
		firstSyncProgress(memory, { contacts: 1_000, members, expected: 10_000 }, now);
	const mark = (members: number, now: number) =>
		({ phase: 'firstSync', sequence: 1, members, ...batch(members, now) }) as const;

	it('tells of how many with the first batch, and when it ends from the second one on', () => {
		expect(batch(1_000, 0)).toEqual({ expected: 10_000 });
		// A thousand took a minute; nine thousand are left when the second batch is read.
		expect(batch(2_000, MINUTE)).toEqual({ expected: 10_000, endsAbout: new Date(10 * MINUTE).toISOString() });
	});

	it('measures its own process: what another one did before a restart has no time', () => {
		expect(batch(6_000, 0)).toEqual({ expected: 10_000 });
		expect(batch(7_000, MINUTE).endsAbout).toBe(new Date(5 * MINUTE).toISOString());
	});

	it('begins to measure anew when the sync begins again', () => {
		batch(9_000, 0);
		expect(batch(1_000, MINUTE)).toEqual({ expected: 10_000 });
		expect(batch(2_000, 2 * MINUTE).endsAbout).toBe(new Date(11 * MINUTE).toISOString());
	});

	it('says nothing where the source does not know how many there are, or what is followed', () => {
		expect(firstSyncProgress(memory, { contacts: 1_000, members: 1_000, expected: undefined }, 0)).toEqual({});
		expect(batch(undefined, 0)).toEqual({});
	});

	it('is a sentence for people, and none for the last batch', () => {
		expect(tellProgress(mark(1_000, 0), 0)).toBe('First sync: 1,000 of about 10,000 contacts are through');
		const later = mark(3_000, 3 * MINUTE);
		expect(tellProgress(later, 3.5 * MINUTE)).toBe(
			'First sync: 3,000 of about 10,000 contacts are through, which leaves about 12 minutes',
		);
		expect(tellProgress(later, 60 * MINUTE)).toBe('First sync: 3,000 of about 10,000 contacts are through');
		expect(tellProgress({ ...later, endsFirstSync: true }, 0)).toBeUndefined();
		expect(tellProgress({ ...later, phase: 'live' }, 0)).toBeUndefined();
		expect(tellProgress({ ...later, members: 10_001 }, 0)).toBeUndefined();
		expect(tellProgress(undefined, 0)).toBeUndefined();
	});
});
