import { newAccount } from '../../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { told } from '../../support/brevoSandbox';
import { useSteppedBrevo } from '../../support/steppedBrevo';

const stepped = useSteppedBrevo();

const KEY = 'hubspot:1:contact:1';
const moved = mapped(1, { email: 'new@x.example' });

/** Brevo lifts every block with a change of address. Notes each moment at which a contact can be mailed on a list. */
function watchMailable(): string[] {
	const { store, settings } = stepped.brevo;
	settings.emailChangeAlwaysLifts = true;
	const moments: string[] = [];
	const change = store.changeContact.bind(store);
	store.changeContact = (contact, ...rest) => {
		const changed = change(contact, ...rest);
		if (!contact.emailBlocked && contact.listIds.size > 0) moments.push(changed.join(','));
		return changed;
	};
	return moments;
}

describe('finding 14: a blocked contact whose address changes is on no list until its block was seen', () => {
	it('and comes back on all its lists then, without a call more', async () => {
		const other = stepped.brevo.store.createList('Other', 1).id;
		stepped.hold('old@x.example', { extId: KEY, emailBlocked: true, addTo: [stepped.list, other] });
		const moments = watchMailable();
		expect(told(await stepped.run([moved]))).toEqual(['updated emailBlacklisted:BLOCK_RESTORED']);
		stepped.brevo.store.clearLogs();
		expect(moments).toEqual([]);
		expect([...stepped.contact('new@x.example').listIds].sort()).toEqual([stepped.list, other].sort());
		expect(stepped.contact('new@x.example').attributes.CONTACT_SYNC_BLOCK).toBe('-');
		// The change, the block that Brevo had lifted, and striking out the note with the lists.
		expect(stepped.counts()['PUT /contacts/:id']).toBe(3);
	});

	it('and joins the list only then, where the change makes it a member', async () => {
		stepped.hold('old@x.example', { extId: KEY, emailBlocked: true });
		const moments = watchMailable();
		expect(told(await stepped.run([moved]))).toEqual(['updated emailBlacklisted:BLOCK_RESTORED']);
		stepped.brevo.store.clearLogs();
		expect(moments).toEqual([]);
		expect(stepped.isOnList('new@x.example')).toBe(true);
	});

	it.each([
		['the contact itself', () => [moved]],
		['others, with the account read as a whole', () => mappedCrowd(40, 100)],
	])('and is put back on its lists by a process that knows nothing and deals with %s', async (_name, batch) => {
		const other = stepped.brevo.store.createList('Other', 1).id;
		stepped.hold('old@x.example', { extId: KEY, emailBlocked: true, addTo: [stepped.list, other] });
		const moments = watchMailable();
		// Once the address is changed, Brevo goes away.
		stepped.once('after', /^PUT \/contacts\//, () =>
			stepped.brevo.faults.next('GET /contacts/:id', { status: 500, times: 4 }),
		);
		expect((await stepped.run([moved])).failure?.code).toBe('UNAVAILABLE');
		await stepped.run(batch(), { account: newAccount() });
		stepped.brevo.store.clearLogs();
		expect(moments).toEqual([]);
		expect(stepped.contact('new@x.example').emailBlocked).toBe(true);
		expect([...stepped.contact('new@x.example').listIds].sort()).toEqual([stepped.list, other].sort());
	});

	it('but not on one it unsubscribed from', async () => {
		stepped.hold('old@x.example', { extId: KEY, emailBlocked: true, addTo: [stepped.list] });
		watchMailable();
		stepped.once('after', /^PUT \/contacts\//, () => stepped.leaveList('new@x.example'));
		await stepped.run([moved]);
		expect(stepped.isOnList('new@x.example')).toBe(false);
		stepped.brevo.store.resubscriptions.splice(0, 1);
	});
});

describe('finding 15: a contact whose external id another tool overwrites together with its address', () => {
	const overwrite = (extId: string): void =>
		stepped.change('a@x.example', { identifiers: { ext_id: extId, email: 'tool@x.example' } });

	it.each([
		['read one by one', 0],
		['read as a whole', 40],
	])('is found by the key in our note, %s', async (_name, others) => {
		stepped.hold('a@x.example', { extId: 'shop-77' });
		const account = newAccount();
		const beside = mappedCrowd(others, 1_000);
		await stepped.run([mapped(1, { email: 'a@x.example' }), ...beside], { account });
		expect(stepped.contact('a@x.example').attributes.CONTACT_SYNC_KEY).toBe(KEY);
		stepped.brevo.clock.advance(10_000);
		overwrite('shop-78');
		stepped.change('tool@x.example', { emailBlocked: true });
		await stepped.run([mapped(1, { email: 'b@x.example' }), ...beside], { account });
		expect(stepped.contact('b@x.example')).toMatchObject({ emailBlocked: true, identifiers: { ext_id: 'shop-78' } });
		expect(stepped.brevo.store.contacts.size).toBe(others + 1);
	});

	it('is found where it carried our key, and the key is noted from then on', async () => {
		stepped.hold('a@x.example', { extId: KEY, addTo: [stepped.list] });
		const account = newAccount();
		const beside = mappedCrowd(40, 1_000);
		await stepped.run([mapped(1, { email: 'a@x.example' }), ...beside], { account });
		stepped.brevo.clock.advance(10_000);
		overwrite('shop-78');
		stepped.change('tool@x.example', { emailBlocked: true });
		await stepped.run([mapped(1, { email: 'b@x.example' }), ...beside], { account });
		expect(stepped.contact('b@x.example')).toMatchObject({
			emailBlocked: true,
			attributes: { CONTACT_SYNC_KEY: KEY },
			identifiers: { ext_id: 'shop-78' },
		});
		expect(stepped.brevo.store.contacts.size).toBe(41);
		await stepped.run([mapped(1, { email: 'c@x.example' })]);
		expect(stepped.contact('c@x.example').identifiers.ext_id).toBe('shop-78');
	});

	it('leaves the list, too', async () => {
		stepped.hold('a@x.example', { extId: KEY, addTo: [stepped.list] });
		const account = newAccount();
		const beside = mappedCrowd(40, 1_000);
		await stepped.run([mapped(1, { email: 'a@x.example' }), ...beside], { account });
		stepped.brevo.clock.advance(10_000);
		overwrite('shop-78');
		const leaver = mapped(1, { email: 'a@x.example' }, { change: 'removed' });
		expect(told(await stepped.run([leaver, ...beside], { account }))[0]).toBe('removed');
		expect(stepped.isOnList('tool@x.example')).toBe(false);
	});
});
