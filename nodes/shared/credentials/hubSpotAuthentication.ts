import type { INodeProperties } from 'n8n-workflow';

/** The credential type that belongs to a value of the parameter `authentication`. */
export const hubSpotCredentialType = (authentication: unknown): string =>
	authentication === 'oAuth2' ? 'contactSyncHubSpotOAuth2Api' : 'contactSyncHubSpotApi';

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
