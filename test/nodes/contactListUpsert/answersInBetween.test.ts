import { mappedCrowd } from '../../support/mappedContacts';
import type { EmptyBrevo } from './upsertRun';
import { outcomes, startEmptyBrevo } from './upsertRun';

const PAGE = {
	body: '<html>Sign in to the proxy</html>',
	headers: { 'content-type': 'text/html', location: 'https://proxy.example/login' },
};

describe('what answers in the place of Brevo', () => {
	let account: EmptyBrevo;

	beforeEach(async () => void (account = await startEmptyBrevo()));

	afterEach(async () => await account.brevo.close());

	// One write of each way: single calls, and an import.
	it.each([
		[302, 2],
		[407, 40],
	] as const)(
		'promise 2: a page with status %d for the writes of %d contacts fails the run and no contact, so that they come again',
		async (status, count) => {
			for (const write of ['POST /contacts', 'POST /contacts/import'])
				account.brevo.faults.next(write, { status, times: 0, ...PAGE });
			const result = await account.run(mappedCrowd(count));
			expect(outcomes(result.json('Upsert', 1))).toEqual([]);
			expect(result.error?.message).toMatch(/proxy/);
		},
		30_000,
	);

	it('promise 2: a page with status 404 for a read is not taken for "no such contact"', async () => {
		account.brevo.faults.next('GET /contacts/:id', { status: 404, times: 0, ...PAGE });
		const result = await account.run(mappedCrowd(2));
		expect(result.error?.message).toMatch(/proxy/);
		expect(account.brevo.requests.count(({ method }) => method === 'POST')).toBe(0);
	}, 30_000);
});
