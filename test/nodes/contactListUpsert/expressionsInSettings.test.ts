import type { INode } from 'n8n-workflow';
import { mapped } from '../../support/mappedContacts';
import type { EmptyBrevo } from './upsertRun';
import { locator, outcomes, startEmptyBrevo } from './upsertRun';

let account: EmptyBrevo;
beforeEach(async () => void (account = await startEmptyBrevo()));
afterEach(async () => await account.brevo.close());

const ADA = mapped(1, { email: 'ada@x.example' });

const run = async (options: INode['parameters'], contact: unknown = ADA) => await account.run([contact], { options });

describe('an expression in a setting', () => {
	it.each(['true', "'true'", "' True '"])('Dry Run: {{ %s }} writes nothing', async (expression) => {
		const result = await run({ dryRun: `={{ ${expression} }}` });
		expect(outcomes(result.json('Upsert'))).toEqual(['planned']);
		expect(account.brevo.store.contacts.size).toBe(0);
	});

	it.each(['undefined', 'null', '12', "'yes'", '$json.nothing', '[true]', '({})', '$now'])(
		'Dry Run: {{ %s }} stops the run, and nothing is written for real',
		async (expression) => {
			const result = await run({ dryRun: `={{ ${expression} }}` });
			expect(result.error?.message).toContain("'Dry Run' must give true or false");
			expect(account.brevo.store.contacts.size).toBe(0);
		},
	);

	it.each(['false', "'false'"])('Dry Run: {{ %s }} writes', async (expression) => {
		expect(outcomes((await run({ dryRun: `={{ ${expression} }}` })).json('Upsert'))).toEqual(['created']);
	});

	it.each(['102', '[102, 7]', "['102', 7]", "'7;102'"])('Other Source Lists: {{ %s }} are IDs', async (expression) => {
		await run({});
		const leaver = { ...ADA, change: 'removed', stillIn: ['102'] };
		const result = await run({ otherLists: `={{ ${expression} }}` }, leaver);
		expect(outcomes(result.json('Upsert'))).toEqual(['unchanged STILL_IN_OTHER_LIST']);
	});

	it.each(['NaN', '({})', '$now', 'new Date()', 'true', '[{}]'])(
		'Other Source Lists: {{ %s }} stops the run and is named',
		async (expression) => {
			const result = await run({ otherLists: `={{ ${expression} }}` });
			expect(result.error?.message).toMatch(/^'Other Source Lists' must be the IDs of lists/);
		},
	);

	it.each(['true', '({})', '[1]', '$now', "''"])(
		'Longest Wait: {{ %s }} stops the run and is named',
		async (expression) => {
			const result = await run({ longestWait: `={{ ${expression} }}` });
			expect(result.error?.message).toMatch(/^'Longest Wait' must be a number/);
		},
	);

	it('List: one that gives nothing is named', async () => {
		const result = await account.run([ADA], { destinationList: locator('id', '={{ $json.nothing }}') });
		expect(result.error?.message).toBe("No list is picked in 'List'");
	});
});
