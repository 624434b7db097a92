import type { MappedContact } from '../../../../../core/contact/contact';
import { newAccount, statusCounts } from '../../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { told } from '../../support/brevoSandbox';
import { useSteppedBrevo } from '../../support/steppedBrevo';

const stepped = useSteppedBrevo();

const IMPORT = /^POST \/contacts\/import/;
const SEVENTH = 'person7@crowd.example';
const again = (batch: readonly MappedContact[]): MappedContact[] =>
	batch.map((one) => ({ ...one, delivery: { phase: 'live', sequence: 2, again: true } }));
const crowdWith = (attributes: MappedContact['contact']['attributes']) =>
	mappedCrowd(35).map((one) => mapped(one.source.id, { ...one.contact, attributes }));
const hold = (attributes: Record<string, string | boolean> = {}, onList = true): void => {
	for (const { key, contact } of mappedCrowd(35))
		stepped.hold(contact.email ?? '', {
			extId: key,
			attributes,
			identifiers: { SMS: (contact.phone ?? '').slice(1) },
			addTo: onList ? [stepped.list] : [],
		});
};

describe('finding 5: values that imports drop come to rest although imports are slow', () => {
	it.each([
		['known contacts', true],
		['new contacts', false],
	])('of %s, in the delivery after the one that gave up waiting, and are remembered', async (_name, known) => {
		const account = newAccount();
		if (known) hold({ CITY: 'Bonn', IS_CUSTOMER: false });
		stepped.brevo.settings.importDelayMs = 30_000;
		const batch = crowdWith({ CITY: 'Bonn', IS_CUSTOMER: true });
		expect((await stepped.run(batch, { account })).failure?.code).toBe('NOT_CONFIRMED');
		const second = await stepped.run(again(batch), { account });
		expect(second.failure).toBeUndefined();
		expect(statusCounts(second)).toEqual({ updated: 35 });
		expect([...stepped.brevo.store.contacts.values()].every(({ attributes }) => attributes.IS_CUSTOMER === true)).toBe(
			true,
		);
		// From now on no import carries the value, so nothing has to be waited for.
		const third = await stepped.run(crowdWith({ CITY: 'Rom', IS_CUSTOMER: false }), { account });
		expect(third.failure).toBeUndefined();
		expect(stepped.counts()['POST /contacts/import']).toBe(1);
	});

	it('in another process too', async () => {
		hold({ CITY: 'Bonn', IS_CUSTOMER: false });
		stepped.brevo.settings.importDelayMs = 30_000;
		const batch = crowdWith({ CITY: 'Bonn', IS_CUSTOMER: true });
		await stepped.run(batch);
		expect(statusCounts(await stepped.run(again(batch)))).toEqual({ updated: 35 });
	});
});

describe('finding 16: no import puts a contact back on the list that it left', () => {
	it('a known contact, on no list of ours, that unsubscribes while the import is under way', async () => {
		hold({ CITY: 'Paris' }, false);
		stepped.brevo.settings.importDelayMs = 3_000;
		stepped.once('after', IMPORT, () => stepped.leaveList(SEVENTH));
		const report = await stepped.run(crowdWith({ CITY: 'Bonn' }));
		expect(report.failure).toBeUndefined();
		expect(stepped.brevo.store.resubscriptions).toEqual([]);
		expect(statusCounts(report)).toEqual({ updated: 35 });
		expect(stepped.brevo.store.lists.get(stepped.list)?.members.size).toBeGreaterThanOrEqual(34);
	});

	it('known contacts that only join cost one call for 150 and no import', async () => {
		hold({ CITY: 'Bonn' }, false);
		const report = await stepped.run(crowdWith({ CITY: 'Bonn' }));
		expect(statusCounts(report)).toEqual({ updated: 35 });
		expect(stepped.counts()['POST /contacts/import']).toBeUndefined();
		expect(stepped.brevo.store.lists.get(stepped.list)?.members.size).toBe(35);
	});

	it.each([20_000, 4_000])(
		'a new contact that is made in Brevo and unsubscribes while the import is under way (waited for %d ms)',
		async (longestWaitMs) => {
			const account = newAccount();
			stepped.brevo.settings.importDelayMs = 8_000;
			stepped.once('after', IMPORT, () => {
				stepped.hold(SEVENTH, { attributes: { CITY: 'Bonn' } });
				stepped.change(SEVENTH, { attributes: { NOTES: 'By hand' } });
				stepped.leaveList(SEVENTH);
			});
			const batch = crowdWith({ CITY: 'Bonn' });
			const report = await stepped.run(batch, { account, settings: { longestWaitMs } });
			if (longestWaitMs === 20_000) expect(told(report)[6]).toBe('created listIds:LIST_UNSUBSCRIBED');
			else await stepped.run(again(batch), { account });
			stepped.brevo.store.clearLogs();
			expect(stepped.isOnList(SEVENTH)).toBe(false);
		},
	);
});

describe('when a run looks for its import', () => {
	it('is no later from batch to batch because reading back is slow', async () => {
		stepped.callMs = ({ method, path }) => (method === 'GET' && path === '/contacts' ? 600 : 20);
		const account = newAccount();
		const crowd = mappedCrowd(160);
		for (let start = 0; start < crowd.length; start += 40)
			expect((await stepped.run(crowd.slice(start, start + 40), { account })).failure).toBeUndefined();
		expect(stepped.counts()['POST /contacts/import']).toBe(4);
		// The guess for 40 contacts is 520 ms, and the import is over by then.
		expect(stepped.waits.length).toBeGreaterThanOrEqual(4);
		expect(Math.max(...stepped.waits)).toBeLessThan(700);
	});
});
