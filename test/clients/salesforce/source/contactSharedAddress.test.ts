import { liveIds } from '../support/contactFollower';
import { FollowedOrg } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

/** An office: records with one address, all of them emitted. */
async function office(count: number, address = "o'hara@x.example"): Promise<string[]> {
	const ids = Array.from({ length: count }, () => org.add({ Email: address, Title: 'Member' }));
	await org.polls(3);
	org.salesforce.requests.clear();
	return ids;
}

const told = async () => (await org.polls(2)).map(({ source, change }) => [source.id, change]);
const MEMBERS = { kind: 'conditions', combine: 'all', conditions: [{ field: 'Title', operator: 'equals', value: 'Member' }] } as const; // prettier-ignore

describe('promise 2: a member whose address another record gives up is emitted in the same batch', () => {
	it('one is deleted: the other one is emitted with it, for one call more', async () => {
		await org.follow({ contacts: 5 });
		const [a = '', b = ''] = await office(2);
		org.do('deleteRecord', { object: 'Contact', id: a });
		await org.follower.next();
		const [batch] = org.follower.batches.splice(0);
		expect(batch?.map(({ source, change }) => [source.id, change])).toEqual([
			[a, 'deleted'],
			[b, 'updated'],
		]);
		// The changes, the definitions, and the records that share the address.
		expect(org.follower.calls).toBeLessThanOrEqual(3);
		expect(await told()).toEqual([]);
	});

	it('one leaves the scope: the record that remains is a member; the one outside is not', async () => {
		await org.follow({ contacts: 5 }, { scope: MEMBERS });
		const [a = '', b = '', c = ''] = await office(3);
		org.change(b, { Title: 'Gone' });
		expect(await told()).toEqual([
			[b, 'removed'],
			[a, 'updated'],
		]);
		org.change(a, { Title: 'Gone' });
		expect(await told()).toEqual([
			[a, 'removed'],
			[c, 'updated'],
		]);
		org.change(c, { Title: 'Gone' });
		expect(await told()).toEqual([[c, 'removed']]);
	});

	it.each([
		['info@müller.example', 'Info@xn--mller-kva.example'],
		['info@xn--mller-kva.example', 'info@Müller.example'],
	])('%s and %s are one address', async (given, kept) => {
		await org.follow({ contacts: 5 });
		const [a = ''] = await office(1, given);
		const b = org.add({ Email: kept });
		await org.polls(2);
		org.do('deleteRecord', { object: 'Contact', id: a });
		expect(await told()).toEqual([
			[a, 'deleted'],
			[b, 'updated'],
		]);
	});

	it('the address in other capitals counts, and a record that opted out goes before the others', async () => {
		await org.follow({ contacts: 5 });
		const [a = ''] = await office(2, 'office@x.example');
		const quiet = org.add({ Email: 'Office@X.example', HasOptedOutOfEmail: true });
		await org.polls(2);
		org.do('deleteRecord', { object: 'Contact', id: a });
		expect(await told()).toEqual([
			[a, 'deleted'],
			[quiet, 'updated'],
		]);
	});

	it('a merged record gives up its address as well', async () => {
		await org.follow({ contacts: 5 });
		const [a = '', b = ''] = await office(2);
		const [master = ''] = liveIds(org.salesforce);
		org.do('merge', { object: 'Contact', masterId: master, loserIds: [a] });
		expect(await told()).toEqual([
			[master, 'updated'],
			[b, 'updated'],
		]);
	});

	it('a thousand leavers cost one call more', async () => {
		await org.follow({ contacts: 1_200 }, { scope: { ...MEMBERS, conditions: [{ field: 'Title', operator: 'notEquals', value: 'Gone' }] } }); // prettier-ignore
		await org.polls(2);
		org.salesforce.requests.clear();
		const ids = liveIds(org.salesforce).slice(0, 1_000);
		org.do('bulkChange', { object: 'Contact', ids, values: { Title: 'Gone' } });
		expect((await org.polls(1)).filter(({ change }) => change === 'removed')).toHaveLength(1_000);
		// The changes, the members, the records that share an address, and the definitions.
		expect(org.follower.calls).toBeLessThanOrEqual(5);
	});
});
