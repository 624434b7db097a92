import { sameHubSpotValue } from '../../../../clients/hubspot/destination/propertyValues';
import { instantOf } from '../../../../clients/hubspot/api/types';
import type { HubSpotProperty } from '../../../../clients/hubspot/api/types';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { idsOf, ListFollower, membersOf, sandboxHttp } from '../support/listFollower';

/** Numbers and texts that no calendar has a day for. */
const BEYOND = [1e300, -1e300, 99_999_999_999_999_999, '99999999999999999', '1e400', '+275760-09-13T00:00:00Z'];

describe('an instant beyond every calendar', () => {
	it.each(BEYOND)('number 5: %j is none', (value) => {
		expect(instantOf(value)).toBeUndefined();
	});

	it.each(BEYOND)('number 22: %j as the value of a day differs from another one, and ends no batch', (value) => {
		const day = { name: 'birthday', type: 'date', fieldType: 'date', options: [] } as unknown as HubSpotProperty;
		expect(sameHubSpotValue(day, String(value), '2026-01-31')).toBe(false);
		expect(sameHubSpotValue(day, '2026-01-31', String(value))).toBe(false);
	});

	it.each([
		['the stamp of a contact', /contacts\/batch\/read$/, 'lastmodifieddate'],
		['a version of a value', /contacts\/batch\/read$/, 'timestamp'],
		['the time of joining', /memberships/, 'membershipTimestamp'],
	])(
		'number 5: as %s it ends no poll with a crash, and the contact comes once the answer is right',
		async (_what, path, name) => {
			const hubspot = await startHubSpot({ members: 5, awkward: false });
			const follower = new ListFollower(hubspot);
			const good = sandboxHttp(hubspot);
			await follower.firstSync();
			const [id = ''] = membersOf(hubspot);
			hubspot.store.changeContact(Number(id), { firstname: 'Changed' });
			follower.http = {
				send: async (request) => {
					const reply = await good.send(request);
					if (reply.kind !== 'reply' || !path.test(request.path)) return reply;
					const text = JSON.stringify(reply.body).replaceAll(new RegExp(`"${name}":"[^"]*"`, 'g'), `"${name}":"99999999999999999"`); // prettier-ignore
					return { ...reply, body: JSON.parse(text) as unknown };
				},
			};
			await follower.settle(3);
			follower.http = good;
			await follower.settle(30);
			await hubspot.close();
			expect(idsOf(follower.changes)).toContain(id);
		},
	);
});
