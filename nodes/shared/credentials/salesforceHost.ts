import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';
import { checkBaseUrl } from '../../../core/baseUrl';
import type { Result } from '../../../core/result';
import { textOf } from '../../../core/json';
import { safeAddress } from './safeAddress';

/** Where people of an organisation sign in. */
export const PRODUCTION_HOST = 'https://login.salesforce.com';
export const SANDBOX_HOST = 'https://test.salesforce.com';

const myDomain: INodeProperties = {
	displayName: 'My Domain URL',
	name: 'myDomainUrl',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. https://mycompany.my.salesforce.com',
	description:
		"The address of your organisation (Salesforce Setup, 'My Domain'), ending in .my.salesforce.com. Must begin with https://, except on this machine.",
};

/** My Domain, for a way to connect that works nowhere else. */
export const myDomainField: INodeProperties = myDomain;

/** Chooses the host where the sign-in happens. */
export const environmentFields: INodeProperties[] = [
	{
		displayName: 'Environment',
		name: 'environment',
		type: 'options',
		options: [
			{ name: 'My Domain', value: 'customDomain', description: 'The address of your own organisation; always works' },
			{ name: 'Production', value: 'production', description: 'Signs in at login.salesforce.com' },
			{ name: 'Sandbox', value: 'sandbox', description: 'Signs in at test.salesforce.com' },
		],
		default: 'production',
		description: "Where to sign in. Organisations made since Spring '26 may take 'My Domain' only.",
	},
	{ ...myDomain, displayOptions: { show: { environment: ['customDomain'] } } },
];

/**
 * What people copy from the address bar as the address of their organisation: without https://, with the path of a page, of
 * the pages for people instead of the API.
 */
const TIDYING: ReadonlyArray<readonly [pattern: RegExp, by: string]> = [
	[/^(?!https?:|[a-z][a-z0-9+.-]*:\/\/)(?=.)/i, 'https://'],
	[/^(https?:\/\/[^/?#]*).*$/i, '$1'],
	[/(?:\.lightning\.force|\.my\.salesforce-setup)\.com$/i, '.my.salesforce.com'],
];

const tidied = (url: string): string => TIDYING.reduce((text, [pattern, by]) => text.replace(pattern, by), url.trim());

/** `tidied` for an expression. */
const TIDIED = `($self["myDomainUrl"] || "").trim()${TIDYING.map(([pattern, by]) => `.replace(${String(pattern)}, "${by}")`).join('')}`;

/** The login host as an expression over the fields of a credential. */
export const hostExpression = (path: string): string =>
	`={{ ($self["environment"] === "customDomain" ? ${safeAddress(TIDIED, 'my-domain-url')} : $self["environment"] === "sandbox" ? "${SANDBOX_HOST}" : "${PRODUCTION_HOST}") + "${path}" }}`;

/** The host where a credential signs in. Without the field 'Environment' it is My Domain. */
export function loginHost(credential: ICredentialDataDecryptedObject): Result<string> {
	const environment = credential.environment ?? 'customDomain';
	if (environment === 'production') return { kind: 'ok', value: PRODUCTION_HOST };
	if (environment === 'sandbox') return { kind: 'ok', value: SANDBOX_HOST };
	return checkBaseUrl(tidied(textOf(credential.myDomainUrl)), "'My Domain URL' of the Salesforce credential");
}

/** Where the data of the organisation is, as Salesforce named it with the token. */
export const checkInstanceUrl = (instanceUrl: unknown): Result<string> =>
	checkBaseUrl(textOf(instanceUrl), 'The instance URL that Salesforce gave');
