import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** The rules of the vendors' integrations and guides that are built anew, and the page that takes each of them. */
const INTEGRATIONS = [
	{ letters: 'HB', rules: 29, page: 'docs/from-brevo-hubspot.md' },
	{ letters: 'SB', rules: 30, page: 'docs/from-brevo-salesforce.md' },
	{ letters: 'IS', rules: 18, page: 'docs/hubspot-salesforce.md' },
	{ letters: 'MG', rules: 28, page: 'docs/migration.md' },
];

const rulesOf = ({ letters, rules }: { letters: string; rules: number }): string[] =>
	Array.from({ length: rules }, (_, index) => named(letters, index + 1));

function named(letters: string, number: number): string {
	return `${letters}-${String(number).padStart(2, '0')}`;
}

/** The rules that a text names, one by one or as a range (`HB-17 to HB-20`). */
function rulesIn(text: string): string[] {
	return [...text.matchAll(/\b(HB|SB|IS|MG)-(\d\d)(?: to \1-(\d\d))?/g)].flatMap(
		([, letters = '', first, last = first]) =>
			Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => named(letters, Number(first) + index)),
	);
}

function testFiles(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? testFiles(path) : entry.name.endsWith('.ts') ? [path] : [];
	});
}

/** Titles of tests and of their tables of cases: texts in code, not comments. */
function titlesIn(source: string): string[] {
	const code = source.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '').replace(/\s\/\/ .*$/gm, '');
	return [...code.matchAll(/(['"`])((?:(?!\1)[^\\\n]|\\.)*)\1/g)].map(([, , title = '']) => title);
}

const missing = (rules: readonly string[], found: readonly string[]): string[] =>
	rules.filter((rule) => !found.includes(rule));

describe('the rules of the integrations', () => {
	it('each have a test that names them', () => {
		const titles = testFiles(join(ROOT, 'test'))
			.filter((file) => file !== __filename)
			.flatMap((file) => titlesIn(readFileSync(file, 'utf8')));
		expect(missing(INTEGRATIONS.flatMap(rulesOf), titles.flatMap(rulesIn))).toEqual([]);
	});

	it.each(INTEGRATIONS)('each stand in the table of $page, which says what becomes of them here', (integration) => {
		const rows = readFileSync(join(ROOT, integration.page), 'utf8')
			.split('\n')
			.filter((line) => line.startsWith('| '));
		expect(missing(rulesOf(integration), rows.flatMap(rulesIn))).toEqual([]);
	});

	it('are found in texts, one by one and as a range, and not in comments', () => {
		expect(rulesIn('HB-09: this and (SB-17 to SB-19), not HB-9')).toEqual(['HB-09', 'SB-17', 'SB-18', 'SB-19']);
		expect(titlesIn("it('HB-01: a', x); // 'HB-02'\n\t/** 'HB-03' */\n\t// 'HB-04'\n")).toEqual(['HB-01: a']);
	});
});
