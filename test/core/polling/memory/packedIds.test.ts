import fc from 'fast-check';
import type { PackedInstants } from '../../../../core/polling/memory/handledChanges';
import { instantsOf, NO_INSTANTS, packInstants, remember } from '../../../../core/polling/memory/handledChanges';
import { startCursor } from '../../../../clients/hubspot/source/listCursor';
import { emptyMemory, isFormer, remembering } from '../../../../core/polling/memory/memberMemory';
import { changedIds, compareIds, hasId, idsOf, NO_IDS, packIds } from '../../../../core/polling/memory/packedIds';
import { processorMs } from '../../../support/processorTime';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Ids as HubSpot gives them: spread over 10 to 12 digits. */
const realistic = (count: number): string[] => {
	const ids = new Set<string>();
	for (let n = 1; ids.size < count; n++) ids.add(String(1_000_000_000 + ((n * 1_234_567_891_011) % 998_999_999_989)));
	return [...ids];
};

describe('packed record ids', () => {
	const id = fc.oneof(
		fc.bigInt({ min: 1n, max: 10n ** 12n }),
		fc.bigInt({ min: 1n, max: 10n ** 30n }),
		fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 10n ** 15n, 10n ** 15n - 1n),
	);

	it('keep every digit, also of ids that a JavaScript number cannot hold', () => {
		fc.assert(
			fc.property(fc.array(id), (ids) => {
				const sorted = [...new Set(ids.map(String))].sort(compareIds);
				expect(idsOf(throughJson(packIds(sorted)))).toEqual(sorted);
			}),
		);
	});

	it('gain and lose ids as a set does', () => {
		fc.assert(
			fc.property(fc.array(id), fc.array(id), fc.array(id), (first, added, removed) => {
				const start = packIds([...new Set(first.map(String))].sort(compareIds));
				const gone = new Set(removed.map(String));
				const changed = changedIds(throughJson(start), added.map(String), gone);
				const expected = new Set([...first, ...added].map(String).filter((one) => !gone.has(one)));
				expect(idsOf(throughJson(changed))).toEqual([...expected].sort(compareIds));
				expect(changed.count).toBe(expected.size);
				for (const one of [...first, ...removed].map(String)) expect(hasId(changed, one)).toBe(expected.has(one));
			}),
		);
	});

	it('HB-13: a remembered membership of 200,000 stays under 2 MB of state, and growing it is cheap', async () => {
		const ids = realistic(200_000);
		let memory = remembering(emptyMemory(true), { joined: ids.slice(0, 190_000) });
		const ms = await processorMs(() => {
			for (let n = 190_000; n < ids.length; n += 1_000)
				memory = remembering(memory, { joined: ids.slice(n, n + 1_000) });
		});
		// 0.1 s a batch at the largest; ten times that would be felt.
		expect(ms).toBeLessThan(10_000);
		const list = { id: '1', name: 'All Contacts', processingType: 'DYNAMIC' };
		expect(JSON.stringify({ ...startCursor(0, false, list), memory }).length).toBeLessThan(2_000_000);
		expect(idsOf(throughJson(memory.members))).toEqual([...ids].sort(compareIds));
	});

	it('promise 1: 200,000 former members at most are remembered, and the oldest are forgotten first', () => {
		const ids = realistic(260_000);
		let memory = emptyMemory(true);
		for (let n = 0; n < ids.length; n += 20_000) memory = remembering(memory, { left: ids.slice(n, n + 20_000) });
		const count = memory.former.reduce((sum, some) => sum + some.count, 0);
		expect(count).toBeGreaterThan(150_000);
		expect(count).toBeLessThanOrEqual(200_000);
		expect(ids.slice(-150_000).every((one) => isFormer(memory, one))).toBe(true);
		expect(isFormer(memory, ids[0] ?? '')).toBe(false);
		expect(changedIds(NO_IDS, [], new Set())).toBe(NO_IDS);
	});
});

describe('contacts dealt with', () => {
	it('HB-24: 100,000 states are remembered in little room, whether they share an instant or not', () => {
		const ids = realistic(100_000);
		const bytesOf = (handled: PackedInstants): number => handled.digits.length;
		const together = remember(
			NO_INSTANTS,
			ids.map((one) => [one, 1_795_000_000_000] as const),
			0,
		);
		const apart = remember(
			NO_INSTANTS,
			ids.map((one, n) => [one, 1_795_000_000_000 + n] as const),
			0,
		);
		expect(bytesOf(together)).toBeLessThan(600_000);
		expect(bytesOf(apart)).toBeLessThan(1_100_000);
		expect(instantsOf(throughJson(apart))).toEqual(instantsOf(apart));
		// Beyond the bound the oldest go.
		const more = remember(apart, [['7', 1_796_000_000_000]], 0);
		expect(more.count).toBe(100_000);
		expect(instantsOf(more).has(ids[0] ?? '')).toBe(false);
	});

	it('a state is forgotten when no search can find it any more, and never becomes an older one', () => {
		const first = packInstants(
			new Map([
				['1', 100],
				['2', 200],
			]),
		);
		const next = remember(
			throughJson(first),
			[
				['2', 150],
				['3', 300],
				['4', 90],
			],
			150,
		);
		expect([...instantsOf(next)].sort()).toEqual([
			['2', 200],
			['3', 300],
		]);
		expect(remember(next, [], 150)).toBe(next);
	});
});
