import { BrevoClient } from '../../../../../clients/brevo/api/brevoClient';
import { brevoLimiters } from '../../../../../clients/brevo/api/limits';
import type { MappedContact } from '../../../../../core/contact/contact';
import { newAccount, statusCounts, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { plainHttp } from '../../../../support/http/plainHttp';
import { realClock } from '../../../../support/manualClock';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

/** Each worker has a picture of the account of its own. */
const workers = () => {
	const [first, second] = [newAccount(), newAccount()];
	return {
		first: { list: { id: sandbox.list }, account: first },
		second: { list: { id: sandbox.list }, account: second },
	};
};

const change = (email: string, what: Parameters<typeof sandbox.brevo.store.changeContact>[1]): void => {
	const contact = sandbox.contact(email);
	if (contact) sandbox.brevo.store.changeContact(contact, what, 'control');
};

describe.each([true, false])('where list changes move the stamp of a contact: %s', (touches) => {
	beforeEach(() => void (sandbox.brevo.settings.touchOnListChange = touches));

	it('promise 1: who joined through another worker and leaves through this one is off the list, and blocked', async () => {
		const { first, second } = workers();
		const others = mappedCrowd(40, 1_000);
		await upsertIntoBrevo(sandbox.brevo, others, second);
		const ten = mappedCrowd(10);
		await upsertIntoBrevo(sandbox.brevo, [...ten, ...others], first);
		const leavers = ten.map((one) => ({ ...one, change: 'removed' as const, optedOut: true }));
		await upsertIntoBrevo(sandbox.brevo, [...leavers, ...others.slice(0, 10)], second);
		const contacts = ten.map(({ contact }) => sandbox.contact(contact.email ?? ''));
		expect(contacts.filter((contact) => contact?.listIds.has(sandbox.list))).toEqual([]);
		expect(contacts.filter((contact) => !contact?.emailBlocked)).toEqual([]);
	}, 60_000);

	it('promise 1: who was put on the list again by another worker is taken off it', async () => {
		const { first, second } = workers();
		const crowd = mappedCrowd(40);
		const leaving = (batch: MappedContact[]) => batch.map((one) => ({ ...one, change: 'removed' as const }));
		await upsertIntoBrevo(sandbox.brevo, crowd, second);
		await upsertIntoBrevo(sandbox.brevo, leaving(crowd), second);
		await upsertIntoBrevo(sandbox.brevo, crowd, first);
		await upsertIntoBrevo(sandbox.brevo, leaving(crowd), second);
		expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(0);
	}, 60_000);

	it('promise 2: who joins again after another worker took them off comes back on the list', async () => {
		const { first, second } = workers();
		const crowd = mappedCrowd(40);
		const leaving = crowd.map((one) => ({ ...one, change: 'removed' as const }));
		const delivery = { phase: 'live', sequence: 3 } as const;
		await upsertIntoBrevo(sandbox.brevo, crowd, second);
		await upsertIntoBrevo(sandbox.brevo, leaving.slice(0, 5), first);
		const joining = crowd.map((one, n) => (n < 5 ? { ...one, change: 'added' as const, delivery } : one));
		await upsertIntoBrevo(sandbox.brevo, joining, second);
		expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(40);
	}, 60_000);
});

it('promise 1: what remains of a merge is blocked when the other one unsubscribed a moment ago', async () => {
	const options = { list: { id: sandbox.list }, account: newAccount() };
	await upsertIntoBrevo(sandbox.brevo, mappedCrowd(60), options);
	change('person1@crowd.example', { emailBlocked: true });
	const [survivor, ...rest] = mappedCrowd(8, 2);
	const merged = survivor && { ...survivor, mergedFrom: ['hubspot:1:contact:1'] };
	await upsertIntoBrevo(sandbox.brevo, [merged, ...rest], options);
	expect(sandbox.contact('person2@crowd.example')?.emailBlocked).toBe(true);
});

it('an address that turns out to be taken when it is written is planned once more', async () => {
	const message = 'Unable to update contact, EMAIL is already associated with another Contact';
	const identifiers = { email: 'a@x.example', ext_id: 'hubspot:1:contact:1' };
	sandbox.brevo.store.createContact({ identifiers, addTo: [sandbox.list] }, 'seed');
	sandbox.brevo.faults.next('PUT /contacts/:id', {
		status: 400,
		body: { code: 'duplicate_parameter', message, metadata: { duplicate_identifiers: ['email'] } },
	});
	const report = await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'b@x.example' })], {
		list: { id: sandbox.list },
	});
	expect(statusCounts(report)).toEqual({ updated: 1 });
});

describe('clocks', () => {
	it('an answer that is dated hours ahead hides no change', async () => {
		const http = plainHttp(sandbox.brevo.url, { 'api-key': sandbox.brevo.apiKey });
		const date = new Date(Date.now() + 6 * 3_600_000).toUTCString();
		const ahead = () =>
			new BrevoClient(
				{
					send: async (request) => {
						const reply = await http.send(request);
						return reply.kind === 'reply' ? { ...reply, headers: { ...reply.headers, date } } : reply;
					},
				},
				realClock,
				brevoLimiters(sandbox.brevo.url, realClock),
			);
		const options = { list: { id: sandbox.list }, account: newAccount() };
		await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), { ...options, client: ahead() });
		change('person9@crowd.example', { attributes: { CITY: 'Oslo' } });
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), options))).toEqual({
			updated: 1,
			unchanged: 39,
		});
	});

	it('a clock that is put back makes what was read no younger', async () => {
		let offset = 0;
		const clock = { now: () => Date.now() + offset, sleep: async (ms: number) => await realClock.sleep(ms) };
		const options = { list: { id: sandbox.list }, account: newAccount(), clock };
		await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), options);
		const victim = sandbox.contact('person9@crowd.example');
		if (victim) sandbox.brevo.store.deleteContact(victim, 'control');
		offset = -6 * 3_600_000;
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), options))).toEqual({
			created: 1,
			unchanged: 39,
		});
	});
});
