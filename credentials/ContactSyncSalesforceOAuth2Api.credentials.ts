import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { salesforceApp } from '../nodes/shared/credentials/salesforceApp';
import { environmentFields, hostExpression } from '../nodes/shared/credentials/salesforceHost';

/** Salesforce by OAuth2: a person signs in on Salesforce's page. */
export class ContactSyncSalesforceOAuth2Api implements ICredentialType {
	name = 'contactSyncSalesforceOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Contact Sync Salesforce OAuth2 API';

	documentationUrl =
		'https://github.com/n8n-nodes-contact-sync/n8n-nodes-contact-sync/blob/main/docs/credentials.md#salesforce-oauth2';

	icon = { light: 'file:icons/salesforceKey.svg', dark: 'file:icons/salesforceKey.dark.svg' } as const;

	properties: INodeProperties[] = [
		salesforceApp(
			"Put the <b>OAuth Redirect URL</b> of this window into its <b>Callback URL</b>, then sign in here. Consumer Key and Consumer Secret go into 'Client ID' and 'Client Secret'.",
		),
		{ displayName: 'Grant Type', name: 'grantType', type: 'hidden', default: 'pkce' },
		...environmentFields,
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: hostExpression('/services/oauth2/authorize'),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: hostExpression('/services/oauth2/token'),
		},
		// 'refresh_token' lets n8n renew the access without a person.
		{ displayName: 'Scope', name: 'scope', type: 'hidden', default: 'api refresh_token' },
		{ displayName: 'Auth URI Query Parameters', name: 'authQueryParameters', type: 'hidden', default: '' },
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'header' },
	];
}
