// End-to-end tests: the packed package on a real n8n with stand-in vendors. Four at a time: most of each is waiting for polls.
const base = require('./jest.config.js');

/** Only in `npm run test:all` (CONTACT_SYNC_TESTS=all): two cores take twenty minutes for all of them. */
const ONLY_IN_ALL = [
	'pastRuns',
	'queue/',
	'story',
	'durableCursors',
	'quotaPostgres',
	'back/',
	'editor/',
	'bench/',
].map((name) => `<rootDir>/test/e2e/${name}`);
const isAll = process.env.CONTACT_SYNC_TESTS === 'all';

/** @type {import('jest').Config} */
module.exports = {
	...base,
	roots: ['<rootDir>/test/e2e'],
	testPathIgnorePatterns: ['/node_modules/', ...(isAll ? [] : ONLY_IN_ALL)],
	globalSetup: '<rootDir>/test/e2e/support/globalSetup.ts',
	globalTeardown: '<rootDir>/test/e2e/support/globalTeardown.ts',
	// Waits have limits of their own (support/waitFor.ts); this one is for what hangs.
	testTimeout: 900_000,
	maxWorkers: 4,
};
