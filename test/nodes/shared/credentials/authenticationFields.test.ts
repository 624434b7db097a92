import type { INodeTypeDescription } from 'n8n-workflow';
import { ContactListUpsert } from '../../../../nodes/ContactListUpsert/ContactListUpsert.node';
import { HubSpotListTrigger } from '../../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { MapContactFields } from '../../../../nodes/MapContactFields/MapContactFields.node';
import { QuotaGuard } from '../../../../nodes/QuotaGuard/QuotaGuard.node';
import { SalesforceContactTrigger } from '../../../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';

/**
 * n8n's editor asks for the way to sign in inside the window of the credential, and hides each parameter that one of the
 * parameters credentials depend on is shown by.
 */
function hiddenByTheEditor({ credentials = [], properties }: INodeTypeDescription): string[] {
	const signIn = new Set(credentials.flatMap(({ displayOptions }) => Object.keys(displayOptions?.show ?? {})));
	return properties
		.filter(({ name }) => signIn.has(name))
		.flatMap(({ displayOptions }) => Object.keys(displayOptions?.show ?? {}));
}

describe('parameters that choose the credential', () => {
	it.each([
		new HubSpotListTrigger(),
		new SalesforceContactTrigger(),
		new MapContactFields(),
		new QuotaGuard(),
		new ContactListUpsert(),
	])('hide no other one in the editor (%#)', ({ description }) => {
		expect(hiddenByTheEditor(description)).toEqual([]);
	});

	it('are told by what they are shown for', () => {
		const { description } = new MapContactFields();
		const properties = description.properties.map((property) =>
			property.name === 'authentication'
				? { ...property, displayOptions: { show: { source: ['hubSpot'] } } }
				: property,
		);
		expect(hiddenByTheEditor({ ...description, properties })).toEqual(['source']);
	});
});
