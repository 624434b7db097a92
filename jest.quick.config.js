// The quick ones of the unit tests (npm run check): rules, and clients and nodes against the sandbox where they wait for nothing. npm test runs all.
const base = require('./jest.config.js');

/** Random histories, whole syncs, a year of a quota, packing the package, and whatever waits for call limits or a browser. */
const SLOW = [
	'\\.property\\.test\\.ts$',
	'/test/(?:sync|package|benchmark|demo|sandbox)/',
	'/test/clients/brevo/',
	'/test/clients/(?:hubspot|salesforce)/source/(?:list|contact|members|readers)',
	'/test/nodes/(?:contactListUpsert|hubSpotListTrigger|quotaPause|quotaGuard|salesforceContactTrigger)/',
	'/test/core/quota/year',
	'listBulkChanges',
];

/** @type {import('jest').Config} */
module.exports = { ...base, testPathIgnorePatterns: [...base.testPathIgnorePatterns, ...SLOW] };
