import type { DestinationField, SourceField } from '../../../../core/mapping/fields';
import { rankFields, suggestFields } from '../../../../core/mapping/suggest/suggestFields';
import { destination, EMAIL, SMS, source } from '../mappingFixtures';

const HUBSPOT: SourceField[] = [
	source('email', 'email', { label: 'Email' }),
	source('work_email', 'email', { label: 'Work email' }),
	source('firstname', 'text', { label: 'First Name' }),
	source('lastname', 'text', { label: 'Last Name' }),
	source('phone', 'phone', { label: 'Phone Number' }),
	source('mobilephone', 'phone', { label: 'Mobile Phone Number' }),
	source('hs_whatsapp_phone_number', 'phone', { label: 'WhatsApp Phone Number' }),
	source('jobtitle', 'text', { label: 'Job Title' }),
	source('company', 'text', { label: 'Company Name' }),
	source('city', 'text', { label: 'City' }),
	source('zip', 'text', { label: 'Postal Code' }),
	source('date_of_birth', 'text', { label: 'Date of birth' }),
	source('birthday', 'date', { label: 'Birthday' }),
	source('loyalty_points', 'number', { label: 'Loyalty points' }),
	source('lifecyclestage', 'category', { label: 'Lifecycle Stage' }),
	source('vip', 'boolean', { label: 'VIP' }),
	source('favourite_colour', 'text', { label: 'Lieblingsfarbe' }),
];

const suggest = (fields: readonly DestinationField[], sources = HUBSPOT): Record<string, string> => {
	const suggested = suggestFields(rankFields(sources, fields));
	return Object.fromEntries([...suggested].map(([name, field]) => [name, field.name]));
};

describe('suggestions', () => {
	it('HB-09: finds the fields by name, label and meaning', () => {
		const fields = [
			EMAIL,
			SMS,
			destination('WHATSAPP', 'phone'),
			destination('LANDLINE_NUMBER', 'phone'),
			destination('FIRSTNAME'),
			destination('LASTNAME'),
			destination('JOB_TITLE'),
			destination('COMPANY'),
			destination('BIRTHDAY', 'date'),
			destination('LOYALTY_POINTS', 'number'),
			destination('LIFECYCLE_STAGE', 'category'),
			destination('VIP', 'boolean'),
			destination('LIEBLINGSFARBE'),
		];
		expect(suggest(fields)).toEqual({
			EMAIL: 'email',
			SMS: 'mobilephone',
			WHATSAPP: 'hs_whatsapp_phone_number',
			LANDLINE_NUMBER: 'phone',
			FIRSTNAME: 'firstname',
			LASTNAME: 'lastname',
			JOB_TITLE: 'jobtitle',
			COMPANY: 'company',
			BIRTHDAY: 'birthday',
			LOYALTY_POINTS: 'loyalty_points',
			LIFECYCLE_STAGE: 'lifecyclestage',
			VIP: 'vip',
			LIEBLINGSFARBE: 'favourite_colour',
		});
	});

	it.each([
		['PRENOM', 'NOM'],
		['VORNAME', 'NACHNAME'],
		['NOMBRE', 'APELLIDOS'],
		['NOME', 'COGNOME'],
		['FNAME', 'LNAME'],
		['PRÉNOM', 'NOM_DE_FAMILLE'],
		['VOORNAAM', 'ACHTERNAAM'],
		['FIRST_NAME', 'LAST_NAME'],
	])('the names of the first two attributes in other languages: %s and %s', (first, last) => {
		expect(suggest([EMAIL, destination(first), destination(last)])).toEqual({
			EMAIL: 'email',
			[first]: 'firstname',
			[last]: 'lastname',
		});
	});

	it('SMS takes the only phone field there is, before a landline attribute does', () => {
		const withoutMobile = HUBSPOT.filter(({ name }) => name !== 'mobilephone');
		expect(suggest([SMS, destination('LANDLINE_NUMBER', 'phone')], withoutMobile)).toEqual({ SMS: 'phone' });
	});

	it('suggests nothing across types that do not convert, and nothing far-fetched', () => {
		expect(
			suggest([destination('VIP', 'date'), destination('SHOE_SIZE'), destination('ORDER_COUNT', 'number')]),
		).toEqual({});
	});

	it('suggests nothing for a number that two contacts cannot share', () => {
		expect(suggest([destination('WHATSAPP', 'phone', { unique: true })])).toEqual({});
	});

	it('suggests no list of choices that has none in common', () => {
		const tiers = (...labels: string[]) => labels.map((label, index) => ({ label, value: String(index) }));
		const from = [source('tier', 'category', { options: tiers('Gold', 'Silver') })];
		expect(suggest([destination('TIER', 'category', { options: tiers('gold', 'Bronze') })], from)).toEqual({
			TIER: 'tier',
		});
		expect(suggest([destination('TIER', 'category', { options: tiers('Red', 'Blue') })], from)).toEqual({});
	});

	it('suggests no field twice', () => {
		const fields = [destination('FIRSTNAME'), destination('PRENOM'), destination('FNAME')];
		expect(Object.values(suggest(fields))).toEqual(['firstname']);
	});
});
