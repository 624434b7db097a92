import type { MappedContact } from '../../../core/contact/contact';
import type { Failure } from '../../../core/result';
import type { UpsertSettings } from '../../../core/upsert/upsertContacts';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import { ManualClock } from '../../support/manualClock';
import { mapped } from '../../support/mappedContacts';
import { MemoryDestination } from './memoryDestination';

const SETTINGS: UpsertSettings = { optOuts: 'block', leavers: 'remove', dryRun: false, longestWaitMs: 60_000 };
const KEY = (id: number): string => `hubspot:1:contact:${id}`;
const email = (id: number): string => `p${id}@x.example`;

const run = async (
	destination: MemoryDestination,
	contacts: readonly MappedContact[],
	settings: Partial<UpsertSettings> = {},
) => await upsertContacts(contacts, destination, { ...SETTINGS, ...settings }, new ManualClock());

const told = ({ results }: Awaited<ReturnType<typeof run>>): string[] =>
	results.map(({ outcome, warnings }) =>
		[outcome.status, outcome.code, ...warnings.map(({ code }) => code)].filter(Boolean).join(' '),
	);

/** A destination that holds the people with their addresses, on the list. */
function holding(...ids: number[]): MemoryDestination {
	const destination = new MemoryDestination();
	for (const id of ids) destination.hold({ email: email(id), sourceKey: KEY(id), onList: true });
	return destination;
}

describe('swapped addresses', () => {
	it.each([2, 3, 4])('%s contacts that pass their addresses round end where the source says', async (count) => {
		const ids = Array.from({ length: count }, (_none, index) => index + 1);
		const destination = holding(...ids);
		const batch = ids.map((id) => mapped(id, { email: email((id % count) + 1) }));
		const report = await run(destination, batch);
		expect(told(report)).toEqual(ids.map(() => 'updated'));
		expect(ids.map((id) => destination.byKey(KEY(id))?.email)).toEqual(ids.map((id) => email((id % count) + 1)));
		expect(report.results[0]?.outcome.changes).toEqual({ EMAIL: { from: email(1), to: email(2) } });
		const writes = destination.log.length;
		expect(told(await run(destination, batch))).toEqual(ids.map(() => 'unchanged'));
		expect(destination.log.length).toBe(writes);
	});

	it('a run that dies in between heals with the next delivery', async () => {
		const batch = [mapped(1, { email: email(2) }), mapped(2, { email: email(1) })];
		for (const dies of [0, 1, 2]) {
			const down: Failure = { kind: 'stop', code: 'UNAVAILABLE', reason: 'Down' };
			const destination = holding(1, 2);
			destination.behaviour = { fault: (call) => (call >= dies ? { failure: down } : undefined) };
			expect((await run(destination, batch)).failure).toEqual(down);
			destination.behaviour = {};
			expect((await run(destination, batch)).failure).toBeUndefined();
			expect([destination.byKey(KEY(1))?.email, destination.byKey(KEY(2))?.email]).toEqual([email(2), email(1)]);
		}
	});

	it('whose halves come in different batches fail by name, and work once they come together', async () => {
		const destination = holding(1, 2);
		const [first, second] = [mapped(1, { email: email(2) }), mapped(2, { email: email(1) })];
		for (const half of [first, second, first])
			expect(told(await run(destination, [half]))).toEqual(['failed IDENTIFIER_TAKEN']);
		expect(told(await run(destination, [first, second]))).toEqual(['updated', 'updated']);
	});

	it('gives an address back that was moved aside for nothing', async () => {
		const destination = holding(1, 2);
		destination.behaviour = { refusesRow: ({ key }) => key === KEY(2) };
		const report = await run(destination, [mapped(1, { email: email(2) }), mapped(2, { email: email(1) })]);
		expect(told(report)).toEqual(['failed IDENTIFIER_TAKEN', 'failed DESTINATION_REFUSED']);
		expect([destination.byKey(KEY(1))?.email, destination.byKey(KEY(2))?.email]).toEqual([email(1), email(2)]);
	});

	it('promise 1: the block stays with the person and with the address', async () => {
		const destination = holding(1, 2);
		const first = destination.byKey(KEY(1));
		if (first) first.optedOut = true;
		const batch = [mapped(1, { email: email(2) }), mapped(2, { email: email(1) })];
		expect(told(await run(destination, batch))).toEqual(['updated', 'updated ADDRESS_BLOCKED']);
		expect([destination.byKey(KEY(1))?.optedOut, destination.byKey(KEY(2))?.optedOut]).toEqual([true, true]);
	});

	it.each([1, 2, 3])('promise 1: nobody of two blocked who swap is mailable after %s calls', async (calls) => {
		const destination = holding(1, 2);
		for (const held of destination.contacts.values()) held.optedOut = true;
		const down: Failure = { kind: 'stop', code: 'UNAVAILABLE', reason: 'Down' };
		destination.behaviour = { fault: (call) => (call >= calls ? { failure: down } : undefined) };
		await run(destination, [mapped(1, { email: email(2) }), mapped(2, { email: email(1) })]);
		expect([...destination.contacts.values()].map(({ optedOut }) => optedOut)).toEqual([true, true]);
	});

	it('promise 1: whoever takes over the address of somebody blocked is blocked, also without a ring', async () => {
		const destination = holding(1);
		const batch = [mapped(2, { email: email(1) }), mapped(1, { email: email(3) }, { optedOut: true })];
		expect(told(await run(destination, batch))).toEqual(['created ADDRESS_BLOCKED', 'updated']);
		expect(destination.byEmail(email(1))).toMatchObject({ sourceKey: KEY(2), optedOut: true });
	});

	it.each([1, 2, 3])(
		'promise 1: the same when the run dies after %s calls and the batch is delivered again',
		async (calls) => {
			const destination = holding(1);
			const first = destination.byKey(KEY(1));
			if (first) first.optedOut = true;
			const down: Failure = { kind: 'stop', code: 'UNAVAILABLE', reason: 'Down' };
			destination.behaviour = { fault: (call) => (call >= calls ? { failure: down } : undefined) };
			const batch = [
				mapped(2, { email: email(1) }),
				mapped(1, { email: email(3) }, { previousEmail: email(1), optedOut: false }),
			];
			await run(destination, batch);
			destination.behaviour = {};
			expect((await run(destination, batch)).failure).toBeUndefined();
			expect(destination.byEmail(email(1))).toMatchObject({ sourceKey: KEY(2), optedOut: true });
		},
	);

	it('promise 1: who is held twice, and blocked at the former address, is blocked at the new one', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: email(1), optedOut: true });
		destination.hold({ email: email(2) });
		const batch = [mapped(1, { email: email(2) }, { previousEmail: email(1) })];
		expect(told(await run(destination, batch))).toEqual(['updated ADDRESS_BLOCKED']);
		expect(destination.byEmail(email(2))).toMatchObject({ sourceKey: KEY(1), optedOut: true });
		expect(told(await run(destination, batch))).toEqual(['unchanged']);
	});

	it('a contact with a number that another one gives up in the batch gets it', async () => {
		const destination = holding(1);
		const first = destination.byKey(KEY(1));
		if (first) first.phone = '+49301';
		const batch = [mapped(2, { email: email(2), phone: '+49301' }), mapped(1, { email: email(1), phone: '+49302' })];
		expect(told(await run(destination, batch))).toEqual(['created', 'updated']);
		expect(destination.byKey(KEY(2))?.phone).toBe('+49301');
	});
});

describe('merged records', () => {
	const merged = (contact: Partial<MappedContact['contact']>, more: Partial<MappedContact> = {}): MappedContact =>
		mapped(1, contact, { mergedFrom: [KEY(2)], ...more });

	it('the contact of a merged record becomes the survivor’s by one update', async () => {
		const destination = holding(2);
		expect(told(await run(destination, [merged({ email: email(1) })]))).toEqual(['updated']);
		expect([...destination.contacts.values()]).toMatchObject([{ email: email(1), sourceKey: KEY(1), onList: true }]);
	});

	it('a second contact leaves the list and is never deleted', async () => {
		const destination = holding(1, 2);
		const batch = [merged({ email: email(1) })];
		expect(told(await run(destination, batch))).toEqual(['updated MERGED_CONTACT_LEFT']);
		expect(destination.byKey(KEY(2))).toMatchObject({ onList: false, optedOut: false, email: email(2) });
		expect(told(await run(destination, batch))).toEqual(['unchanged']);
		const kept = holding(1, 2);
		expect(told(await run(kept, batch, { leavers: 'keep' }))).toEqual(['unchanged']);
		expect(kept.byKey(KEY(2))?.onList).toBe(true);
	});

	it('is blocked too when the survivor opted out', async () => {
		const destination = holding(1, 2);
		await run(destination, [merged({ email: email(1) }, { optedOut: true })]);
		expect(destination.byKey(KEY(2))).toMatchObject({ onList: false, optedOut: true });
	});

	it('promise 1: passes its block on to the survivor, who is the same person', async () => {
		const destination = holding(1, 2);
		const second = destination.byKey(KEY(2));
		if (second) second.optedOut = true;
		const batch = [merged({ email: email(1) })];
		expect(told(await run(destination, batch))).toEqual(['updated ADDRESS_BLOCKED MERGED_CONTACT_LEFT']);
		expect(destination.byKey(KEY(1))?.optedOut).toBe(true);
		expect(told(await run(destination, batch))).toEqual(['unchanged']);
	});

	it('promise 1: passes its block on to a survivor who leaves the list at once', async () => {
		const destination = holding(1, 2);
		const second = destination.byKey(KEY(2));
		if (second) second.optedOut = true;
		await run(destination, [merged({ email: email(1) }, { change: 'removed' })]);
		expect(destination.byKey(KEY(1))).toMatchObject({ onList: false, optedOut: true });
		expect(destination.byKey(KEY(2))).toMatchObject({ onList: false, optedOut: true });
	});

	it('gives its address to the survivor', async () => {
		const destination = holding(1, 2);
		expect(told(await run(destination, [merged({ email: email(2) })]))).toEqual(['updated MERGED_CONTACT_LEFT']);
		expect(destination.byEmail(email(2))).toMatchObject({ sourceKey: KEY(1), onList: true });
		expect(destination.byKey(KEY(2))).toMatchObject({ onList: false, email: 'moved-2@example.com' });
	});

	it('that cannot be taken off the list fails the survivor', async () => {
		const destination = holding(1, 2);
		destination.behaviour = { refusesRow: ({ kind }) => kind === 'leave' };
		const batch = [merged({ email: email(1), attributes: { CITY: 'Bonn' } })];
		expect(told(await run(destination, batch))).toEqual(['failed DESTINATION_REFUSED']);
		destination.behaviour = {
			fault: () => ({ failure: { kind: 'retry', code: 'UNAVAILABLE', reason: 'Down' } }),
		};
		expect((await run(destination, batch)).results[0]?.outcome).toMatchObject({ status: 'failed', retryable: true });
	});
});

describe('opt-outs of contacts that are not written', () => {
	const optedOut = { optedOut: true };

	it('IDENTIFIER_TAKEN: the contact is blocked, and so is whoever has the address', async () => {
		const destination = holding(1, 3);
		const batch = [mapped(1, { email: email(3), attributes: { CITY: 'Rom' } }, optedOut)];
		expect(told(await run(destination, batch))).toEqual(['failed IDENTIFIER_TAKEN OPT_OUT_CARRIED']);
		expect(destination.byKey(KEY(1))).toMatchObject({ optedOut: true, email: email(1), attributes: {} });
		expect(destination.byKey(KEY(3))?.optedOut).toBe(true);
		expect(told(await run(destination, batch))).toEqual(['failed IDENTIFIER_TAKEN']);
	});

	it('SAME_ADDRESS_TWICE: the contact of the one left out is blocked', async () => {
		const destination = holding(1);
		const batch = [
			mapped(1, { email: email(9) }, { ...optedOut, changedAt: '2026-11-20T09:00:00.000Z' }),
			mapped(2, { email: email(9) }),
		];
		expect(told(await run(destination, batch))).toEqual(['excluded SAME_ADDRESS_TWICE OPT_OUT_CARRIED', 'created']);
		expect([...destination.contacts.values()].every((held) => held.optedOut)).toBe(true);
	});

	it('NO_IDENTIFIER: a contact found by its key is blocked', async () => {
		const destination = holding(1, 2);
		const batch = [
			mapped(1, {}, { ...optedOut, change: 'optedOut' }),
			mapped(2, { attributes: { CITY: 'Rom' } }, optedOut),
			mapped(3, {}, optedOut),
		];
		const report = await run(destination, batch);
		expect(told(report)).toEqual(['updated', 'excluded NO_IDENTIFIER OPT_OUT_CARRIED', 'excluded NO_IDENTIFIER']);
		expect(report.results[0]?.outcome.changes).toEqual({ BLOCKED: { from: false, to: true } });
		expect(destination.byKey(KEY(2))).toMatchObject({ optedOut: true, attributes: {} });
		expect(told(await run(destination, batch))).toEqual([
			'unchanged',
			'excluded NO_IDENTIFIER',
			'excluded NO_IDENTIFIER',
		]);
	});

	it('a contact that the destination refuses is blocked all the same', async () => {
		const destination = holding(1);
		destination.behaviour = { refusesRow: ({ key }) => key === KEY(1) };
		const report = await run(destination, [mapped(1, { email: email(1), attributes: { CITY: 'Rom' } }, optedOut)]);
		expect(told(report)).toEqual(['failed DESTINATION_REFUSED OPT_OUT_CARRIED']);
		expect(destination.byKey(KEY(1))?.optedOut).toBe(true);
	});

	it('a block that cannot be set now is retried: the contact counts as failed', async () => {
		const destination = holding(1);
		destination.behaviour = { fault: () => ({ failure: { kind: 'retry', code: 'UNAVAILABLE', reason: 'Down' } }) };
		const report = await run(destination, [mapped(1, { attributes: { CITY: 'Rom' } }, optedOut)]);
		expect(report.results[0]?.outcome).toMatchObject({ status: 'failed', code: 'UNAVAILABLE', retryable: true });
		expect(report.failure?.kind).toBe('retry');
	});

	it('HB-22: nothing of it happens when opt-outs are ignored', async () => {
		const destination = holding(1, 3);
		await run(destination, [mapped(1, { email: email(3) }, optedOut), mapped(3, {}, optedOut)], { optOuts: 'ignore' });
		expect(destination.log).toEqual([]);
	});
});

describe('two sources on one list', () => {
	it('somebody who leaves ours and carries the id of some other tool is taken off the list', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: email(1), sourceKey: 'webshop:1049', onList: true });
		expect(told(await run(destination, [mapped(1, { email: email(1) }, { change: 'removed' })]))).toEqual(['removed']);
		expect(destination.byEmail(email(1))).toMatchObject({ onList: false, sourceKey: 'webshop:1049' });
	});

	it('somebody who leaves ours stays on the list as long as another source keeps the contact', async () => {
		const destination = new MemoryDestination();
		destination.hold({ email: email(1), sourceKey: 'webshop:7:customer:5', onList: true });
		const leaver = mapped(1, { email: email(1) }, { change: 'removed' });
		expect(told(await run(destination, [leaver]))).toEqual(['unchanged OTHER_SOURCE']);
		expect(told(await run(destination, [{ ...leaver, optedOut: true }]))).toEqual(['updated']);
		expect(destination.byEmail(email(1))).toMatchObject({ onList: true, optedOut: true });
	});

	it('somebody who left the source that brought them comes back with the next change at the other one', async () => {
		const destination = new MemoryDestination();
		const webshop = { key: 'webshop:7:customer:5' };
		destination.hold({ email: email(1), sourceKey: webshop.key, onList: true });
		const left = mapped(5, { email: email(1) }, { ...webshop, change: 'removed' });
		expect(told(await run(destination, [left]))).toEqual(['removed']);
		expect(told(await run(destination, [mapped(1, { email: email(1) })]))).toEqual(['updated']);
		expect(destination.byEmail(email(1))).toMatchObject({ onList: true, sourceKey: webshop.key });
	});

	it('two lists of one account have the same keys: leaving one counts, until the next change in the other', async () => {
		const destination = holding(1);
		expect(told(await run(destination, [mapped(1, { email: email(1) }, { change: 'removed' })]))).toEqual(['removed']);
		expect(told(await run(destination, [mapped(1, { email: email(1) })]))).toEqual(['updated']);
		expect(destination.byKey(KEY(1))?.onList).toBe(true);
	});

	it('who leaves one of two lists of an account and is still in the other stays, when the other one is named', async () => {
		const destination = holding(1, 2);
		const leavers = [
			mapped(1, { email: email(1) }, { change: 'removed', stillIn: ['7', '102'] }),
			mapped(2, { email: email(2) }, { change: 'removed', stillIn: ['7'] }),
		];
		expect(told(await run(destination, leavers, { otherLists: ['102'] }))).toEqual([
			'unchanged STILL_IN_OTHER_LIST',
			'removed',
		]);
		const optsOut = mapped(1, { email: email(1) }, { change: 'removed', stillIn: ['102'], optedOut: true });
		expect(told(await run(destination, [optsOut], { otherLists: ['102'] }))).toEqual(['updated']);
		expect(destination.byKey(KEY(1))).toMatchObject({ onList: true, optedOut: true });
	});
});
