import type { HttpPort, HttpReply } from '../../../../../core/ports';
import { DAY_MS, FollowedList, LIST, told } from '../../support/followedList';
import { sandboxHttp } from '../../support/listFollower';
import { sizeOf } from '../../../../support/sizes';

const list = new FollowedList();
const { start, begin, members, polls } = list;

afterEach(async () => await list.hubspot.close());

const HOUR_MS = 60 * 60_000;

/** The sandbox's answers, dated `aheadMs()` ahead. */
const dated = (aheadMs: () => number): HttpPort => {
	const http = sandboxHttp(list.hubspot);
	return {
		async send(request) {
			const reply = await http.send(request);
			if (reply.kind !== 'reply') return reply;
			const date = new Date(list.hubspot.clock.now() + aheadMs()).toUTCString();
			return { ...reply, headers: { ...reply.headers, date } };
		},
	};
};

describe('an answer dated hours ahead moves nothing further than the evidence goes', () => {
	it.each(['all', 'fromNow'] as const)(
		'of one poll (first sync: %s): what changes afterwards is found',
		async (firstSync) => {
			await begin({ members: 20 });
			list.hubspot.clock.freeze();
			list.follower.settings = { firstSync };
			let ahead = 0;
			list.follower.http = dated(() => ahead);
			await polls(3);
			ahead = 6 * HOUR_MS;
			await polls(1);
			ahead = 0;
			const [optsOut = '', changes = '', leaves = ''] = members();
			list.hubspot.clock.advance(60_000);
			list.hubspot.store.optOut(optsOut);
			list.hubspot.store.changeContact(changes, { firstname: 'Changed' });
			list.hubspot.store.removeFromList(LIST, [leaves]);
			expect(told(await polls(8))).toEqual(
				[
					[optsOut, 'optedOut'],
					[changes, 'updated'],
					[leaves, 'removed'],
				].sort(),
			);
		},
	);

	it('the very first answers: a sync of changes from now on begins now', async () => {
		await begin({ members: 20 });
		list.hubspot.clock.freeze();
		list.follower.settings = { firstSync: 'fromNow' };
		let ahead = 6 * HOUR_MS;
		list.follower.http = dated(() => ahead);
		await polls(2);
		ahead = 0;
		const [changes = ''] = members();
		list.hubspot.store.changeContact(changes, { firstname: 'Changed' });
		expect(told(await polls(4))).toEqual([[changes, 'updated']]);
	});
});

describe('answers that lead nowhere end with UNEXPECTED_ANSWER', () => {
	const JOIN_ORDER = /memberships\/join-order/;
	const answers = (page: (after: string | undefined) => unknown): (() => number) => {
		const http = sandboxHttp(list.hubspot);
		let pages = 0;
		list.follower.http = {
			async send(request): Promise<HttpReply> {
				if (!JOIN_ORDER.test(request.path)) return await http.send(request);
				pages++;
				const headers = { date: new Date(list.hubspot.clock.now()).toUTCString() };
				return { kind: 'reply', status: 200, headers, body: page(request.query?.after as string | undefined) };
			},
		};
		return () => pages;
	};
	const member = (n: number) => ({ recordId: String(n), membershipTimestamp: '2026-11-20T10:00:00.000Z' });

	it.each([3, 6, 40])('membership cursors in a circle of %d', async (length) => {
		await begin({ members: 20 });
		list.hubspot.clock.freeze();
		const pages = answers((after) => ({
			results: [member(1)],
			paging: { next: { after: String((Number(after ?? 0) + 1) % length) } },
		}));
		const report = await list.follower.next();
		expect(report.failure?.code).toBe('UNEXPECTED_ANSWER');
		expect(pages()).toBeLessThanOrEqual(4 * length + 8);
	});

	it('a page of more members than a call of a function can take is no exception', async () => {
		await begin({ members: 20 });
		list.hubspot.clock.freeze();
		const results = Array.from({ length: sizeOf(130_000, 300_000) }, (_none, index) => member(index + 1));
		answers(() => ({ results }));
		const report = await list.follower.next();
		expect(report).toMatchObject({ end: 'failed', delivered: 0, failure: { code: 'UNEXPECTED_ANSWER' } });
	}, 120_000);

	it('membership cursors that are refused again and again', async () => {
		await begin({ members: 600 });
		let pages = 0;
		const http = sandboxHttp(list.hubspot);
		list.follower.http = {
			async send(request): Promise<HttpReply> {
				if (JOIN_ORDER.test(request.path)) pages++;
				if (!JOIN_ORDER.test(request.path) || request.query?.after === undefined) return await http.send(request);
				const body = { status: 'error', category: 'VALIDATION_ERROR', message: 'The paging cursor is invalid' };
				return { kind: 'reply', status: 400, headers: {}, body };
			},
		};
		const reports = [await list.follower.next(), await list.follower.next()];
		expect(reports.map(({ failure }) => failure?.code)).toContain('SOURCE_REFUSED');
		expect(pages).toBeLessThan(40);
		// Those of the first page were delivered once, and the sync goes on once cursors are taken again.
		list.follower.http = undefined;
		const ids = (await polls(3)).map(({ source }) => source.id);
		expect([ids.length, new Set(ids).size]).toEqual([600, 600]);
	});

	it.each([
		['members by id', /\/memberships$/, 1],
		['deleted contacts', /contacts$/, 25],
	])('empty pages of %s in a circle, over more than one part', async (_what, path, hours) => {
		await start({ members: 300 });
		await polls(2);
		let pages = 0;
		const http = sandboxHttp(list.hubspot);
		list.follower.http = {
			async send(request): Promise<HttpReply> {
				if (request.method !== 'GET' || !path.test(request.path)) return await http.send(request);
				const after = (Number(request.query?.after ?? 0) + 1) % 30;
				pages++;
				return {
					kind: 'reply',
					status: 200,
					headers: {},
					body: { results: [], paging: { next: { after: String(after) } } },
				};
			},
		};
		list.hubspot.store.removeFromList(LIST, members().slice(0, 1));
		const report = await list.follower.next(hours * 3_600_000);
		expect(report.failure?.code).toBe('UNEXPECTED_ANSWER');
		expect(pages).toBeLessThan(120);
	});
});

describe('removals are held back for lists that are worked out, and for a day at most', () => {
	it.each(['MANUAL', 'SNAPSHOT'] as const)(
		'a list of type %s that stays PROCESSING holds no removal back',
		async (type) => {
			await start({ members: 30 });
			list.hubspot.store.lists.mustHave(Number(LIST)).processingType = type;
			list.hubspot.store.setProcessingStatus(LIST, 'PROCESSING');
			const [leaves = ''] = members();
			list.hubspot.store.removeFromList(LIST, [leaves]);
			expect(told(await polls(4))).toEqual([[leaves, 'removed']]);
		},
	);

	it('an active list that stays PROCESSING: for a day', async () => {
		await start({ members: 30 });
		list.hubspot.store.lists.mustHave(Number(LIST)).processingType = 'DYNAMIC';
		list.hubspot.store.setProcessingStatus(LIST, 'PROCESSING');
		const [leaves = ''] = members();
		list.hubspot.store.removeFromList(LIST, [leaves]);
		expect(told(await polls(10))).toEqual([]);
		await list.follower.next(DAY_MS);
		expect(told(await polls(4))).toEqual([[leaves, 'removed']]);
	});

	it('a list made for one use only is refused by name of its type', async () => {
		await begin({ members: 5 });
		list.follower.settings = { listId: list.hubspot.store.createList('One use', 'ADHOC') };
		const { failure } = await list.follower.next();
		expect(failure).toMatchObject({ kind: 'stop', code: 'SETTING_INVALID' });
		expect(failure?.reason).toMatch(/ADHOC/);
	});
});

describe('a chain of merges between two polls', () => {
	it.each([false, true])(
		'HB-24: every record of it goes over to the survivor (loser’s ids kept: %s)',
		async (mergeKeepsLosersIds) => {
			await start({ members: 30 });
			Object.assign(list.hubspot.settings, { mergeKeepsLosersIds });
			const [a = '', b = '', c = ''] = members();
			const first = list.hubspot.store.merge(a, b);
			const last = list.hubspot.store.merge(c, first);
			const changes = [];
			for (let poll = 0; poll < 6; poll++) changes.push(...(await polls(1)));
			expect(changes.map(({ change }) => change)).not.toContain('deleted');
			const mergedFrom = new Set(
				changes.filter(({ source }) => source.id === last).flatMap(({ mergedFrom = [] }) => mergedFrom),
			);
			for (const id of [a, b, c]) expect(mergedFrom).toContain(`hubspot:24813579:contact:${id}`);
		},
	);
});

describe('HB-19: opt-outs during a pause', () => {
	it('are emitted once a look, with bounded calls, of those the sync knows and of no others', async () => {
		await start({ members: 300 });
		const ids = members().slice(0, 150);
		list.hubspot.clock.advance(10 * 60_000);
		for (const id of ids) list.hubspot.store.optOut(id);
		list.hubspot.store.changeContact(members()[0] ?? '', { firstname: 'Waits' });
		const stranger = list.hubspot.store.contacts.create({ email: 'stranger@x.example' }, { sourceType: 'CRM_UI' });
		list.hubspot.store.optOut(String(stranger.id));
		list.hubspot.requests.clear();
		const look = async (seen?: string) => {
			const { source, cursor } = await list.follower.opened();
			list.hubspot.requests.clear();
			const read = await source.readOptOuts(cursor, seen);
			if (read.kind !== 'ok') throw new Error(read.reason);
			return read.value;
		};
		const first = await look();
		expect(list.hubspot.requests.total).toBeLessThanOrEqual(10);
		expect(new Set(first.changes.map(({ source }) => source.id))).toEqual(new Set(ids));
		expect(first.changes.every(({ change, optedOut }) => change === 'optedOut' && optedOut === true)).toBe(true);
		const second = await look(first.seen);
		expect(second.changes).toEqual([]);
		list.hubspot.clock.advance(60_000);
		const [late = ''] = members();
		list.hubspot.store.optOut(late);
		expect((await look(second.seen)).changes.map(({ source }) => source.id)).toEqual([late]);
	});
});
