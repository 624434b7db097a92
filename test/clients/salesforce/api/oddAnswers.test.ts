import type { SalesforceClient } from '../../../../clients/salesforce/api/salesforceClient';
import { SalesforceLimits } from '../../../../clients/salesforce/api/limits';
import { SalesforceClient as Client } from '../../../../clients/salesforce/api/salesforceClient';
import type { Clock, HttpRequest } from '../../../../core/ports';

const clock: Clock = { now: () => Date.parse('2026-11-30T12:00:00Z'), sleep: async () => await Promise.resolve() };

/** A client whose every call is answered so, and the number of its calls. */
function answered(body: (request: HttpRequest) => unknown): { client: SalesforceClient; calls: () => number } {
	let calls = 0;
	const http = {
		send: async (request: HttpRequest) => {
			expect(++calls).toBeLessThan(200);
			return await Promise.resolve({ kind: 'reply' as const, status: 200, headers: {}, body: body(request) });
		},
	};
	return { client: new Client(http, clock, new SalesforceLimits(clock)), calls: () => calls };
}

const UNEXPECTED = { code: 'UNEXPECTED_ANSWER' };

/** Records nested so deep that a walk through them would end the process's stack. */
function nested(depth: number): unknown {
	let record: unknown = { attributes: {}, Id: '003000000000001AAA' };
	for (let level = 0; level < depth; level++) record = { attributes: {}, Account: record };
	return record;
}

describe('answers that are none of Salesforce', () => {
	it('number 19: records nested without end are a failure and no crash', async () => {
		const { client } = answered(() => ({ totalSize: 1, done: true, records: [nested(50_000)] }));
		expect(await client.query('SELECT Id FROM Contact')).toMatchObject(UNEXPECTED);
	});

	it('related records are read as deep as a query may ask for them', async () => {
		const { client } = answered(() => ({ totalSize: 1, done: true, records: [nested(5)] }));
		const path = `${'Account.'.repeat(5)}Id`;
		expect(await client.query('SELECT Id FROM Contact')).toMatchObject({
			value: { records: [{ [path]: '003000000000001AAA' }] },
		});
	});

	it.each([1, 3])(
		'number 19: list views whose pages lead round in a circle of %d end within a few calls',
		async (size) => {
			let page = 0;
			const { client, calls } = answered(() => ({
				done: false,
				nextRecordsUrl: `/services/data/v66.0/sobjects/Contact/listviews?page=${page++ % size}`,
				listviews: [{ id: '00B1', label: 'All' }],
			}));
			expect(await client.listViews('Contact')).toMatchObject(UNEXPECTED);
			expect(calls()).toBeLessThan(10);
		},
	);

	it('number 17: a count beside no rows is no empty result, nor in a query among others', async () => {
		const body = { totalSize: 5, done: true, records: [] };
		const one = answered(() => body);
		expect(await one.client.query('SELECT Id FROM Contact')).toMatchObject(UNEXPECTED);
		const several = answered(() => ({ compositeResponse: [{ body, httpStatusCode: 200, referenceId: 'q0' }] }));
		expect(await several.client.queries([{ soql: 'SELECT Id FROM Contact' }])).toMatchObject(UNEXPECTED);
	});
});
