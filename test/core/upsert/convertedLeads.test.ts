import type { MappedContact } from '../../../core/contact/contact';
import type { UpsertSettings } from '../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import { ManualClock } from '../../support/manualClock';
import { mapped } from '../../support/mappedContacts';
import { MemoryDestination } from './memoryDestination';

const SETTINGS: UpsertSettings = { optOuts: 'block', leavers: 'remove', dryRun: false, longestWaitMs: 60_000 };
const LEAD = 'salesforce:00D:Lead:00Q1';
const CONTACT = 'salesforce:00D:Contact:0031';
const EMAIL = 'ada@x.example';

const record = (key: string, more: Partial<MappedContact> = {}, email = EMAIL): MappedContact => {
	const [system = '', account = '', object = '', id = ''] = key.split(':');
	return { ...mapped(id, { email }), key, source: { system, account, object, id }, ...more };
};
/** What the two triggers say about one conversion. */
const contactAdded = record(CONTACT, { change: 'added', mergedFrom: [LEAD] });
const leadLeft = record(LEAD, { change: 'removed', convertedTo: CONTACT });

const run = async (
	destination: MemoryDestination,
	contact: MappedContact,
	settings: Partial<UpsertSettings> = {},
): Promise<string> => {
	const { results } = await upsertContacts([contact], destination, { ...SETTINGS, ...settings }, new ManualClock());
	const [told] = results;
	return [told?.outcome.status, told?.outcome.code].filter(Boolean).join(' ');
};

/** The contact of the lead, as the sync of leads and the sync of contacts see it, each with a list of its own. */
function twoLists(): { leads: MemoryDestination; contacts: MemoryDestination } {
	const [leads, contacts] = [new MemoryDestination(), new MemoryDestination()];
	leads.hold({ email: EMAIL, sourceKey: LEAD, onList: true });
	contacts.hold({ email: EMAIL, sourceKey: LEAD, onList: false });
	return { leads, contacts };
}

describe('SB-29: a lead that is converted to a contact', () => {
	describe('when both syncs fill one list, stays on it as one contact with the key of the Salesforce contact', () => {
		it('the contact first', async () => {
			const destination = new MemoryDestination();
			destination.hold({ email: EMAIL, sourceKey: LEAD, onList: true });
			expect(await run(destination, contactAdded)).toBe('updated');
			expect(await run(destination, leadLeft)).toBe('unchanged OTHER_SOURCE');
			expect([...destination.contacts.values()]).toMatchObject([{ email: EMAIL, sourceKey: CONTACT, onList: true }]);
		});

		it('the lead first', async () => {
			const destination = new MemoryDestination();
			destination.hold({ email: EMAIL, sourceKey: LEAD, onList: true });
			expect(await run(destination, leadLeft)).toBe('removed');
			expect([...destination.contacts.values()]).toMatchObject([{ sourceKey: CONTACT, onList: false }]);
			expect(await run(destination, contactAdded)).toBe('updated');
			expect([...destination.contacts.values()]).toMatchObject([{ email: EMAIL, sourceKey: CONTACT, onList: true }]);
		});

		it('also when the address was changed with the conversion', async () => {
			for (const order of [
				[contactAdded, leadLeft],
				[leadLeft, contactAdded],
			]) {
				const destination = new MemoryDestination();
				destination.hold({ email: 'old@x.example', sourceKey: LEAD, onList: true });
				for (const change of order)
					await run(destination, {
						...change,
						contact: { email: change === leadLeft ? 'old@x.example' : EMAIL, attributes: {} },
					});
				expect([...destination.contacts.values()]).toMatchObject([{ email: EMAIL, sourceKey: CONTACT, onList: true }]);
			}
		});
	});

	describe('when each sync has a list of its own, moves from the one to the other', () => {
		it('the contact first: the key waits for the sync of leads', async () => {
			const { contacts, leads } = twoLists();
			expect(await run(contacts, contactAdded)).toBe('updated');
			expect(contacts.byKey(LEAD)).toMatchObject({ onList: true });
			expect(await run(leads, leadLeft)).toBe('removed');
			expect(leads.byKey(CONTACT)).toMatchObject({ onList: false, email: EMAIL });
		});

		it('the lead first', async () => {
			const { leads } = twoLists();
			expect(await run(leads, leadLeft)).toBe('removed');
			expect(leads.byKey(CONTACT)).toMatchObject({ onList: false });
			const contacts = new MemoryDestination();
			contacts.hold({ email: EMAIL, sourceKey: CONTACT });
			expect(await run(contacts, contactAdded)).toBe('updated');
			expect(contacts.byKey(CONTACT)).toMatchObject({ onList: true });
		});
	});

	it('to a contact that is there already leaves the list as what it was', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: EMAIL, sourceKey: LEAD, onList: true });
		destination.hold({ email: 'other@x.example', sourceKey: CONTACT, onList: true });
		expect(await run(destination, leadLeft)).toBe('removed');
		expect([...destination.contacts.values()]).toMatchObject([
			{ sourceKey: LEAD, onList: false },
			{ sourceKey: CONTACT, onList: true },
		]);
	});

	it('together with another lead, to one contact: one of the two goes on as it', async () => {
		const second = 'salesforce:00D:Lead:00Q2';
		const destination = new MemoryDestination();
		destination.hold({ email: EMAIL, sourceKey: LEAD, onList: true });
		destination.hold({ email: 'second@x.example', sourceKey: second, onList: true });
		const both = [leadLeft, record(second, { change: 'removed', convertedTo: CONTACT }, 'second@x.example')];
		const { results } = await upsertContacts(both, destination, SETTINGS, new ManualClock());
		expect(results.map(({ outcome }) => outcome.status)).toEqual(['removed', 'removed']);
		expect([...destination.contacts.values()]).toMatchObject([
			{ sourceKey: CONTACT, onList: false },
			{ sourceKey: second, onList: false },
		]);
	});

	it('together with another lead, to a contact that is there: one known by its address alone does not get the key of that one', async () => {
		const second = 'salesforce:00D:Lead:00Q2';
		const destination = new MemoryDestination();
		destination.hold({ email: 'ours@x.example', sourceKey: CONTACT, onList: false });
		destination.hold({ email: 'second@x.example', onList: false });
		const both = [leadLeft, record(second, { change: 'removed', convertedTo: CONTACT }, 'second@x.example')];
		const { results } = await upsertContacts(both, destination, SETTINGS, new ManualClock());
		expect(results.map(({ outcome }) => outcome.status)).toEqual(['unchanged', 'unchanged']);
		// In an import the two would become one.
		expect(destination.sentSizes).toEqual([]);
		expect([...destination.contacts.values()].map(({ sourceKey }) => sourceKey)).toEqual([CONTACT, undefined]);
	});

	it('that is to stay on the list only gets the key of the contact', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: EMAIL, sourceKey: LEAD, onList: true });
		const stays = { ...leadLeft, change: 'updated' as const };
		expect(await run(destination, stays)).toBe('updated');
		expect([...destination.contacts.values()]).toMatchObject([{ sourceKey: CONTACT, onList: true }]);
		expect(await run(destination, stays)).toBe('unchanged');
		expect(await run(destination, contactAdded)).toBe('unchanged');
	});

	it('that is to stay on the list brings no older values back where the contact was synced first', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'moved@x.example', sourceKey: CONTACT, onList: true, attributes: { FIRSTNAME: 'New' } });
		const contact = { email: EMAIL, attributes: { FIRSTNAME: 'Old' } };
		expect(await run(destination, { ...leadLeft, change: 'updated', contact })).toBe('unchanged');
		expect([...destination.contacts.values()]).toMatchObject([
			{ email: 'moved@x.example', sourceKey: CONTACT, onList: true, attributes: { FIRSTNAME: 'New' } },
		]);
	});

	it('that is to stay on the list stays beside another lead of the same contact', async () => {
		const second = 'salesforce:00D:Lead:00Q2';
		const destination = new MemoryDestination();
		destination.hold({ email: EMAIL, sourceKey: CONTACT, onList: true });
		const both = [LEAD, second].map((key, n) =>
			record(key, { change: 'updated', convertedTo: CONTACT }, `lead${n}@x.example`),
		);
		const { results } = await upsertContacts(both, destination, SETTINGS, new ManualClock());
		expect(results.map(({ outcome }) => outcome.status)).toEqual(['unchanged', 'created']);
		expect(destination.byKey(second)).toMatchObject({ email: 'lead1@x.example', onList: true });
	});

	it('promise 1: stays blocked, whoever comes first', async () => {
		for (const order of [
			[contactAdded, leadLeft],
			[leadLeft, contactAdded],
		]) {
			const destination = new MemoryDestination();
			destination.hold({ email: EMAIL, sourceKey: LEAD, onList: true, optedOut: true });
			for (const change of order) await run(destination, change);
			expect([...destination.contacts.values()]).toMatchObject([{ sourceKey: CONTACT, optedOut: true }]);
		}
	});

	it.each(['held', 'told'])(
		'promise 1: together with another lead that is blocked (%s), to one contact, is blocked',
		async (how) => {
			const second = 'salesforce:00D:Lead:00Q2';
			const destination = new MemoryDestination();
			destination.hold({ email: EMAIL, sourceKey: LEAD, onList: true });
			destination.hold({ email: 'second@x.example', sourceKey: second, onList: true, optedOut: how === 'held' });
			const other = { change: 'removed', convertedTo: CONTACT, optedOut: how === 'told' } as const;
			await upsertContacts(
				[leadLeft, record(second, other, 'second@x.example')],
				destination,
				SETTINGS,
				new ManualClock(),
			);
			expect([...destination.contacts.values()]).toMatchObject([
				{ sourceKey: CONTACT, onList: false, optedOut: true },
				{ sourceKey: second, onList: false, optedOut: true },
			]);
		},
	);

	it('promise 1: takes over the block of a lead that was merged into it, also when the contact was synced first', async () => {
		const merged = 'salesforce:00D:Lead:00Q2';
		for (const change of ['removed', 'updated'] as const) {
			for (const sourceKey of [LEAD, CONTACT]) {
				const destination = new MemoryDestination();
				destination.hold({ email: EMAIL, sourceKey, onList: true });
				destination.hold({ email: 'merged@x.example', sourceKey: merged, onList: true, optedOut: true });
				await run(destination, { ...leadLeft, change, mergedFrom: [merged] });
				expect([...destination.contacts.values()]).toMatchObject([
					{ email: EMAIL, sourceKey: CONTACT, optedOut: true },
					{ email: 'merged@x.example', sourceKey: merged, onList: false, optedOut: true },
				]);
			}
		}
	});

	it('is only told in a dry run', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: EMAIL, sourceKey: LEAD, onList: true });
		expect(await run(destination, leadLeft, { dryRun: true })).toBe('planned');
		expect([...destination.contacts.values()]).toMatchObject([{ sourceKey: LEAD, onList: true }]);
	});
});
