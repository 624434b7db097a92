import type { INodeTypeDescription } from 'n8n-workflow';
import { ContactListUpsert } from '../../../../nodes/ContactListUpsert/ContactListUpsert.node';
import { HubSpotListTrigger } from '../../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { MapContactFields } from '../../../../nodes/MapContactFields/MapContactFields.node';
import { QuotaGuard } from '../../../../nodes/QuotaGuard/QuotaGuard.node';
import { ReadContacts } from '../../../../nodes/ReadContacts/ReadContacts.node';
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

/**
 * The parameter that the editor takes for the way to sign in and hides: `authentication` if a credential depends on it, else the
 * first dropdown whose every value has a credential.
 */
function waysToSignIn({ credentials = [], properties }: INodeTypeDescription): string | undefined {
	const values = new Map<string, unknown[]>();
	for (const { displayOptions } of credentials)
		for (const [name, shown = []] of Object.entries(displayOptions?.show ?? {}))
			values.set(name, [...(values.get(name) ?? []), ...shown]);
	const dependedOn = properties.filter(({ name }) => values.has(name));
	const byName = dependedOn.find(({ name }) => name === 'authentication');
	const byValues = dependedOn.find(({ name, options = [] }) =>
		options.every((option) => 'value' in option && values.get(name)?.includes(option.value)),
	);
	return (byName ?? byValues)?.name;
}

describe('parameters that choose the credential', () => {
	it('leave Source and Destination visible in the editor', () => {
		expect(waysToSignIn(new MapContactFields().description)).toBe('authentication');
		expect(waysToSignIn(new ContactListUpsert().description)).toBe('authentication');
		expect(waysToSignIn(new ReadContacts().description)).toBe('authentication');
		const { description } = new ContactListUpsert();
		const destination = ['brevo', 'hubSpot', 'salesforce'];
		const credentials = [{ name: 'one', displayOptions: { show: { destination } } }];
		expect(waysToSignIn({ ...description, credentials })).toBe('destination');
	});

	it.each([
		new HubSpotListTrigger(),
		new SalesforceContactTrigger(),
		new ReadContacts(),
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
		expect(hiddenByTheEditor({ ...description, properties })).toEqual(['source', 'source']);
	});
});
