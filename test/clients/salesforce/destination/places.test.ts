import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { statusCounts } from '../../../support/brevoAccount';
import { mapped } from '../../../support/mappedContacts';
import { addRecord, recordsOf, upsertIntoSalesforce, writesIn } from './upsertIntoSalesforce';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	const settings = { duplicateRule: 'off', stateAndCountryPicklists: true } as const;
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings });
});
beforeEach(() => salesforce.reset());
afterAll(async () => await salesforce.close());

const person = (values: Record<string, string | null>): MappedContact =>
	mapped(1, { email: 'p1@x.example', attributes: { LastName: 'Lovelace', ...values } });

const place = () => {
	const [row] = recordsOf(salesforce, 'Contact');
	return [row?.['MailingCountryCode'] ?? null, row?.['MailingStateCode'] ?? null];
};

/** Writes twice: the second run has nothing to do. Returns the warnings of the first. */
async function upsert(values: Record<string, string | null>): Promise<string[]> {
	const report = await upsertIntoSalesforce(salesforce, [person(values)]);
	expect(report.results[0]?.outcome.status).not.toBe('failed');
	salesforce.requests.clear();
	expect(statusCounts(await upsertIntoSalesforce(salesforce, [person(values)]))).toEqual({ unchanged: 1 });
	expect(writesIn(salesforce)).toBe(0);
	return report.results[0]?.warnings.map(({ field, code }) => `${field} ${code}`) ?? [];
}

describe('state and country picklists (S13)', () => {
	it.each([
		['names', { MailingCountry: 'united states', MailingState: 'Florida' }, ['US', 'FL']],
		['codes in the fields of names', { MailingCountry: 'US', MailingState: 'fl' }, ['US', 'FL']],
		['codes', { MailingCountryCode: 'US', MailingStateCode: 'FL' }, ['US', 'FL']],
		['a name that is that of another code elsewhere (S15)', { MailingCountry: 'Uruguay', MailingState: 'Florida' }, ['UY', 'FD']], // prettier-ignore
		['a code that is used twice', { MailingCountry: 'Italy', MailingState: 'MI' }, ['IT', 'MI']],
		['a country with an integration value of its own', { MailingCountry: 'Czechia' }, ['CZ', null]],
	])('take %s', async (_what, values, expected) => {
		expect(await upsert(values)).toEqual([]);
		expect(place()).toEqual(expected);
	});

	it.each([
		['without its country', { MailingState: 'Florida' }, [null, null], ['MailingState STATE_LEFT_OUT']],
		['of another country', { MailingCountry: 'France', MailingState: 'Florida' }, ['FR', null], ['MailingState STATE_LEFT_OUT']], // prettier-ignore
		['of a country that is unknown', { MailingCountry: 'Atlantis', MailingState: 'Florida' }, [null, null], ['MailingCountry OPTION_UNKNOWN', 'MailingState STATE_LEFT_OUT']], // prettier-ignore
	])('cost the state %s, and not the contact (S14)', async (_what, values, expected, warnings) => {
		expect(await upsert({ ...values, Title: 'Countess' })).toEqual(warnings);
		expect(place()).toEqual(expected);
		expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ Title: 'Countess' }]);
	});

	const held = async (country: string, state: string | null) =>
		await addRecord(salesforce, { Email: 'p1@x.example', MailingCountryCode: country, MailingStateCode: state });

	it('look a state up in the country that the record has', async () => {
		await held('UY', null);
		expect(await upsert({ MailingState: 'Florida' })).toEqual([]);
		expect(place()).toEqual(['UY', 'FD']);
	});

	it('let go of the state where the new one does not fit the new country', async () => {
		await held('US', 'FL');
		expect(await upsert({ MailingCountry: 'France', MailingState: 'Bretagne' })).toEqual([
			'MailingState STATE_LEFT_OUT',
		]);
		expect(place()).toEqual(['FR', null]);
	});

	it('keep the country where the state of the record is not mapped and would not fit', async () => {
		await held('US', 'FL');
		expect(await upsert({ MailingCountry: 'France' })).toEqual(['MailingCountry VALUE_REFUSED']);
		expect(place()).toEqual(['US', 'FL']);
	});

	it('are cleared together', async () => {
		await held('US', 'FL');
		expect(await upsert({ MailingCountry: null, MailingState: null })).toEqual([]);
		expect(place()).toEqual([null, null]);
	});
});

it('where they are off, states and countries are texts', async () => {
	salesforce.settings.stateAndCountryPicklists = false;
	expect(await upsert({ MailingState: 'Bretagne', MailingCountry: 'Armorica' })).toEqual([]);
	expect(recordsOf(salesforce, 'Contact')).toMatchObject([{ MailingState: 'Bretagne', MailingCountry: 'Armorica' }]);
});
