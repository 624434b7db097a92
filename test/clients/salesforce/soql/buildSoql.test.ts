import fc from 'fast-check';
import { allOf, anyOf, isFieldPath, likeText, select, soqlDate, soqlInstant, soqlText } from '../../../../clients/salesforce/soql/buildSoql'; // prettier-ignore
import { inAddress } from '../../../../clients/salesforce/soql/buildSoql';
import { parseQuery } from '../../../../sandbox/salesforce/soql/parser';
import type { Condition } from '../../../../sandbox/salesforce/soql/ast';

/** What the stand-in, which shares no code with the client, reads in a condition. */
const read = (where: string): Condition | undefined => parseQuery(`SELECT Id FROM Contact WHERE ${where}`).where;

/** Texts that try to get out of their quotes are as likely as any others. */
const anyText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 60 }),
	fc
		.array(
			fc.constantFrom(
				"'",
				'\\',
				'\\\\',
				"\\'",
				'"',
				'%',
				'_',
				'\n',
				'\r',
				'\t',
				'\u0000',
				' OR ',
				')',
				'(',
				'--',
				'\\u0027',
				'Id',
				'=',
				' ',
				'\u2028',
				'\ud83d',
				'😀',
				'+',
				'&',
				'#',
			),
			{ maxLength: 30 },
		) // prettier-ignore
		.map((parts) => parts.join('')),
);

describe('SOQL from values', () => {
	it('whatever a text holds, Salesforce reads exactly that text, and the condition beside it stays', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const where = read(`Newsletter__c = true AND Title = ${soqlText(text)} AND Id != null`);
				expect(where?.kind).toBe('and');
				const parts = where?.kind === 'and' ? where.parts : [];
				expect(parts.map((part) => (part.kind === 'compare' ? part.field.name : part.kind))).toEqual([
					'Newsletter__c',
					'Title',
					'Id',
				]);
				expect(parts[1]).toMatchObject({ operator: '=', value: { kind: 'string', value: text } });
			}),
			{ numRuns: 500 },
		);
	});

	it('in a list of texts each stays one', () => {
		fc.assert(
			fc.property(fc.array(anyText, { minLength: 1, maxLength: 6 }), (texts) => {
				const where = read(`Title IN (${texts.map(soqlText).join(',')})`);
				expect(where).toMatchObject({ kind: 'in', values: texts.map((value) => ({ kind: 'string', value })) });
			}),
			{ numRuns: 300 },
		);
	});

	it('in LIKE nothing but our own % stands for anything', () => {
		fc.assert(
			fc.property(
				anyText,
				fc.constantFrom('contains' as const, 'startsWith' as const, 'endsWith' as const),
				(text, match) => {
					const where = read(`Title LIKE ${likeText(text, match)}`);
					const value = where?.kind === 'compare' && where.value.kind === 'string' ? where.value : undefined;
					const any = { any: '%' };
					const plain: unknown[] = text.split('');
					expect(value?.pattern).toEqual([
						...(match === 'startsWith' ? [] : [any]),
						...plain,
						...(match === 'endsWith' ? [] : [any]),
					]);
				},
			),
			{ numRuns: 500 },
		);
	});

	it('goes through an address unchanged', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const soql = `SELECT Id FROM Contact WHERE Title = ${soqlText(text)}`;
				const url = new URL(`https://example.com/query?q=${inAddress(soql)}`);
				expect(url.searchParams.get('q')).toBe(soql);
				expect(url.search.slice('?q='.length)).toBe(inAddress(soql));
			}),
			{ numRuns: 300 },
		);
	});

	it('instants have whole seconds and Z, days nothing else', () => {
		const instant = Date.UTC(2026, 10, 21, 12, 30, 15, 999);
		expect(soqlInstant(instant)).toBe('2026-11-21T12:30:15Z');
		expect(soqlDate(instant)).toBe('2026-11-21');
	});
});

describe('names in SOQL', () => {
	it.each([
		'Name',
		'Custom__c',
		'ns__Custom__c',
		'Account.Name',
		'My_Look_Up__r.Name',
		'ns__Up__r.Owner.Email',
		'A1_b2__c',
		'A.B.C.D.E.Name',
		'Location__Latitude__s',
		'Person__pc',
	])('%s can be one', (name) => {
		expect(isFieldPath(name)).toBe(true);
	});

	it.each([
		'',
		' ',
		'1Name',
		'_Name',
		'Name_',
		'Name ',
		'Na me',
		'Name,Id',
		"Name'",
		'Name--',
		'COUNT()',
		'toLabel(Status)',
		'(SELECT Id FROM Contacts)',
		'Name FROM User',
		'Account.',
		'.Name',
		'Account..Name',
		'A.B.C.D.E.F.Name',
		'Náme',
		'Name\n',
		'FIELDS(ALL)',
		'__proto__',
		'From',
		'NULL',
	])('%j cannot', (name) => {
		expect(isFieldPath(name)).toBe(false);
		expect(() => select({ fields: ['Id', name], from: 'Contact' })).toThrow('Not a name');
	});

	it('whatever passes is one word to Salesforce', () => {
		fc.assert(
			fc.property(
				fc.oneof(anyText, fc.stringMatching(/^[A-Za-z_.0-9]{1,20}$/), fc.stringMatching(/^[A-Za-z]{2}$/)),
				(name) => {
					fc.pre(isFieldPath(name));
					const { select: fields } = parseQuery(`SELECT Id, ${name} FROM Contact`);
					expect(fields.map((field) => field.name)).toEqual(['Id', name]);
				},
			),
			{ numRuns: 300 },
		);
	});
});

describe('whole queries', () => {
	it('have their parts in order, each field once', () => {
		const soql = select({
			fields: ['Id', 'Name', 'Id'],
			from: 'Lead',
			scope: 'mine',
			where: "Name = 'x'",
			orderBy: 'SystemModstamp, Id',
			limit: 5,
		});
		expect(soql).toBe("SELECT Id,Name FROM Lead USING SCOPE mine WHERE Name = 'x' ORDER BY SystemModstamp, Id LIMIT 5");
		expect(select({ fields: ['Id'], from: 'Lead', where: '' })).toBe('SELECT Id FROM Lead');
	});

	it('conditions get the parentheses they need, and sub-selects none', () => {
		expect(allOf('', 'A = 1', '')).toBe('A = 1');
		expect(allOf('A = 1', 'B = 2 AND C = 3')).toBe('A = 1 AND B = 2 AND C = 3');
		expect(allOf('A = 1 OR B = 2', 'C = 3')).toBe('(A = 1 OR B = 2) AND C = 3');
		expect(anyOf('A = 1 AND B = 2', 'C = 3')).toBe('(A = 1 AND B = 2) OR C = 3');
		expect(allOf('NOT A = 1', 'B NOT IN (2)')).toBe('(NOT A = 1) AND B NOT IN (2)');
		expect(allOf("A = ' OR '", 'C = 3')).toBe("A = ' OR ' AND C = 3");
		expect(allOf('Id IN (SELECT ContactId FROM CampaignMember WHERE A = 1 OR B = 2)', 'C = 3')).not.toMatch(/^\(/);
		expect(anyOf()).toBe('');
		expect(() => allOf("A = 'x", 'B = 1')).toThrow('does not close');
		expect(() => allOf('A = 1) OR (B = 1', 'C = 1')).toThrow('does not close');
	});
});
