import { readAll } from '../../../../clients/salesforce/api/readAll';
import type { SalesforceClient } from '../../../../clients/salesforce/api/salesforceClient';
import { heldIds } from '../../../../clients/salesforce/destination/lookup/keysOnCampaign';
import { readScopeRecords } from '../../../../clients/salesforce/source/onDemand/readScopeRecords';
import type { HttpPort, HttpReply } from '../../../../core/ports';
import { plainHttp } from '../../../support/http/plainHttp';
import { clientOf, sandboxClock, sandboxHttp } from '../support/organisation';
import { DAY_MS, FollowedOrg } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

/** Calls sent since the circle began. */
let calls = 0;

/** Each query for contacts has a next page from now on, and the pages lead round in a circle of so many. */
function leadRound(size: number): void {
	const inner = plainHttp(org.salesforce.url, {});
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

describe('pages of what is read besides', () => {
	/** A client for which each answer says that there is another page, the same one again and again. */
	async function leadNowhere(contacts: number): Promise<SalesforceClient> {
		await org.start({ contacts });
		calls = 0;
		const inner = sandboxHttp(org.salesforce);
		let asked = '';
		return clientOf(org.salesforce, {
			send: async (request) => {
				expect(++calls).toBeLessThan(200);
				const again = request.path.endsWith('/again');
				if (!again) asked = request.path;
				const reply = await inner.send({ ...request, path: asked });
				if (reply.kind !== 'reply' || !asked.includes('query')) return reply;
				const body = { ...(reply.body as object), done: false, nextRecordsUrl: '/services/data/v66.0/query/again' };
				return { ...reply, body };
			},
		});
	}

	it('end the comparison of the keys on a campaign, as where a cache on the way does not look at the query', async () => {
		await org.start({ contacts: 12 });
		calls = 0;
		const rows = Array.from({ length: 2_000 }, (_none, n) => ({
			attributes: { type: 'CampaignMember' },
			Id: `00v${String(n).padStart(12, '0')}AAA`,
			Contact: { attributes: { type: 'Contact' }, HubSpot_Id__c: `hubspot:1:contact:${n}` },
		}));
		const client = clientOf(org.salesforce, {
			send: async () => {
				expect(++calls).toBeLessThan(200);
				const body = { totalSize: 2_000, done: true, records: rows };
				return await Promise.resolve({ kind: 'reply', status: 200, headers: {}, body });
			},
		});
		const campaignId = org.salesforce.ids.campaigns.newsletter;
		const wanted = { object: 'Contact' as const, campaignId, keyField: 'HubSpot_Id__c' };
		expect(await heldIds(client, wanted, 'hubspot:1:contact')).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
		expect(calls).toBeLessThan(10);
	});

	it('end a look-up of many records', async () => {
		const client = await leadNowhere(12);
		const read = await readAll(client, [{ soql: 'SELECT Id FROM Contact' }], 'reading records');
		expect(read).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
		expect(calls).toBeLessThan(10);
	});

	it('end a reading on demand, as where a cache on the way does not look at the query', async () => {
		await org.start({ contacts: 12 });
		calls = 0;
		const inner = sandboxHttp(org.salesforce);
		let kept: HttpReply | undefined;
		const client = clientOf(org.salesforce, {
			send: async (request) => {
				expect(++calls).toBeLessThan(200);
				if (!/\/query\?.*FROM.Contact\b/i.test(request.path)) return await inner.send(request);
				const reply = (kept ??= await inner.send({ ...request, path: request.path.replace(/LIMIT.\d+/, 'LIMIT+3') }));
				if (reply.kind !== 'reply') return reply;
				const body = { ...(reply.body as object), done: false, nextRecordsUrl: '/services/data/v66.0/query/01g-3' };
				return { ...reply, body };
			},
		});
		const read = await readScopeRecords(
			{
				client,
				clock: sandboxClock(org.salesforce),
				account: '00D1',
				credential: 'circles',
				object: 'Contact',
				fields: ['Email'],
				convertedLeads: 'remove',
				ignoresOptOuts: false,
				dailyReservePercent: 0,
				definitions: async () => await client.describe('Contact'),
			},
			{ kind: 'object' },
			{ limit: Infinity },
		);
		expect(read).toMatchObject({ code: 'UNEXPECTED_ANSWER' });
		expect(calls).toBeLessThan(15);
	});
});

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
