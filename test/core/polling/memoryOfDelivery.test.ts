import { Host } from './host';

const HOUR_MS = 3_600_000;

describe('while the quota is used up', () => {
	const paused = async (): Promise<Host> => {
		const host = new Host();
		host.source.last = 3;
		await host.poll();
		Object.assign(host.source, { paused: true, last: 9 });
		return host;
	};

	it('HB-19: opt-outs come through as a batch of their own, and the cursor stays', async () => {
		const host = await paused();
		host.source.optedOut = [2];
		const report = await host.poll();
		expect(host.runs[1]).toMatchObject({ ids: [2], change: 'optedOut', sequence: 2 });
		expect(report).toMatchObject({ end: 'failed', delivered: 1, failure: { code: 'QUOTA_USED_UP' } });
		expect(host.state).toMatchObject({ cursor: 3, sequence: 2 });
		host.source.paused = false;
		await host.poll();
		expect(host.runs.slice(2).map(({ ids, sequence }) => [ids, sequence])).toEqual([
			[[4, 5, 6], 3],
			[[7, 8, 9], 4],
		]);
	});

	it('looks once an hour at most, and goes on from what it saw; the next pause looks anew', async () => {
		const host = await paused();
		host.source.optedOut = [2];
		for (let minute = 0; minute < 59; minute++) await host.poll();
		expect(host.source.looks).toEqual([undefined]);
		host.source.optedOut = [2, 3];
		await host.poll(HOUR_MS);
		expect(host.source.looks).toEqual([undefined, '2']);
		expect(host.runs.slice(1).map(({ ids }) => ids)).toEqual([[2], [3]]);
		host.source.paused = false;
		await host.poll();
		host.source.paused = true;
		await host.poll(1_000);
		expect(host.source.looks).toEqual([undefined, '2', undefined]);
	});

	it('delivers opt-outs again whose run failed, outlived its poll or was killed', async () => {
		const host = await paused();
		host.source.optedOut = [2];
		host.onRun = () => 'failed';
		expect((await host.poll()).end).toBe('deliveryFailed');
		host.onRun = () => undefined;
		expect((await host.poll()).end).toBe('busy');
		host.kill();
		host.onRun = () => 'succeeded';
		await host.poll();
		expect(host.runs.slice(1).map(({ ids }) => ids)).toEqual([[2], [2], [2]]);
		await host.poll(HOUR_MS - 60_000);
		expect(host.runs).toHaveLength(4);
	});

	it('asks for none where nothing was ever delivered', async () => {
		const host = new Host();
		host.source.paused = true;
		host.source.optedOut = [2];
		await host.poll();
		expect(host.source.looks).toEqual([]);
	});
});

describe('the mark of a batch', () => {
	it('says that its contacts may have been delivered before: after a failure, and in the first batch of a process', async () => {
		const host = new Host();
		host.source.last = 3;
		host.onRun = () => 'failed';
		await host.poll();
		host.onRun = () => 'succeeded';
		await host.poll();
		host.source.last = 6;
		await host.poll();
		host.saved = host.memory;
		host.kill();
		host.source.last = 12;
		await host.poll();
		expect(host.runs.map(({ delivery }) => delivery?.again)).toEqual([undefined, true, undefined, true, undefined]);
	});

	it('tells when it was emitted', async () => {
		const host = new Host();
		host.source.last = 1;
		await host.poll();
		expect(Math.abs(Date.parse(host.runs[0]?.delivery?.at ?? '') - host.clock.now())).toBeLessThan(1_000);
	});

	it('says that the sync begins without a memory until such a batch was acknowledged, and then takes what the destination held', async () => {
		const host = new Host();
		host.held = ['8', '9'];
		host.source.last = 6;
		host.onRun = () => 'failed';
		await host.poll();
		expect(host.source.held).toBeUndefined();
		host.onRun = () => 'succeeded';
		await host.poll();
		expect(host.runs.map(({ delivery }) => delivery?.beginning)).toEqual([true, true, undefined]);
		expect(host.source.held).toEqual(['8', '9']);
		expect(host.warnings.filter((line) => line.includes('without a memory'))).toEqual([]);
	});

	it('takes it also from a run that outlives its poll', async () => {
		const host = new Host();
		host.held = ['8'];
		host.source.last = 1;
		host.onRun = () => undefined;
		await host.poll();
		host.runs[0]?.end('succeeded');
		await new Promise((resolve) => setImmediate(resolve));
		await host.poll();
		expect(host.source.held).toEqual(['8']);
		expect(host.state).not.toHaveProperty('beginning');
	});

	it('where n8n does not tell what the destination held, the log says what cannot be known', async () => {
		const host = new Host();
		host.source.last = 1;
		await host.poll();
		expect(host.warnings.join()).toContain('began without a memory');
	});
});

it('stops between two batches once the workflow is unpublished', async () => {
	const host = new Host();
	host.source.last = 30;
	host.onRun = (ids) => {
		host.isPublished = !ids.includes(6);
		return 'succeeded';
	};
	expect((await host.poll()).end).toBe('unpublished');
	expect(host.state).toMatchObject({ cursor: 6 });
	host.isPublished = true;
	host.onRun = () => 'succeeded';
	await host.poll();
	expect(host.state).toMatchObject({ cursor: 30 });
});

it('goes on under another name, and begins anew in a copy of the workflow', async () => {
	const host = new Host();
	host.settings = { where: { owner: { workflow: 'w', node: 'n' } } };
	host.source.last = 3;
	await host.poll();
	host.others = [JSON.parse(host.memory ?? '') as unknown];
	host.memory = undefined;
	host.source.last = 4;
	await host.poll();
	expect(host.runs[1]?.ids).toEqual([4]);
	host.others = [];
	host.settings = { where: { owner: { workflow: 'copy', node: 'n' } } };
	await host.poll();
	expect(host.runs[2]).toMatchObject({ ids: [1, 2, 3], delivery: { beginning: true } });
});
