// Unit, client, node and package tests. The end-to-end tests on a real n8n have their own config (jest.e2e.config.js).
/** @type {import('jest').Config} */
module.exports = {
	// Limits of time grow with the slowness of the machine.
	testEnvironment: '<rootDir>/test/support/patientEnvironment.ts',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{ jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } }, module: { type: 'commonjs' } },
		],
	},
	setupFiles: ['<rootDir>/test/support/propertySeed.ts'],
	testSequencer: './jest.sequencer.js',
	testTimeout: 60_000,
	// Much of many tests is waiting for call limits.
	maxWorkers: 4,
};
