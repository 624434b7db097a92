import { newAccount, statusCounts } from '../../../../support/brevoAccount';
import { mappedCrowd } from '../../../../support/mappedContacts';
import { told } from '../../support/brevoSandbox';
import { useSteppedBrevo } from '../../support/steppedBrevo';

const stepped = useSteppedBrevo();

const IMPORT = /^POST \/contacts\/import/;
const JOIN = /\/contacts\/add$/;
const CROWD = mappedCrowd(160);

/** Everybody is there, on no list of ours and without our key. */
const hold = (): void => {
	for (const { contact } of CROWD)
		stepped.hold(contact.email ?? '', { identifiers: { SMS: (contact.phone ?? '').slice(1) } });
};
const onList = () => [...stepped.brevo.store.contacts.values()].filter(({ listIds }) => listIds.has(stepped.list));

function onListWithoutKey(): string[] {
	return onList().flatMap(({ identifiers }) => (identifiers.ext_id === undefined ? [identifiers.email ?? ''] : []));
}

describe('finding B: a known contact is put on the list only once it was seen to carry its key', () => {
	it('so a run that ends anywhere leaves no contact on the list that no key finds', async () => {
		hold();
		const seen: string[][] = [];
		for (const at of ['before', 'after'] as const)
			for (const match of [IMPORT, JOIN, JOIN]) stepped.once(at, match, () => seen.push(onListWithoutKey()));
		const report = await stepped.run(CROWD);
		expect(statusCounts(report)).toEqual({ updated: 160 });
		expect(onList()).toHaveLength(160);
		expect(seen).toHaveLength(6);
		expect(seen.flat()).toEqual([]);
		// Two calls of at most 150 contacts, and one import.
		const sent = Object.entries(stepped.counts()).filter(([call]) => /import|contacts\/add/.test(call));
		expect(sent.map(([, count]) => count).sort()).toEqual([1, 2]);
	});

	it('a contact that unsubscribes between the import and the call stays off the list', async () => {
		hold();
		stepped.once('after', IMPORT, () => stepped.leaveList('person7@crowd.example'));
		const report = await stepped.run(CROWD);
		expect(told(report)[6]).toBe('updated listIds:LIST_UNSUBSCRIBED');
		expect(stepped.isOnList('person7@crowd.example')).toBe(false);
	});

	it('a failing call costs the run, and the next delivery puts them on the list without another import', async () => {
		hold();
		const account = newAccount();
		stepped.once('before', JOIN, () =>
			stepped.brevo.faults.next('POST /contacts/lists/:id/contacts/add', { status: 503, times: 8 }),
		);
		const report = await stepped.run(CROWD, { account });
		expect(report.failure?.code).toBe('UNAVAILABLE');
		expect(onListWithoutKey()).toEqual([]);
		const second = await stepped.run(CROWD, { account });
		expect(statusCounts(second)).toEqual({ updated: 160 });
		expect(onList()).toHaveLength(160);
		expect(stepped.counts()['POST /contacts/import']).toBe(1);
	});

	it('the dry run foretells the calls', async () => {
		hold();
		const settings = { dryRun: true };
		const dry = await stepped.run(CROWD, { settings });
		stepped.brevo.requests.clear();
		const real = await stepped.run(CROWD);
		expect(Math.abs((dry.cost?.calls ?? 0) - (real.cost?.calls ?? 0))).toBeLessThanOrEqual(3);
	});
});
