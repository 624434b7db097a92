import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

/** The credential type that belongs to a value of the parameter `authentication`. */
export const hubSpotCredentialType = (authentication: unknown): string =>
	authentication === 'oAuth2' ? 'contactSyncHubSpotOAuth2Api' : 'contactSyncHubSpotApi';

/**
 * The HubSpot credentials of a node, by the parameter that chooses between them. A node that does not show it, because HubSpot is on
 * neither side, has no value for it, and so none of them.
 */
export const hubSpotCredentials: INodeCredentialDescription[] = [
	{ name: 'contactSyncHubSpotApi', required: true, displayOptions: { show: { authentication: ['accessToken'] } } },
	{ name: 'contactSyncHubSpotOAuth2Api', required: true, displayOptions: { show: { authentication: ['oAuth2'] } } },
];

type Hide = NonNullable<NonNullable<INodeProperties['displayOptions']>['hide']>;

/**
 * Chooses between the two HubSpot credentials; a node shows the one or the other by this parameter.
 * Told when to hide, never when to show: n8n's editor takes every parameter named there for a part of signing in, and hides it.
 */
export const hubSpotAuthenticationField = (displayName: string, hide?: Hide): INodeProperties => ({
	displayName,
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Access Token', value: 'accessToken', description: 'A service key or the token of a private app' },
		{ name: 'OAuth2', value: 'oAuth2', description: 'Sign in to HubSpot' },
	],
	default: 'accessToken',
	...(hide ? { displayOptions: { hide } } : {}),
});
