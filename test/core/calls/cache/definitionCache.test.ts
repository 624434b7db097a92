import { DefinitionCache } from '../../../../core/calls/cache/definitionCache';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { ManualClock } from '../../../support/manualClock';

describe('DefinitionCache', () => {
	let names: string[];
	let asked: number;
	let clock: ManualClock;
	let cache: DefinitionCache<readonly string[]>;
	const ask = async (): Promise<Result<readonly string[]>> => {
		asked += 1;
		clock.advance(5);
		return await Promise.resolve(ok([...names]));
	};
	beforeEach(() => {
		[names, asked, clock] = [['EMAIL'], 0, new ManualClock()];
		cache = new DefinitionCache<readonly string[]>((all) => all);
	});

	it('keeps definitions for a minute, for whoever wants fields that are among them', async () => {
		await cache.get('a', clock, ask);
		clock.advance(50_000);
		expect(await cache.get('a', clock, ask, ['email'])).toEqual(ok(['EMAIL']));
		expect(asked).toBe(1);
		clock.advance(10_000);
		await cache.get('a', clock, ask, ['EMAIL']);
		expect(asked).toBe(2);
	});

	it('reads anew for a field that was made since, and does so once for one that does not exist', async () => {
		await cache.get('a', clock, ask);
		names.push('MADE_SINCE');
		clock.advance(100);
		expect(await cache.get('a', clock, ask, ['MADE_SINCE'])).toEqual(ok(['EMAIL', 'MADE_SINCE']));
		expect(asked).toBe(2);
		clock.advance(100);
		await cache.get('a', clock, ask, ['NOWHERE']);
		expect(asked).toBe(3);
	});

	it('does not read twice where nothing was kept', async () => {
		await cache.get('a', clock, ask, ['NOWHERE']);
		expect(asked).toBe(1);
	});

	it('knows no fields of related records', async () => {
		await cache.get('a', clock, ask);
		clock.advance(100);
		await cache.get('a', clock, ask, ['Account.Name']);
		expect(asked).toBe(1);
	});

	it('reads what is newest where a person looks, once for questions at the same moment', async () => {
		await cache.get('a', clock, ask);
		clock.advance(2_000);
		await Promise.all([cache.get('a', clock, ask, 'newest'), cache.get('a', clock, ask, 'newest')]);
		expect(asked).toBe(2);
	});
});
