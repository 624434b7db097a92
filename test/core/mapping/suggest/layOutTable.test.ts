import fc from 'fast-check';
import type { DestinationField, SourceField } from '../../../../core/mapping/fields';
import { layOutTable } from '../../../../core/mapping/suggest/layOutTable';
import { rankFields } from '../../../../core/mapping/suggest/suggestFields';
import { destination, EMAIL, SMS, source } from '../mappingFixtures';

const sources: SourceField[] = [
	source('email', 'email', { label: 'Email' }),
	source('firstname', 'text', { label: 'First Name' }),
	source('createdate', 'datetime', { label: 'Create Date', readOnly: true }),
	source('hubspotscore', 'number', { label: 'HubSpot Score', readOnly: true }),
	source('hs_email_domain', 'text', { label: 'Email Domain', readOnly: true }),
	source('hs_hidden', 'text', { label: 'Hidden', hidden: true }),
	source('birthday', 'date', { label: 'Birthday' }),
	source('notes_a', 'text', { label: 'Notes' }),
	source('notes_b', 'text', { label: 'Notes' }),
];
const destinations: DestinationField[] = [
	EMAIL,
	SMS,
	destination('FIRSTNAME'),
	destination('BIRTHDAY', 'date'),
	destination('MEMO'),
];

const rowOf = (rows: ReturnType<typeof layOutTable>, name: string) => {
	const row = rows.find(({ field }) => field.name === name);
	if (!row) throw new Error(`no row ${name}`);
	return row;
};

describe('layOutTable', () => {
	const rows = layOutTable(sources, rankFields(sources, destinations), {}, 10_000);

	it('HB-09: one row per destination attribute, in its order', () => {
		expect(rows.map(({ field }) => field.name)).toEqual(['EMAIL', 'SMS', 'FIRSTNAME', 'BIRTHDAY', 'MEMO']);
		expect(rows.map(({ suggestion }) => suggestion)).toEqual(['email', undefined, 'firstname', 'birthday', undefined]);
	});

	it('HB-26: read-only and hidden fields are not offered', () => {
		const offered = new Set(rows.flatMap(({ options }) => options.map(({ value }) => value)));
		expect([...offered].sort()).toEqual(['birthday', 'email', 'firstname', 'notes_a', 'notes_b']);
	});

	it('offers only what converts', () => {
		expect(rowOf(rows, 'EMAIL').options.map(({ value }) => value)).not.toContain('birthday');
	});

	it('tells two fields of the same label apart', () => {
		const names = rowOf(rows, 'MEMO').options.map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(['Notes (notes_a)', 'Notes (notes_b)', 'First Name']));
	});

	it('puts the suggestion first', () => {
		expect(rowOf(rows, 'FIRSTNAME').options[0]).toEqual({ name: 'First Name', value: 'firstname' });
	});

	it('keeps what a row holds among its options: hidden, of another type, or gone', () => {
		const stored = { FIRSTNAME: 'hs_hidden', EMAIL: 'birthday', MEMO: 'deleted_field', BIRTHDAY: 'hubspotscore' };
		const kept = layOutTable(sources, rankFields(sources, destinations), stored, 0);
		for (const [name, value] of Object.entries(stored)) {
			expect(rowOf(kept, name).options.map((option) => option.value)).toContain(value);
		}
		expect(rowOf(kept, 'MEMO').options[0]?.name).toBe('deleted_field (no longer there)');
	});

	it('loses no field: what a row does not list is counted', () => {
		const tight = layOutTable(sources, rankFields(sources, destinations), {}, 300);
		for (const [index, row] of tight.entries()) {
			expect(row.options.length + row.leftOut).toBe(rows[index]?.options.length);
		}
		expect(tight.some(({ leftOut }) => leftOut > 0)).toBe(true);
	});

	it('stays within its bytes, lists nothing twice, and always holds what is stored', () => {
		const types = fc.constantFrom('text', 'number', 'date', 'boolean', 'category', 'multipleChoice', 'phone', 'email');
		const anyField = fc.record({ label: fc.string({ maxLength: 40 }), type: types });
		fc.assert(
			fc.property(
				fc.array(anyField, { maxLength: 60 }),
				fc.array(anyField, { maxLength: 20 }),
				fc.nat(6_000),
				fc.nat(30),
				(left, right, budget, pick) => {
					const from = left.map(({ label, type }, index) =>
						source(`field_${index}`, type as SourceField['type'], { label }),
					);
					const to = right.map(({ label, type }, index) => destination(`ATTR_${index}`, type, { label }));
					const stored: Record<string, string> = to.length > 0 ? { ATTR_0: `field_${pick}` } : {};
					const table = layOutTable(from, rankFields(from, to), stored, budget);
					for (const { field, options } of table) {
						const values = options.map(({ value }) => value);
						expect(new Set(values).size).toBe(values.length);
						const held = stored[field.name];
						if (held !== undefined) expect(values).toContain(held);
					}
					const first = table.reduce((sum, { field, options, suggestion }) => {
						const must = options.filter(({ value }) => value === suggestion || value === stored[field.name]);
						return sum + Buffer.byteLength(JSON.stringify(must));
					}, 0);
					const all = table.reduce((sum, { options }) => sum + Buffer.byteLength(JSON.stringify(options)), 0);
					expect(all).toBeLessThanOrEqual(Math.max(budget, first) + 2 * to.length);
				},
			),
			{ numRuns: 300 },
		);
	});
});
