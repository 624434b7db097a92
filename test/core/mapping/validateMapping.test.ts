import type { MappingRow } from '../../../core/mapping/mapping';
import { validateMapping } from '../../../core/mapping/validateMapping';
import { destination, EMAIL, from, SETTINGS, SMS, source } from './mappingFixtures';

const definitions = {
	sourceFields: [source('email', 'email'), source('firstname'), source('phone', 'phone')],
	destinationFields: [EMAIL, SMS, destination('FIRSTNAME')],
	sourceSystem: 'HubSpot',
	destinationSystem: 'Brevo',
	fieldNoun: 'attribute',
};
const validate = (rows: readonly MappingRow[], settings = SETTINGS) => validateMapping(rows, definitions, settings);

describe('validateMapping', () => {
	it('HB-09: one source field per destination attribute', () => {
		const plan = validate([from('EMAIL', 'email'), from('FIRSTNAME', 'firstname')]);
		expect(plan).toMatchObject({
			kind: 'ok',
			value: { rows: [{ destination: { name: 'EMAIL' } }, { sourceField: { name: 'firstname' } }] },
		});
	});

	it('HB-11: neither e-mail nor phone mapped is refused', () => {
		expect(validate([from('FIRSTNAME', 'firstname')])).toEqual({
			kind: 'stop',
			code: 'NO_IDENTIFIER_MAPPED',
			reason: 'Neither Email nor SMS is mapped',
		});
	});

	it.each([
		['EMAIL', 'email'],
		['SMS', 'phone'],
	])('HB-11: %s alone is enough', (to, field) => expect(validate([from(to, field)]).kind).toBe('ok'));

	it('refuses an empty mapping', () => {
		expect(validate([])).toMatchObject({ kind: 'stop', code: 'NOTHING_MAPPED' });
	});

	it('names the destination fields that are gone', () => {
		expect(validate([from('EMAIL', 'email'), from('OLD', 'firstname'), from('OLDER', 'firstname')])).toEqual({
			kind: 'stop',
			code: 'DESTINATION_FIELD_MISSING',
			reason: "Brevo has no attribute 'OLD', 'OLDER' any more",
		});
	});

	it('names the source field that is gone, and its row', () => {
		expect(validate([from('EMAIL', 'email'), from('FIRSTNAME', 'given')])).toEqual({
			kind: 'stop',
			code: 'SOURCE_FIELD_MISSING',
			reason: "HubSpot has no field 'given' (mapped to FIRSTNAME) any more",
		});
	});

	it('an expression row needs no source field', () => {
		const rows: MappingRow[] = [{ destination: 'EMAIL', from: { kind: 'expression', expression: '{{ 1 }}' } }];
		expect(validate(rows)).toMatchObject({ kind: 'ok' });
	});

	it('refuses an attribute that is mapped twice and a country that is none', () => {
		expect(validate([from('EMAIL', 'email'), from('EMAIL', 'firstname')])).toMatchObject({ code: 'SETTING_INVALID' });
		expect(validate([from('EMAIL', 'email')], { ...SETTINGS, defaultCountry: 'ZZ' })).toMatchObject({
			code: 'SETTING_INVALID',
		});
	});
});
