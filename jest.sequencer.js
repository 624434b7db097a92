const Sequencer = require('@jest/test-sequencer').default;

/** Tests that take a minute or more begin first, so that the other workers have something to do until they end. */
const LONGEST = [
	'test/e2e/editor',
	'test/e2e/pastRuns',
	'test/e2e/recovery',
	'test/e2e/setUp',
	'test/e2e/demo',
	'test/e2e/queue/',
	'test/e2e/quota',
	'test/e2e/salesforceSync',
	'test/e2e/story',
	'test/sync/',
	'test/core/quota/year',
	'listBulkChanges',
	'.property.test.ts',
	'test/clients/brevo/',
	'test/package/',
];

const rank = ({ path }) => {
	const place = LONGEST.findIndex((part) => path.includes(part));
	return place < 0 ? LONGEST.length : place;
};

module.exports = class LongestFirst extends Sequencer {
	sort(tests) {
		return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
	}
};
