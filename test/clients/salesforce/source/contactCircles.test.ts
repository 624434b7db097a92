import type { HttpPort } from '../../../../core/ports';
import { fetchHttp } from '../../../support/http/fetchHttp';
import { DAY_MS, FollowedOrg } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

/** Calls sent since the circle began. */
let calls = 0;

/** Each query for contacts has a next page from now on, and the pages lead round in a circle of so many. */
function leadRound(size: number): void {
	const inner = fetchHttp(org.salesforce.url, {});
	let asked = '';
	calls = 0;
	const http: HttpPort = {
		send: async (request) => {
			calls += 1;
			const page = /\/circle-(\d+)$/.exec(request.path)?.[1];
			const reply = await inner.send(page === undefined ? request : { ...request, path: asked });
			const isQuery = page !== undefined || /FROM.Contact\b/i.test(request.path);
			if (reply.kind !== 'reply' || !isQuery) return reply;
			if (page === undefined) asked = request.path;
			const next = page === undefined ? 0 : (Number(page) + 1) % size;
			const body = { ...(reply.body as object), done: false, nextRecordsUrl: `/services/data/v66.0/query/circle-${next}` }; // prettier-ignore
			return { ...reply, body };
		},
	};
	org.follower.transport = http;
}

const UNEXPECTED = { end: 'failed', failure: { code: 'UNEXPECTED_ANSWER' } };

describe.each([1, 3, 6])('pages that lead round in a circle of %i end the poll within a few calls', (size) => {
	it('in a first sync', async () => {
		await org.start({ contacts: 12 });
		leadRound(size);
		expect(await org.follower.next()).toMatchObject(UNEXPECTED);
		expect(calls).toBeLessThan(30);
	});

	it('among changes, and in the walk through the members', async () => {
		await org.follow({ contacts: 12 });
		await org.polls(2);
		leadRound(size);
		expect(await org.follower.next()).toMatchObject(UNEXPECTED);
		org.salesforce.clock.advance(DAY_MS);
		expect(await org.follower.next()).toMatchObject(UNEXPECTED);
		expect(calls).toBeLessThan(60);
	});
});
