import { HubSpotClient } from '../../../../clients/hubspot/api/hubSpotClient';
import { HubSpotWriter } from '../../../../clients/hubspot/api/hubSpotWriter';
import { sharedHubSpotLimits } from '../../../../clients/hubspot/api/limits';
import { keysOnList } from '../../../../clients/hubspot/destination/keysOnList';
import { openHubSpotDestination } from '../../../../clients/hubspot/destination/openDestination';
import type { HttpPort, HttpRequest } from '../../../../core/ports';
import { upsertContacts } from '../../../../core/upsert/upsertContacts';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { DEFAULT_UPSERT, newAccount, statusCounts } from '../../../support/brevoAccount';
import { addKeyProperty } from '../../../support/hubSpotAccount';
import { plainHttp } from '../../../support/http/plainHttp';
import { mappedFromSalesforce } from '../../../support/mappedContacts';
import { sandboxClock } from '../../../support/triggerFollower';

/** The list Trade fair Lyon 2025, which is a static one. */
const STATIC = '102';
const PEOPLE = 60;

let hubspot: RunningHubSpot;
beforeEach(async () => {
	hubspot = await startHubSpot({ members: 5, awkward: false, accountTier: 'enterprise' });
	await addKeyProperty(hubspot);
});
afterEach(async () => await hubspot.close());

const inputsOf = ({ body }: HttpRequest): number => ((body as { inputs?: unknown[] } | undefined)?.inputs ?? []).length;

/** Calls that get no answer in time. */
const SLOW: ReadonlyArray<readonly [string, (request: HttpRequest) => boolean]> = [
	['contacts looked up together', (request) => /contacts\/batch\/read$/.test(request.path) && inputsOf(request) > 10],
	[
		'contacts looked up two at a time',
		(request) => /contacts\/batch\/read$/.test(request.path) && inputsOf(request) > 1,
	],
	['the lists of contacts', (request) => /memberships\/batch\/read$/.test(request.path) && inputsOf(request) > 1],
	['pages of members', (request) => /\/memberships$/.test(request.path) && Number(request.query?.limit) > 10],
	['pages of a search', ({ path, body }) => /contacts\/search$/.test(path) && (body as { limit: number }).limit > 10],
];

/** An account of which some calls get no answer in time. */
function account(isSlow: (request: HttpRequest) => boolean) {
	const name = newAccount();
	const clock = sandboxClock(hubspot);
	const inner = plainHttp(hubspot.url, { authorization: `Bearer ${hubspot.token}` });
	const http: HttpPort = {
		send: async (request) => {
			if (!isSlow(request)) return await inner.send(request);
			hubspot.clock.advance(request.timeoutMs ?? 30_000);
			return { kind: 'unreachable', reason: 'ECONNABORTED' };
		},
	};
	const limits = sharedHubSpotLimits(name, clock);
	const run = async (city: string, optedOut: boolean) => {
		const client = new HubSpotClient(http, clock, limits);
		const writer = new HubSpotWriter(http, clock, limits);
		const opened = await openHubSpotDestination(client, writer, name, clock, { fieldNames: ['city'], list: { id: STATIC } }); // prettier-ignore
		if (opened.kind !== 'ok') throw new Error(opened.reason);
		const batch = Array.from(
			{ length: PEOPLE },
			(_none, n) =>
		mappedFromSalesforce(n, { email: `person${n}@example.com`, attributes: { city } }, { optedOut, delivery: { phase: 'firstSync', sequence: 1, at: '2026-11-20T10:00:00.000Z' } }), // prettier-ignore
		);
		return statusCounts(await upsertContacts(batch, opened.value, DEFAULT_UPSERT, clock));
	};
	return { run, name, clock, http, limits };
}

describe('number 20: what HubSpot never answers for in one call', () => {
	it.each(SLOW)('promises 1 and 2: %s come in smaller parts', async (_name, isSlow) => {
		const { run, name, clock, http, limits } = account(isSlow);
		expect(await run('Lyon', false)).toEqual({ created: PEOPLE });
		expect(await run('Bonn', true)).toEqual({ updated: PEOPLE });
		const held = await keysOnList(new HubSpotClient(http, clock, limits), name, clock, { listId: STATIC, source: 'salesforce:00D1:Contact', chosen: undefined }); // prettier-ignore
		expect(held.kind === 'ok' && held.value?.length).toBe(PEOPLE);
		const out = Array.from({ length: PEOPLE }, (_none, n) => hubspot.store.contacts.holderOf(`person${n}@example.com`));
		for (const id of out) {
			const properties = id === undefined ? undefined : hubspot.store.contact(id).properties;
			expect(properties).toMatchObject({ city: 'Bonn', hs_email_optout: 'true' });
		}
	});

	const bodyOf = ({ body }: HttpRequest): readonly unknown[] => (Array.isArray(body) ? (body as unknown[]) : []);
	const SLOW_WRITES: ReadonlyArray<readonly [string, (request: HttpRequest) => boolean]> = [
		['created', (request) => /batch\/create$/.test(request.path) && inputsOf(request) > 7],
		['updated', (request) => /batch\/update$/.test(request.path) && inputsOf(request) > 1],
		['unsubscribed', (request) => /batch\/unsubscribe-all$/.test(request.path) && inputsOf(request) > 1],
		['put on the list', (request) => /memberships\/add/.test(request.path) && bodyOf(request).length > 7],
	];

	it.each(SLOW_WRITES)(
		'promises 1 and 2: contacts that are %s together come through within a few deliveries',
		async (_name, isSlow) => {
			const { run } = account(isSlow);
			const untilDone = async (city: string, optedOut: boolean): Promise<void> => {
				for (let delivery = 0; delivery < 5; delivery++) {
					const counts = await run(city, optedOut);
					if (Object.keys(counts).every((status) => !status.startsWith('failed'))) return;
				}
				throw new Error('Contacts still fail');
			};
			await untilDone('Lyon', false);
			await untilDone('Bonn', true);
			expect(await run('Bonn', true)).toEqual({ unchanged: PEOPLE });
			for (let n = 0; n < PEOPLE; n++) {
				const id = hubspot.store.contacts.holderOf(`person${n}@example.com`);
				const properties = id === undefined ? undefined : hubspot.store.contact(id).properties;
				expect(properties).toMatchObject({ city: 'Bonn', hs_email_optout: 'true' });
			}
		},
	);
});
