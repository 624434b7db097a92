import fc from 'fast-check';
import type { Connection } from 'jsforce';
import { startSalesforce, type RunningSalesforce } from '../../../../sandbox/salesforce';
import { connectTo, rowCodes, rowErrors } from '../jsforceCalls';

// State and country picklists.

let salesforce: RunningSalesforce;
let connection: Connection;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 10, leads: 5, settings: { stateAndCountryPicklists: true } });
});
afterAll(() => salesforce.close());
beforeEach(() => {
	salesforce.reset();
	connection = connectTo(salesforce);
});

const create = (values: object) => connection.sobject('Contact').create([{ LastName: 'L', ...values }]);
const error = async (values: object) => rowErrors(await create(values))[0]?.[0];
type Place = Record<'MailingCountry' | 'MailingCountryCode' | 'MailingState' | 'MailingStateCode', string | null>;
const stored = async (id: string): Promise<Place> => {
	const fields = 'MailingCountry, MailingCountryCode, MailingState, MailingStateCode';
	const { records } = await connection.query(`SELECT ${fields} FROM Contact WHERE Id = '${id}'`);
	const { attributes: _, ...place } = records[0] as Place & { attributes: unknown };
	return place;
};

describe('state and country picklists', () => {
	it('S13 describe has codes with their names, and says which states belong to which country', async () => {
		for (const [object, prefix] of [
			['Contact', 'Mailing'],
			['Lead', ''],
		] as const) {
			// prettier-ignore
			const { fields } = await connection.sobject(object).describe();
			const country = fields.find(({ name }) => name === `${prefix}CountryCode`);
			const state = fields.find(({ name }) => name === `${prefix}StateCode`);
			expect(country).toMatchObject({ type: 'picklist', restrictedPicklist: true, length: 10 });
			expect(state).toMatchObject({ dependentPicklist: true, controllerName: `${prefix}CountryCode` });
			const countries = country?.picklistValues ?? [];
			expect(countries).toContainEqual(expect.objectContaining({ value: 'DE', label: 'Germany' }));
			// Both Floridas, each valid for its own country alone.
			const floridas = (state?.picklistValues ?? []).filter(({ label }) => label === 'Florida');
			const belongsTo = floridas.map(({ value, validFor }) => {
				const bytes = Buffer.from(String(validFor), 'base64');
				const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
				return [String(value), countries.filter((_, place) => bits[place] === '1').map((one) => String(one.value))];
			});
			expect(belongsTo).toEqual([['FL', ['US']], ['FD', ['UY']]]); // prettier-ignore
		}
		salesforce.settings.stateAndCountryPicklists = false;
		const { fields } = await connection.sobject('Contact').describe();
		expect(fields.some(({ name }) => name.endsWith('CountryCode'))).toBe(false);
	});

	it('S13 a country that is not of the list refuses the record with a text of its own', async () => {
		const text = "There's a problem with this country, even though it may appear correct. Please select a country/territory from the list of valid countries.: Mailing Country"; // prettier-ignore
		expect(await error({ MailingCountry: 'Deutschland' })).toEqual({ statusCode: 'FIELD_INTEGRITY_EXCEPTION', message: text, fields: ['MailingCountry'] }); // prettier-ignore
		// The text field takes no code, the code no name.
		expect(await error({ MailingCountry: 'DE' })).toMatchObject({ fields: ['MailingCountry'] });
		expect(await error({ MailingCountryCode: 'XX' })).toMatchObject({ fields: ['MailingCountryCode'] });
		expect(await error({ MailingCountryCode: 'DE', MailingCountry: 'France' })).toMatchObject({ fields: ['MailingCountry'] }); // prettier-ignore
		const lead = await connection.sobject('Lead').create([{ LastName: 'L', Company: 'C', State: 'Texas' }]);
		expect(rowErrors(lead)[0]?.[0]?.fields).toEqual(['State']);
	});

	it('S13 the text field takes the integration value, which need not be the name that describe shows', async () => {
		expect(await error({ MailingCountry: 'Czechia' })).toMatchObject({ statusCode: 'FIELD_INTEGRITY_EXCEPTION' });
		expect(rowCodes(await create({ MailingCountry: 'Czech Republic' }))).toEqual(['ok']);
		const byCode = await create({ MailingCountryCode: 'CZ' });
		expect(await stored(byCode[0]?.id as string)).toMatchObject({ MailingCountry: 'Czech Republic' });
		salesforce.settings.countryNames = 'accepted';
		expect(rowCodes(await create({ MailingCountry: 'Czechia' }))).toEqual(['ok']);
	});

	it('S13 and S15 a state needs its country and must be one of it', async () => {
		const alone = await error({ MailingState: 'California' });
		expect(alone?.message).toBe('A country/territory must be specified before specifying a state value for field: Mailing State/Province'); // prettier-ignore
		const france = await error({ MailingCountry: 'France', MailingState: 'Paris' });
		expect(france?.message).toMatch(/^There's a problem with this state, .*: Mailing State\/Province$/);
		// S15: the code of Uruguay's Florida is not that of the United States.
		expect(await error({ MailingCountryCode: 'US', MailingStateCode: 'FD' })).toMatchObject({ fields: ['MailingStateCode'] }); // prettier-ignore
		// Code and name must be of one state.
		expect(await error({ MailingCountryCode: 'US', MailingStateCode: 'CA', MailingState: 'Florida' })).toMatchObject({ fields: ['MailingStateCode'] }); // prettier-ignore
		const florida = await create({ MailingCountry: 'United States', MailingState: 'Florida' });
		expect(await stored(florida[0]?.id as string)).toEqual({ MailingCountry: 'United States', MailingCountryCode: 'US', MailingState: 'Florida', MailingStateCode: 'FL' }); // prettier-ignore
	});

	it('S13 an update is judged with what the record holds', async () => {
		const contact = connection.sobject('Contact');
		const [made] = await create({ MailingCountryCode: 'US', MailingStateCode: 'TX' });
		const Id = made?.id as string;
		const moved = rowErrors(await contact.update([{ Id, MailingCountryCode: 'CA' }]))[0]?.[0];
		expect(moved).toMatchObject({ fields: ['MailingStateCode'], message: "The existing country/territory doesn't recognize the state value for field: Mailing State/Province Code" }); // prettier-ignore
		expect(rowCodes(await contact.update([{ Id, MailingState: 'Ontario' }]))).toEqual(['FIELD_INTEGRITY_EXCEPTION']);
		expect(rowCodes(await contact.update([{ Id, MailingCountry: null }]))).toEqual(['FIELD_INTEGRITY_EXCEPTION']);
		expect(rowCodes(await contact.update([{ Id, MailingState: 'Florida', MailingCity: 'Miami' }]))).toEqual(['ok']);
		expect(rowCodes(await contact.update([{ Id, MailingCountryCode: 'CA', MailingState: null }]))).toEqual(['ok']);
		expect(await stored(Id)).toEqual({ MailingCountry: 'Canada', MailingCountryCode: 'CA', MailingState: null, MailingStateCode: null }); // prettier-ignore
	});

	it('S14 the whole record is refused for one place, S15 what is stored always fits together', async () => {
		const countries = fc.constantFrom('United States', 'Uruguay', 'Italy', 'France', 'Nowhere', null);
		const states = fc.constantFrom('Florida', 'Michigan', 'Milano', 'Paris', null);
		const codes = fc.constantFrom('FL', 'FD', 'MI', 'US', 'UY', null);
		const some = fc.record({ MailingCountry: countries, MailingState: states, MailingStateCode: codes, MailingCountryCode: codes }, { requiredKeys: [] }); // prettier-ignore
		const home: Readonly<Record<string, string[]>> = { 'United States FL': ['US', 'Florida'], 'United States MI': ['US', 'Michigan'], 'Uruguay FD': ['UY', 'Florida'], 'Italy MI': ['IT', 'Milano'] }; // prettier-ignore
		await fc.assert(
			fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 4 }), async (steps) => {
				const id = (await connection.sobject('Contact').create({ LastName: 'L' })).id as string;
				for (const step of steps) {
					const before = await stored(id);
					const [code] = rowCodes(await connection.sobject('Contact').update([{ Id: id, Title: 'T', ...step }]));
					const after = await stored(id);
					if (code !== 'ok') expect(after).toEqual(before);
					if (after.MailingState === null) expect(after.MailingStateCode).toBeNull();
					else expect([after.MailingCountryCode, after.MailingState]).toEqual(home[`${String(after.MailingCountry)} ${String(after.MailingStateCode)}`]); // prettier-ignore
				}
			}),
			{ numRuns: 40 },
		);
	});
});
