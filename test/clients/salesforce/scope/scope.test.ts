import fc from 'fast-check';
import type { Condition, ConditionOperator } from '../../../../clients/salesforce/scope/compileConditions';
import { CONDITION_OPERATORS, compileConditions } from '../../../../clients/salesforce/scope/compileConditions';
import { conditionFields } from '../../../../clients/salesforce/scope/conditionFields';
import { resolveScope, type Scope } from '../../../../clients/salesforce/scope/scope';
import { allOf, select } from '../../../../clients/salesforce/soql/buildSoql';
import type { SalesforceObject, SalesforceObjectName } from '../../../../clients/salesforce/api/types';
import type { Failure } from '../../../../core/result';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import type { Condition as ParsedCondition } from '../../../../sandbox/salesforce/soql/ast';
import { parseQuery } from '../../../../sandbox/salesforce/soql/parser';
import { clientOf, operate, valueOf } from '../support/organisation';

let salesforce: RunningSalesforce;
let contact: SalesforceObject;
let lead: SalesforceObject;

/** Seven contacts, named A to G. */
const PEOPLE: ReadonlyArray<Readonly<Record<string, unknown>>> = [
	{ LastName: 'A', Title: 'Buyer', Customer_Tier__c: 'Gold', Interests__c: 'Tea;Books', Loyalty_Points__c: 10 },
	{ LastName: 'B', Title: "D'Arcy", Customer_Tier__c: 'Silver', Interests__c: 'Tea', Loyalty_Points__c: 20 },
	{ LastName: 'C', Title: 'a\\', Interests__c: 'Books;Running', Member_Since__c: '2024-05-01' },
	{ LastName: 'D', Title: '100%', Member_Since__c: '2024-05-02', Newsletter__c: true },
	{ LastName: 'E', Title: '100 people', Last_Visit__c: '2025-03-04T00:00:00Z' },
	{ LastName: 'F', Title: 'x_y', Last_Visit__c: '2025-03-04T23:59:59Z', Interests__c: 'Chess, online' },
	{ LastName: 'G', Last_Visit__c: '2025-03-05T00:00:00Z' },
];

beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0 });
	for (const values of PEOPLE) await operate(salesforce, 'addRecord', { object: 'Contact', values });
	contact = valueOf(await clientOf(salesforce).describe('Contact'));
	lead = valueOf(await clientOf(salesforce).describe('Lead'));
});
afterAll(() => salesforce.close());

const resolve = async (scope: Scope, object: SalesforceObjectName = 'Contact') =>
	await resolveScope(clientOf(salesforce), object, scope, object === 'Contact' ? contact : lead);

/** Last names of the members, in order, over real HTTP. */
async function members(scope: Scope): Promise<string> {
	const { where, mine } = valueOf(await resolve(scope));
	const soql = select({ fields: ['LastName'], from: 'Contact', scope: mine ? 'mine' : undefined, where, orderBy: 'LastName' }); // prettier-ignore
	const page = valueOf(await clientOf(salesforce).query(soql));
	return page.records.map(({ LastName }) => String(LastName)).join('');
}

const when = (...conditions: ReadonlyArray<readonly [string, ConditionOperator, string?]>): Scope => ({
	kind: 'conditions',
	combine: 'all',
	conditions: conditions.map(([field, operator, value]) => ({ field, operator, value })),
});

describe('conditions made with dropdowns', () => {
	it.each<[string, ConditionOperator, string | undefined, string]>([
		['Title', 'equals', 'buyer', 'A'],
		['Title', 'equals', "D'Arcy", 'B'],
		['Title', 'equals', 'a\\', 'C'],
		['Title', 'notEquals', 'Buyer', 'BCDEFG'],
		['Title', 'contains', '0%', 'D'],
		['Title', 'contains', '_', 'F'],
		['Title', 'startsWith', '100', 'DE'],
		['Title', 'endsWith', '\\', 'C'],
		['Title', 'isAnyOf', "Buyer\n D'Arcy ;; x_y", 'ABF'],
		['Title', 'isEmpty', undefined, 'G'],
		['Title', 'isNotEmpty', 'ignored', 'ABCDEF'],
		['Customer_Tier__c', 'equals', 'gold', 'A'],
		['Customer_Tier__c', 'notEquals', 'Gold', 'BCDEFG'],
		['Customer_Tier__c', 'isAnyOf', 'Gold;Silver', 'AB'],
		['Interests__c', 'contains', 'Tea', 'AB'],
		['Interests__c', 'contains', 'Books;Tea', 'A'],
		['Interests__c', 'contains', 'Chess, online', 'F'],
		['Interests__c', 'isAnyOf', 'Running\nTea', 'ABC'],
		['Interests__c', 'isEmpty', undefined, 'DEG'],
		['Newsletter__c', 'isTrue', undefined, 'D'],
		['Newsletter__c', 'isFalse', undefined, 'ABCEFG'],
		['Loyalty_Points__c', 'equals', '10.0', 'A'],
		['Loyalty_Points__c', 'notEquals', '10', 'BCDEFG'],
		['Loyalty_Points__c', 'greaterThan', '10', 'B'],
		['Loyalty_Points__c', 'atLeast', '10', 'AB'],
		['Loyalty_Points__c', 'lessThan', '20', 'A'],
		['Loyalty_Points__c', 'atMost', '+20', 'AB'],
		['Loyalty_Points__c', 'isAnyOf', '10;30', 'A'],
		['Member_Since__c', 'equals', '2024-05-01', 'C'],
		['Member_Since__c', 'atLeast', '2024-05-01T00:00:00', 'CD'],
		['Member_Since__c', 'greaterThan', '2024-05-01', 'D'],
		['Member_Since__c', 'lessThan', 'LAST_N_DAYS:30', 'CD'],
		['Last_Visit__c', 'equals', '2025-03-04', 'EF'],
		['Last_Visit__c', 'notEquals', '2025-03-04', 'ABCDG'],
		['Last_Visit__c', 'greaterThan', '2025-03-04', 'G'],
		['Last_Visit__c', 'atLeast', '2025-03-04', 'EFG'],
		['Last_Visit__c', 'lessThan', '2025-03-04', ''],
		['Last_Visit__c', 'atMost', '2025-03-04', 'EF'],
		['Last_Visit__c', 'greaterThan', '2025-03-04T00:00:00Z', 'FG'],
		['Last_Visit__c', 'atLeast', '2025-03-05T01:00:00+01:00', 'G'],
		['AccountId', 'isEmpty', undefined, 'ABCDEFG'],
	])('%s %s %j', async (field, operator, value, expected) => {
		expect(await members(when([field, operator, value]))).toBe(expected);
	});

	it('hold together or one by one', async () => {
		const first: Condition = { field: 'Title', operator: 'notEquals', value: 'Buyer' };
		const second: Condition = { field: 'Last_Visit__c', operator: 'equals', value: '2025-03-04' };
		expect(await members({ kind: 'conditions', combine: 'all', conditions: [first, second] })).toBe('EF');
		expect(await members({ kind: 'conditions', combine: 'any', conditions: [first, second] })).toBe('BCDEFG');
		const { where } = valueOf(await resolve({ kind: 'conditions', combine: 'any', conditions: [first, second] }));
		const narrowed = select({ fields: ['LastName'], from: 'Contact', where: allOf(where, "LastName = 'A'") });
		expect(valueOf(await clientOf(salesforce).query(narrowed)).records).toEqual([]);
	});

	it.each<[string, string, string | undefined, string]>([
		[
			'Description',
			'equals',
			'x',
			"Condition 1 (field 'Description') asks for a field that Salesforce cannot filter by",
		],
		['Nix__c', 'equals', 'x', 'does not have, or that field-level security hides'],
		['', 'equals', 'x', 'Condition 1 names no field'],
		['MailingAddress', 'isEmpty', '', 'cannot'],
		['Newsletter__c', 'equals', 'true', "cannot use 'Is': the field is of the type boolean"],
		['Title', 'greaterThan', 'x', "cannot use 'Is Greater Than (After)': the field is of the type text"],
		['Title', 'equals', '  ', "has no value; to find empty fields use 'Is Empty'"],
		['Title', 'isAnyOf', ' ;\n', 'has no value'],
		['Title', 'equals', 'x'.repeat(4_001), 'more than 4000 characters'],
		['Title', 'sortedBy', 'x', 'has an unknown operator'],
		['Customer_Tier__c', 'equals', 'Platinum', "has no option 'Platinum'. Its options: "],
		['Interests__c', 'isAnyOf', 'Tea;Golf', "has no option 'Golf'"],
		['Loyalty_Points__c', 'equals', '1,5', 'needs a number'],
		['Loyalty_Points__c', 'equals', '1e3', 'needs a number'],
		['Loyalty_Points__c', 'equals', '1 OR Id != null', 'needs a number'],
		['Member_Since__c', 'equals', '01.05.2024', 'needs a date (YYYY-MM-DD)'],
		['Member_Since__c', 'equals', '2024-02-30', 'needs a date'],
		['Member_Since__c', 'equals', 'TODAY) OR (Id != null', 'needs a date'],
		['Birthdate', 'equals', '1990-09-25', 'birthdays without their year'],
		['Last_Visit__c', 'equals', 'yesterday evening', 'needs a date and time'],
		['Last_Visit__c', 'equals', '0999-01-01T00:00:00Z', 'needs a date and time'],
		['AccountId', 'equals', 'Acme', 'needs the id of a record'],
		['AccountId', 'equals', "001000000000001' OR", 'needs the id of a record'],
	])('%s %s %j is refused with its number, field and cause', (field, operator, value, expected) => {
		const compiled = compileConditions(contact, [{ field, operator: operator as ConditionOperator, value }], 'all');
		expect(compiled).toMatchObject({ kind: 'stop', code: 'SETTING_INVALID' });
		expect((compiled as Failure).reason).toContain(expected);
	});

	it('options are found by what Salesforce stores, then by what its pages show', () => {
		const picklistValues = [
			{ value: 'G', label: 'Gold', active: true },
			{ value: 'Gold+', label: 'G', active: false },
		];
		const fields = contact.fields.map((field) =>
			/^(Customer_Tier|Interests)__c$/.test(field.name) ? { ...field, picklistValues } : field,
		);
		const whereOf = (field: string, operator: ConditionOperator, value: string): string =>
			valueOf(compileConditions({ ...contact, fields }, [{ field, operator, value }], 'all')).where;
		expect(whereOf('Customer_Tier__c', 'equals', 'gold')).toBe("Customer_Tier__c = 'G'");
		expect(whereOf('Customer_Tier__c', 'equals', 'g')).toBe("Customer_Tier__c = 'G'");
		expect(whereOf('Interests__c', 'contains', 'GOLD; gold+')).toBe("Interests__c INCLUDES ('G;Gold+')");
	});

	it("'is not' asks for empty fields by name, whatever Salesforce makes of != there", () => {
		for (const [field, value] of [
			['Title', 'x'],
			['Customer_Tier__c', 'Gold'],
			['Loyalty_Points__c', '1'],
			['Last_Visit__c', '2025-03-04'],
		] as const) {
			const { where } = valueOf(compileConditions(contact, [{ field, operator: 'notEquals', value }], 'all'));
			expect(where).toMatch(new RegExp(` OR ${field} = null$`));
		}
	});

	it('names the second of two, and asks for at least one', () => {
		const good: Condition = { field: 'Title', operator: 'isEmpty' };
		const compiled = compileConditions(contact, [good, { ...good, field: 'Nix' }], 'any');
		expect((compiled as Failure).reason).toMatch(/^Condition 2 \(field 'Nix'\)/);
		expect(compileConditions(contact, [], 'all')).toMatchObject({ code: 'SETTING_INVALID' });
	});

	it('whole numbers are asked of whole-number fields', () => {
		const compiled = (value: string) =>
			compileConditions(lead, [{ field: 'NumberOfEmployees', operator: 'atLeast', value }], 'all');
		expect(compiled('50')).toMatchObject({ kind: 'ok', value: { where: 'NumberOfEmployees >= 50' } });
		expect(compiled('50.5')).toMatchObject({ code: 'SETTING_INVALID' });
	});

	it('fields of related records are offered as texts', async () => {
		const names = conditionFields(contact).map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(['Account.Name', 'Owner.Email', 'ReportsTo.Name', 'AccountId']));
		expect(names).not.toContain('Description');
		expect(names).not.toContain('MailingAddress');
		expect(await members(when(['Owner.Email', 'contains', '@']))).toBe('ABCDEFG');
	});

	it('every operator fits at least one type of field', () => {
		const types = new Set(conditionFields(contact).map(({ type }) => type));
		for (const { types: fits } of CONDITION_OPERATORS) expect(fits.some((type) => types.has(type))).toBe(true);
	});
});

describe('SOQL injection through settings is harmless', () => {
	const ATTACKS = [
		"x' OR Id != null OR Title = 'x",
		"x\\' OR Id != null --",
		"') OR (Id != null",
		'%',
		'\\u0027 OR Id != null OR Title = \\u0027',
		"x'\n OR Id != null",
	];

	it.each(ATTACKS)('values: %j', async (value) => {
		for (const operator of ['equals', 'contains', 'startsWith', 'endsWith', 'isAnyOf'] as const) {
			const found = await members(when(['Title', operator, value]));
			const isAtEnd = operator === 'contains' || operator === 'endsWith';
			expect(`${operator}: ${found}`).toBe(`${operator}: ${value === '%' && isAtEnd ? 'D' : ''}`);
		}
	});

	it('whatever a value holds: it is refused, or the condition stays one beside others', () => {
		const fields = conditionFields(contact).filter(({ type }) => type !== 'boolean');
		const nasty = fc
			.array(
				fc.constantFrom(
					"'",
					'\\',
					')',
					'(',
					' OR ',
					' AND ',
					'Id',
					'=',
					'null',
					'\n',
					';',
					'%',
					'1',
					'2024-05-01',
					'T00:00:00Z',
					'TODAY',
					'LAST_N_DAYS:',
					'-',
					'.',
					'Tea',
					' ',
				),
				{ maxLength: 12 },
			) // prettier-ignore
			.map((parts) => parts.join(''));
		const value = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 30 }));
		const operator = fc.constantFrom(...CONDITION_OPERATORS.map((known) => known.value));
		let compiledOnes = 0;
		fc.assert(
			fc.property(fc.constantFrom(...fields), operator, value, (field, asked, typed) => {
				const condition: Condition = { field: field.name, operator: asked, value: typed };
				const compiled = compileConditions(contact, [condition], 'any');
				if (compiled.kind !== 'ok') return expect(compiled.code).toBe('SETTING_INVALID');
				compiledOnes += 1;
				const where = allOf(compiled.value.where, "LastName = 'A'");
				const parsed = parseQuery(`SELECT Id FROM Contact WHERE ${where}`).where;
				const parts = parsed?.kind === 'and' ? parsed.parts : [];
				expect(parts.at(-1)).toMatchObject({ kind: 'compare', field: { name: 'LastName' }, value: { value: 'A' } });
				expect([...new Set(parts.slice(0, -1).flatMap(namesIn))]).toEqual([field.name]);
			}),
			{ numRuns: 1_500 },
		);
		expect(compiledOnes).toBeGreaterThan(200);
	});

	const namesIn = (condition: ParsedCondition): readonly string[] => {
		if ('parts' in condition) return condition.parts.flatMap(namesIn);
		return 'part' in condition ? namesIn(condition.part) : [condition.field.name];
	};

	it.each(['Id != null OR Title', "Title = 'x' OR Id", 'Title\nFROM User', 'COUNT()'])(
		'field names: %j',
		async (field) => {
			const before = salesforce.requests.count();
			expect(await resolve(when([field, 'notEquals', 'x']))).toMatchObject({ kind: 'stop', code: 'SETTING_INVALID' });
			expect(salesforce.requests.count()).toBe(before);
		},
	);

	it.each(["701000000000001' OR Id != null OR Id = '", '../../Lead/listviews/x', '', '%2e%2e'])(
		'ids of list views and campaigns: %j',
		async (id) => {
			const before = salesforce.requests.count();
			expect(await resolve({ kind: 'listView', id })).toMatchObject({ kind: 'stop', code: 'LIST_VIEW_NOT_FOUND' });
			expect(await resolve({ kind: 'campaign', id })).toMatchObject({ kind: 'stop', code: 'CAMPAIGN_NOT_FOUND' });
			expect(await clientOf(salesforce).campaign(id)).toMatchObject({ code: 'CAMPAIGN_NOT_FOUND' });
			expect(salesforce.requests.count()).toBe(before);
		},
	);

	it('names of campaigns', async () => {
		const client = clientOf(salesforce);
		for (const name of [...ATTACKS, "Newsletter' OR Name != '"]) {
			expect(valueOf(await client.campaigns(name))).toEqual([]);
		}
	});

	it('labels and filters of list views', async () => {
		const { id } = await operate(salesforce, 'createListView', {
			object: 'Contact',
			label: "x' OR 1 = 1 -- ORDER BY",
			where: "Title = 'x\\' OR Id != null ORDER BY (' OR LastName = 'B'",
		});
		expect(valueOf(await clientOf(salesforce).listViews('Contact')).map(({ label }) => label)).toContain(
			"x' OR 1 = 1 -- ORDER BY",
		);
		expect(await members({ kind: 'listView', id: String(id) })).toBe('B');
		const { where } = valueOf(await resolve({ kind: 'listView', id: String(id) }));
		const beside = select({ fields: ['LastName'], from: 'Contact', where: `${where} AND LastName = 'A'` });
		expect(valueOf(await clientOf(salesforce).query(beside)).records).toEqual([]);
	});
});

describe('which records are followed', () => {
	it('all of an object', async () => {
		expect(valueOf(await resolve({ kind: 'object' }))).toEqual({ where: '', mine: false, drifts: false });
		expect(await members({ kind: 'object' })).toBe('ABCDEFG');
	});

	it.each<[string, boolean]>([
		["Title = 'TODAY' AND Customer_Tier__c = 'Gold'", false],
		["Newsletter__c = true OR (NOT Title LIKE '%x%')", false],
		["Interests__c INCLUDES ('Tea') AND Member_Since__c >= 2024-01-01", false],
		['Last_Visit__c >= 2024-01-01T10:00:00Z', false],
		['Member_Since__c = TODAY', true],
		['Last_Visit__c = LAST_N_DAYS:30', true],
		['Days_Since_Visit__c > 30', true],
		["Account.Name = 'x'", true],
		['LastActivityDate = null', false],
		['Id IN (SELECT ContactId FROM CampaignMember)', true],
	])('a list view with %s drifts: %j', async (where, drifts) => {
		const { id } = await operate(salesforce, 'createListView', { object: 'Contact', label: 'View', where });
		expect(valueOf(await resolve({ kind: 'listView', id: String(id) }))).toEqual({
			where: `(${where})`,
			mine: false,
			drifts,
		});
	});

	it('a list view of own records follows them with USING SCOPE mine', async () => {
		const scope: Scope = { kind: 'listView', id: salesforce.ids.listViews.myContacts };
		expect(valueOf(await resolve(scope))).toEqual({ where: '', mine: true, drifts: true });
	});

	it.each<[string, ConditionOperator, string | undefined, boolean]>([
		['Title', 'equals', 'TODAY', false],
		['Member_Since__c', 'equals', '2024-01-01', false],
		['Member_Since__c', 'equals', 'today', true],
		['Last_Visit__c', 'atLeast', 'LAST_N_MONTHS:2', true],
		['Days_Since_Visit__c', 'greaterThan', '30', true],
		['LastActivityDate', 'isEmpty', undefined, false],
		['Account.Name', 'equals', 'x', true],
	])('the condition %s %s %j drifts: %j', async (field, operator, value, drifts) => {
		expect(valueOf(await resolve(when([field, operator, value]))).drifts).toBe(drifts);
	});

	it('members of a campaign, without those that left it, also in a query over deleted records', async () => {
		const campaign = salesforce.ids.campaigns.fair;
		const ids = [...salesforce.store.table('Contact').rows.keys()].slice(0, 3);
		await operate(salesforce, 'addToCampaign', { campaign, object: 'Contact', ids });
		await operate(salesforce, 'removeFromCampaign', { campaign, object: 'Contact', ids: ids.slice(2) });
		const scope: Scope = { kind: 'campaign', id: campaign };
		const { where, drifts } = valueOf(await resolve(scope));
		expect(drifts).toBe(true);
		for (const deleted of [false, true]) {
			const soql = select({
				fields: ['Id'],
				from: 'Contact',
				where: allOf(where, 'SystemModstamp > 2000-01-01T00:00:00Z'),
			});
			const page = valueOf(await clientOf(salesforce).query(soql, { deleted }));
			expect(page.records.map(({ Id }) => Id)).toEqual(ids.slice(0, 2));
		}
		expect(valueOf(await resolve(scope, 'Lead')).where).toContain('SELECT LeadId FROM CampaignMember');
	});
});
