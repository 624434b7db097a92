/** A country of the organisation's picklists. */
export interface Country {
	/** What describe shows. */
	readonly name: string;
	/** What the text field holds and takes; absent: the name. An administrator can set another. */
	readonly integrationValue?: string;
	/** Names of the states by code. */
	readonly states: Readonly<Record<string, string>>;
}

/** The countries and states of the organisation's picklists, by ISO code. Codes and names of states come twice (S15). */
export const COUNTRIES: Readonly<Record<string, Country>> = {
	US: {
		name: 'United States',
		states: { CA: 'California', FL: 'Florida', MI: 'Michigan', NY: 'New York', TX: 'Texas' },
	},
	CA: { name: 'Canada', states: { BC: 'British Columbia', ON: 'Ontario' } },
	CZ: { name: 'Czechia', integrationValue: 'Czech Republic', states: {} },
	FR: { name: 'France', states: {} },
	DE: { name: 'Germany', states: {} },
	GB: { name: 'United Kingdom', states: {} },
	IT: { name: 'Italy', states: { MI: 'Milano', RM: 'Roma' } },
	ES: { name: 'Spain', states: {} },
	NL: { name: 'Netherlands', states: {} },
	PL: { name: 'Poland', states: {} },
	UY: { name: 'Uruguay', states: { FD: 'Florida', MO: 'Montevideo' } },
};

/** What the text field of a country holds. */
export const integrationValueOf = ({ integrationValue, name }: Country): string => integrationValue ?? name;
