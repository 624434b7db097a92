import type { IPollFunctions, IRun, NodeTypeAndVersion } from 'n8n-workflow';
import { deliverBatch } from '../../../../nodes/shared/trigger/n8nPoll';

const TYPES: Readonly<Record<string, string>> = {
	upsert: 'x.contactListUpsert',
	wait: 'n8n-nodes-base.wait',
	sub: 'n8n-nodes-base.executeWorkflow',
	other: 'x.other',
};

function deferred(): { promise: Promise<unknown>; resolve: (value: unknown) => void } {
	let resolve: (value: unknown) => void = () => undefined;
	const promise = new Promise((settle) => (resolve = settle));
	return { promise, resolve };
}

/** A trigger followed by these nodes in a row, whose run ends as `run`; `disabled` names nodes that are switched off. */
function contextOf(names: readonly string[], run: unknown, disabled: readonly string[] = []): IPollFunctions {
	const node = (name: string): NodeTypeAndVersion => ({
		name,
		type: TYPES[name] ?? name,
		typeVersion: 1,
		disabled: disabled.includes(name),
		parameters: {},
	});
	const all = ['trigger', ...names];
	const context = {
		getNode: () => node('trigger'),
		getChildNodes: (name: string) => all.slice(all.indexOf(name) + 1).map(node),
		getParentNodes: (name: string, options?: { depth?: number }) =>
			all.slice(options?.depth === 1 ? Math.max(0, all.indexOf(name) - 1) : 0, all.indexOf(name)).map(node),
		helpers: { createDeferredPromise: deferred },
		__emit: (_items: unknown, _response: unknown, done: { resolve(value: unknown): void }) => done.resolve(run),
	};
	return context as unknown as IPollFunctions;
}

const outcome = async (...of: Parameters<typeof contextOf>) => await deliverBatch(contextOf(...of), []);

const waiting = (...ran: string[]): Partial<IRun> => ({
	status: 'waiting',
	data: { resultData: { runData: Object.fromEntries(ran.map((name) => [name, []])) } } as unknown as IRun['data'],
});

describe('promise 2: a delivered batch counts as', () => {
	it.each([
		['succeeded', { status: 'success' }],
		['succeeded', { finished: true }],
		['failed', { status: 'error' }],
		['failed', { status: 'crashed', finished: true }],
		['failed', { status: 'canceled' }],
		['failed', { finished: false }],
		['failed', undefined],
	])('%s, when its run ends as %j', async (expected, run) => {
		expect(await outcome(['upsert'], run)).toBe(expected);
	});

	it.each([
		['succeeded', 'Contact List Upsert came before what it waits for', ['upsert', 'wait'], ['upsert', 'wait']],
		['failed', 'it waits before Contact List Upsert', ['wait', 'upsert'], ['wait']],
		['succeeded', 'the workflow has no Contact List Upsert', ['other', 'wait'], ['other', 'wait']],
		['succeeded', 'n8n does not tell what ran, and nothing may wait before', ['upsert', 'wait'], []],
		['failed', 'n8n does not tell what ran, and a sub-workflow comes before', ['sub', 'upsert', 'wait'], []],
	])('%s, when the run waits and %s', async (expected, _why, nodes, ran) => {
		expect(await outcome(nodes, waiting(...ran))).toBe(expected);
	});

	it('succeeded, when the run waits and the only Contact List Upsert is switched off', async () => {
		expect(await outcome(['wait', 'upsert'], waiting('wait'), ['upsert'])).toBe('succeeded');
	});
});
