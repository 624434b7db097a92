import { filesIn, pages, read, withoutBlocks } from './repository';

/** Generated from the reasons in the code (`npm run docs:reasons`). */
const GENERATED = ['docs/reason-codes.md'];

/** An empty list of the sandbox. */
const SEEDED_LIST = 'Nobody yet';
/** An option of the triggers. */
const OPTION = 'Sync Everybody Again';

/** The subject of a sentence is a contact, a record, a user, a call: not `somebody`, nor `who leaves` for the contact that does. */
const VAGUE =
	/\b(?:(?:some|any|no|every)body|(?:some|every|any)one|no one|whoever|whomever)\b|(?:^|[.:;] |, then |, and )(?:who|whose|whom) (?!is |are |it )\w+/gim;

describe('the docs speak of contacts, records, batches and calls', () => {
	it.each(pages().filter((page) => !GENERATED.includes(page)))('%s', (page) => {
		const found = withoutBlocks(read(page).replaceAll(SEEDED_LIST, '').replaceAll(OPTION, ''))
			.split('\n')
			.flatMap((line, index) => [...line.matchAll(VAGUE)].map(([words]) => `${index + 1}: ${words}`));
		expect(found).toEqual([]);
	});
});

/** Of a line of code its comment, where it is one or ends with one. */
const commentOf = (line: string): string => /(?:^\s*(?:\/?\*+|\/\/)|\s\/\/ )(.*)$/.exec(line)?.[1] ?? '';

it('and so do the comments of the code', () => {
	const found = filesIn()
		.filter((file) => /\.(?:ts|js)$/.test(file) && file !== 'test/docs/words.test.ts')
		.flatMap((file) =>
			read(file)
				.split('\n')
				.flatMap((line, index) =>
					/\b(?:somebody|nobody|someone)\b/i.test(commentOf(line)) ? [`${file}:${index + 1}`] : [],
				),
		);
	expect(found).toEqual([]);
});
