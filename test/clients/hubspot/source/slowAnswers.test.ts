import type { HttpRequest } from '../../../../core/ports';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { idsOf, ListFollower, membersOf, sandboxHttp } from '../support/listFollower';

let hubspot: RunningHubSpot;
let follower: ListFollower;
afterEach(async () => await hubspot.close());

interface Body {
	readonly limit?: number;
	readonly inputs?: readonly unknown[];
}
const isOf = (request: HttpRequest, path: RegExp): boolean => path.test(request.path);
const inputsOf = ({ body }: HttpRequest): number => (body as Body).inputs?.length ?? 0;

/** Requests that get no answer in time. */
const SLOW: ReadonlyArray<readonly [string, (request: HttpRequest) => boolean]> = [
	[
		'pages of members',
		(request) => isOf(request, /\/memberships(?:\/join-order)?$/) && Number(request.query?.limit) > 50,
	],
	['contacts read together', (request) => isOf(request, /contacts\/batch\/read$/) && inputsOf(request) > 1],
	['lists of contacts', (request) => isOf(request, /memberships\/batch\/read$/) && inputsOf(request) > 10],
	['pages of a search', (request) => isOf(request, /contacts\/search$/) && ((request.body as Body).limit ?? 0) > 10],
];

describe('what HubSpot does not answer for in one call', () => {
	it.each(SLOW)(
		'promise 2: %s come in smaller parts, also where a call takes all the time of a poll',
		async (_name, isSlow) => {
			hubspot = await startHubSpot({ members: 120, awkward: false });
			follower = new ListFollower(hubspot);
			const http = sandboxHttp(hubspot);
			follower.http = {
				send: async (request) => {
					if (!isSlow(request)) return await http.send(request);
					hubspot.clock.advance(request.timeoutMs ?? 30_000);
					return { kind: 'unreachable', reason: 'ECONNABORTED' };
				},
			};
			follower.poll = { budgetMs: 60_000 };
			const emitted = new Set<string>();
			const poll = async (count: number): Promise<void> => {
				for (let n = 0; n < count; n++) {
					await follower.next();
					for (const id of idsOf(follower.batches.splice(0).flat())) emitted.add(id);
				}
			};
			await poll(12);
			expect([...emitted].sort()).toEqual(membersOf(hubspot));
			emitted.clear();
			const changed = membersOf(hubspot).slice(0, 30);
			for (const id of changed) hubspot.store.changeContact(Number(id), { firstname: 'Changed' });
			await poll(12);
			expect([...emitted].sort()).toEqual(changed.sort());
		},
	);
});
