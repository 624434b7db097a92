import { HubSpotClient } from '../../../../clients/hubspot/api/hubSpotClient';
import { HubSpotLimits } from '../../../../clients/hubspot/api/limits';
import type { HttpPort } from '../../../../core/ports';
import { ManualClock } from '../../../support/manualClock';

describe('the limits that a call of HubSpot is counted in', () => {
	const search = {
		filterGroups: [],
		sort: { propertyName: 'lastmodifieddate', direction: 'ASCENDING' },
		properties: [],
	} as const;

	it.each([
		['a search of contacts has a limit of its own', 'searchContacts', 1_000],
		['a search of lists has none', 'searchLists', 0],
	] as const)('%s', async (_what, method, waitMs) => {
		const clock = new ManualClock();
		const limits = new HubSpotLimits(clock);
		const body = { results: [], lists: [], hasMore: false, total: 0 };
		const http: HttpPort = {
			send: async () => await Promise.resolve({ kind: 'reply', status: 200, headers: {}, body }),
		};
		const client = new HubSpotClient(http, clock, limits);
		for (let call = 0; call < 4; call++) {
			const answer = method === 'searchLists' ? await client.searchLists({}) : await client.searchContacts(search);
			expect(answer.kind).toBe('ok');
		}
		expect(limits.searches.waitMs()).toBe(waitMs);
	});
});
