import type { MappedContact } from '../../../core/contact/contact';
import type { Failure } from '../../../core/result';
import type { UpsertSettings } from '../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import { ManualClock } from '../../support/manualClock';
import { mapped, mappedCrowd } from '../../support/mappedContacts';
import { MemoryDestination } from './memoryDestination';

const SETTINGS: UpsertSettings = { optOuts: 'block', leavers: 'remove', dryRun: false, longestWaitMs: 60_000 };
const KEY = (id: number): string => `hubspot:1:contact:${id}`;

const run = async (
	destination: MemoryDestination,
	contacts: ReadonlyArray<MappedContact | undefined>,
	settings: Partial<UpsertSettings> = {},
) => await upsertContacts(contacts, destination, { ...SETTINGS, ...settings }, new ManualClock());

const told = ({ results }: Awaited<ReturnType<typeof run>>): string[] =>
	results.map(({ outcome, warnings }) =>
		[outcome.status, outcome.code, ...warnings.map(({ field, code }) => `${field}:${code}`)].filter(Boolean).join(' '),
	);

const at = (minute: number): string => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;

describe('collapsing a batch', () => {
	it('writes only the newest of several changes of one contact, in whatever order they come', async () => {
		const destination = new MemoryDestination();
		const report = await run(destination, [
			mapped(1, { email: 'ada@x.example', attributes: { CITY: 'new' } }, { changedAt: at(9) }),
			mapped(1, { email: 'ada@x.example', attributes: { CITY: 'old' } }, { changedAt: at(3) }),
		]);
		expect(told(report)).toEqual(['created', 'unchanged SUPERSEDED']);
		expect(destination.byEmail('ada@x.example')?.attributes).toEqual({ CITY: 'new' });
		expect(destination.log).toEqual([`create ${KEY(1)}`]);
	});

	it('keeps an opt-out of an older change when the newer one does not say', async () => {
		const destination = new MemoryDestination();
		await run(destination, [
			mapped(1, { email: 'ada@x.example' }, { changedAt: at(1), optedOut: true }),
			mapped(1, { email: 'ada@x.example' }, { changedAt: at(2), optedOut: null }),
		]);
		expect(destination.byEmail('ada@x.example')?.optedOut).toBe(true);
	});

	it('lets the newest of two contacts with one address win and carries the opt-out of the other', async () => {
		const destination = new MemoryDestination();
		const report = await run(destination, [
			mapped(1, { email: 'office@x.example', attributes: { CITY: 'A' } }, { changedAt: at(1), optedOut: true }),
			mapped(2, { email: 'office@x.example', attributes: { CITY: 'B' } }, { changedAt: at(2) }),
		]);
		expect(told(report)).toEqual(['excluded SAME_ADDRESS_TWICE', 'created']);
		expect(destination.byEmail('office@x.example')).toMatchObject({
			sourceKey: KEY(2),
			optedOut: true,
			attributes: { CITY: 'B' },
		});
	});

	it('HB-11: excludes what is no contact and a contact without e-mail and phone', async () => {
		const destination = new MemoryDestination();
		const report = await run(destination, [
			undefined,
			mapped(1, { attributes: { CITY: 'A' } }),
			mapped(2, { phone: '+491701234567' }),
		]);
		expect(told(report)).toEqual(['excluded NOT_A_CONTACT', 'excluded NO_IDENTIFIER', 'created']);
	});
});

describe('identity', () => {
	it('HB-24: a changed e-mail updates the contact found by its key', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'old@x.example', sourceKey: KEY(1), onList: true });
		const report = await run(destination, [mapped(1, { email: 'new@x.example' })]);
		expect(report.results[0]?.outcome).toMatchObject({
			status: 'updated',
			changes: { EMAIL: { from: 'old@x.example', to: 'new@x.example' } },
		});
		expect(destination.contacts.size).toBe(1);
	});

	it('finds a contact by its former address and gives it our key', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'old@x.example' });
		await run(destination, [mapped(1, { email: 'new@x.example' }, { previousEmail: 'old@x.example' })]);
		expect([...destination.contacts.values()]).toMatchObject([{ email: 'new@x.example', sourceKey: KEY(1) }]);
	});

	it('leaves the key of another source on a contact found by its address', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'ada@x.example', sourceKey: 'webshop:77' });
		const report = await run(destination, [mapped(1, { email: 'ada@x.example', attributes: { CITY: 'A' } })]);
		expect(told(report)).toEqual(['updated']);
		expect(destination.byEmail('ada@x.example')).toMatchObject({ sourceKey: 'webshop:77', attributes: { CITY: 'A' } });
	});

	it('takes over an address that another record of the same source has lost', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'ada@x.example', sourceKey: KEY(7) });
		await run(destination, [mapped(1, { email: 'ada@x.example' })]);
		expect(destination.byEmail('ada@x.example')?.sourceKey).toBe(KEY(1));
	});

	it('does not mistake somebody with the same phone for the same person', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'first@x.example', phone: '+491701234567' });
		const report = await run(destination, [mapped(1, { email: 'second@x.example', phone: '+491701234567' })]);
		expect(told(report)).toEqual(['created SMS:PHONE_SHARED']);
		expect(destination.byEmail('second@x.example')?.phone).toBeUndefined();
		expect(told(await run(destination, [mapped(1, { email: 'second@x.example', phone: '+491701234567' })]))).toEqual([
			'unchanged SMS:PHONE_SHARED',
		]);
	});

	it('gives a number that two contacts of a batch share to one of them only', async () => {
		const destination = new MemoryDestination();
		const both = [
			mapped(1, { email: 'a@x.example', phone: '+491701234567' }),
			mapped(2, { email: 'b@x.example', phone: '+491701234567' }),
		];
		expect(told(await run(destination, both))).toEqual(['created', 'created SMS:PHONE_SHARED']);
	});

	it('moves a contact away before another one of the batch takes its address', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'x@x.example', sourceKey: KEY(1), onList: true });
		const report = await run(destination, [mapped(2, { email: 'x@x.example' }), mapped(1, { email: 'y@x.example' })]);
		expect(told(report)).toEqual(['created', 'updated']);
		expect(destination.byKey(KEY(1))?.email).toBe('y@x.example');
		expect(destination.byKey(KEY(2))?.email).toBe('x@x.example');
	});

	it('names the clash when the new address belongs to another contact', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'a@x.example', sourceKey: KEY(1) });
		destination.hold({ email: 'c@x.example' });
		expect(told(await run(destination, [mapped(1, { email: 'c@x.example' })]))).toEqual(['failed IDENTIFIER_TAKEN']);
	});

	it('does not take a contact by its former address from whoever got it earlier in the batch', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'two@x.example', sourceKey: 'webshop:1' });
		destination.hold({ email: 'one@x.example', sourceKey: KEY(3) });
		const batch = [
			mapped(4, { email: 'two@x.example' }),
			mapped(1, { email: 'one@x.example' }, { previousEmail: 'two@x.example' }),
			mapped(3, { email: 'three@x.example' }),
		];
		expect(told(await run(destination, batch))).toEqual(['updated', 'created', 'updated']);
		expect(destination.byEmail('two@x.example')?.sourceKey).toBe('webshop:1');
	});

	it('does not hand over the address of a contact whose own move was refused', async () => {
		const destination = new MemoryDestination({ refusesRow: ({ key }) => key === KEY(1) });
		destination.hold({ email: 'x@x.example', sourceKey: KEY(1), onList: true, attributes: { CITY: 'A' } });
		const report = await run(destination, [
			mapped(1, { email: 'y@x.example' }),
			mapped(2, { email: 'x@x.example', attributes: { CITY: 'B' } }),
		]);
		expect(told(report)).toEqual(['failed DESTINATION_REFUSED', 'failed IDENTIFIER_TAKEN']);
		expect(destination.byEmail('x@x.example')).toMatchObject({ sourceKey: KEY(1), attributes: { CITY: 'A' } });
	});
});

describe('opt-outs', () => {
	it('promise 1: the opt-out of a leaver whose contact another record took over reaches the contact at its new address', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'ada@x.example', sourceKey: KEY(1), onList: true });
		destination.hold({ email: 'bob@x.example', sourceKey: KEY(3), onList: true });
		const left = mapped(1, { email: 'bob@x.example' }, { change: 'deleted', optedOut: true });
		expect(told(await run(destination, [mapped(2, { email: 'ada@x.example' }), left]))).toEqual([
			'updated',
			'unchanged SUPERSEDED BLOCKED:OPT_OUT_CARRIED',
		]);
		expect(destination.byEmail('bob@x.example')).toMatchObject({ optedOut: true });
		expect(destination.byEmail('ada@x.example')).toMatchObject({ optedOut: false });
	});

	it('go with the address when somebody else of the batch takes it over', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'ada@x.example', sourceKey: KEY(1), onList: true });
		const left = mapped(1, { email: 'ada@x.example' }, { change: 'deleted', optedOut: true });
		expect(told(await run(destination, [left, mapped(2, { email: 'ada@x.example' })]))).toEqual([
			'unchanged SUPERSEDED',
			'updated',
		]);
		expect(destination.byKey(KEY(2))).toMatchObject({ optedOut: true, onList: true });
	});

	it('carries an opt-out as a block, for new and for known contacts', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'known@x.example' });
		await run(destination, [
			mapped(1, { email: 'known@x.example' }, { optedOut: true }),
			mapped(2, { email: 'new@x.example' }, { optedOut: true }),
		]);
		expect([...destination.contacts.values()].map(({ optedOut }) => optedOut)).toEqual([true, true]);
	});

	it('HB-22: does not carry the subscription status when opt-outs are ignored', async () => {
		const destination = new MemoryDestination();
		await run(destination, [mapped(1, { email: 'new@x.example' }, { optedOut: true })], { optOuts: 'ignore' });
		expect(destination.byEmail('new@x.example')?.optedOut).toBe(false);
	});

	it('updates a blocked contact and leaves it blocked, whatever the source says', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'gone@x.example', optedOut: true });
		const report = await run(destination, [
			mapped(1, { email: 'gone@x.example', attributes: { CITY: 'A' } }, { optedOut: false }),
		]);
		expect(told(report)).toEqual(['updated']);
		expect(destination.byEmail('gone@x.example')).toMatchObject({
			optedOut: true,
			onList: true,
			attributes: { CITY: 'A' },
		});
	});
});

describe('leaving', () => {
	const held = { email: 'ada@x.example', sourceKey: KEY(1), onList: true };
	const leaver = mapped(1, {}, { change: 'removed' });

	it('takes a contact that left off the list and never deletes it', async () => {
		const destination = new MemoryDestination();
		destination.hold(held);
		expect(told(await run(destination, [leaver]))).toEqual(['removed']);
		expect(destination.byKey(KEY(1))?.onList).toBe(false);
		expect(told(await run(destination, [leaver]))).toEqual(['unchanged']);
	});

	it('keeps it on the list when set so, and says when it is not there at all', async () => {
		const destination = new MemoryDestination();
		destination.hold(held);
		expect(told(await run(destination, [leaver], { leavers: 'keep' }))).toEqual(['unchanged KEPT_ON_LIST']);
		expect(told(await run(destination, [mapped(9, {}, { change: 'deleted' })]))).toEqual([
			'unchanged NOT_IN_DESTINATION',
		]);
		expect(destination.log).toEqual([]);
	});

	it('carries the opt-out of somebody who leaves', async () => {
		const destination = new MemoryDestination();
		destination.hold(held);
		await run(destination, [{ ...leaver, optedOut: true }]);
		expect(destination.byKey(KEY(1))).toMatchObject({ onList: false, optedOut: true });
	});

	it('does not take off the list whoever has the address by now', async () => {
		const destination = new MemoryDestination();
		destination.hold(held);
		const report = await run(destination, [
			mapped(1, { email: 'ada@x.example' }, { change: 'deleted' }),
			mapped(2, { email: 'ada@x.example' }),
		]);
		expect(told(report)).toEqual(['unchanged SUPERSEDED', 'updated']);
		expect(destination.byEmail('ada@x.example')).toMatchObject({ onList: true, sourceKey: KEY(2) });
	});
});

describe('bulk writes', () => {
	it('ends with the same outcomes as single writes', async () => {
		const outcomes = [];
		for (const bulkFrom of [1, 1_000]) {
			const destination = new MemoryDestination({
				bulkFrom,
				slowness: 2,
				dropsAttribute: (_name, value) => value === 'Lovelace 7',
			});
			destination.hold({ email: 'person3@crowd.example', optedOut: true });
			destination.hold({
				email: 'person4@crowd.example',
				sourceKey: KEY(4),
				onList: true,
				phone: '+4915100000004',
				attributes: { LASTNAME: 'Before' },
			});
			destination.hold({ email: 'other@x.example', phone: '+4915100000005' });
			outcomes.push(told(await run(destination, mappedCrowd(20))));
		}
		expect(outcomes[0]).toEqual(outcomes[1]);
		expect(outcomes[0]?.filter((text) => text !== 'created')).toEqual([
			'updated',
			'updated',
			'created SMS:PHONE_SHARED',
			'created LASTNAME:VALUE_DROPPED',
		]);
	});

	it('splits a refused batch until the bad rows stand alone', async () => {
		const bad = new Set([KEY(3), KEY(77), KEY(78)]);
		const destination = new MemoryDestination({ refusesRow: ({ key }) => bad.has(key) });
		const report = await run(destination, mappedCrowd(200));
		expect(report.failure).toBeUndefined();
		expect(told(report).filter((text) => text !== 'created')).toEqual(Array(3).fill('failed DESTINATION_REFUSED'));
		expect(report.results[76]?.outcome).toMatchObject({ status: 'failed', retryable: false });
		expect(destination.contacts.size).toBe(197);
		expect(destination.sentSizes.length).toBeLessThan(60);
	});

	it('does not split for ever when everything is refused', async () => {
		const destination = new MemoryDestination({ refusesRow: () => true });
		const report = await run(destination, mappedCrowd(1_000));
		expect(new Set(told(report))).toEqual(new Set(['failed DESTINATION_REFUSED']));
		expect(destination.sentSizes.length).toBeLessThan(100);
	});

	it.each([
		['at the beginning', (n: number) => n <= 60],
		['all but the last one', (n: number) => n < 100],
		['nine of ten', (n: number) => n % 10 !== 0],
		['in a row at the end', (n: number) => n > 55],
	])('no good contact is refused along with many bad ones: %s', async (_where, isBad) => {
		const bad = new Set(
			Array.from({ length: 100 }, (_none, index) => index + 1)
				.filter(isBad)
				.map(KEY),
		);
		const destination = new MemoryDestination({ refusesRow: ({ key }) => bad.has(key) });
		const report = await run(destination, mappedCrowd(100));
		const failed = report.results.flatMap(({ outcome }, index) =>
			outcome.status === 'failed' ? [KEY(index + 1)] : [],
		);
		expect(new Set(failed)).toEqual(bad);
		expect(destination.calls).toBeLessThan(220);
	});

	it('writes rows that the bulk path lost again, one by one', async () => {
		const destination = new MemoryDestination({ losesRow: ({ key }) => key === KEY(5) });
		expect(new Set(told(await run(destination, mappedCrowd(20))))).toEqual(new Set(['created']));
		expect(destination.byKey(KEY(5))).toBeDefined();
	});

	it('ends as NOT_CONFIRMED, to be sent again, when the destination takes too long', async () => {
		const destination = new MemoryDestination({ slowness: 1_000, tells: false });
		const report = await run(destination, mappedCrowd(20));
		expect(new Set(told(report))).toEqual(new Set(['failed NOT_CONFIRMED']));
		expect(report.results.every(({ outcome }) => outcome.retryable)).toBe(true);
		expect(report.failure?.code).toBe('NOT_CONFIRMED');
	});
});

describe('faults', () => {
	const down: Failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'Down' };

	it('stops after three calls in a row that end in a fault, and calls everything unsent retryable', async () => {
		const destination = new MemoryDestination({
			bulkFrom: Infinity,
			fault: (call) => (call >= 4 ? { failure: down } : undefined),
		});
		const report = await run(destination, mappedCrowd(100));
		expect(destination.calls).toBeLessThan(20);
		expect(told(report).filter((text) => text === 'created')).toHaveLength(4);
		expect(report.results.filter(({ outcome }) => outcome.code === 'UNAVAILABLE' && outcome.retryable)).toHaveLength(
			96,
		);
		expect(report.failure).toEqual(down);
	});

	it('one contact in trouble does not stop the others', async () => {
		const destination = new MemoryDestination({
			bulkFrom: Infinity,
			fault: (call) => (call === 2 ? { failure: down } : undefined),
		});
		const report = await run(destination, mappedCrowd(10));
		expect(told(report).filter((text) => text === 'created')).toHaveLength(9);
		expect(report.failure).toEqual(down);
	});

	it('a stop ends the run at once', async () => {
		const stop: Failure = { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'No' };
		const destination = new MemoryDestination({ bulkFrom: Infinity, fault: () => ({ failure: stop }) });
		const report = await run(destination, mappedCrowd(50));
		expect(destination.calls).toBeLessThanOrEqual(6);
		expect(new Set(told(report))).toEqual(new Set(['failed CREDENTIAL_INVALID']));
	});
});

describe('dry run', () => {
	it('tells what would change and writes nothing', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: 'person1@crowd.example', attributes: { CITY: 'Paris' } });
		const report = await run(destination, mappedCrowd(3), { dryRun: true });
		expect(told(report)).toEqual(['planned', 'planned', 'planned']);
		expect(report.results[0]?.outcome.changes).toMatchObject({ CITY: { from: 'Paris', to: 'Köln' } });
		expect(destination.calls).toBe(0);
	});
});
