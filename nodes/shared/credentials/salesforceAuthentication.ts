import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

/** The credential type that belongs to a value of the parameter `salesforceAuthentication`. */
export function salesforceCredentialType(authentication: unknown): string {
	if (authentication === 'jwt') return 'contactSyncSalesforceJwtApi';
	return authentication === 'clientCredentials'
		? 'contactSyncSalesforceClientCredentialsApi'
		: 'contactSyncSalesforceOAuth2Api';
}

/** The Salesforce credentials of a node, as `hubSpotCredentials`. */
export const salesforceCredentials: INodeCredentialDescription[] = [
	{
		name: 'contactSyncSalesforceOAuth2Api',
		required: true,
		displayOptions: { show: { salesforceAuthentication: ['oAuth2'] } },
	},
	{
		name: 'contactSyncSalesforceJwtApi',
		required: true,
		displayOptions: { show: { salesforceAuthentication: ['jwt'] } },
	},
	{
		name: 'contactSyncSalesforceClientCredentialsApi',
		required: true,
		displayOptions: { show: { salesforceAuthentication: ['clientCredentials'] } },
	},
];

type Hide = NonNullable<NonNullable<INodeProperties['displayOptions']>['hide']>;

/**
 * Chooses between the three Salesforce credentials; a node shows one of them by this parameter.
 * Told when to hide, never when to show: n8n's editor takes every parameter named there for a part of signing in, and hides it.
 */
export const salesforceAuthenticationField = (displayName: string, hide?: Hide): INodeProperties => ({
	displayName,
	name: 'salesforceAuthentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Client Credentials',
			value: 'clientCredentials',
			description: "Consumer key and secret of an app that has a 'Run As' user; no person signs in",
		},
		{ name: 'JWT Bearer', value: 'jwt', description: 'A private key signs in as a user, without a person' },
		{ name: 'OAuth2', value: 'oAuth2', description: 'Sign in on the page of Salesforce' },
	],
	default: 'oAuth2',
	...(hide ? { displayOptions: { hide } } : {}),
});
