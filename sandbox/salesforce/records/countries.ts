/** The countries and states of the organisation's picklists, by ISO code. */
export const COUNTRIES: Readonly<
	Record<string, { readonly name: string; readonly states: Readonly<Record<string, string>> }>
> = {
	US: { name: 'United States', states: { CA: 'California', NY: 'New York', TX: 'Texas' } },
	FR: { name: 'France', states: {} },
	DE: { name: 'Germany', states: {} },
	GB: { name: 'United Kingdom', states: {} },
	IT: { name: 'Italy', states: { MI: 'Milano', RM: 'Roma' } },
	ES: { name: 'Spain', states: {} },
	NL: { name: 'Netherlands', states: {} },
	PL: { name: 'Poland', states: {} },
};
