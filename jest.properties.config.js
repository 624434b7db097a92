// The property tests alone, with 10,000 random histories each (npm run test:properties). PROPERTY_RUNS asks for another number.
process.env.PROPERTY_RUNS ??= '10000';

/** @type {import('jest').Config} */
module.exports = { ...require('./jest.config.js'), testMatch: ['**/*.property.test.ts'] };
