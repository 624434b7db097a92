import { BrevoClient } from '../../../../../clients/brevo/api/brevoClient';
import { brevoLimiters } from '../../../../../clients/brevo/api/limits';
import { heldIds } from '../../../../../clients/brevo/destination/lookup/keysOnList';
import type { HttpRequest } from '../../../../../core/ports';
import { newAccount, statusCounts, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { plainHttp } from '../../../../support/http/plainHttp';
import { mappedCrowd } from '../../../../support/mappedContacts';
import { sandboxClock } from '../../../../support/triggerFollower';
import { useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

/** Calls that got no answer in time. */
let unanswered = 0;

/** A client of a run of its own in the account; pages of more contacts than `most` get no answer in time. */
function clientOf(account: string, most: number): BrevoClient {
	const clock = sandboxClock(sandbox.brevo);
	const http = plainHttp(sandbox.brevo.url, { 'api-key': sandbox.brevo.apiKey });
	const isSlow = ({ method, path, query }: HttpRequest): boolean =>
		method === 'GET' && path === '/contacts' && Number(query?.limit) > most;
	const send = async (request: HttpRequest) => {
		if (!isSlow(request)) return await http.send(request);
		unanswered += 1;
		sandbox.brevo.clock.advance(request.timeoutMs ?? 60_000);
		return { kind: 'unreachable', reason: 'ECONNABORTED' } as const;
	};
	return new BrevoClient({ send }, clock, brevoLimiters(account, clock));
}

function fillAccount(count: number): void {
	for (let n = 0; n < count; n++)
		sandbox.brevo.store.createContact({ identifiers: { email: `other${n}@x.example` } }, 'seed', sandbox.brevo.clock.now() - 3_600_000); // prettier-ignore
}

describe('number 20: pages of contacts that Brevo never answers for', () => {
	it.each([
		['with a picture of the account', 40, undefined],
		['without one', 4, undefined],
		['with an index of the account', 60, 10_000],
	])(
		'promise 2: batches come through, and later ones do not find the size out again: %s',
		async (_how, count, pictureBytes) => {
			fillAccount(150);
			const account = newAccount();
			const run = async (city: string) => {
				unanswered = 0;
				const batch = mappedCrowd(count).map((one) => ({
					...one,
					contact: { ...one.contact, attributes: { CITY: city } },
				}));
				const options = { list: { id: sandbox.list }, account, client: clientOf(account, 100), pictureBytes };
				return statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, options));
			};
			expect(await run('Lyon')).toEqual({ created: count });
			const perSize = unanswered;
			expect(await run('Bonn')).toEqual({ updated: count });
			expect(unanswered).toBeLessThanOrEqual(4);
			expect(await run('Bonn')).toEqual({ unchanged: count });
			expect(unanswered).toBeLessThanOrEqual(4);
			expect(perSize).toBeLessThanOrEqual(8);
		},
	);

	it('promise 2: the keys on a list are compared', async () => {
		const account = newAccount();
		await upsertIntoBrevo(sandbox.brevo, mappedCrowd(130), { list: { id: sandbox.list } });
		const held = await heldIds(clientOf(account, 50), sandbox.list, 'hubspot:1:contact');
		expect(held).toMatchObject({ kind: 'ok' });
		expect(held.kind === 'ok' && held.value?.length).toBe(130);
	});

	it('promise 1: contacts that were deleted are found', async () => {
		fillAccount(200);
		const account = newAccount();
		const options = () => ({ list: { id: sandbox.list }, account, client: clientOf(account, 100) });
		await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), options());
		for (const n of [3, 17, 33]) {
			const contact = sandbox.contact(`person${n}@crowd.example`);
			if (contact) sandbox.brevo.store.deleteContact(contact, 'delete');
		}
		sandbox.brevo.clock.advance(3_600_000);
		const report = await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), options());
		expect(statusCounts(report)).toEqual({ unchanged: 37, created: 3 });
	});
});
