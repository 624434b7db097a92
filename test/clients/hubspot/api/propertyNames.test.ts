import { mergedIdsOf, mergedIdsSince } from '../../../../clients/hubspot/api/propertyNames';
import { accountMemory } from '../../../../clients/hubspot/destination/accountMemory';
import type { LookUp } from '../../../../clients/hubspot/destination/lookUpContacts';
import { toHeldContact } from '../../../../clients/hubspot/destination/lookUpContacts';
import type { PropertyVersion } from '../../../../clients/hubspot/api/types';

const HOUR_MS = 3_600_000;
const SINCE = Date.parse('2026-11-30T12:00:00Z');
const contact = (properties: Record<string, string>, history: Record<string, PropertyVersion[]> = {}) => ({
	id: '7',
	properties,
	history,
});
const version = (value: string, at: number): PropertyVersion => ({ value, at });

describe('the records that were merged into a HubSpot contact', () => {
	it('are named by either property, without the contact itself, and with those of the chain', () => {
		const properties = { hs_merged_object_ids: '5;7', hs_calculated_merged_vids: `7:${SINCE};6:${SINCE}` };
		expect(mergedIdsOf({ ...contact(properties), chainIds: ['4', '5'] })).toEqual(['5', '6', '4']);
	});

	it('HB-24: are new where no earlier value names them', () => {
		const history = { hs_merged_object_ids: [version('5;6', SINCE + 1), version('5', SINCE - 1)] };
		expect(mergedIdsSince(contact({ hs_merged_object_ids: '5;6' }, history), SINCE)).toEqual(['6']);
		expect(mergedIdsSince(contact({ hs_merged_object_ids: '5;6' }, history), SINCE + 1)).toEqual([]);
	});

	it('HB-24: are not new where HubSpot dates them well before, although the property is dated anew by each read', () => {
		const value = `5:${SINCE - 2 * HOUR_MS};6:${SINCE - 1}`;
		const history = { hs_calculated_merged_vids: [version(value, SINCE + 5)] };
		expect(mergedIdsSince(contact({ hs_calculated_merged_vids: value }, history), SINCE)).toEqual(['6']);
	});

	it('promise 1: are new where nothing tells when', () => {
		expect(mergedIdsSince(contact({ hs_merged_object_ids: '5' }), SINCE)).toEqual(['5']);
	});
});

it('number 24: a property that is called constructor is empty where an answer does not name it', () => {
	const memory = accountMemory('names', { now: () => SINCE, sleep: async () => await Promise.resolve() });
	const look = {
		memory,
		portalId: '1',
		propertyNames: ['constructor'],
		keyProperty: 'constructor',
	} as unknown as LookUp;
	const { attributes, sourceKey } = toHeldContact(contact({ email: 'a@example.com' }), look, undefined);
	expect([Object.entries(attributes), sourceKey]).toEqual([[['constructor', null]], undefined]);
});
