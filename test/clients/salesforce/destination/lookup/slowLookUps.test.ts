import { heldIds } from '../../../../../clients/salesforce/destination/lookup/keysOnCampaign';
import type { HttpPort, HttpReply, HttpRequest } from '../../../../../core/ports';
import type { RunningSalesforce } from '../../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../../sandbox/salesforce';
import { newAccount, statusCounts } from '../../../../support/brevoAccount';
import { mapped } from '../../../../support/mappedContacts';
import { clientOf, sandboxHttp } from '../../support/organisation';
import { FollowedOrg } from '../../support/followedOrg';
import { KEY_FIELD, membersOf, recordsOf, upsertIntoSalesforce, withEmail } from '../upsertIntoSalesforce';

let salesforce: RunningSalesforce;
afterEach(async () => await salesforce.close());

const soqlOf = ({ path, body }: HttpRequest): string => decodeURIComponent(path) + decodeURIComponent(JSON.stringify(body ?? '')); // prettier-ignore
/** How many things a call asks for by name. */
const namedIn = (request: HttpRequest): number =>
	[...soqlOf(request).matchAll(/\bIN[ +]\(([^)]*)\)/g)].reduce((sum, [, list = '']) => sum + list.split(',').length, 0);

const NO_ANSWER: HttpReply = { kind: 'unreachable', reason: 'ECONNABORTED' };
const GATEWAY: HttpReply = { kind: 'reply', status: 504, headers: {}, body: '<html>504 Gateway Time-out</html>' };

/** The sandbox behind a way on which some calls get no answer, or that of a gateway. */
const slowOn = (isSlow: (request: HttpRequest) => boolean, answer: HttpReply, inner: HttpPort): HttpPort => ({
	send: async (request) => {
		if (!isSlow(request)) return await inner.send(request);
		salesforce.clock.advance(request.timeoutMs ?? 60_000);
		return answer;
	},
});

const people = (count: number, city: string, optedOut = false) =>
	Array.from({ length: count }, (_none, n) =>
		mapped(n, { email: `p${n}@x.example`, attributes: { LastName: `L${n}`, MailingCity: city } }, { optedOut }),
	);

describe.each([
	['get no answer', NO_ANSWER],
	['end at a gateway', GATEWAY],
])('number 20: look-ups of many records that always %s', (_what, answer) => {
	it.each([25, 1])('promises 1 and 2: are read by %d or fewer at a time, and the batch comes through', async (most) => {
		salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
		const slow = slowOn((request) => namedIn(request) > most, answer, sandboxHttp(salesforce));
		const options = { account: newAccount(), client: clientOf(salesforce, slow), campaign: { id: salesforce.ids.campaigns.newsletter } }; // prettier-ignore
		const count = most === 1 ? 12 : 60;
		expect(statusCounts(await upsertIntoSalesforce(salesforce, people(count, 'Lyon'), options))).toEqual({ created: count }); // prettier-ignore
		expect(statusCounts(await upsertIntoSalesforce(salesforce, people(count, 'Bonn', true), options))).toEqual({ updated: count }); // prettier-ignore
		expect(recordsOf(salesforce, 'Contact')).toHaveLength(count);
		expect(withEmail(salesforce, 'p3@x.example')).toMatchObject([{ MailingCity: 'Bonn', HasOptedOutOfEmail: true }]);
	});

	it('promise 2: a comparison with the keys on a campaign reads smaller pages', async () => {
		salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
		const campaignId = salesforce.ids.campaigns.newsletter;
		await upsertIntoSalesforce(salesforce, people(130, 'Lyon'), { campaign: { id: campaignId } });
		const members = membersOf(salesforce, campaignId).length;
		const isSlow = (request: HttpRequest): boolean => {
			const [, limit = Infinity] = /LIMIT[ +](\d+)/.exec(soqlOf(request)) ?? [];
			return /FROM[ +]CampaignMember/.test(soqlOf(request)) && Number(limit) > 60;
		};
		const client = clientOf(salesforce, slowOn(isSlow, answer, sandboxHttp(salesforce)));
		const held = await heldIds(client, { object: 'Contact', campaignId, keyField: KEY_FIELD }, 'hubspot:1:contact');
		expect(held).toMatchObject({ kind: 'ok' });
		expect(held.kind === 'ok' && held.value?.length).toBe(130);
		expect(members).toBeGreaterThanOrEqual(130);
	});
});

it('number 20, promise 2: a trigger whose look-ups take all the time of a poll goes on with smaller ones', async () => {
	const org = new FollowedOrg();
	const scope = { kind: 'conditions', combine: 'all', conditions: [{ field: 'Title', operator: 'notEquals', value: 'Gone' }] } as const; // prettier-ignore
	await org.follow({ contacts: 60 }, { scope });
	({ salesforce } = org);
	org.follower.poll = { budgetMs: 120_000 };
	org.follower.transport = slowOn((request) => namedIn(request) > 7, NO_ANSWER, {
		send: async (request) => await sandboxHttp(salesforce).send(request),
	});
	const ids = [...salesforce.store.table('Contact').rows.keys()].slice(0, 30);
	for (const id of ids) org.change(id, { FirstName: 'Changed' });
	const told = await org.polls(15);
	expect(new Set(told.map(({ source }) => source.id))).toEqual(new Set(ids));
});

it('number 20, promise 2: a first sync goes on where converted leads are told of a few hours at a time only', async () => {
	const org = new FollowedOrg();
	await org.start({ contacts: 20, leads: 5 });
	({ salesforce } = org);
	const isSlow = (request: HttpRequest): boolean => {
		const soql = soqlOf(request);
		const at = (sign: string): number => Date.parse(new RegExp(`SystemModstamp[ +]${sign}[ +]([\\d:TZ-]+)`).exec(soql)?.[1] ?? ''); // prettier-ignore
		const until = at('<') || salesforce.clock.now();
		return /FROM[ +]Lead/.test(soql) && until - at('>=') > 12 * 60 * 60_000;
	};
	org.follower.poll = { budgetMs: 200_000 };
	org.follower.transport = slowOn(isSlow, NO_ANSWER, {
		send: async (request) => await sandboxHttp(salesforce).send(request),
	});
	expect(await org.polls(6)).toHaveLength(20);
});

it('number 20, promises 1 and 2: records that Salesforce never answers for together are written within a few deliveries, each once', async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
	const isSlow = ({ method, path, body }: HttpRequest): boolean =>
		method !== 'GET' &&
		/composite\/sobjects/.test(path) &&
		((body as { records?: unknown[] }).records?.length ?? 0) > 7;
	const client = clientOf(salesforce, slowOn(isSlow, NO_ANSWER, sandboxHttp(salesforce)));
	const options = { account: newAccount(), client, campaign: { id: salesforce.ids.campaigns.newsletter } };
	const untilDone = async (city: string, optedOut: boolean): Promise<void> => {
		for (let delivery = 0; delivery < 5; delivery++) {
			const counts = statusCounts(await upsertIntoSalesforce(salesforce, people(60, city, optedOut), options));
			if (Object.keys(counts).every((status) => !status.startsWith('failed'))) return;
		}
		throw new Error('Contacts still fail');
	};
	await untilDone('Lyon', false);
	await untilDone('Bonn', true);
	expect(recordsOf(salesforce, 'Contact')).toHaveLength(60);
	expect(recordsOf(salesforce, 'Contact').every((row) => row['MailingCity'] === 'Bonn' && row['HasOptedOutOfEmail'] === true)).toBe(true); // prettier-ignore
});
