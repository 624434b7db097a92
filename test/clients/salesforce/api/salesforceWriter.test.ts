import type { SalesforceWriter } from '../../../../clients/salesforce/api/salesforceWriter';
import type { HttpRequest } from '../../../../core/ports';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { clientOf, sandboxHttp, valueOf } from '../support/organisation';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const COLLECTIONS = '/services/data/v66.0/composite/sobjects';
const contact = (LastName: string, id?: string) => ({ type: 'Contact', id, values: { LastName } });

/** A writer, and what it sends. */
function open(saveDuplicates?: boolean): { writer: SalesforceWriter; seen: HttpRequest[] } {
	const seen: HttpRequest[] = [];
	return { writer: clientOf(salesforce, sandboxHttp(salesforce, seen)).writer({ saveDuplicates }), seen };
}

const names = (): unknown[] => [...salesforce.store.table('Contact').rows.values()].map((row) => row['LastName']);

describe('writes', () => {
	it('answer each record in the order of the input, one refused among others', async () => {
		const rows = valueOf(await open().writer.create([contact('Ada'), contact(''), contact('Byron')], 'creating'));
		expect(rows.map(({ kind }) => kind)).toEqual(['ok', 'failed', 'ok']);
		expect(rows[1]).toMatchObject({ faults: [{ code: 'REQUIRED_FIELD_MISSING', fields: ['LastName'] }] });
		const ids = rows.map((row) => (row.kind === 'ok' ? row.id : ''));
		const changed = valueOf(await open().writer.update([contact('Babbage', ids[2])], 'updating'));
		expect(changed).toEqual([{ kind: 'ok', id: ids[2] }]);
		valueOf(await open().writer.remove([ids[0] ?? ''], 'removing'));
		expect(names()).toEqual(['Ada', 'Babbage']);
		expect(salesforce.store.find('Contact', ids[0])?.['IsDeleted']).toBe(true);
	});

	it('never let assignment rules run, and pass duplicate alerts by option alone (S1, S24)', async () => {
		const plain = open();
		const saving = open(true);
		await plain.writer.create([contact('Ada')], 'creating');
		await saving.writer.create([contact('Ada')], 'creating');
		expect(plain.seen.map(({ headers }) => headers)).toEqual([{ 'Sforce-Auto-Assign': 'FALSE' }]);
		expect(saving.seen.map(({ headers }) => headers)).toEqual([
			{ 'Sforce-Auto-Assign': 'FALSE', 'Sforce-Duplicate-Rule-Header': 'allowSave=true' },
		]);
	});

	it('that create are sent once, whatever becomes of the answer', async () => {
		salesforce.faults.next(`POST ${COLLECTIONS}`, { kind: 'afterWork' });
		expect(await open().writer.create([contact('Ada')], 'creating')).toMatchObject({ kind: 'retry' });
		expect(names()).toEqual(['Ada']);
	});

	it('that change records are repeated after a passing fault', async () => {
		const [row] = valueOf(await open().writer.create([contact('Ada')], 'creating'));
		salesforce.faults.next(`PATCH ${COLLECTIONS}`, { kind: 'afterWork' });
		const id = row?.kind === 'ok' ? row.id : '';
		expect(await open().writer.update([contact('Byron', id)], 'updating')).toMatchObject({ kind: 'ok' });
		expect(names()).toEqual(['Byron']);
	});

	it.each([
		['no list', { rows: [] }],
		['too few results', []],
		['a record without an id', [{ success: true, errors: [] }]],
	])('may have been carried out where the answer has %s', async (_what, body) => {
		salesforce.faults.next(`POST ${COLLECTIONS}`, { status: 200, body });
		expect(await open().writer.create([contact('Ada')], 'creating')).toMatchObject({
			kind: 'retry',
			code: 'UNEXPECTED_ANSWER',
		});
	});

	it('are refused by the destination, not by the source, where the whole call is', async () => {
		const wrong = { type: 'Contact', values: { Loyalty_Points__c: 'many' } };
		expect(await open().writer.create([wrong], 'creating')).toMatchObject({
			kind: 'refused',
			code: 'DESTINATION_REFUSED',
		});
	});
});
