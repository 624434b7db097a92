import { startSalesforce, type RunningSalesforce } from '../../../sandbox/salesforce';
import { callsTo, type Body, type Calls } from './salesforceCalls';

let salesforce: RunningSalesforce;
let call: Calls;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 60, leads: 20, settings: { sessionMs: 86_400_000 } });
	call = callsTo(salesforce);
});
afterAll(() => salesforce.close());
beforeEach(() => salesforce.reset());

const names = async (where: string): Promise<string[]> => {
	const { status, body } = await call.query(`SELECT LastName FROM Contact WHERE ${where} ORDER BY LastName, Id`);
	if (status !== 200) throw new Error(JSON.stringify(body));
	return body.records.map(({ LastName }: Body) => LastName as string);
};
const add = async (values: object): Promise<string> =>
	(await call.operate('addRecord', { object: 'Contact', values })).id as string;

describe('SOQL of the stand-in', () => {
	it('refuses what it does not know, with the place', async () => {
		const cases: Array<[string, string]> = [
			['SELECT Id FORM Contact', "Column:11 unexpected token: 'FORM'"],
			['SELECT Id, FROM Contact', "Column:12 unexpected token: 'FROM'"],
			['SELECT Id FROM Contact WHERE', "unexpected token: '<EOF>'"],
			["SELECT Id FROM Contact WHERE Email = 'a' OR Email = 'b' AND Title = 'c'", "unexpected token: 'AND'"],
			["SELECT Id FROM Contact WHERE NOT Email = 'a' AND Title = 'c'", "unexpected token: 'AND'"],
			["SELECT Id FROM Contact WHERE Email = 'a' AND NOT Title = 'c'", 'unexpected token'],
			['SELECT Id FROM Contact GROUP BY Id', "unexpected token: 'GROUP'"],
			['SELECT Id, (SELECT Id FROM Cases) FROM Contact', "unexpected token: '('"],
			['SELECT FIELDS(ALL) FROM Contact LIMIT 200', "unexpected token: '('"],
			['SELECT COUNT(Id) FROM Contact', "found 'Id'"],
			['SELECT Id FROM Contact c', "unexpected token: 'c'"],
			['SELECT Id FROM Contact FOR UPDATE', "unexpected token: 'FOR'"],
			['SELECT Id FROM Contact LIMIT 1.5', "unexpected token: '1.5'"],
			['SELECT Id FROM Contact LIMIT 1; DELETE', "unexpected token: ';'"],
			['SELECT Id FROM Contact -- comment', "unexpected token: '-'"],
			["SELECT Id FROM Contact WHERE Email = 'a", "mismatched character '<EOF>'"],
			["SELECT Id FROM Contact WHERE Email = 'a\nb'", 'Line breaks not allowed'],
			['SELECT Id FROM Contact WHERE SystemModstamp > 2025-02-30T00:00:00Z', 'Invalid datetime'],
			['SELECT Id FROM Contact WHERE SystemModstamp > 2025-02-03T00:00:00 00:00', 'unexpected token'],
			['SELECT Id, Id FROM Contact', 'duplicate field selected: Id'],
			['', 'SOQL query cannot be empty'],
			[`SELECT Id FROM Contact WHERE LastName = '${'x'.repeat(4_001)}'`, 'longer than 4000'],
		];
		for (const [soql, wanted] of cases) {
			const said = await call.refused(soql);
			expect({ soql, said }).toEqual({ soql, said: expect.stringContaining(wanted) as string });
			expect(said).toMatch(/^MALFORMED_QUERY/);
		}
	});

	it('refuses unknown objects and fields, hidden fields, fields and operators that cannot be filtered or sorted', async () => {
		expect(await call.refused('SELECT Id FROM Kontakt')).toMatch(/^INVALID_TYPE/);
		expect(await call.refused('SELECT Id, Foo FROM Contact')).toMatch(
			/^INVALID_FIELD .*No such column 'Foo' on entity 'Contact'/,
		);
		expect(await call.refused('SELECT Konto.Name FROM Contact')).toMatch(
			/^INVALID_FIELD .*Didn't understand relationship/,
		);
		expect(await call.refused("SELECT Id FROM Contact WHERE Description = 'x'")).toMatch(
			/^INVALID_FIELD .*field 'Description' can not be filtered/,
		);
		expect(await call.refused("SELECT Id FROM Contact WHERE MailingAddress = 'x'")).toMatch(/^INVALID_FIELD/);
		expect(await call.refused('SELECT Id FROM Contact ORDER BY Interests__c')).toMatch(
			/^INVALID_FIELD .*can not be sorted/,
		);
		expect(await call.refused("SELECT Id FROM Contact WHERE Id LIKE '003%'")).toMatch(/^INVALID_QUERY_FILTER_OPERATOR/);
		expect(await call.refused("SELECT Id FROM Contact WHERE Id = 'abc'")).toMatch(/^INVALID_QUERY_FILTER_OPERATOR/);
		expect(await call.refused("SELECT Id FROM Contact WHERE Email INCLUDES ('x')")).toMatch(
			/^INVALID_QUERY_FILTER_OPERATOR/,
		);
		await call.operate('setAccess', { object: 'Contact', field: 'HasOptedOutOfEmail', access: 'hidden' });
		expect(await call.refused('SELECT HasOptedOutOfEmail FROM Contact')).toMatch(/^INVALID_FIELD .*No such column/);
		expect(await call.refused('SELECT Id FROM Contact WHERE HasOptedOutOfEmail = true')).toMatch(
			/^INVALID_FIELD .*No such column/,
		);
	});

	it('refuses literals of another type: quotes where none may be, dates for datetimes', async () => {
		expect(await call.refused('SELECT Id FROM Contact WHERE LastName = 5')).toContain('must be of type string and should be enclosed in quotes'); // prettier-ignore
		expect(await call.refused("SELECT Id FROM Contact WHERE Loyalty_Points__c = '5'")).toContain('must be of type double and should not be'); // prettier-ignore
		expect(await call.refused("SELECT Id FROM Contact WHERE SystemModstamp > '2025-01-01T00:00:00Z'")).toContain('must be of type dateTime'); // prettier-ignore
		expect(await call.refused('SELECT Id FROM Contact WHERE SystemModstamp > 2025-01-01')).toContain('must be of type dateTime'); // prettier-ignore
		expect(await call.refused('SELECT Id FROM Contact WHERE Member_Since__c > 2025-01-01T00:00:00Z')).toContain('must be of type date'); // prettier-ignore
		expect(await call.refused("SELECT Id FROM Contact WHERE Newsletter__c = 'true'")).toContain(
			'must be of type boolean',
		);
	});

	it('escapes: exactly the legal ones, so that a name with an apostrophe or a backslash is found and nothing else is', async () => {
		await add({ LastName: "x' OR LastName != '" });
		await add({ LastName: 'back\\slash' });
		await add({ LastName: 'tab\tnew\nline"quote' });
		await add({ LastName: 'Ünïcode' });
		expect(await names("LastName = 'x\\' OR LastName != \\''")).toEqual(["x' OR LastName != '"]);
		expect(await names("LastName = 'back\\\\slash'")).toEqual(['back\\slash']);
		expect(await names("LastName = 'tab\\tnew\\nline\\\"quote'")).toEqual(['tab\tnew\nline"quote']);
		expect(await names("LastName = '\\u00dcn\\u00EFcode'")).toEqual(['Ünïcode']);
		for (const bad of ['\\q', '\\_', '\\%', '\\x', '\\u12', '\\0'])
			expect(await call.refused(`SELECT Id FROM Contact WHERE LastName = 'a${bad}'`)).toContain(
				'Illegal character sequence',
			);
	});

	it('LIKE: % and _ are wildcards unless escaped, whatever the case', async () => {
		await add({ LastName: '50%_off' });
		await add({ LastName: '50 percent off' });
		expect(await names("LastName LIKE '50%OFF'")).toEqual(['50 percent off', '50%_off']);
		expect(await names("LastName LIKE '50\\%\\_off'")).toEqual(['50%_off']);
		expect(await names("LastName LIKE '50_\\_off'")).toEqual(['50%_off']);
		expect(await names("LastName LIKE '(.*)'")).toEqual([]);
		expect(await names("LastName LIKE 'no-one/[a-z]{1}'")).toEqual([]);
	});

	it('compares texts without regard to case, empty values as null, ids by their 15 characters too', async () => {
		const id = await add({ LastName: 'Needle', Email: 'Needle@Example.COM', Title: '' });
		expect(await names("Email = 'needle@example.com'")).toEqual(['Needle']);
		expect(await names("Email IN ('x', 'NEEDLE@EXAMPLE.com')")).toEqual(['Needle']);
		expect(await names(`Id = '${id.slice(0, 15)}' AND Title = null AND Title = ''`)).toEqual(['Needle']);
		expect(await names(`Id = '${id}' AND Title != 'x'`)).toEqual(['Needle']);
		expect(await names(`Id = '${id}' AND Title NOT IN ('x')`)).toEqual(['Needle']);
		expect(await names(`Id = '${id}' AND Loyalty_Points__c < 5`)).toEqual([]);
		expect(await names(`(NOT Loyalty_Points__c < 5) AND Id = '${id}'`)).toEqual(['Needle']);
	});

	it('multi-picklists: ; is and, the list is or', async () => {
		await add({ LastName: 'Both', Interests__c: 'Tea;Books' });
		await add({ LastName: 'One', Interests__c: 'Tea' });
		const only = (where: string) => names(`LastName IN ('Both', 'One') AND Interests__c ${where}`);
		expect(await only("INCLUDES ('Tea;Books')")).toEqual(['Both']);
		expect(await only("INCLUDES ('Tea;Books', 'Tea')")).toEqual(['Both', 'One']);
		expect(await only("EXCLUDES ('Books')")).toEqual(['One']);
	});

	it('birthdays are compared without their year, dates of other fields with it', async () => {
		await add({ LastName: 'Ann', Birthdate: '1950-06-15', Member_Since__c: '1950-06-15' });
		expect(await names("LastName = 'Ann' AND Birthdate = 2020-06-15")).toEqual(['Ann']);
		expect(await names("LastName = 'Ann' AND Member_Since__c = 2020-06-15")).toEqual([]);
	});

	it('datetimes with Z, offset or fraction; stamps have whole seconds', async () => {
		const { body } = await call.query(
			'SELECT Id, SystemModstamp FROM Contact ORDER BY SystemModstamp DESC, Id DESC LIMIT 1',
		);
		const [{ Id, SystemModstamp }] = body.records;
		expect(SystemModstamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
		const at = Date.parse(SystemModstamp as string);
		const forms = [new Date(at).toISOString(), `${new Date(at).toISOString().slice(0, 19)}Z`, `${new Date(at + 7_200_000).toISOString().slice(0, 19)}+02:00`]; // prettier-ignore
		for (const form of forms) {
			const found = await call.query(
				`SELECT Id FROM Contact WHERE SystemModstamp >= ${form} AND Id = '${Id as string}'`,
			);
			expect(found.body.totalSize).toBe(1);
		}
	});

	it('date literals as list views use them', async () => {
		await call.query('SELECT Id FROM Contact');
		const id = await add({ LastName: 'Today' });
		const count = async (where: string) => (await call.query(`SELECT COUNT() FROM Contact WHERE Id = '${id}' AND ${where}`)).body.totalSize as number; // prettier-ignore
		expect(await count('CreatedDate = TODAY')).toBe(1);
		expect(await count('CreatedDate = YESTERDAY')).toBe(0);
		expect(await count('CreatedDate = LAST_N_DAYS:3')).toBe(1);
		expect(await count('CreatedDate > TODAY')).toBe(0);
		expect(await count('CreatedDate >= THIS_MONTH')).toBe(1);
	});

	it('sorts by several fields, empty values first unless told otherwise; without ORDER BY there is no order', async () => {
		const { body } = await call.query(
			'SELECT Title, LastName FROM Contact ORDER BY Title DESC NULLS LAST, LastName ASC',
		);
		const titles: Array<string | null> = body.records.map(({ Title }: Body) => Title as string | null);
		const filled = titles.filter((title) => title !== null);
		expect(titles.slice(0, filled.length)).toEqual(filled);
		expect(filled).toEqual([...filled].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? 1 : -1)));
		const nullsFirst = await call.query('SELECT Title FROM Contact ORDER BY Title DESC');
		expect(nullsFirst.body.records[0].Title).toBeNull();
		const plain = (await call.query('SELECT Id FROM Contact')).body.records.map(({ Id }: Body) => Id as string);
		expect(plain).not.toEqual([...plain].sort());
	});

	it('LIMIT, OFFSET up to 2,000, COUNT()', async () => {
		const all = await call.query('SELECT Id FROM Contact ORDER BY Id');
		const part = await call.query('SELECT Id FROM Contact ORDER BY Id LIMIT 5 OFFSET 10');
		expect(part.body.records).toEqual(all.body.records.slice(10, 15));
		expect(await call.refused('SELECT Id FROM Contact OFFSET 2001')).toMatch(/^NUMBER_OUTSIDE_VALID_RANGE/);
		expect((await call.query('SELECT Id FROM Contact OFFSET 2000')).status).toBe(200);
		const count = await call.query('SELECT COUNT() FROM Contact WHERE Email != null');
		expect(count.body).toEqual({ totalSize: expect.any(Number) as number, done: true, records: [] });
		expect(count.body.totalSize).toBeLessThan(all.body.totalSize as number);
	});

	it('fields of related records, in the select, the condition and the order; nothing where the relation is empty', async () => {
		const id = await add({ LastName: 'Loner' });
		const { body } = await call.query(`SELECT Account.Name, Owner.Email FROM Contact WHERE Id = '${id}'`);
		expect(body.records[0]).toMatchObject({
			Account: null,
			Owner: { attributes: { type: 'User' }, Email: 'sync@sandbox.example' },
		});
		const owned = await call.query(
			"SELECT Id FROM Contact WHERE Owner.Username = 'sales@sandbox.example' ORDER BY Account.Name",
		);
		expect(owned.body.totalSize).toBeGreaterThan(5);
	});

	it('semi-joins: two at most, ids of the same kind, another object, at the top level only', async () => {
		const { newsletter, fair } = salesforce.ids.campaigns;
		const inside = (campaign: string) =>
			`Id IN (SELECT ContactId FROM CampaignMember WHERE CampaignId = '${campaign}')`;
		const both = await call.query(`SELECT Id FROM Contact WHERE ${inside(newsletter)} AND ${inside(fair)}`);
		// Every tenth, and one that took the place in the fair over from a merged contact.
		expect(both.body.totalSize).toBe(7);
		const anti = await call.query(`SELECT Id FROM Contact WHERE ${inside(fair).replace('IN', 'NOT IN')}`);
		const all = (await call.query('SELECT COUNT() FROM Contact')).body.totalSize as number;
		const members = (await call.query(`SELECT COUNT() FROM Contact WHERE ${inside(fair)}`)).body.totalSize as number;
		expect(anti.body.totalSize).toBe(all - members);
		const three = [newsletter, fair, fair].map(inside).join(' AND ');
		expect(await call.refused(`SELECT Id FROM Contact WHERE ${three}`)).toContain('maximum 2 semi join');
		expect(await call.refused(`SELECT Id FROM Contact WHERE Title = 'x' OR ${inside(fair)}`)).toContain('top level');
		expect(await call.refused(`SELECT Id FROM Contact WHERE NOT ${inside(fair)}`)).toContain('top level');
		expect(await call.refused('SELECT Id FROM Contact WHERE Id IN (SELECT Id FROM Contact)')).toContain(
			'same object type',
		);
		expect(await call.refused('SELECT Id FROM Contact WHERE Id IN (SELECT LeadId FROM CampaignMember)')).toContain('not ids of the same object'); // prettier-ignore
		expect(await call.refused('SELECT Id FROM Contact WHERE Email IN (SELECT ContactId FROM CampaignMember)')).toContain('should be an id field'); // prettier-ignore
		expect(await call.refused('SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM CampaignMember LIMIT 1)')).toContain("found 'LIMIT'"); // prettier-ignore
	});
});
