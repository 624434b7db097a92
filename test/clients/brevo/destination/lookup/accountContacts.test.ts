import { BrevoClient } from '../../../../../clients/brevo/api/brevoClient';
import { brevoLimiters } from '../../../../../clients/brevo/api/limits';
import { newAccount, statusCounts, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { plainHttp } from '../../../../support/http/plainHttp';
import { realClock } from '../../../../support/manualClock';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { told, useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

const anHourAgo = (): number => Date.now() - 3_600_000;

/** Brevo's clock is told in whole seconds, so what the import itself wrote is read once more: 1,500 contacts. */
const PAGES_OF_ONE_SECOND = 1;

const calls = (): Record<string, number> => sandbox.brevo.requests.counts();

describe('what this process knows of an account', () => {
	it('is not read twice: one call a batch tells what changed since, another one a minute what was deleted', async () => {
		const account = newAccount();
		const batch = mappedCrowd(1_500);
		const options = { list: { id: sandbox.list }, account };
		await upsertIntoBrevo(sandbox.brevo, batch, options);
		sandbox.brevo.requests.clear();
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, options))).toEqual({ unchanged: 1_500 });
		expect(calls()).toEqual({ 'GET /contacts': 1 + PAGES_OF_ONE_SECOND });

		// What was read is trusted for a minute.
		sandbox.brevo.clock.advance(61_000);
		const changed = sandbox.contact('person9@crowd.example');
		if (changed) sandbox.brevo.store.changeContact(changed, { attributes: { CITY: 'Oslo' } }, 'control');
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch.slice(0, 20), options))).toEqual({
			updated: 1,
			unchanged: 19,
		});
		expect(sandbox.contact('person9@crowd.example')?.attributes.CITY).toBe('Köln');
		expect(sandbox.brevo.requests.total).toBeLessThanOrEqual(10);
	});

	it('misses nobody when a contact is deleted while the pages are read', async () => {
		for (let n = 1; n <= 2_100; n++)
			sandbox.brevo.store.createContact(
				{ identifiers: { email: `person${n}@crowd.example`, ext_id: `hubspot:1:contact:${n}` }, addTo: [sandbox.list] },
				'seed',
				anHourAgo(),
			);
		const http = plainHttp(sandbox.brevo.url, { 'api-key': sandbox.brevo.apiKey });
		let pages = 0;
		const client = new BrevoClient(
			{
				send: async (request) => {
					const reply = await http.send(request);
					const first = sandbox.contact('person1@crowd.example');
					if (request.path === '/contacts' && ++pages === 1 && first)
						sandbox.brevo.store.deleteContact(first, 'control');
					return reply;
				},
			},
			realClock,
			brevoLimiters(sandbox.brevo.url, realClock),
		);
		// The 1,001st of the account slips from the second page to the first.
		const moved = Array.from({ length: 10 }, (_none, index) =>
			mapped(1_000 + index, { email: `new${index}@x.example` }),
		);
		const report = await upsertIntoBrevo(sandbox.brevo, moved, { list: { id: sandbox.list }, client });
		expect(statusCounts(report)).toEqual({ updated: 10 });
	}, 60_000);

	it('notices deleted contacts by their number', async () => {
		const account = newAccount();
		const batch = mappedCrowd(40);
		const options = { list: { id: sandbox.list }, account };
		await upsertIntoBrevo(sandbox.brevo, batch, options);
		for (const n of [3, 4]) {
			const victim = sandbox.contact(`person${n}@crowd.example`);
			if (victim) sandbox.brevo.store.deleteContact(victim, 'control');
		}
		// What was read is trusted for a minute.
		sandbox.brevo.clock.advance(61_000);
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, options))).toEqual({ created: 2, unchanged: 38 });
	});

	it('starts anew for a batch that writes other attributes', async () => {
		const account = newAccount();
		const options = { list: { id: sandbox.list }, account };
		await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), options);
		const others = mappedCrowd(40).map((one) => ({
			...one,
			contact: { ...one.contact, attributes: { COUNTRY: 'Chile' } },
		}));
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, others, options))).toEqual({ updated: 40 });
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), options))).toEqual({ unchanged: 40 });
	});

	it('is not read at all for two contacts of a large account', async () => {
		for (let n = 0; n < 5_000; n++)
			sandbox.brevo.store.createContact({ identifiers: { email: `other${n}@x.example` } }, 'seed', anHourAgo());
		const account = newAccount();
		const two = [
			mapped(1, { email: 'other7@x.example', attributes: { CITY: 'Rom' } }),
			mapped(2, { email: 'new@x.example' }),
		];
		expect(told(await upsertIntoBrevo(sandbox.brevo, two, { list: { id: sandbox.list }, account }))).toEqual([
			'updated',
			'created',
		]);
		expect(calls()['GET /contacts']).toBeUndefined();
		expect(sandbox.brevo.requests.total).toBeLessThanOrEqual(11);
	});

	it('is left out where single reads are cheaper, after the first page told how many contacts there are', async () => {
		for (let n = 0; n < 12_000; n++)
			sandbox.brevo.store.createContact({ identifiers: { email: `other${n}@x.example` } }, 'seed', anHourAgo());
		const account = newAccount();
		// The lookups of five contacts wait a second for their turns; after three what was read would no longer count as read a moment ago.
		const inRealTime = { list: { id: sandbox.list }, clock: realClock };
		const batch = mappedCrowd(5);
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, { ...inRealTime, account }))).toEqual({
			created: 5,
		});
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, batch, { ...inRealTime, account }))).toEqual({
			unchanged: 5,
		});
		// One page to find out, one sweep to read the five back.
		expect(calls()['GET /contacts']).toBe(2);
	});

	it('reads five contacts back one by one while somebody else imports thousands', async () => {
		// However long this machine takes to make them, they come while the five are written.
		const meanwhile = sandbox.brevo.clock.now() + 60_000;
		for (let n = 0; n < 12_000; n++)
			sandbox.brevo.store.createContact({ identifiers: { email: `other${n}@x.example` } }, 'seed', meanwhile);
		const inRealTime = { list: { id: sandbox.list }, clock: realClock };
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, mappedCrowd(5), { ...inRealTime }))).toEqual({
			created: 5,
		});
		expect(calls()['GET /contacts']).toBe(2);
	});

	it('HB-24: follows 40 changed addresses by their keys: 40 updates, no contact more', async () => {
		const account = newAccount();
		const options = { list: { id: sandbox.list }, account };
		const few = mappedCrowd(40);
		await upsertIntoBrevo(sandbox.brevo, few, options);
		const moved = few.map((one) => ({ ...one, contact: { ...one.contact, email: `moved.${one.contact.email}` } }));
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, moved, options))).toEqual({ updated: 40 });
		expect(sandbox.brevo.store.contacts.size).toBe(40);
		expect(sandbox.contact('moved.person7@crowd.example')?.identifiers.ext_id).toBe('hubspot:1:contact:7');
	}, 90_000);
});
