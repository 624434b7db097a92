import { NewestChanges } from '../../../../core/upsert/plan/newestChanges';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import { newAccount, statusCounts, upsertIntoBrevo } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';

const at = (minute: number): string => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
const delivered = (sequence: number, minute: number) => ({
	delivery: { phase: 'live' as const, sequence, at: at(minute) },
});

describe('which change of a contact is older', () => {
	it.each([
		['an earlier instant', { changedAt: at(5) }, { changedAt: at(4) }, true],
		['the same instant', { changedAt: at(5) }, { changedAt: at(5) }, false],
		['an unreadable instant', { changedAt: at(5) }, { changedAt: 'yesterday' }, false],
		['a batch emitted earlier (Retry of a failed execution)', delivered(8, 5), delivered(7, 4), true],
		['the same batch, emitted before it came again', delivered(8, 5), delivered(8, 4), true],
		['the same batch that came again', delivered(8, 5), delivered(8, 6), false],
		['the next batch after the clock was put back', delivered(8, 50), delivered(9, 4), false],
		['a sync that began anew', delivered(8, 5), delivered(1, 6), false],
		['an item without a delivery', delivered(8, 5), { changedAt: at(1) }, false],
	])('%s', (_which, written, comes, older) => {
		const newest = new NewestChanges();
		newest.note('4', mapped(1, {}, written));
		expect(newest.isOlder('4', mapped(1, {}, comes))).toBe(older);
		expect(newest.isOlder('5', mapped(1, {}, comes))).toBe(false);
	});

	const read = (minute: number) => ({ delivery: { phase: 'resync' as const, sequence: 0, at: at(minute) } });
	const ofList = (list: string, id = 1) => ({
		source: { system: 'hubspot', account: '1', object: 'contact', id: String(id), list },
	});

	it.each([
		['read before a batch of a list was emitted', read(4), true],
		['read after it', read(6), false],
	])('a contact that was %s', (_which, comes, older) => {
		const newest = new NewestChanges();
		newest.note('4', mapped(1, {}, { ...delivered(8, 5), ...ofList('12') }));
		expect(newest.isOlder('4', mapped(1, {}, comes))).toBe(older);
	});

	it('a read changes nothing about the order of batches', () => {
		const newest = new NewestChanges();
		newest.note('4', mapped(1, {}, { ...delivered(8, 5), ...ofList('12') }));
		newest.note('4', mapped(1, {}, read(9)));
		expect(newest.isOlder('4', mapped(1, {}, { ...delivered(8, 6), ...ofList('12') }))).toBe(false);
		expect(newest.isOlder('4', mapped(1, {}, read(8)))).toBe(true);
	});

	it('remembers a bounded number of changes, the newest ones', () => {
		const newest = new NewestChanges();
		for (let id = 0; id < 60_000; id++) newest.note('4', mapped(id, {}, { changedAt: at(5) }));
		expect(newest.isOlder('4', mapped(59_999, {}, { changedAt: at(1) }))).toBe(true);
		expect(newest.isOlder('4', mapped(0, {}, { changedAt: at(1) }))).toBe(false);
	});
});

describe('promise 2: an older change never overwrites a newer one', () => {
	let brevo: RunningBrevo;
	let list: number;
	beforeEach(async () => {
		brevo = await startBrevo({ people: [], strangers: 0 });
		list = brevo.store.createList('Synced', 1).id;
	});
	afterEach(async () => await brevo.close());

	const people = (minute: number, city: string, how: (minute: number) => object) => [
		mapped(1, { email: 'ada@x.example', attributes: { CITY: city } }, how(minute)),
		mapped(2, { email: 'bob@x.example' }, { ...how(minute), ...(minute > 0 ? { change: 'removed' as const } : {}) }),
	];

	it.each([
		['by the instant of the change', (minute: number) => ({ changedAt: at(minute) })],
		['by the delivery of its trigger', (minute: number) => delivered(minute + 1, minute)],
	])('%s', async (_how, how) => {
		const options = { list: { id: list }, account: newAccount() };
		await upsertIntoBrevo(brevo, people(0, 'Paris', how), options);
		await upsertIntoBrevo(brevo, people(5, 'Bonn', how), options);
		const report = await upsertIntoBrevo(brevo, people(0, 'Paris', how), options);
		expect(statusCounts(report)).toEqual({ 'excluded OLDER_CHANGE': 2 });
		expect(brevo.store.owner('email', 'ada@x.example')?.attributes.CITY).toBe('Bonn');
		expect(brevo.store.owner('email', 'bob@x.example')?.listIds.has(list)).toBe(false);
	});

	it('promise 1: its opt-out counts all the same', async () => {
		const options = { list: { id: list }, account: newAccount() };
		await upsertIntoBrevo(brevo, [mapped(1, { email: 'ada@x.example' }, { changedAt: at(5) })], options);
		const optOut = mapped(1, { email: 'ada@x.example' }, { changedAt: at(1), optedOut: true });
		const report = await upsertIntoBrevo(brevo, [optOut], options);
		expect(statusCounts(report)).toEqual({ 'excluded OLDER_CHANGE': 1 });
		expect(brevo.store.owner('email', 'ada@x.example')?.emailBlocked).toBe(true);
	});

	it('a batch that failed is not taken for written', async () => {
		const options = { list: { id: list }, account: newAccount() };
		brevo.faults.next('POST /contacts', { status: 500, times: 5 });
		const first = await upsertIntoBrevo(brevo, [mapped(1, { email: 'ada@x.example' }, delivered(2, 30))], options);
		expect(first.failure).toBeDefined();
		const again = await upsertIntoBrevo(brevo, [mapped(1, { email: 'ada@x.example' }, delivered(2, 5))], options);
		expect(statusCounts(again)).toEqual({ created: 1 });
	});
});
