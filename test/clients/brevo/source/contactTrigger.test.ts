import type { ContactChange } from '../../../../core/contact/contact';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import { ContactFollower, idsOf } from '../support/contactFollower';

let brevo: RunningBrevo;
let follower: ContactFollower;

beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 0 });
	follower = new ContactFollower(brevo);
});
afterEach(async () => {
	await brevo.close();
	expect(brevo.requests.statuses()[429] ?? 0).toBe(0);
});

const HOUR = 60 * 60_000;

/** A person at work in Brevo. */
const inBrevo = async (op: string, args: Record<string, unknown>): Promise<number> => {
	const answer = await fetch(`${brevo.origin}/_sandbox/do`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ op, ...args }),
	});
	expect(answer.status).toBe(200);
	const { result } = (await answer.json()) as { result?: { id?: number } };
	return result?.id ?? 0;
};

const person = async (name: string, more: Record<string, unknown> = {}): Promise<number> =>
	await inBrevo('createContact', {
		email: `${name}@example.org`,
		attributes: { FIRSTNAME: name, LASTNAME: 'Test' },
		...more,
	});

const people = async (count: number, more: Record<string, unknown> = {}): Promise<number[]> => {
	const ids: number[] = [];
	for (let n = 1; n <= count; n++) {
		const contact = brevo.store.createContact(
			{ identifiers: { email: `p${n}@example.org` }, attributes: { FIRSTNAME: `P${n}` }, ...more },
			'seed',
		);
		ids.push(contact.id);
	}
	return ids;
};

/** What was emitted, as `id change fields`. */
const told = (changes: readonly ContactChange[]): string[] =>
	changes.map(({ source, change, changedFields }) =>
		[source.id, change, ...(changedFields?.length ? [changedFields.join('+')] : [])].join(' '),
	);

describe('all contacts of an account', () => {
	it('emits every contact first, then what changes, with the changed fields', async () => {
		const ada = await person('ada');
		const ben = await person('ben');
		await follower.next();
		expect(told(follower.take())).toEqual([`${ada} added`, `${ben} added`]);
		await inBrevo('editContact', { id: ada, attributes: { FIRSTNAME: 'Adele' } });
		await inBrevo('editContact', { id: ben, newEmail: 'benjamin@example.org' });
		await follower.next();
		const changes = follower.take();
		expect(told(changes)).toEqual([`${ada} updated FIRSTNAME`, `${ben} updated EMAIL`]);
		expect(changes[0]).toMatchObject({
			key: `brevo:65f0c0ffee0123456789abcd:contact:${ada}`,
			fields: { EMAIL: 'ada@example.org', FIRSTNAME: 'Adele', LASTNAME: 'Test' },
			optedOut: false,
		});
	});

	it('keeps what it knows of the attributes when one more is mapped, which counts as changed once', async () => {
		follower.settings = { fields: ['EMAIL', 'FIRSTNAME'] };
		const [ada, ben, cid] = [await person('ada'), await person('ben'), await person('cid')];
		await follower.firstSync();
		follower.settings = {};
		await inBrevo('editContact', { id: ada, attributes: { FIRSTNAME: 'Adele' } });
		await inBrevo('editContact', { id: ben, attributes: { LASTNAME: 'New' } });
		await follower.settle(2);
		const expected = [`${ada} updated FIRSTNAME+BIRTHDAY+LASTNAME`, `${ben} updated BIRTHDAY+LASTNAME`];
		expect(told(follower.take())).toEqual(expected);
		await follower.settle(2);
		for (const id of [ada, ben, cid]) await inBrevo('editContact', { id, attributes: { LASTNAME: 'Newer' } });
		await follower.settle(2);
		expect(told(follower.take()).map((line) => line.replace('BIRTHDAY+', ''))).toEqual([
			`${ada} updated LASTNAME`,
			`${ben} updated LASTNAME`,
			`${cid} updated LASTNAME`,
		]);
	});

	it('costs one call for a poll in which nothing happened', async () => {
		await people(30);
		await follower.firstSync();
		for (let poll = 0; poll < 6; poll++) {
			brevo.requests.clear();
			await follower.next(5 * 60_000);
			expect(brevo.requests.total).toBe(1);
		}
		expect(follower.changes).toEqual([]);
	});

	it('costs one call in a large account too, and walks through it once in a while', async () => {
		await people(2_100);
		await follower.firstSync();
		// What the first search finds once more.
		await follower.next(20 * 60_000);
		for (let poll = 0; poll < 6; poll++) {
			brevo.requests.clear();
			await follower.next(5 * 60_000);
			expect(brevo.requests.total).toBe(1);
		}
		brevo.requests.clear();
		await follower.next(HOUR);
		expect(brevo.requests.total).toBe(1 + 3);
		expect(follower.changes).toEqual([]);
	});

	it('HB-23: tells of a block, and never that it was lifted', async () => {
		const ada = await person('ada');
		await follower.firstSync();
		await inBrevo('unsubscribe', { id: ada });
		await follower.next();
		expect(follower.take()).toMatchObject([{ change: 'optedOut', optedOut: true, source: { id: String(ada) } }]);
		await inBrevo('resubscribe', { id: ada });
		await follower.settle();
		expect(follower.take()).toEqual([]);
		await inBrevo('unsubscribe', { id: ada });
		await follower.next();
		expect(told(follower.take())).toEqual([`${ada} optedOut`]);
	});

	it('finds a block that moves no instant of modification', async () => {
		brevo.settings.touchOnBlock = false;
		const ada = await person('ada');
		await follower.firstSync();
		await inBrevo('unsubscribe', { id: ada });
		await follower.settle(2);
		expect(told(follower.take())).toEqual([`${ada} optedOut`]);
	});

	it('finds a deletion, which leaves no trace, and a contact that is created anew', async () => {
		const ids = await people(40);
		await follower.firstSync();
		await inBrevo('deleteContact', { id: ids[3] });
		await follower.settle(2);
		expect(follower.take()).toMatchObject([{ change: 'deleted', source: { id: String(ids[3]) }, fields: {} }]);
		const again = await person('p4');
		await follower.next();
		expect(told(follower.take())).toEqual([`${again} added`]);
	});

	it('takes a contact that Brevo shows late once, and at all', async () => {
		brevo.settings.modifiedLagMs = 4 * 60_000;
		brevo.settings.modifiedWholeSeconds = true;
		const ids = await people(1_200);
		await follower.firstSync();
		await inBrevo('editContact', { id: ids[700], attributes: { FIRSTNAME: 'Late' } });
		await follower.settle(8);
		expect(told(follower.take())).toEqual([`${ids[700]} updated FIRSTNAME`]);
	});

	it('loses no contact to deletions in the middle of the first sync', async () => {
		const ids = await people(2_200);
		let pages = 0;
		follower.before = (path) => {
			if (path !== '/contacts' || ++pages !== 2) return;
			for (const id of ids.slice(100, 160)) brevo.store.deleteContact(brevo.store.contacts.get(id) as never, 'control');
		};
		await follower.next();
		await follower.next(2 * HOUR);
		const emitted = new Set(idsOf(follower.changes.filter(({ change }) => change === 'added')));
		expect(ids.filter((id) => !emitted.has(String(id)))).toEqual([]);
		const deleted = idsOf(follower.changes.filter(({ change }) => change === 'deleted'));
		expect([...new Set(deleted)].sort()).toEqual(ids.slice(100, 160).map(String).sort());
	});

	it('emits small batches of one page without losing or doubling anyone', async () => {
		const ids = await people(95);
		follower.settings = { batchSize: 20 };
		await follower.next();
		expect(follower.batches.map((batch) => batch.length)).toEqual([20, 20, 20, 20, 15]);
		expect(idsOf(follower.take()).sort()).toEqual(ids.map(String).sort());
	});

	it('begins from now on: nobody is emitted who was there, and who leaves is known', async () => {
		follower.settings = { firstSync: 'fromNow' };
		const ids = await people(1_100);
		await follower.next();
		await follower.next();
		expect(follower.take()).toEqual([]);
		await inBrevo('editContact', { id: ids[5], attributes: { LASTNAME: 'New' } });
		await inBrevo('deleteContact', { id: ids[1_050] });
		await follower.next(2 * HOUR);
		expect(told(follower.take())).toEqual([`${ids[5]} updated LASTNAME`, `${ids[1_050]} deleted`]);
	});

	it('stops when a mapped attribute is gone, instead of emptying everybody', async () => {
		const ids = await people(20);
		await follower.firstSync();
		follower.required = ['FIRSTNAME'];
		await inBrevo('deleteAttribute', { name: 'FIRSTNAME' });
		const report = await follower.next();
		const next = report.failure ? report : await follower.next();
		expect(next.failure).toMatchObject({ code: 'SOURCE_FIELD_MISSING' });
		expect(follower.take()).toEqual([]);
		expect(ids).toHaveLength(20);
	});

	it('leaves out a contact that a sync has moved aside until its address is free', async () => {
		const ada = await person('ada');
		await follower.firstSync();
		await inBrevo('editContact', { id: ada, newEmail: `moved-${ada}@example.com` });
		await follower.settle(2);
		await inBrevo('editContact', { id: ada, newEmail: 'ada@example.org' });
		await follower.settle(2);
		expect(follower.take()).toEqual([]);
	});

	it('passes on the records that the contact is linked to', async () => {
		await person('ada', {
			extId: 'hubspot:1:contact:7',
			attributes: { FIRSTNAME: 'ada', CONTACT_SYNC_KEY: 'salesforce:00D:Contact:003' },
		});
		await follower.next();
		expect(follower.take()).toMatchObject([{ linkedTo: ['hubspot:1:contact:7', 'salesforce:00D:Contact:003'] }]);
	});
});

describe('the contacts of lists', () => {
	let list: number;
	beforeEach(() => {
		list = brevo.store.createList('Followed', 1).id;
		follower.settings = { listIds: [list] };
	});

	it('tells who joins and who leaves, also where that moves no instant of modification', async () => {
		const ada = await person('ada');
		const ben = await person('ben', { listIds: [list] });
		await follower.firstSync();
		await inBrevo('addToList', { id: ada, list });
		await inBrevo('removeFromList', { id: ben, list });
		await follower.settle(2);
		expect(told(follower.take()).sort()).toEqual([`${ada} added`, `${ben} removed`]);
	});

	it('tells of an unsubscribe from the list apart from its removal', async () => {
		const ada = await person('ada', { listIds: [list] });
		await follower.firstSync();
		await inBrevo('unsubscribe', { id: ada, list });
		await follower.settle(2);
		expect(follower.take()).toMatchObject([{ change: 'removed', unsubscribedFrom: [String(list)], optedOut: false }]);
	});

	it('takes an unsubscribe from the list for an opt-out where it is set so', async () => {
		follower.settings = { listIds: [list], listUnsubscribes: 'optOut' };
		const ada = await person('ada', { listIds: [list] });
		await follower.firstSync();
		await inBrevo('unsubscribe', { id: ada, list });
		await follower.settle(2);
		expect(follower.take()).toMatchObject([{ change: 'removed', optedOut: true }]);
	});

	it('tells of the opt-out of a contact that had left', async () => {
		const ada = await person('ada', { listIds: [list] });
		await follower.firstSync();
		await inBrevo('removeFromList', { id: ada, list });
		await follower.settle(2);
		follower.take();
		await inBrevo('unsubscribe', { id: ada });
		await follower.settle(2);
		expect(told(follower.take())).toEqual([`${ada} optedOut`]);
	});

	it('stops when the list is gone, and takes nobody for a leaver', async () => {
		await people(5, { addTo: [list] });
		await follower.firstSync();
		await inBrevo('deleteList', { list });
		const reports = [await follower.next(), await follower.next()];
		expect(reports.map(({ failure }) => failure?.code)).toContain('LIST_NOT_FOUND');
		expect(follower.take()).toEqual([]);
	});
});

describe('opt-outs only', () => {
	beforeEach(() => {
		follower.settings = { changes: 'optOuts' };
	});

	it('HB-23: emits those that opted out, those of before first, and nothing else', async () => {
		const ada = await person('ada');
		const ben = await person('ben', { emailBlacklisted: true });
		await follower.next();
		expect(told(follower.take())).toEqual([`${ben} optedOut`]);
		await inBrevo('editContact', { id: ada, attributes: { FIRSTNAME: 'Adele' } });
		await follower.settle(2);
		expect(follower.take()).toEqual([]);
		await inBrevo('unsubscribe', { id: ada });
		await follower.settle(2);
		expect(told(follower.take())).toEqual([`${ada} optedOut`]);
		await inBrevo('deleteContact', { id: ada });
		await inBrevo('resubscribe', { id: ben });
		await follower.settle(4);
		expect(follower.take()).toEqual([]);
	});

	it('begins from now on with the opt-outs that follow', async () => {
		follower.settings = { changes: 'optOuts', firstSync: 'fromNow' };
		await person('ben', { emailBlacklisted: true });
		const ada = await person('ada');
		await follower.firstSync();
		await inBrevo('unsubscribe', { id: ada });
		await follower.settle(2);
		expect(told(follower.take())).toEqual([`${ada} optedOut`]);
	});

	it('remembers an account of 10,000 contacts in little room', async () => {
		await people(10_000);
		await follower.firstSync();
		expect(follower.stateBytes).toBeLessThan(30_000);
	});
});

describe('what fails', () => {
	it('delivers again what was not confirmed, and once what was', async () => {
		const ada = await person('ada');
		await follower.firstSync();
		follower.outcome = () => 'failed';
		await inBrevo('unsubscribe', { id: ada });
		await follower.next();
		follower.outcome = () => 'succeeded';
		await follower.settle(2);
		expect(told(follower.take())).toEqual([`${ada} optedOut`, `${ada} optedOut`]);
		await follower.settle(3);
		expect(follower.take()).toEqual([]);
	});

	it('goes on where it was after a process was killed', async () => {
		const ids = await people(300);
		follower.settings = { batchSize: 100 };
		let batches = 0;
		follower.outcome = async () => {
			if (++batches === 2) follower.kill();
			return await Promise.resolve('succeeded');
		};
		await follower.next();
		await follower.settle(4);
		expect([...new Set(idsOf(follower.take()))].sort()).toEqual(ids.map(String).sort());
		await inBrevo('unsubscribe', { id: ids[0] });
		await follower.settle(2);
		expect(told(follower.take())).toEqual([`${ids[0]} optedOut`]);
	});

	it('reads single contacts where Brevo refuses ids that do not exist', async () => {
		brevo.settings.unknownIds = 'refused';
		const ids = await people(40);
		await follower.firstSync();
		await inBrevo('deleteContact', { id: ids[3] });
		await follower.settle(2);
		expect(told(follower.take())).toEqual([`${ids[3]} deleted`]);
	});
});
