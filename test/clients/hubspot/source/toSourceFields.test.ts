import { toSourceFields } from '../../../../clients/hubspot/source/toSourceFields';
import type { HubSpotProperty } from '../../../../clients/hubspot/api/types';
import { propertiesAnswer, toProperties } from '../../../../clients/hubspot/api/types';
import { offeredFields } from '../../../../core/mapping/fields';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { plainHttp } from '../../../support/http/plainHttp';

const property = (
	name: string,
	type: string,
	fieldType: string,
	more: Partial<HubSpotProperty> = {},
): HubSpotProperty => ({
	name,
	label: name,
	type,
	fieldType,
	options: [],
	hidden: false,
	calculated: false,
	readOnly: false,
	hubspotDefined: false,
	unique: false,
	...more,
});

describe('toSourceFields', () => {
	it('HB-26: reads the properties of an account and offers those that people fill in', async () => {
		const hubSpot = await startHubSpot({ members: 2 });
		try {
			const reply = await plainHttp(hubSpot.url, { authorization: `Bearer ${hubSpot.token}` }).send({
				method: 'GET',
				path: '/crm/properties/2026-09/contacts',
			});
			if (reply.kind !== 'reply') throw new Error(reply.reason);
			const fields = toSourceFields(toProperties(propertiesAnswer.parse(reply.body)));
			const offered = offeredFields(fields).map(({ name }) => name);
			expect(offered).toEqual(
				expect.arrayContaining([
					'email',
					'firstname',
					'phone',
					'lifecyclestage',
					'birthday',
					'interests',
					'vip',
					'customer_number',
				]),
			);
			for (const name of [
				'hubspotscore',
				'hs_email_domain',
				'createdate',
				'hs_analytics_source',
				'photo',
				'days_since_purchase',
				'hs_email_optout',
			]) {
				expect(offered).not.toContain(name);
				// Still known, so that a row which names it differs from one whose field is gone.
				expect(fields.map((field) => field.name)).toContain(name);
			}
			const typeOf = (name: string) => fields.find((field) => field.name === name)?.type;
			expect(['email', 'phone', 'birthday', 'last_purchase_at', 'vip', 'lifecyclestage', 'interests', 'loyalty_points', 'message'].map(typeOf)).toEqual([
				'email', 'phone', 'date', 'datetime', 'boolean', 'category', 'multipleChoice', 'number', 'text',
			]); // prettier-ignore
		} finally {
			await hubSpot.close();
		}
	});

	it('HB-26: knows HubSpot’s own counters by name where the definition does not say that they are read-only', () => {
		const own = [
			'hs_analytics_num_visits',
			'hs_email_open',
			'num_notes',
			'hs_lifecyclestage_lead_date',
			'hs_time_in_lead',
		];
		const fields = toSourceFields(own.map((name) => property(name, 'number', 'number', { hubspotDefined: true })));
		expect(offeredFields(fields)).toEqual([]);
	});

	it('offers a property of the account’s owner, whatever it is called', () => {
		const fields = toSourceFields([
			property('num_children', 'number', 'number'),
			property('notes_internal', 'string', 'text'),
		]);
		expect(offeredFields(fields).map(({ name }) => name)).toEqual(['num_children', 'notes_internal']);
	});

	it('tells the types apart', () => {
		const types = [
			property('a', 'enumeration', 'checkbox'),
			property('b', 'enumeration', 'booleancheckbox'),
			property('c', 'enumeration', 'radio'),
			property('d', 'bool', 'booleancheckbox'),
			property('e', 'string', 'phonenumber'),
			property('f', 'phone_number', 'phonenumber'),
			property('g', 'something_new', 'text'),
		];
		expect(toSourceFields(types).map(({ type }) => type)).toEqual([
			'multipleChoice',
			'boolean',
			'category',
			'boolean',
			'phone',
			'phone',
			'text',
		]);
	});
});
