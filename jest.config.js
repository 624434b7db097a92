// Unit, client, node and package tests. The end-to-end tests on a real n8n have their own config (jest.e2e.config.js).
/**
 * Repetition, which `npm test` has no time for: a year of the quota, long histories, the benchmark's own test. CONTACT_SYNC_TESTS=all runs
 * them, and so does a path on the command line with it.
 */
const ONLY_IN_ALL = [
	'<rootDir>/test/benchmark/',
	'<rootDir>/test/campaign/',
	'<rootDir>/test/sync/churn.test.ts',
	'<rootDir>/test/core/quota/year.test.ts',
];
const isAll = process.env.CONTACT_SYNC_TESTS === 'all';

/** @type {import('jest').Config} */
module.exports = {
	// Limits of time grow with the slowness of the machine.
	testEnvironment: '<rootDir>/test/support/patientEnvironment.ts',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', ...(isAll ? [] : ONLY_IN_ALL)],
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{ jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } }, module: { type: 'commonjs' } },
		],
	},
	// A test file runs in a context of its own, where looking up one of these in a loop costs more than the loop. Not Date: fake timers replace it.
	sandboxInjectedGlobals: [
		'Array',
		'Boolean',
		'Error',
		'JSON',
		'Map',
		'Math',
		'Number',
		'Object',
		'Promise',
		'Set',
		'String',
		'Symbol',
		'WeakMap',
	],
	setupFiles: ['<rootDir>/test/support/propertySeed.ts'],
	testSequencer: './jest.sequencer.js',
	testTimeout: 60_000,
	// Much of many tests is waiting for call limits.
	maxWorkers: 4,
};
