import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { HUBSPOT_BASE_URL } from '../clients/hubspot/api/hubSpotClient';
import { baseUrlField, whereFrom } from '../nodes/shared/credentials/credentialFields';
import { safeAddress } from '../nodes/shared/credentials/safeAddress';

/** The base URL of the credential as `checkBaseUrl` tidies it, as an expression. */
const BASE_URL = `(($self["baseUrl"] || "").trim() || "${HUBSPOT_BASE_URL}").replace(/\\/+$/, "")`;

/** HubSpot by OAuth2, for accounts with a HubSpot app of their own. */
export class ContactSyncHubSpotOAuth2Api implements ICredentialType {
	name = 'contactSyncHubSpotOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Contact Sync HubSpot OAuth2 API';

	documentationUrl =
		'https://github.com/n8n-nodes-contact-sync/n8n-nodes-contact-sync/blob/main/docs/credentials.md#hubspot-oauth2';

	icon = { light: 'file:icons/hubSpotKey.svg', dark: 'file:icons/hubSpotKey.dark.svg' } as const;

	properties: INodeProperties[] = [
		whereFrom(
			'For a HubSpot app of your own: add the <b>OAuth Redirect URL</b> of this window to the redirect URLs of the app, give the app the scopes <b>oauth</b>, <b>crm.lists.read</b> and <b>crm.objects.contacts.read</b>, copy its client ID and client secret to here, and sign in. Without such an app take the credential with an access token.',
		),
		{ displayName: 'Grant Type', name: 'grantType', type: 'hidden', default: 'authorizationCode' },
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: 'https://app.hubspot.com/oauth/authorize',
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `={{ ${safeAddress(BASE_URL, 'base-url')} }}/oauth/2026-09/token`,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			default: 'oauth crm.lists.read crm.objects.contacts.read',
			description: 'Scopes to ask for, parted by spaces. The app in HubSpot must offer them.',
		},
		{ displayName: 'Auth URI Query Parameters', name: 'authQueryParameters', type: 'hidden', default: '' },
		// HubSpot's dated token endpoint takes the client's id and secret in the body only.
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
		baseUrlField(HUBSPOT_BASE_URL),
	];
}
