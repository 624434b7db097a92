import { topLevelWords } from './tokens';

/**
 * Queries as text. Values reach a query through `soqlText`, `soqlInstant` and `likeText` alone, names through `isFieldPath`.
 * Escapes: SOQL reference, "Quoted String Escape Sequences".
 */

/** A text as a quoted literal. */
export const soqlText = (value: string): string => `'${escaped(value)}'`;

/** The literal of LIKE for a text that may hold anything; `%` and `_` in it stand for themselves. */
export const likeText = (value: string, match: 'contains' | 'startsWith' | 'endsWith'): string => {
	const text = escaped(value).replace(/[%_]/g, '\\$&');
	return `'${match === 'startsWith' ? '' : '%'}${text}${match === 'endsWith' ? '' : '%'}'`;
};

/** A point in time (ms since 1970) as a literal: whole seconds, as Salesforce stores them. */
export const soqlInstant = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;

/** A day, from ms since 1970, as a literal. */
export const soqlDate = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

/** Relations a path may follow: SOQL reference, "Relationship query limitations". */
const LONGEST_PATH = 5;
const NAME = /^[A-Za-z](?:_?[A-Za-z0-9])*(?:__[A-Za-z](?:_?[A-Za-z0-9])*)?(?:__[a-z]{1,5})?$/;

/** Words of the language itself, which no field is called: SOQL reference, "Reserved Keywords". */
const RESERVED: ReadonlySet<string> = new Set(
	'AND ASC DESC EXCLUDES FIRST FROM GROUP HAVING IN INCLUDES LAST LIKE LIMIT NOT NULL NULLS OR SELECT USING WHERE WITH'.split(
		' ',
	),
);

/** Whether a name is one a field can have: `Name`, `Custom__c`, `ns__Custom__c`, `Account.Name`. Names are never escaped. */
export function isFieldPath(name: string): boolean {
	const steps = name.split('.');
	if (RESERVED.has(name.toUpperCase())) return false;
	return name.length <= 400 && steps.length <= LONGEST_PATH + 1 && steps.every((step) => NAME.test(step));
}

/** The parts of a query. */
export interface Select {
	readonly fields: readonly string[];
	readonly from: string;
	/** `mine`: only records that the user owns. */
	readonly scope?: 'mine' | undefined;
	/** Without WHERE; empty: every record. */
	readonly where?: string | undefined;
	readonly orderBy?: string | undefined;
	readonly limit?: number | undefined;
}

/** The query. Names that are none are a programming error: callers check what was typed. */
export function select({ fields, from, scope, where, orderBy, limit }: Select): string {
	const wrong = [...fields, from].find((name) => !isFieldPath(name));
	if (wrong !== undefined) throw new Error(`Not a name of Salesforce: ${JSON.stringify(wrong)}`);
	return [
		`SELECT ${[...new Set(fields)].join(',')} FROM ${from}`,
		...(scope === 'mine' ? ['USING SCOPE mine'] : []),
		...(where ? [`WHERE ${where}`] : []),
		...(orderBy ? [`ORDER BY ${orderBy}`] : []),
		...(limit === undefined ? [] : [`LIMIT ${Math.trunc(limit)}`]),
	].join(' ');
}

/** Conditions that hold together; empty ones are left out. */
export const allOf = (...conditions: readonly string[]): string => joined(conditions, 'AND');

/** Conditions of which one must hold; empty ones are left out. */
export const anyOf = (...conditions: readonly string[]): string => joined(conditions, 'OR');

/**
 * In parentheses only what needs them: AND and OR may not meet without, NOT takes what follows it, and sub-selects must
 * stand at the top level.
 */
function joined(conditions: readonly string[], word: 'AND' | 'OR'): string {
	const present = conditions.filter((condition) => condition.trim() !== '');
	if (present.length < 2) return present[0] ?? '';
	return present.map((condition) => (standsBeside(condition, word) ? condition : `(${condition})`)).join(` ${word} `);
}

function standsBeside(condition: string, word: 'AND' | 'OR'): boolean {
	const words = topLevelWords(condition);
	if (words === undefined) throw new Error('Not a condition of Salesforce: a text or a parenthesis does not close');
	return words.every(
		({ text }, index) =>
			(text !== 'AND' || word === 'AND') &&
			(text !== 'OR' || word === 'OR') &&
			(text !== 'NOT' || words[index + 1]?.text === 'IN'),
	);
}

/** The text of a query in an address: what need not be escaped is not, because addresses are short of room. */
export const inAddress = (soql: string): string =>
	encodeURIComponent(soql).replace(/%20/g, '+').replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/'/g, '%27');

const ESCAPES: Readonly<Record<string, string>> = {
	'\\': '\\\\',
	"'": "\\'",
	'\n': '\\n',
	'\r': '\\r',
	'\t': '\\t',
	'\b': '\\b',
	'\f': '\\f',
};

function escaped(value: string): string {
	return (
		value
			.replace(/[\\'\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => ESCAPES[character] ?? byCode(character))
			// Halves of characters that no address can carry.
			.replace(/\p{Surrogate}/gu, byCode)
	);
}

const byCode = (character: string): string =>
	`\\u${character.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`;
