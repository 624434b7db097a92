import fc from 'fast-check';
import type { Connection } from 'jsforce';
import { startSalesforce, type RunningSalesforce } from '../../../../sandbox/salesforce';
import { connectTo, rowCodes } from '../jsforceCalls';
import { callsTo, type Calls } from '../salesforceCalls';

let salesforce: RunningSalesforce;
let call: Calls;
let connection: Connection;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 5, leads: 0 });
	call = callsTo(salesforce);
});
afterAll(() => salesforce.close());

/** Ways for a row to be right or wrong, with the code it must get. `broken` takes all others of the batch back. */
const KINDS = {
	right: [{}, 'ok'],
	long: [{ FirstName: 'x'.repeat(41) }, 'STRING_TOO_LONG'],
	nameless: [{ LastName: '' }, 'REQUIRED_FIELD_MISSING'],
	address: [{ Email: 'none' }, 'INVALID_EMAIL_ADDRESS'],
	ruled: [{ Department: 'Closed' }, 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
	broken: [{ Title: 'Boom' }, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'],
} as const;
type Kind = keyof typeof KINDS;
const kinds = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(...(Object.keys(KINDS) as Kind[]))), { minLength: 1, maxLength: 12 }); // prettier-ignore

it('S16 an upsert answers each row in its place, and stores the rows it answers with success and no others', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(kinds, { minLength: 1, maxLength: 3 }), async (batches) => {
			salesforce.reset();
			connection = connectTo(salesforce);
			await call.operate('breakBatch', { object: 'Contact', field: 'Title', value: 'boom', message: 'Trigger' });
			await call.operate('validationRule', { object: 'Contact', field: 'Department', condition: 'equals', value: 'Closed', message: 'No' }); // prettier-ignore
			const stored = new Map<string, string>();
			for (const [round, batch] of batches.entries()) {
				const keys = batch.map(([key]) => `K${key}`);
				const rows = batch.map(([key, kind], n) => ({ HubSpot_Id__c: `K${key}`, LastName: `${round}-${n}`, ...KINDS[kind][0] })); // prettier-ignore
				const isTwice = (key: string) => keys.indexOf(key) !== keys.lastIndexOf(key);
				const own = batch.map(([key, kind]) => (isTwice(`K${key}`) ? 'DUPLICATE_VALUE' : KINDS[kind][1]));
				const broken = KINDS.broken[1];
				const expected = own.map((code) => (code === 'ok' && own.includes(broken) ? broken : code));
				expect(rowCodes(await connection.sobject('Contact').upsert(rows, 'HubSpot_Id__c'))).toEqual(expected);
				rows.forEach((row, n) => expected[n] === 'ok' && stored.set(row.HubSpot_Id__c, row.LastName));
				const { records } = await connection.query<{ HubSpot_Id__c: string; LastName: string }>('SELECT HubSpot_Id__c, LastName FROM Contact WHERE HubSpot_Id__c != null'); // prettier-ignore
				expect(new Map(records.map((row) => [row.HubSpot_Id__c, row.LastName]))).toEqual(stored);
			}
		}),
		{ numRuns: 40 },
	);
});
