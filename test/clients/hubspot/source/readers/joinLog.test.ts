import fc from 'fast-check';
import type { Page } from '../../../../../clients/hubspot/api/hubSpotClient';
import type { JoinLogPosition } from '../../../../../clients/hubspot/source/readers/joinLog';
import { followsCheaply, readJoined } from '../../../../../clients/hubspot/source/readers/joinLog';
import type { Member } from '../../../../../clients/hubspot/api/types';
import type { Result } from '../../../../../core/result';
import { ok } from '../../../../../core/result';

/** A membership log whose cursors stand for the last entry of a page, in either order. */
class Log {
	members: Member[] = [];
	generation = 0;
	calls = 0;
	private lastId = 0;

	constructor(
		private readonly newestFirst: boolean,
		private readonly pageSize: number,
	) {}

	join(count: number, at: number): void {
		for (let n = 0; n < count; n++) this.members.push({ id: String(++this.lastId), at });
	}

	leave(position: number): void {
		if (this.members.length > 0) this.members.splice(position % this.members.length, 1);
	}

	read = async (after: string | undefined): Promise<Result<Page<Member>>> => {
		this.calls++;
		const sorted = [...this.members].sort((a, b) => a.at - b.at || Number(a.id) - Number(b.id));
		if (this.newestFirst) sorted.reverse();
		let from = 0;
		if (after !== undefined) {
			const [generation = 0, at = 0, id = 0] = after.split('-').map(Number);
			if (generation !== this.generation)
				return { kind: 'refused', code: 'SOURCE_REFUSED', reason: 'bad cursor', status: 400 };
			const sign = this.newestFirst ? -1 : 1;
			from = sorted.findIndex((member) => ((member.at - at) * sign || (Number(member.id) - id) * sign) > 0);
			if (from < 0) from = sorted.length;
		}
		const items = sorted.slice(from, from + this.pageSize);
		const last = items.at(-1);
		const next = last && from + items.length < sorted.length ? `${this.generation}-${last.at}-${last.id}` : undefined;
		return await Promise.resolve(ok({ items, next }));
	};
}

const throughJson = (position: JoinLogPosition): JoinLogPosition =>
	JSON.parse(JSON.stringify(position)) as JoinLogPosition;

describe('following a membership log', () => {
	const step = fc.oneof(
		{
			weight: 4,
			arbitrary: fc.record({
				do: fc.constant('join' as const),
				count: fc.integer({ min: 1, max: 12 }),
				later: fc.integer({ min: 1, max: 5 }),
			}),
		},
		{ weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), pages: fc.integer({ min: 1, max: 3 }) }) },
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), position: fc.nat(1_000) }) },
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
	);

	it('HB-08: emits every contact of the list, whatever the order, the page size, the cursors and the contacts that leave', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(step, { maxLength: 40 }),
				fc.boolean(),
				fc.integer({ min: 1, max: 7 }),
				async (steps, newestFirst, pageSize) => {
					const log = new Log(newestFirst, pageSize);
					const got = new Set<string>();
					let position: JoinLogPosition = {};
					let now = 1_000;
					const read = async (maxPages: number): Promise<boolean> => {
						const portion = await readJoined(log.read, position, { maxPages });
						if (portion.kind !== 'ok') return false;
						for (const { id } of portion.value.joined) got.add(id);
						position = throughJson(portion.value.position);
						return portion.value.complete;
					};
					for (const action of steps) {
						if (action.do === 'join') log.join(action.count, (now += action.later));
						else if (action.do === 'read') await read(action.pages);
						else if (action.do === 'leave') log.leave(action.position);
						else log.generation++;
					}
					// A walk that is under way, and one more for contacts that joined meanwhile.
					for (let walks = 0, reads = 0; walks < 2 && reads < 2_000; reads++) if (await read(2)) walks++;
					const missing = log.members.filter(({ id }) => !got.has(id));
					expect(missing).toEqual([]);
				},
			),
			{
				numRuns: 600,
				// Two cursors lost in one walk, with members that joined between: what lies between the two parts was not read.
				examples: [
					[
						[
							{ do: 'join', count: 2, later: 1 },
							{ do: 'read', pages: 1 },
							{ do: 'join', count: 1, later: 1 },
							{ do: 'join', count: 1, later: 1 },
							{ do: 'expire' },
							{ do: 'read', pages: 1 },
							{ do: 'expire' },
						],
						true,
						1,
					],
				],
			},
		);
	});

	it.each([false, true])('emits each member once when none leaves (newest first: %s)', async (newestFirst) => {
		const log = new Log(newestFirst, 10);
		const got: string[] = [];
		let position: JoinLogPosition = {};
		for (let round = 0; round < 30; round++) {
			log.join(1 + ((round * 7) % 25), 1_000 + round);
			for (let complete = false; !complete;) {
				const portion = await readJoined(log.read, position, { maxPages: 2 });
				if (portion.kind !== 'ok') throw new Error(portion.reason);
				got.push(...portion.value.joined.map(({ id }) => id));
				({ complete } = portion.value);
				position = throughJson(portion.value.position);
			}
		}
		expect(got).toHaveLength(log.members.length);
		expect(new Set(got).size).toBe(got.length);
	});

	it.each([false, true])('one call is enough while no contact joins (newest first: %s)', async (newestFirst) => {
		const log = new Log(newestFirst, 10);
		for (let n = 0; n < 9; n++) log.join(5, 1_000 + n);
		let position: JoinLogPosition = {};
		const first = await readJoined(log.read, position, { maxPages: 100 });
		if (first.kind === 'ok') ({ position } = first.value);
		log.calls = 0;
		expect(followsCheaply(position)).toBe(true);
		expect(await readJoined(log.read, position, { maxPages: 100 })).toMatchObject({
			value: { joined: [], complete: true },
		});
		expect(log.calls).toBe(1);
	});

	it('asks the last page again when it has become full', async () => {
		const log = new Log(false, 10);
		log.join(10, 1_000);
		log.join(10, 1_001);
		const first = await readJoined(log.read, {}, { maxPages: 100 });
		log.join(15, 1_002);
		const second = first.kind === 'ok' ? await readJoined(log.read, first.value.position, { maxPages: 100 }) : first;
		expect(second.kind === 'ok' && second.value.joined.map(({ id }) => Number(id))).toEqual(
			Array.from({ length: 15 }, (_, n) => 21 + n),
		);
	});

	it('notices when so many left that the last page is elsewhere, with cursors that count entries', async () => {
		const members = Array.from({ length: 45 }, (_, n) => ({ id: String(n + 1), at: 1_000 + n }));
		const read = async (after: string | undefined): Promise<Result<Page<Member>>> => {
			const from = Number(after ?? 0);
			const next = from + 10 < members.length ? String(from + 10) : undefined;
			return await Promise.resolve(ok({ items: members.slice(from, from + 10), next }));
		};
		const first = await readJoined(read, {}, { maxPages: 100 });
		members.splice(0, 20);
		members.push({ id: '99', at: 2_000 });
		const second = first.kind === 'ok' ? await readJoined(read, first.value.position, { maxPages: 100 }) : first;
		expect(second.kind === 'ok' && second.value.joined.map(({ id }) => id)).toEqual(['99']);
	});
});
