import { checkBrevoSetUp } from '../../../../clients/brevo/destination/checkSetUp';
import type { MappingRow } from '../../../../core/mapping/mapping';
import { ok } from '../../../../core/result';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import { brevoClient } from '../../../support/brevoAccount';

/** The node's tests cover the rest (test/nodes/contactListUpsert/checkSetUp.test.ts). */
describe('checking a mapping against the account', () => {
	let brevo: RunningBrevo;
	beforeAll(async () => {
		brevo = await startBrevo({ people: [], strangers: 0 });
		brevo.store.attributes.push({ name: 'JOINED', category: 'normal', type: 'date' } as never);
	});
	afterAll(async () => await brevo.close());

	const check = async (...rows: MappingRow[]) => {
		const email: MappingRow = { destination: 'EMAIL', from: { kind: 'field', name: 'email' } };
		const mappings = [{ node: 'Map', rows: [email, ...rows] }];
		const setUp = { list: ok({ id: 1 }), mappings };
		const findings = await checkBrevoSetUp(brevoClient(brevo), setUp, Date.now());
		return findings.filter(({ check: name, status }) => name.startsWith('Mapping') && status !== 'ok');
	};
	const mappedTo = (destination: string, mappedAs: MappingRow['mappedAs']): MappingRow => ({
		destination,
		from: { kind: 'field', name: 'field' },
		mappedAs,
	});

	it('names an attribute whose type no longer takes the mapped field', async () => {
		expect(await check(mappedTo('JOINED', { source: 'boolean', destination: 'boolean' }))).toEqual([
			{
				check: "Mapping of 'Map'",
				status: 'problem',
				code: 'FIELD_RETYPED',
				message:
					"The attribute 'JOINED' was yes/no when it was mapped and is now date, which does not take yes/no fields",
				fix: "Open 'Map', look at the row 'JOINED' and pick a field that fits; then save the workflow.",
			},
		]);
	});

	it('a new type that takes the field all the same is no problem', async () => {
		expect(await check(mappedTo('JOINED', { source: 'date', destination: 'text' }))).toEqual([]);
		expect(await check(mappedTo('JOINED', { source: 'date', destination: 'date' }))).toEqual([]);
	});
});
