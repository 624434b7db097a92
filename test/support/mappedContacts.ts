import type { MappedContact, MappedFields } from '../../core/contact/contact';

/** A mapped contact of record `id` in the test's HubSpot account 1. */
export function mapped(
	id: number | string,
	contact: Partial<MappedFields>,
	more: Partial<MappedContact> = {},
): MappedContact {
	return {
		key: `hubspot:1:contact:${id}`,
		change: 'updated',
		source: { system: 'hubspot', account: '1', object: 'contact', id: String(id) },
		changedAt: '2026-11-20T10:00:00.000Z',
		optedOut: false,
		warnings: [],
		...more,
		contact: { attributes: {}, ...contact },
	};
}

/** A mapped contact of the Salesforce contact `003…` in the test's organisation; fields in `more` stand in for `contact`. */
export function mappedFromSalesforce(
	id: number | string,
	contact: Partial<MappedFields>,
	more: Partial<MappedContact> = {},
): MappedContact {
	const source = { system: 'salesforce', account: '00D1', object: 'Contact', id: `003${id}` } as const;
	return mapped(id, more.contact ?? contact, { key: `salesforce:00D1:Contact:003${id}`, source, ...more });
}

/** `count` new contacts with a name, a phone and a city each. */
export function mappedCrowd(count: number, first = 1): MappedContact[] {
	return Array.from({ length: count }, (_none, index) => {
		const n = first + index;
		return mapped(n, {
			email: `person${n}@crowd.example`,
			phone: `+4915${String(100_000_000 + n)}`,
			attributes: { FIRSTNAME: `Ada ${n}`, LASTNAME: `Lovelace ${n % 100}`, CITY: 'Köln', ANNUAL_REVENUE: n * 10 },
		});
	});
}
