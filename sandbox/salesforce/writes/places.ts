import { RecordError } from '../errors';
import { COUNTRIES, integrationValueOf } from '../schema/countries';
import type { Row, Value } from '../schema/fields';
import type { SObject } from '../schema/objects';
import type { SalesforceSettings } from '../settings';

type Part = 'Country' | 'CountryCode' | 'State' | 'StateCode';

const PARTS: readonly Part[] = ['Country', 'CountryCode', 'State', 'StateCode'];

/**
 * With state and country picklists on: refuses countries and states that are not of the list, and states without their
 * country or of another one (S13, S15). Names and codes of what is stored follow each other.
 */
export function settlePlaces(
	object: SObject,
	values: Record<string, Value>,
	existing: Row | undefined,
	settings: SalesforceSettings,
): void {
	for (const prefix of ['Mailing', 'Other', '']) {
		if (!object.fields.has(`${prefix}countrycode`.toLowerCase())) continue;
		if (PARTS.some((part) => values[prefix + part] !== undefined))
			settle(new Place(prefix, values, existing, settings));
	}
}

/** One address of a record that is written. */
class Place {
	constructor(
		private readonly prefix: string,
		readonly values: Record<string, Value>,
		private readonly existing: Row | undefined,
		readonly settings: SalesforceSettings,
	) {}

	/** What the write says; undefined where it says nothing. */
	given(part: Part): Value | undefined {
		return this.values[this.prefix + part];
	}

	held(part: Part): Value {
		return this.existing?.[this.prefix + part] ?? null;
	}

	set(part: Part, value: Value): void {
		this.values[this.prefix + part] = value;
	}

	refusal(kind: 'country' | 'state', part: Part): RecordError {
		const [one, all] = kind === 'country' ? ['country/territory', 'countries'] : ['state', 'states'];
		const message = `There's a problem with this ${kind}, even though it may appear correct. Please select a ${one} from the list of valid ${all}.: ${this.label(part)}`;
		return this.error(message, part);
	}

	error(message: string, part: Part): RecordError {
		return new RecordError('FIELD_INTEGRITY_EXCEPTION', message, [this.prefix + part]);
	}

	label(part: Part): string {
		const name = { Country: 'Country', CountryCode: 'Country Code', State: 'State/Province', StateCode: 'State/Province Code' }[part]; // prettier-ignore
		return `${this.prefix} ${name}`.trim();
	}
}

function settle(place: Place): void {
	const country = place.given('CountryCode') === undefined && place.given('Country') === undefined ? heldCountry(place) : givenCountry(place); // prettier-ignore
	const entry = country === null ? undefined : COUNTRIES[country];
	if (country !== null) {
		place.set('CountryCode', country);
		place.set('Country', entry === undefined ? null : integrationValueOf(entry));
	}
	settleState(place, entry?.states);
}

/** Code of the country that the record has, also where only its name was stored before the picklists came. */
function heldCountry(place: Place): string | null {
	const code = place.held('CountryCode');
	return typeof code === 'string' ? code : (codeOfCountry(place.held('Country'), place.settings) ?? null);
}

function givenCountry(place: Place): string | null {
	const code = place.given('CountryCode') ?? null;
	const name = place.given('Country') ?? null;
	if (code !== null && COUNTRIES[String(code)] === undefined) throw place.refusal('country', 'CountryCode');
	const byName = codeOfCountry(name, place.settings);
	if (name !== null && byName === undefined) throw place.refusal('country', 'Country');
	if (code !== null && byName !== undefined && byName !== code) throw place.refusal('country', 'Country');
	const country = code ?? byName ?? null;
	if (country === null) {
		place.set('CountryCode', null);
		place.set('Country', null);
	}
	return country as string | null;
}

function codeOfCountry(name: Value, settings: SalesforceSettings): string | undefined {
	return Object.entries(COUNTRIES).find(
		([, country]) =>
			integrationValueOf(country) === name || (settings.countryNames === 'accepted' && country.name === name),
	)?.[0];
}

function settleState(place: Place, states: Readonly<Record<string, string>> | undefined): void {
	const isGiven = place.given('StateCode') !== undefined || place.given('State') !== undefined;
	const read = (part: Part): Value => (isGiven ? (place.given(part) ?? null) : place.held(part));
	const code = read('StateCode');
	const name = read('State');
	if (code === null && name === null) {
		if (!isGiven) return;
		place.set('StateCode', null);
		place.set('State', null);
		return;
	}
	const part: Part = code === null ? 'State' : 'StateCode';
	if (states === undefined) {
		throw place.error(`A country/territory must be specified before specifying a state value for field: ${place.label(part)}`, part); // prettier-ignore
	}
	const known = Object.entries(states).find(([key, text]) => (code === null || key === code) && (name === null || text === name)); // prettier-ignore
	if (known === undefined) {
		if (isGiven && (place.given('Country') ?? place.given('CountryCode') ?? null) !== null) throw place.refusal('state', part); // prettier-ignore
		throw place.error(`The existing country/territory doesn't recognize the state value for field: ${place.label('StateCode')}`, 'StateCode'); // prettier-ignore
	}
	place.set('StateCode', known[0]);
	place.set('State', known[1]);
}
