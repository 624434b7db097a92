import { startSalesforce, type RunningSalesforce } from '../../../sandbox/salesforce';
import { callsTo, type Body, type Calls } from './salesforceCalls';

let salesforce: RunningSalesforce;
let call: Calls;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 450, leads: 30, settings: { sessionMs: 10 * 86_400_000 } });
	call = callsTo(salesforce);
});
afterAll(() => salesforce.close());
beforeEach(() => salesforce.reset());

const DAY_MS = 86_400_000;
const idsOf = (body: Body): string[] => body.records.map(({ Id }: Body) => Id as string);
const firstContact = async (): Promise<string> => {
	const { body } = await call.query('SELECT Id FROM Contact ORDER BY Id LIMIT 1');
	return body.records[0].Id as string;
};

async function readAll(soql: string, batchSize: number): Promise<{ ids: string[]; pages: number[] }> {
	let { body } = await call.query(soql, { 'sforce-query-options': `batchSize=${batchSize}` });
	const ids = idsOf(body);
	const pages = [ids.length];
	while (body.done === false) {
		({ body } = await call('GET', body.nextRecordsUrl as string));
		ids.push(...idsOf(body));
		pages.push(idsOf(body).length);
	}
	expect(body.nextRecordsUrl).toBeUndefined();
	return { ids, pages };
}

describe('pages of a query', () => {
	it('as long as batchSize says, 200 at least; every record once', async () => {
		const { ids, pages } = await readAll('SELECT Id FROM Contact ORDER BY Id', 300);
		expect(pages).toEqual([300, 149]);
		expect(new Set(ids).size).toBe(449);
		expect((await readAll('SELECT Id FROM Contact', 5)).pages).toEqual([200, 200, 49]);
	});

	it('may be shorter than asked for: by the organisation, or for two long texts', async () => {
		salesforce.settings.pages = 'varying';
		const { ids, pages } = await readAll('SELECT Id FROM Contact', 210);
		expect(new Set(ids).size).toBe(449);
		expect(new Set(pages.slice(0, -1)).size).toBeGreaterThan(1);
		expect(Math.max(...pages)).toBeLessThanOrEqual(210);
		salesforce.settings.pages = 'full';
		expect((await readAll('SELECT Id, Notes__c, Bio__c FROM Contact', 2_000)).pages).toEqual([200, 200, 49]);
	});

	it('show records as they were at the query, or as they are, as the setting says', async () => {
		for (const locatorRows of ['snapshot', 'live'] as const) {
			salesforce.reset();
			salesforce.settings.locatorRows = locatorRows;
			const first = await call.query('SELECT Id, LastName FROM Contact ORDER BY Id', {
				'sforce-query-options': 'batchSize=300',
			});
			const { body: all } = await call.query('SELECT Id FROM Contact ORDER BY Id DESC LIMIT 1');
			await call.operate('changeRecord', {
				object: 'Contact',
				id: all.records[0].Id,
				values: { LastName: 'Changed meanwhile' },
			});
			const second = await call('GET', first.body.nextRecordsUrl as string);
			expect(second.body.records.at(-1)?.LastName === 'Changed meanwhile').toBe(locatorRows === 'live');
		}
	});

	it('end with INVALID_QUERY_LOCATOR: after two days, or 15 minutes unused and ten younger ones', async () => {
		const open = async () => (await call.query('SELECT Id FROM Contact', { 'sforce-query-options': 'batchSize=200' })).body.nextRecordsUrl as string; // prettier-ignore
		const gone = { status: 400, body: [{ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' }] };
		const first = await open();
		salesforce.clock.advance(2 * DAY_MS - 60_000);
		expect((await call('GET', first)).status).toBe(200);
		salesforce.clock.advance(60_000);
		expect(await call('GET', first)).toMatchObject(gone);
		salesforce.settings.locatorLife = 'idle15Minutes';
		const oldest = await open();
		for (let n = 0; n < 10; n += 1) await open();
		expect(await call('GET', oldest)).toMatchObject(gone);
		const idle = await open();
		salesforce.clock.advance(15 * 60_000);
		expect(await call('GET', idle)).toMatchObject(gone);
		const ended = await open();
		await call.operate('expireLocators');
		expect(await call('GET', ended)).toMatchObject(gone);
	});

	it('a URL that is too long is refused: 414, or 431 with long headers', async () => {
		const ids = `'${'0'.repeat(18)}',`.repeat(900).slice(0, -1);
		expect((await call.query(`SELECT Id FROM Contact WHERE Id IN (${ids})`)).status).toBe(414);
		expect((await call('GET', '/limits', undefined, { 'x-long': 'x'.repeat(16_500) })).status).toBe(431);
	});
});

describe('deleted records', () => {
	it('queryAll shows them with IsDeleted and MasterRecordId; query does not', async () => {
		const live = await call.query('SELECT Id FROM Contact WHERE IsDeleted = true');
		expect(live.body.totalSize).toBe(0);
		const { body } = await call.queryAll('SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE IsDeleted = true');
		expect(body.records).toHaveLength(2);
		expect(body.records.filter(({ MasterRecordId }: Body) => MasterRecordId !== null)).toHaveLength(1);
	});

	it('deleting moves the stamp or not, as the setting says; undelete brings the memberships back', async () => {
		for (const deleteMovesStamp of [true, false]) {
			salesforce.reset();
			salesforce.settings.deleteMovesStamp = deleteMovesStamp;
			const id = await firstContact();
			const members = () => call.query(`SELECT COUNT() FROM CampaignMember WHERE ContactId = '${id}'`);
			expect((await members()).body.totalSize).toBe(2);
			const since = `${new Date(salesforce.store.stamp()).toISOString().slice(0, 19)}Z`;
			await call.operate('deleteRecord', { object: 'Contact', id });
			const { body } = await call.queryAll(
				`SELECT Id FROM Contact WHERE IsDeleted = true AND SystemModstamp >= ${since}`,
			);
			expect(idsOf(body).includes(id)).toBe(deleteMovesStamp);
			expect((await members()).body.totalSize).toBe(0);
			await call.operate('undelete', { object: 'Contact', id });
			expect((await members()).body.totalSize).toBe(2);
		}
	});

	it('leave the recycle bin when it is emptied, and after 15 days', async () => {
		const id = await firstContact();
		await call.operate('deleteRecord', { object: 'Contact', id });
		expect((await call('GET', `/sobjects/Contact/${id}`)).body[0].errorCode).toBe('ENTITY_IS_DELETED');
		await call.operate('purge', { id });
		expect((await call('GET', `/sobjects/Contact/${id}`)).body[0].errorCode).toBe('NOT_FOUND');
		salesforce.clock.advance(15 * DAY_MS + 1_000);
		expect((await call.queryAll('SELECT Id FROM Contact WHERE IsDeleted = true')).body.totalSize).toBe(0);
	});

	it('getDeleted and getUpdated: whole minutes, 15 and 30 days back, the date that is covered', async () => {
		const id = await firstContact();
		await call.operate('deleteRecord', { object: 'Contact', id });
		const [other] = idsOf((await call.query('SELECT Id FROM Contact LIMIT 1')).body);
		await call.operate('changeRecord', { object: 'Contact', id: other, values: { Title: 'New' } });
		salesforce.clock.advance(120_000);
		const window = (from: number, to = 0) => {
			const at = (ms: number) =>
				encodeURIComponent(`${new Date(salesforce.store.now() + ms).toISOString().slice(0, 19)}+00:00`);
			return `?start=${at(from)}&end=${at(to)}`;
		};
		const deleted = await call('GET', `/sobjects/Contact/deleted/${window(-600_000)}`);
		expect(deleted.body.deletedRecords.map((one: Body) => one.id as string)).toContain(id);
		expect(deleted.body).toHaveProperty('earliestDateAvailable');
		const updated = await call('GET', `/sobjects/Contact/updated/${window(-600_000)}`);
		expect(updated.body.ids).toContain(other);
		expect(updated.body.latestDateCovered).toMatch(/:00\.000\+0000$/);
		for (const [path, days] of [
			['deleted', 15],
			['updated', 30],
		] as const) {
			expect((await call('GET', `/sobjects/Contact/${path}/${window(-(days - 1) * DAY_MS)}`)).status).toBe(200);
			const tooFar = await call('GET', `/sobjects/Contact/${path}/${window(-(days + 1) * DAY_MS)}`);
			expect(tooFar.body[0].errorCode).toBe('INVALID_REPLICATION_DATE');
			expect((await call('GET', `/sobjects/Contact/${path}/${window(0)}`)).status).toBe(400);
		}
	});
});

describe('what makes incremental reads hard', () => {
	it('rows that become visible late, with the stamp of when they were written', async () => {
		const before = salesforce.store.stamp();
		await call.operate('commitLate', { object: 'Contact', values: { LastName: 'Late' }, afterMs: 60_000 });
		const id = await firstContact();
		await call.operate('commitLate', { object: 'Contact', id, values: { Title: 'Late' }, afterMs: 60_000 });
		const late = "SELECT Id, SystemModstamp FROM Contact WHERE LastName = 'Late' OR Title = 'Late'";
		expect((await call.query(late)).body.totalSize).toBe(0);
		salesforce.clock.advance(60_000);
		const { body } = await call.query(late);
		expect(body.totalSize).toBe(2);
		for (const { SystemModstamp } of body.records)
			expect(Date.parse(SystemModstamp as string)).toBeLessThan(before + 30_000);
	});

	it('a clock ahead of ours, told by the Date header', async () => {
		salesforce.settings.clockSkewMs = 300_000;
		const answer = await call('GET', '/sobjects/Contact');
		const ahead = Date.parse(answer.headers.get('date') ?? '') - salesforce.clock.now();
		expect(Math.abs(ahead - 300_000)).toBeLessThan(2_000);
	});

	it('formulas whose result changes while the stamp stays', async () => {
		const { body } = await call.query("SELECT Id, AccountId, Account_Rating__c, Days_Since_Visit__c, SystemModstamp FROM Contact WHERE Last_Visit__c != null AND Account_Rating__c != 'Cold' LIMIT 1"); // prettier-ignore
		const [before] = body.records;
		await call.operate('changeRecord', { object: 'Account', id: before.AccountId, values: { Rating: 'Cold' } });
		salesforce.clock.advance(2 * DAY_MS);
		const again = await call.query(`SELECT Account_Rating__c, Days_Since_Visit__c, SystemModstamp FROM Contact WHERE Id = '${before.Id as string}'`); // prettier-ignore
		expect(again.body.records[0]).toMatchObject({
			Account_Rating__c: 'Cold',
			Days_Since_Visit__c: (before.Days_Since_Visit__c as number) + 2,
			SystemModstamp: before.SystemModstamp as string,
		});
	});

	it('many records with one stamp, and automated changes that move SystemModstamp alone', async () => {
		const { body } = await call.query(
			'SELECT Id, LastModifiedDate FROM Contact WHERE SystemModstamp = 2025-03-03T09:00:00Z',
		);
		expect(body.totalSize).toBeGreaterThan(100);
		const [{ Id: id, LastModifiedDate }] = body.records;
		await call.operate('changeRecord', { object: 'Contact', id, values: { Fax: '1' }, automated: true });
		const { body: after } = await call.query(
			`SELECT SystemModstamp, LastModifiedDate FROM Contact WHERE Id = '${id as string}'`,
		);
		expect(after.records[0].LastModifiedDate).toBe(LastModifiedDate);
		expect(after.records[0].SystemModstamp).not.toBe(LastModifiedDate);
	});

	it('sharing: without View All the user sees its own records, and no error', async () => {
		salesforce.settings.userViewsAll = false;
		const { body } = await call.query('SELECT Owner.Username FROM Contact');
		expect(body.totalSize).toBeGreaterThan(100);
		expect(body.totalSize).toBeLessThan(400);
		expect(body.records.every(({ Owner }: Body) => Owner.Username === salesforce.users.sync)).toBe(true);
	});

	it('conversion makes a contact of a lead and leaves the lead, read-only', async () => {
		const id = idsOf(
			(await call.query('SELECT Id FROM Lead WHERE IsConverted = false AND Email != null LIMIT 1')).body,
		)[0] as string;
		const { contactId } = await call.operate('convertLead', { id });
		const { body } = await call.query(`SELECT IsConverted, ConvertedContactId, IsDeleted FROM Lead WHERE Id = '${id}'`);
		expect(body.records[0]).toMatchObject({
			IsConverted: true,
			ConvertedContactId: contactId as string,
			IsDeleted: false,
		});
		salesforce.settings.editConvertedLeads = 'refused';
		expect((await call('PATCH', `/sobjects/Lead/${id}`, { Title: 'x' })).body[0].errorCode).toBe(
			'CANNOT_UPDATE_CONVERTED_LEAD',
		);
	});
});
