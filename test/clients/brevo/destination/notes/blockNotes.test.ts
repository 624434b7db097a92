import { newAccount, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

const holdBlocked = (email: string, id = 1): void =>
	void sandbox.brevo.store.createContact(
		{ identifiers: { email, ext_id: `hubspot:1:contact:${id}` }, emailBlocked: true, addTo: [sandbox.list] },
		'seed',
	);

const options = (account = newAccount()) => ({ list: { id: sandbox.list }, account });

/** Brevo lifts the block with the change of address, and the run is gone before it can look at it. */
async function moveAndCrash(): Promise<void> {
	sandbox.brevo.settings.emailChangeAlwaysLifts = true;
	holdBlocked('old@x.example');
	// Found by its key, no contact at the new address, read before the change; then Brevo goes away.
	sandbox.brevo.faults.next('GET /contacts/:id', { delayMs: 1, times: 3 });
	sandbox.brevo.faults.next('GET /contacts/:id', { status: 500, times: 4 });
	await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'new@x.example' })], options());
	expect(sandbox.contact('new@x.example')?.emailBlocked).toBe(false);
	sandbox.brevo.store.clearLogs();
}

describe('a block that Brevo lifted with a change of address', () => {
	it.each([
		['the contact itself, read by itself', () => [mapped(1, { email: 'new@x.example' })]],
		['others, with the account read as a whole', () => mappedCrowd(40, 100)],
	])(
		'promise 1: is restored by a process that knows nothing and deals with %s',
		async (_name, batch) => {
			await moveAndCrash();
			await upsertIntoBrevo(sandbox.brevo, batch(), options());
			expect(sandbox.contact('new@x.example')?.emailBlocked).toBe(true);
			expect(sandbox.contact('new@x.example')?.attributes.CONTACT_SYNC_BLOCK).toBe('-');
		},
		60_000,
	);

	it('is not restored once it was seen: who subscribes again later stays subscribed', async () => {
		holdBlocked('old@x.example');
		await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'new@x.example' })], options());
		const contact = sandbox.contact('new@x.example');
		if (contact) sandbox.brevo.store.changeContact(contact, { emailBlocked: false }, 'control');
		await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'new@x.example' })], options());
		expect(contact?.emailBlocked).toBe(false);
	});

	it('promise 1: where the account takes no note, is on no list until the block was seen', async () => {
		const refusal = { code: 'invalid_parameter', message: 'Maximum number of attributes reached' };
		sandbox.brevo.faults.next('POST /contacts/attributes/normal/:id', { status: 400, times: 10, body: refusal });
		sandbox.brevo.settings.emailChangeAlwaysLifts = true;
		holdBlocked('old@x.example');
		const lists: boolean[] = [];
		const { store } = sandbox.brevo;
		const change = store.changeContact.bind(store);
		store.changeContact = (contact, ...rest) => {
			const changed = change(contact, ...rest);
			lists.push(!contact.emailBlocked && contact.listIds.size > 0);
			return changed;
		};
		const report = await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'new@x.example' })], options());
		expect(report.results[0]?.warnings.map(({ code }) => code)).toEqual(
			expect.arrayContaining(['BLOCK_RESTORED', 'NOTE_NOT_KEPT']),
		);
		expect(lists.length).toBeGreaterThan(1);
		expect(lists).not.toContain(true);
		expect(sandbox.contact('new@x.example')).toMatchObject({ emailBlocked: true });
		expect(sandbox.contact('new@x.example')?.listIds.has(sandbox.list)).toBe(true);
		store.clearLogs();
	});
});

describe('an address that a blocked contact left in an earlier batch', () => {
	it.each([
		['a new record', 2, 0],
		['a new record, with the account read as a whole', 2, 40],
		['a record that has a contact already', 3, 0],
	])('promise 1: stays blocked for %s', async (_name, id, others) => {
		holdBlocked('a@x.example');
		await upsertIntoBrevo(sandbox.brevo, [mapped(3, { email: 'third@x.example' })], options());
		await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'b@x.example' })], options());
		await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'c@x.example' })], options());
		for (const email of ['a@x.example', 'b@x.example'].slice(0, id === 2 ? 2 : 1)) {
			const taker = mapped(email === 'b@x.example' ? 4 : id, { email });
			await upsertIntoBrevo(sandbox.brevo, [taker, ...mappedCrowd(others, 1_000)], options());
			expect(sandbox.contact(email)?.emailBlocked).toBe(true);
		}
	});

	it('goes back to the same contact, without another one in the way', async () => {
		holdBlocked('a@x.example');
		await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'b@x.example' })], options());
		await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'a@x.example' })], options());
		expect(sandbox.contact('a@x.example')).toMatchObject({ id: 1, emailBlocked: true });
		expect(sandbox.brevo.store.contacts.size).toBe(1);
	});
});
