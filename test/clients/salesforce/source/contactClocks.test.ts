import { plainHttp } from '../../../support/http/plainHttp';
import { liveIds, told } from '../support/contactFollower';
import { FollowedOrg, HOUR_MS, MINUTE_MS } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

/** Answers are dated so far ahead, as by a proxy with a wrong clock. */
let aheadMs = 0;
beforeEach(() => void (aheadMs = 0));

function dateAnswers(): void {
	const { salesforce, follower } = org;
	const inner = plainHttp(salesforce.url, {});
	follower.transport = {
		send: async (request) => {
			const reply = await inner.send(request);
			const date = new Date(salesforce.clock.now() + aheadMs).toUTCString();
			return reply.kind === 'reply' ? { ...reply, headers: { ...reply.headers, date } } : reply;
		},
	};
}

/** Two changes, one of them the opt-out, are emitted once each, however long that takes. */
async function tellsChanges(): Promise<void> {
	const [a = '', b = ''] = liveIds(org.salesforce);
	org.change(a, { HasOptedOutOfEmail: true });
	org.change(b, { FirstName: 'Changed' });
	expect(told(await org.polls(3))).toEqual([
		[a, 'updated'],
		[b, 'updated'],
	]);
	expect(await org.polls(30)).toEqual([]);
}

describe('promise 2: no single witness of the time moves the place past what is still to come', () => {
	it.each([
		['one poll', 1],
		['an hour', 60],
	])('answers of %s are dated six hours ahead', async (_name, polls) => {
		await org.follow({ contacts: 12 });
		dateAnswers();
		aheadMs = 6 * HOUR_MS;
		await org.polls(polls);
		await tellsChanges();
		aheadMs = 0;
		org.salesforce.clock.advance(MINUTE_MS);
		await tellsChanges();
	});

	it.each(['all', 'fromNow'] as const)('the answers of the very first poll are dated ahead, first sync: %s', async (firstSync) => {
		await org.start({ contacts: 12 }, { firstSync });
		dateAnswers();
		aheadMs = 6 * HOUR_MS;
		expect(await org.polls(1)).toHaveLength(firstSync === 'all' ? 12 : 0);
		aheadMs = 0;
		await tellsChanges();
	}); // prettier-ignore

	it("a campaign's memberships too", async () => {
		await org.start({ contacts: 12 }, {});
		org.follower.settings = { scope: { kind: 'campaign', id: org.salesforce.ids.campaigns.newsletter } };
		await org.polls(3);
		dateAnswers();
		aheadMs = 6 * HOUR_MS;
		await org.polls(1);
		aheadMs = 0;
		org.salesforce.clock.advance(MINUTE_MS);
		const id = org.add({ LastName: 'Joins' });
		org.do('addToCampaign', { campaign: org.salesforce.ids.campaigns.newsletter, object: 'Contact', ids: [id] });
		expect((await org.polls(3)).filter(({ source }) => source.id === id)).toHaveLength(1);
	});

	it.each([HOUR_MS, -HOUR_MS])("n8n's clock jumps by %d ms between two polls", async (jumpMs) => {
		await org.follow({ contacts: 12 });
		await org.polls(2);
		org.follower.aheadMs = jumpMs;
		await tellsChanges();
		org.follower.aheadMs = 0;
		await tellsChanges();
	});
});
