import type { MappedContact } from '../../../../core/contact/contact';
import type { HeldContact } from '../../../../core/upsert/destination';
import type { UpsertSettings } from '../../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../../core/upsert/upsertContacts';
import { DEFAULT_UPSERT } from '../../../support/brevoAccount';
import { ManualClock } from '../../../support/manualClock';
import { mapped } from '../../../support/mappedContacts';
import { MemoryDestination } from '../memoryDestination';

const KEY = (id: number): string => `hubspot:1:contact:${id}`;

const [OWN_PHONE, OTHER_PHONE] = ['+4915110000001', '+4915110000002'];

/** The contact of record 1, on the list, with the address that record 2 has by now. */
function held(more: Partial<HeldContact> = {}): MemoryDestination {
	const destination = new MemoryDestination();
	const attributes = { FIRSTNAME: 'Ada', CITY: 'Köln' };
	destination.hold({
		email: 'a@x.example',
		phone: OWN_PHONE,
		sourceKey: KEY(1),
		onList: true,
		attributes,
		...more,
	});
	return destination;
}

const unique = { system: 'hubspot', account: '1', object: 'contact', id: '2', uniqueEmails: true } as const;
const taker = (phone: string | undefined, more: Partial<MappedContact> = {}): MappedContact =>
	mapped(2, { email: 'a@x.example', phone, attributes: { FIRSTNAME: 'Bo' } }, { source: unique, ...more });

const run = async (
	destination: MemoryDestination,
	settings: Partial<UpsertSettings>,
	...contacts: MappedContact[]
): Promise<Array<{ status: string; warnings: Array<{ code: string; message: string }> }>> => {
	const all = { ...DEFAULT_UPSERT, ...settings };
	const { results } = await upsertContacts(contacts, destination, all, new ManualClock());
	return results.map(({ outcome, warnings }) => ({
		status: outcome.status,
		warnings: warnings.map(({ code, message }) => ({ code, message })),
	}));
};

describe('promise 2: a record whose contact goes over to one that has its address now', () => {
	it('gets a contact of its own in the same batch, with its number and what its contact held of the mapped values', async () => {
		const destination = held();
		const [told] = await run(destination, {}, taker(OTHER_PHONE));
		expect(destination.byKey(KEY(2))).toMatchObject({ id: '1', email: 'a@x.example', phone: OTHER_PHONE });
		expect(destination.byKey(KEY(1))).toMatchObject({
			phone: OWN_PHONE,
			attributes: { FIRSTNAME: 'Ada' },
			onList: true,
			optedOut: false,
		});
		expect(destination.byKey(KEY(1))?.email).toBeUndefined();
		expect(told).toMatchObject({ status: 'updated', warnings: [{ code: 'FORMER_OWNER_PUT_BACK' }] });
		expect(told?.warnings[0]?.message).toContain(KEY(1));
		expect(destination.calls).toBe(2);
		expect(await run(destination, {}, taker(OTHER_PHONE))).toEqual([{ status: 'unchanged', warnings: [] }]);
		expect(destination.calls).toBe(2);
	});

	it('promise 1: is put back blocked where it was blocked, and the one that took it over is blocked too', async () => {
		const destination = held({ optedOut: true });
		await run(destination, {}, taker(OTHER_PHONE));
		expect([destination.byKey(KEY(1))?.optedOut, destination.byKey(KEY(2))?.optedOut]).toEqual([true, true]);
	});

	it.each([
		['the other record has its number too', {}, taker(OWN_PHONE), {}],
		['its number stays on the contact', {}, taker(undefined), {}],
		['promise 1: text messages to its number are blocked', { bulkWriteLosesBlock: true }, taker(OTHER_PHONE), {}],
		['it has no number', { phone: undefined }, taker(OTHER_PHONE), {}],
		['it unsubscribed from the list', { unsubscribedFromList: true, onList: false }, taker(OTHER_PHONE), {}],
		['no contact is to be made', {}, taker(OTHER_PHONE), { mode: 'updateOnly' as const }],
	])('is named in a warning where it cannot be put back: %s', async (_why, more, change, settings) => {
		const destination = held(more);
		const [told] = await run(destination, settings, change);
		expect(told?.warnings.map(({ code }) => code)).toContain('FORMER_OWNER_LEFT');
		expect(told?.warnings.at(-1)?.message).toContain(KEY(1));
		expect(destination.contacts.size).toBe(1);
	});

	it('is named as well where the destination refuses its contact, and the other record is written all the same', async () => {
		const destination = held();
		destination.behaviour.refusesRow = ({ sourceKey }) => sourceKey === KEY(1);
		expect(await run(destination, {}, taker(OTHER_PHONE))).toMatchObject([
			{ status: 'updated', warnings: [{ code: 'FORMER_OWNER_LEFT' }] },
		]);
	});

	it('is not put back once it left, was merged into the other, or where records may share an address', async () => {
		const left = held({ onList: false });
		expect(await run(left, {}, taker(OTHER_PHONE))).toMatchObject([{ warnings: [] }]);
		const leaves = held();
		const leaver = mapped(1, {}, { change: 'removed' });
		expect(await run(leaves, {}, taker(OTHER_PHONE), leaver)).toMatchObject([{ warnings: [] }, { warnings: [] }]);
		const merged = held();
		expect(await run(merged, {}, taker(OTHER_PHONE, { mergedFrom: [KEY(1)] }))).toMatchObject([{ warnings: [] }]);
		const shares = held();
		const { uniqueEmails: _unique, ...source } = unique;
		expect(await run(shares, {}, taker(OTHER_PHONE, { source }))).toMatchObject([{ warnings: [] }]);
		for (const { contacts } of [left, leaves, merged, shares]) expect(contacts.size).toBe(1);
	});

	it.each([
		['is not sent', false],
		['got no answer', true],
	])(
		'is put back by the next delivery where its contact %s and the run failed, by a dry run not yet',
		async (_how, after) => {
			const destination = held();
			const failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'Down' } as const;
			destination.behaviour.fault = (call) => (call === 1 ? { failure, after } : undefined);
			await run(destination, {}, taker(OTHER_PHONE));
			expect(destination.byKey(KEY(1)) !== undefined).toBe(after);
			for (const dryRun of [true, false]) await run(destination, { dryRun }, taker(OTHER_PHONE));
			expect(destination.byKey(KEY(1))).toMatchObject({
				phone: OWN_PHONE,
				attributes: { FIRSTNAME: 'Ada' },
				onList: true,
			});
			expect([...destination.takenOver.values()]).toEqual([]);
			expect(destination.contacts.size).toBe(2);
		},
	);

	it('is put back by the next delivery where the answer to the takeover itself got lost', async () => {
		const destination = held();
		const failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'Down' } as const;
		destination.behaviour.fault = (call) => (call === 0 ? { failure, after: true } : undefined);
		await run(destination, {}, taker(OTHER_PHONE));
		expect(destination.byKey(KEY(1))).toBeUndefined();
		await run(destination, {}, taker(OTHER_PHONE));
		expect(destination.byKey(KEY(1))).toMatchObject({ phone: OWN_PHONE, onList: true });
	});

	it('is not put back once it was delivered as having left, between a run that failed and the next', async () => {
		const destination = held();
		const failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'Down' } as const;
		destination.behaviour.fault = (call) => (call === 1 ? { failure } : undefined);
		await run(destination, {}, taker(OTHER_PHONE));
		expect([...destination.takenOver.values()]).toHaveLength(1);
		await run(destination, {}, mapped(1, {}, { change: 'removed' }));
		expect(await run(destination, {}, taker(OTHER_PHONE))).toEqual([{ status: 'unchanged', warnings: [] }]);
		expect(destination.contacts.size).toBe(1);
	});

	it('a dry run tells the same', async () => {
		const destination = held();
		expect(await run(destination, { dryRun: true }, taker(OTHER_PHONE))).toMatchObject([
			{ status: 'planned', warnings: [{ code: 'FORMER_OWNER_PUT_BACK' }] },
		]);
		expect(destination.calls).toBe(0);
	});
});

describe('a record whose blocked contact goes over to another one, where a contact keeps one key', () => {
	const shared = { ...unique, system: 'salesforce', uniqueEmails: undefined } as unknown as MappedContact['source'];
	const codesOf = (told: { warnings: Array<{ code: string }> } | undefined): string[] =>
		told?.warnings.map(({ code }) => code) ?? [];

	it.each([
		['left the list', unique, { onList: false, optedOut: true }],
		['never came onto it, of a source with several records at an address', shared, { onList: false, optedOut: true }],
	])('promise 1: is named, for nothing tells later that it was blocked: it %s', async (_why, source, more) => {
		const destination = held(more);
		const [told] = await run(destination, {}, taker(OTHER_PHONE, { source }));
		expect(told).toMatchObject({ status: 'updated', warnings: [{ code: 'FORMER_OWNER_BLOCKED' }] });
		expect(told?.warnings[0]?.message).toContain(`The contact was that of ${KEY(1)}, and is opted out`);
		expect(destination.contacts.size).toBe(1);
		expect(await run(destination, {}, taker(OTHER_PHONE, { source }))).toEqual([{ status: 'unchanged', warnings: [] }]);
	});

	it('is not, where the contact is not blocked, keeps both keys, or the record is in the batch itself', async () => {
		const [mailable] = await run(held({ onList: false }), {}, taker(OTHER_PHONE));
		expect(codesOf(mailable)).toEqual([]);
		const keepsAll = held({ onList: false, optedOut: true });
		Object.assign(keepsAll, { names: { ...keepsAll.names, otherKeys: 'KEYS' } });
		const [keeps] = await run(keepsAll, {}, taker(OTHER_PHONE));
		expect(codesOf(keeps)).not.toContain('FORMER_OWNER_BLOCKED');
		const former = mapped(1, { email: 'new@x.example' }, { source: { ...unique, id: '1' } });
		const both = await run(held({ onList: false, optedOut: true }), {}, former, taker(OTHER_PHONE));
		expect(both.flatMap(codesOf)).not.toContain('FORMER_OWNER_BLOCKED');
	});
});
