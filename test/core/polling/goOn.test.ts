import { Host } from './host';

const turns = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** A first sync whose publication n8n waits for, with so many contacts in batches of three. */
function published(contacts: number): Host {
	const host = new Host();
	host.source.phase = 'firstSync';
	host.source.last = contacts;
	host.settings = { activating: true };
	return host;
}

describe('after the first poll of a publication, which ends early because n8n waits for it', () => {
	it('goes on at once, to the end', async () => {
		const host = published(300);
		const first = await host.poll();
		expect(first.end).toBe('budgetUsed');
		expect(host.state?.cursor).toBeLessThan(300);
		const began = host.clock.now();
		expect(await host.goOn(first)).toMatchObject({ end: 'upToDate' });
		expect(host.clock.now() - began).toBeLessThan(300_000);
		expect(host.state).toMatchObject({ cursor: 300 });
		expect(host.runs.map(({ sequence }) => sequence)).toEqual(host.runs.map((_run, index) => index + 1));
		expect(host.runs.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
	});

	it('waits for a run that is still under way then, and stores what it came to', async () => {
		const host = published(7);
		host.onRun = () => undefined;
		const first = await host.poll();
		expect(first.end).toBe('busy');
		const going = host.goOn(first);
		await turns();
		expect(host.runs).toHaveLength(1);
		host.onRun = () => 'succeeded';
		host.runs[0]?.end('succeeded');
		expect(await going).toMatchObject({ end: 'upToDate', delivered: 4 });
		expect(host.state).toMatchObject({ cursor: 7, sequence: 3 });
	});

	it('goes on with larger batches where the run that outlived the first poll waited long', async () => {
		const host = published(1_000);
		host.settings = { ...host.settings, batchSizes: { first: 100, most: 500 } };
		host.onRun = () => undefined;
		const first = await host.poll();
		const going = host.goOn(first);
		await turns();
		host.clock.advance(20_000);
		host.onRun = () => 'succeeded';
		host.runs[0]?.end('succeeded');
		expect(await going).toMatchObject({ end: 'upToDate' });
		expect(host.runs.map(({ ids }) => ids.length)).toEqual([100, 500, 400]);
	});

	it('leaves a run that failed to the next poll', async () => {
		const host = published(7);
		host.onRun = () => undefined;
		const going = host.goOn(await host.poll());
		host.runs[0]?.end('failed');
		expect(await going).toBeUndefined();
		expect(host.runs).toHaveLength(1);
	});

	it('emits nothing more once the workflow is unpublished', async () => {
		const host = published(300);
		const first = await host.poll();
		const { length } = host.runs;
		host.isPublished = false;
		expect(await host.goOn(first)).toBeUndefined();
		expect(host.runs).toHaveLength(length);
	});

	it('of this and a poll that n8n starts meanwhile only one delivers', async () => {
		const host = published(300);
		const first = await host.poll();
		const [further, other] = await Promise.all([host.goOn(first), host.poll(0)]);
		expect([further?.end, other.end].filter((end) => end === 'busy')).toHaveLength(1);
		const ids = host.runs.flatMap((run) => run.ids);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it.each([
		['a later poll', { activating: false }],
		['one that n8n spaces out itself', { spacedByHost: true }],
		['one that waits for no run', { acknowledged: false }],
	])('not after %s', async (_what, settings) => {
		const host = published(300);
		const first = await host.poll();
		host.settings = { ...host.settings, ...settings };
		expect(await host.goOn(first)).toBeUndefined();
	});

	it('not where everything was delivered, or something failed', async () => {
		const host = published(3);
		const first = await host.poll();
		expect(first.end).toBe('upToDate');
		expect(await host.goOn(first)).toBeUndefined();
		expect(await host.goOn({ ...first, end: 'failed' })).toBeUndefined();
		expect(await host.goOn({ ...first, end: 'deliveryFailed' })).toBeUndefined();
	});
});
