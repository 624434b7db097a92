import fc from 'fast-check';
import { startSalesforce, type Row, type RunningSalesforce } from '../../../sandbox/salesforce';
import { callsTo, type Body, type Calls } from './salesforceCalls';

// Random conditions, written as SOQL and as a filter that knows nothing of SOQL; both must find the same records.

let salesforce: RunningSalesforce;
let call: Calls;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0 });
	call = callsTo(salesforce);
	const titles = [null, 'Buyer', 'buyer', "D'Arcy", 'a\\b', '100%', 'x_y', 'Ünï', 'Zoë 🚀'];
	for (let n = 0; n < 60; n += 1) {
		await call.operate('addRecord', {
			object: 'Contact',
			values: {
				LastName: `P${n}`,
				Title: titles[n % titles.length],
				Loyalty_Points__c: n % 4 === 0 ? null : (n % 7) * 10,
				Newsletter__c: n % 3 === 0,
				Member_Since__c: n % 5 === 0 ? null : `202${n % 5}-0${1 + (n % 9)}-15`,
				Last_Visit__c: n % 6 === 0 ? null : new Date(Date.UTC(2025, n % 12, 3, 4, 5, 6)).toISOString(),
				Interests__c: [null, 'Tea', 'Tea;Books', 'Books;Running'][n % 4],
			},
		});
	}
});
afterAll(() => salesforce.close());

interface Both {
	readonly soql: string;
	readonly isAlone: boolean;
	readonly holds: (row: Row) => boolean;
}

const quote = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;

function order(
	field: string,
	literal: string,
	wanted: string | number,
	operator: (typeof OPERATORS)[number],
	fold = false,
): Both {
	return {
		soql: `${field} ${operator} ${literal}`,
		isAlone: false,
		holds: (row: Row) => {
			let value = row[field] as string | number | null;
			if (fold && typeof value === 'string') value = value.toLowerCase();
			const other = fold && typeof wanted === 'string' ? wanted.toLowerCase() : wanted;
			if (operator === '=') return value === other;
			if (operator === '!=') return value !== other;
			if (value === null) return false;
			if (operator === '<') return value < other;
			if (operator === '<=') return value <= other;
			return operator === '>' ? value > other : value >= other;
		},
	};
}

const operator = fc.constantFrom(...OPERATORS);
const texts = fc.constantFrom('Buyer', 'BUYER', "D'Arcy", 'a\\b', '100%', 'x_y', 'ünï', 'Zoë 🚀', 'none');
const leaf: fc.Arbitrary<Both> = fc.oneof(
	fc.tuple(texts, operator).map(([text, op]) => order('Title', quote(text), text, op, true)),
	fc.tuple(fc.integer({ min: -10, max: 70 }), operator).map(([n, op]) => order('Loyalty_Points__c', String(n), n, op)),
	fc
		.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 9 }), operator)
		.map(([y, m, op]) => order('Member_Since__c', `202${y}-0${m}-15`, `202${y}-0${m}-15`, op)),
	fc.tuple(fc.integer({ min: 0, max: 11 }), operator).map(([m, op]) => {
		const at = Date.UTC(2025, m, 3, 4, 5, 6);
		return order('Last_Visit__c', `${new Date(at).toISOString().slice(0, 19)}Z`, at, op);
	}),
	fc.boolean().map((flag) => ({
		soql: `Newsletter__c = ${flag}`,
		isAlone: false,
		holds: (row: Row) => row['Newsletter__c'] === flag,
	})),
	fc.tuple(fc.constantFrom('Title', 'Loyalty_Points__c', 'Last_Visit__c'), fc.boolean()).map(([name, isNull]) => ({
		soql: `${name} ${isNull ? '=' : '!='} null`,
		isAlone: false,
		holds: (row: Row) => (row[name] === null) === isNull,
	})),
	fc.tuple(fc.array(texts, { minLength: 1, maxLength: 4 }), fc.boolean()).map(([list, negated]) => ({
		soql: `Title ${negated ? 'NOT IN' : 'IN'} (${list.map(quote).join(', ')})`,
		isAlone: false,
		holds: (row: Row) => {
			const title = row['Title'];
			return (typeof title === 'string' && list.some((one) => one.toLowerCase() === title.toLowerCase())) !== negated;
		},
	})),
	fc.constantFrom('B', 'b', '100', 'x').map((start) => ({
		soql: `Title LIKE '${start}%'`,
		isAlone: false,
		holds: (row: Row) =>
			String(row['Title'] ?? '')
				.toLowerCase()
				.startsWith(start.toLowerCase()),
	})),
	fc.tuple(fc.constantFrom('Tea', 'Books', 'Tea;Books'), fc.boolean()).map(([wanted, excludes]) => ({
		soql: `Interests__c ${excludes ? 'EXCLUDES' : 'INCLUDES'} ('${wanted}')`,
		isAlone: false,
		holds: (row: Row) => {
			const has = String(row['Interests__c'] ?? '').split(';');
			return wanted.split(';').every((one) => has.includes(one)) !== excludes;
		},
	})),
);

const inBrackets = (one: Both): string => (one.isAlone ? `(${one.soql})` : one.soql);
const condition: fc.Arbitrary<Both> = fc.letrec<{ tree: Both }>((tie) => ({
	tree: fc.oneof(
		{ maxDepth: 4, withCrossShrink: true },
		leaf,
		fc
			.tuple(fc.constantFrom('AND', 'OR'), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
			.map(([joiner, parts]) => ({
				soql: parts.map(inBrackets).join(` ${joiner} `),
				isAlone: true,
				holds: (row: Row) =>
					joiner === 'AND' ? parts.every((part) => part.holds(row)) : parts.some((part) => part.holds(row)),
			})),
		tie('tree').map((part) => ({ soql: `NOT (${part.soql})`, isAlone: true, holds: (row: Row) => !part.holds(row) })),
	),
})).tree;

describe('SOQL conditions', () => {
	it('find what an independent filter finds, in the order asked for', async () => {
		const rows = [...salesforce.store.table('Contact').rows.values()];
		await fc.assert(
			fc.asyncProperty(condition, async ({ soql, holds }) => {
				const { status, body } = await call.query(`SELECT Id FROM Contact WHERE ${soql} ORDER BY LastName DESC`);
				expect({ soql, status }).toEqual({ soql, status: 200 });
				const wanted = rows.filter(holds).sort((a, b) => (String(a['LastName']) < String(b['LastName']) ? 1 : -1));
				const found: string[] = body.records.map(({ Id }: Body) => Id as string);
				expect({ soql, found }).toEqual({ soql, found: wanted.map((row) => row['Id']) });
			}),
			{ numRuns: 150 },
		);
	});
});
