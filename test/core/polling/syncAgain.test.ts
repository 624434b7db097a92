import { PollRegister } from '../../../core/polling/pollRegister';
import { Host } from './host';

const all = [1, 2, 3];

describe('a sync that a person asks to begin again', () => {
	const begun = async (): Promise<Host> => {
		const host = new Host();
		host.source.last = 3;
		await host.poll();
		expect(host.runs.map(({ ids }) => ids)).toEqual([all]);
		host.runs.length = 0;
		return host;
	};
	const delivered = (host: Host): readonly (readonly number[])[] => host.runs.splice(0).map(({ ids }) => ids);

	it('delivers every contact once more, under a number that no batch had before', async () => {
		const host = await begun();
		host.settings = { again: true };
		await host.poll();
		expect(host.runs.map(({ ids, sequence }) => [ids, sequence])).toEqual([[all, 3]]);
	});

	it('does so once, also when n8n starts anew or the workflow is published again with the option on', async () => {
		const host = await begun();
		host.settings = { again: true, activating: true };
		await host.poll();
		expect(delivered(host)).toEqual([all]);
		host.register = new PollRegister();
		await host.poll();
		host.settings = { again: true };
		await host.poll();
		expect(delivered(host)).toEqual([]);
	});

	it('does so once more after the option was off for a while', async () => {
		const host = await begun();
		for (const again of [true, false, true]) {
			host.settings = { again };
			await host.poll();
			await host.poll();
		}
		expect(delivered(host)).toEqual([all, all]);
	});

	it('is not begun twice where the option is on from the start', async () => {
		const host = new Host();
		host.source.last = 3;
		host.settings = { again: true };
		await host.poll();
		await host.poll();
		expect(delivered(host)).toEqual([all]);
	});

	it('begins again when the run of its first batch fails, and is not begun a third time', async () => {
		const host = await begun();
		host.settings = { again: true };
		host.onRun = () => 'failed';
		await host.poll();
		host.onRun = () => 'succeeded';
		await host.poll();
		await host.poll();
		expect(delivered(host)).toEqual([all, all]);
	});
});

describe('a trigger that rests after failed deliveries', () => {
	it('goes on at once when the workflow is published again, because its settings may have been mended', async () => {
		const host = new Host();
		host.source.last = 3;
		host.onRun = () => 'failed';
		for (let poll = 0; poll < 6; poll++) await host.poll(2_000);
		host.onRun = () => 'succeeded';
		expect((await host.poll(2_000)).end).toBe('resting');
		host.settings = { activating: true };
		expect(await host.poll(2_000)).toMatchObject({ end: 'upToDate', delivered: 3 });
	});
});
